"""What is shown of anything is ASCII: consoles of any encoding print it, whatever the venue or a user wrote."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

__all__ = ["in_ascii", "printable"]


def in_ascii(text: str) -> str:
    """The text with every character outside ASCII escaped as in a text of Python source."""
    return text if text.isascii() else text.encode("ascii", "backslashreplace").decode("ascii")


def printable(show: Callable[[Any], str]) -> Callable[[Any], str]:
    """A ``__repr__`` or ``__str__`` whose text is ASCII."""

    @wraps(show)
    def shown(self: object) -> str:
        return in_ascii(show(self))

    return shown
