"""Logging that never comes back with an error: the program's handlers, filters and formatters may raise, threads go on.

``logging`` itself guards only the writing of a record by its own handlers; a handler, filter or record factory of the
program's raises into whoever logs. Here that would be an I/O thread between two frames, or ``place`` between an order's
answer and its handle. What was raised is shown on stderr, as ``logging`` shows what its own handlers raise.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback

__all__ = ["Log", "described", "log_of"]


class Log:
    """A logger whose methods never raise.

    Args:
        logger: What is logged to.
    """

    def __init__(self, logger: logging.Logger) -> None:
        self.logger = logger

    def info(self, message: str, *facts: object) -> None:
        """Say it at the level INFO."""
        self._say(logging.INFO, message, facts)

    def warning(self, message: str, *facts: object) -> None:
        """Say it at the level WARNING."""
        self._say(logging.WARNING, message, facts)

    def error(self, message: str, *facts: object, cause: BaseException | None = None) -> None:
        """Say it at the level ERROR, with the traceback of its cause."""
        self._say(logging.ERROR, message, facts, cause)

    def exception(self, message: str, *facts: object) -> None:
        """Say it at the level ERROR, with the traceback of the exception that is being handled."""
        self._say(logging.ERROR, message, facts, sys.exc_info()[1])

    def _say(
        self, level: int, message: str, facts: tuple[object, ...], cause: BaseException | None = None
    ) -> None:
        logger = self.logger
        caller = sys._getframe(2)  # noqa: SLF001 - the line that logs, as logging finds it by walking frames
        exc_info = None if cause is None else (type(cause), cause, cause.__traceback__)
        try:
            if logger.isEnabledFor(level):
                code = caller.f_code
                logger.handle(
                    logger.makeRecord(
                        logger.name,
                        level,
                        code.co_filename,
                        caller.f_lineno,
                        message,
                        facts,
                        exc_info,
                        code.co_name,
                    )
                )
        except Exception:  # noqa: BLE001 - whatever the program's logging raises
            _complain()


def log_of(name: str) -> Log:
    """The log of that name."""
    return Log(logging.getLogger(name))


def described(error: BaseException) -> str:
    """Class and text of an exception in one line, whatever its ``__str__`` does."""
    with contextlib.suppress(Exception):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} (its text cannot be had)"


def _complain() -> None:
    """Show on stderr what logging raised, unless the program told logging to be silent about such."""
    if logging.raiseExceptions and sys.stderr is not None:
        with contextlib.suppress(Exception):
            sys.stderr.write("orderly_sync: logging raised\n" + traceback.format_exc())
