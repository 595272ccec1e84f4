"""How a field's value is written in a repr."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum

__all__ = ["field_text", "word_text"]

_LONGEST_WORD = 66
_MAX_SHOWN_EXPONENT = 400


def field_text(value: object) -> str:
    """A value as a repr shows it."""
    if isinstance(value, Decimal):
        # A few characters of the wire can stand for a number of a billion digits.
        return format(value, "f") if abs(value.adjusted()) < _MAX_SHOWN_EXPONENT else str(value)
    if isinstance(value, Enum):
        return str(value)
    if isinstance(value, (tuple, Mapping)):
        return f"<{len(value)}>"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return repr(value)


def word_text(text: str) -> str:
    """A text without quotes, if it is one that cannot be mistaken for something else."""
    text = str(text)
    cut = text if len(text) <= _LONGEST_WORD else text[: _LONGEST_WORD - 3] + "..."
    return cut if cut.isprintable() and not set(cut) & {",", "=", "(", ")"} else ascii(cut)
