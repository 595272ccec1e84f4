"""How a command ends: its exit codes, and the one line that says why."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress

import click

from orderly_sync.errors import (
    ApiError,
    Disconnected,
    LoginRefused,
    OrderlyError,
    OrderOutcomeUnknown,
    PushRefused,
    StaleBook,
    SubscriptionRefused,
    TransportError,
    UsageError,
)
from orderly_sync.relay_errors import RelayRefused, RelayUnreachable
from orderly_sync.values.printing import in_ascii

__all__ = [
    "CLOSED",
    "EXIT_CODES",
    "INTERRUPTED",
    "UNREADABLE",
    "USAGE",
    "CommandFailed",
    "failure",
    "leave_closed_pipe",
    "one_line",
]

REFUSED, USAGE, UNREACHABLE, UNKNOWN, UNREADABLE = 1, 2, 3, 4, 5
INTERRUPTED, CLOSED = 130, 141

EXIT_CODES: dict[int, str] = {
    0: "done",
    REFUSED: "the venue or a Redis refused, a check found something, or an extra is not installed",
    USAGE: "the command cannot be right; nothing was sent",
    UNREACHABLE: "the venue or a Redis cannot be reached, or did not answer in time",
    UNKNOWN: "a write was sent and its answer lost: ask before repeating it",
    UNREADABLE: "an answer or a file cannot be read",
    INTERRUPTED: "interrupted by Ctrl-C, or a question was answered with no",
    CLOSED: "whoever read the output has gone",
}
"""What each exit code of every command means."""

_CODES: tuple[tuple[tuple[type[BaseException], ...], int], ...] = (
    ((OrderOutcomeUnknown,), UNKNOWN),
    ((UsageError,), USAGE),
    ((ApiError, LoginRefused, SubscriptionRefused, PushRefused, RelayRefused), REFUSED),
    ((TransportError, Disconnected, StaleBook, RelayUnreachable, TimeoutError), UNREACHABLE),
    ((OrderlyError,), UNREADABLE),
)


class CommandFailed(click.ClickException):
    """What ends a command: one line for stderr, and the exit code."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(one_line(message))
        self.__dict__["exit_code"] = code  # click declares it for the class


def failure(error: OrderlyError | TimeoutError) -> CommandFailed:
    """How a command ends that raised this."""
    code = next(code for kinds, code in _CODES if isinstance(error, kinds))
    return CommandFailed(str(error), code)


def one_line(text: str) -> str:
    """The text as one line of ASCII: ends of lines are spaces, what a terminal would obey is escaped."""
    shown = in_ascii(" ".join(text.split()))
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in shown)


def leave_closed_pipe() -> None:
    """Let nothing more be written to a pipe that nobody reads, also not by the interpreter when it ends."""
    with suppress(io.UnsupportedOperation, OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
