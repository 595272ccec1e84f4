"""Logging that never comes back with an error: the program's handlers, filters and formatters may raise, threads go on.

``logging`` itself guards only the writing of a record by its own handlers; a handler, filter or record factory of the
program's raises into whoever logs. Here that would be an I/O thread between two frames, or ``place`` between an order's
answer and its handle. What was raised is shown on stderr, as ``logging`` shows what its own handlers raise.

Nor does it wait for ever. A handler takes its lock in Python code, so a Ctrl-C in a line that the program itself logs
can leave it taken, and every other thread that logs would wait for it. While it cannot be had, nothing is logged.

And what strangers wrote stays on its line: facts are escaped and cut.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
import weakref

__all__ = ["LONGEST", "PATIENCE", "Log", "described", "log_of"]

LONGEST = 2048
"""Characters that one fact of a line may have."""
PATIENCE = 1.0
"""Seconds that a handler's lock is waited for."""
_stuck: weakref.WeakSet[logging.Handler] = weakref.WeakSet()


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
            if logger.isEnabledFor(level) and not _is_shut_out(logger):
                facts = tuple(map(_fit, facts))
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


def _is_shut_out(logger: logging.Logger) -> bool:
    """Whether a handler that would be given the record is stuck; said once of each."""
    one: logging.Logger | None = logger
    while one is not None:
        if not all(map(_can_be_had, one.handlers)):
            return True
        one = one.parent if one.propagate else None
    return False


def _can_be_had(handler: logging.Handler) -> bool:
    lock = handler.lock
    if lock is None:
        return True
    if not lock.acquire(timeout=0.0 if handler in _stuck else PATIENCE):
        if handler not in _stuck:
            _stuck.add(handler)
            _show(f"the lock of a {type(handler).__name__} is never given back; nothing is logged meanwhile")
        return False
    lock.release()
    _stuck.discard(handler)
    return True


def _fit(fact: object) -> object:
    """The fact, or its text in one line without control characters where it is not fit for a log.

    Much of what is logged are a stranger's words: line breaks in them would forge further lines, escapes would command
    the terminal of whoever reads the log, and a megabyte would drown the rest.
    """
    if isinstance(fact, (int, float)):
        return fact
    try:
        text = str(fact)
    except Exception:  # noqa: BLE001 - the handlers meet it again, and say whose it is
        return fact
    if len(text) <= LONGEST and text.isascii() and text.isprintable():
        return fact
    shown = "".join(char if " " <= char <= "~" else ascii(char)[1:-1] for char in text[:LONGEST])
    return f"{shown[:LONGEST]}..." if len(shown) > LONGEST or len(text) > LONGEST else shown


def log_of(name: str) -> Log:
    """The log of that name."""
    return Log(logging.getLogger(name))


def described(error: BaseException) -> str:
    """Class and text of an exception in one line, whatever its ``__str__`` does."""
    with contextlib.suppress(Exception):  # a user's exception may do anything when it is asked for its text
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} (its text cannot be had)"


def _complain() -> None:
    """Show on stderr what logging raised."""
    _show(f"logging raised\n{traceback.format_exc()}".rstrip())


def _show(text: str) -> None:
    """Show something on stderr, unless the program told logging to be silent about itself."""
    if logging.raiseExceptions and sys.stderr is not None:
        with contextlib.suppress(Exception):  # stderr itself is gone, and there is nowhere left to say so
            sys.stderr.write(f"orderly_sync: {text}\n")
