"""What hooks raised, told to somebody: to logging always, to stderr where nobody else would ever hear of it.

A hook with a typo must not be silent in a script that knows nothing of logging and has no hook for ``HookError``. It is
then treated as Python treats an error in a thread or a warning without a handler: its traceback goes to stderr, by
``logging.lastResort``, once for each hook and kind of error.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import traceback
from collections import Counter

from orderly_sync.errors import Disconnected, HookError
from orderly_sync.logs import log_of

__all__ = ["Failures", "ended_by"]

log = log_of("orderly_sync.stream.hooks")

_MORE = "(more of this kind will only be counted; ex.on(HookError, ...) or logging shows them all)"
_NAMED = 3
"""So many hooks are named at the end."""


class Failures:
    """The errors of one stream's hooks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._unheard = 0

    def tell(self, error: HookError, *, first: bool, heard: bool) -> None:
        """A hook raised.

        Args:
            error: With what it raised as its cause.
            first: Whether this hook raised nothing of this kind before.
            heard: Whether a hook or a stream for HookError is given it.
        """
        with self._lock:
            self._counts[error.hook] += 1
            self._unheard += not heard
        cause = error.__cause__
        text = f"{error}\n{''.join(traceback.format_exception(cause)) if cause else ''}".rstrip()
        log.error("%s", text)
        if first and not heard:
            _last_resort(logging.ERROR, f"orderly_sync: {text}\n{_MORE}")

    def sum_up(self) -> None:
        """Say in one line how often hooks raised, if they did; what was said once is not said again."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            unheard, self._unheard = self._unheard, 0
        total = sum(counts.values())
        if not total:
            return
        named = ", ".join(f"{name} ({count})" for name, count in counts.most_common(_NAMED))
        more = f" and {len(counts) - _NAMED} others" if len(counts) > _NAMED else ""
        text = f"hooks raised {total} time{'s' if total > 1 else ''}: {named}{more}"
        log.warning("%s", text)
        if unheard:
            _last_resort(logging.WARNING, f"orderly_sync: {text}")


def ended_by(error: BaseException, thread: str, connection: str) -> Disconnected:
    """What is told of a thread of this package that a defect ends; said loudly, for nobody else can see it."""
    what = f"the thread of the {thread} ended by a defect of this package ({type(error).__name__})"
    log.error("%s", what, cause=error)
    told = Disconnected(f"{what}; connect anew", connection, final=True)
    told.__cause__ = error
    return told


def _last_resort(level: int, text: str) -> None:
    """Write to stderr unless logging is set up, or was told to be silent."""
    logger = log.logger
    if logging.lastResort is None or not logger.isEnabledFor(level) or _is_set_up():
        return
    record = logging.LogRecord(logger.name, level, __file__, 0, "%s", (text,), None)
    with contextlib.suppress(Exception):  # stderr itself is gone
        logging.lastResort.handle(record)


def _is_set_up() -> bool:
    """Whether a record of ours reaches a handler that does something."""
    logger: logging.Logger | None = log.logger
    while logger is not None:
        if any(not isinstance(handler, logging.NullHandler) for handler in logger.handlers):
            return True
        logger = logger.parent if logger.propagate else None
    return False
