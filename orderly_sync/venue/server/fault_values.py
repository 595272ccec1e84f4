"""The values of faults as JSON says them, each read or refused with a sentence. Pure.

Each function raises ValueError or TypeError for what is not its kind of value.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from decimal import Decimal

__all__ = [
    "CLOSE_CODES",
    "read_chance",
    "read_close_code",
    "read_count",
    "read_flag",
    "read_frame",
    "read_headers",
    "read_integer",
    "read_status",
    "read_text",
    "read_times",
]

CLOSE_CODES = range(1000, 5000)
"""The codes that a WebSocket can be closed with."""
_STATUSES = range(200, 600)
_FOREVER = 1_000_000_000


def read_count(value: object) -> int:
    """How many, or how many milliseconds."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _FOREVER:
        raise ValueError("a whole number, 0 or more, is wanted")
    return value


def read_times(value: object) -> int:
    """How often something strikes before it is over."""
    if read_count(value) == 0:
        raise ValueError("a whole number, 1 or more, is wanted; 0 would strike nothing")
    return read_count(value)


def read_integer(value: object) -> int:
    """A whole number of any sign."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is wanted")
    return value


def read_chance(value: object) -> float:
    """A probability."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)) or not 0 <= value <= 1:
        raise ValueError("a probability between 0 and 1 is wanted")
    return float(value)


def read_flag(value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise TypeError("true or false is wanted")
    return value


def read_text(value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise TypeError("a text is wanted")
    return value


def read_status(value: object) -> int:
    """The status of an HTTP answer."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in _STATUSES:
        raise ValueError("an HTTP status, 200 to 599, is wanted")
    return value


def read_close_code(value: object) -> int:
    """The code that a WebSocket is closed with."""
    if isinstance(value, bool) or not isinstance(value, int) or value not in CLOSE_CODES:
        raise ValueError("a WebSocket close code, 1000 to 4999, is wanted")
    return value


def read_headers(value: object) -> dict[str, str]:
    """Headers of an HTTP answer."""
    if not isinstance(value, Mapping):
        raise TypeError("an object of names and texts is wanted")
    return {_line(name): _line(text) for name, text in value.items()}


def _line(value: object) -> str:
    text = read_text(value)
    if not text.isascii() or not text.isprintable():
        raise ValueError("a header is one line of ASCII")
    return text


def read_frame(value: object) -> str | bytes:
    """A frame of a WebSocket: a text, or ``{"base64": text}`` for a binary one."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping) or not isinstance(value.get("base64"), str):
        raise TypeError('a text or {"base64": text} is wanted')
    return base64.b64decode(value["base64"], validate=True)
