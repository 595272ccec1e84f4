"""JSON text to Python values and back, exactly.

Numbers with a fraction or an exponent become ``Decimal`` from their own text, the others ``int`` of any size; text goes
out without exponents. NaN, infinities, broken UTF-8 and endless nesting are refused by one typed error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Subnormal
from enum import Enum
from functools import lru_cache
from typing import Any

import msgspec

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.values.arithmetic import EXACT
from orderly_sync.wire.numbers import float_text, native

__all__ = [
    "LOOK",
    "NULL",
    "SMALL",
    "decode",
    "decode_push",
    "decode_small",
    "decoded",
    "encode",
    "excerpt",
    "plain",
]

_EXCERPT = 200
_MAX_EXPONENT = 400
_MAX_DEPTH = 10_000
_MAX_WRITTEN_DEPTH = 64
_FRAME = "a frame of the stream"
SMALL = 4096
"""Bytes of a text that cannot be nested too deep."""
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
"""Texts, so that brackets in them are not counted, and brackets. A text that never ends is one, too: were it none, each
quote in it would be tried as the beginning of another, and reading it would cost the square of its length."""

NULL: Any = msgspec.Raw(b"null")
"""Written as JSON's null by ``encode``, in the few bodies where leaving a field out means something else."""

# Exact, or refused: no digit is rounded away, and no number is of a size that would break the arithmetic of a caller.
_numbers = Context(
    prec=1000, Emin=-_MAX_EXPONENT, Emax=_MAX_EXPONENT, traps=[Inexact, InvalidOperation, Overflow, Subnormal]
)
_decode = msgspec.json.Decoder(float_hook=_numbers.create_decimal).decode
_encode = msgspec.json.Encoder().encode


class _SharedDecimals:
    """Decodes frames, with a memory of decimals seen before for as long as that pays.

    Reports of one order repeat its price, its quantity and 0.0; sharing those is faster than making them anew, and
    reports that wait for a slow hook take half the memory. Where every frame brings digits of its own, the memory costs
    more than it saves. So what it was good for is looked at now and then, and it is tried again later.
    """

    TRIAL, REST = 512, 64 * 512
    """Frames between two looks while it is in use, and while it is not."""

    def __init__(self) -> None:
        self._remember = lru_cache(maxsize=8192)(_numbers.create_decimal)
        self._shared = msgspec.json.Decoder(float_hook=self._remember).decode
        self._seen = (0, 0)
        self._left = self.TRIAL
        self.decode = self._shared

    def look(self, frames: int) -> None:
        """So many frames were decoded since the last time; several threads may say so at once."""
        self._left -= frames
        if self._left > 0:
            return
        if self.decode is _decode:
            self.decode, self._left = self._shared, self.TRIAL
            return
        info, seen = self._remember.cache_info(), self._seen
        self._seen = (info.hits, info.misses)
        pays = info.hits - seen[0] > info.misses - seen[1]
        self.decode = self._shared if pays else _decode
        self._left = self.TRIAL if pays else self.REST


_shared_decimals = _SharedDecimals()
LOOK = 256
"""Frames after which whoever decodes them says so."""


def decoded(frames: int) -> None:
    """So many frames were decoded by ``decode_push``."""
    _shared_decimals.look(frames)


def excerpt(data: bytes | str, limit: int = _EXCERPT) -> str:
    """The beginning of a text, fit for a log line: cut, one line, no control characters."""
    text = data[: 4 * limit + 4].decode("utf-8", "replace") if isinstance(data, bytes) else data
    shown = "".join(char if " " <= char <= "~" else ascii(char)[1:-1] for char in text[:limit])
    return shown + ("..." if len(text) > limit else "")


def decode(data: bytes | bytearray | memoryview | str, where: str) -> Any:
    """The value of a JSON text; ``where`` names it in the error.

    Raises:
        DecodingError: It is not JSON.
    """
    text = data if isinstance(data, str) else bytes(data)
    if len(text) > _MAX_DEPTH and _is_too_deep(text):
        raise DecodingError(where, "", "JSON nested too deep")
    try:
        return _decode(text)
    except RecursionError:
        raise DecodingError(where, "", "JSON nested too deep") from None
    except ArithmeticError:
        raise DecodingError(where, excerpt(text), "a number of no usable size") from None
    except (msgspec.MsgspecError, UnicodeError, ValueError) as exc:
        raise DecodingError(where, excerpt(text), str(exc)) from None


def _is_too_deep(text: str | bytes) -> bool:
    """Whether decoding could exhaust the C stack: only a raised recursion limit lets a text get that far."""
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if raw.count(b"[") + raw.count(b"{") <= _MAX_DEPTH:
        return False
    depth = deepest = 0
    for bracket in _BRACKETS.findall(raw):
        depth += 1 if bracket in {b"[", b"{"} else -1 if bracket in {b"]", b"}"} else 0
        deepest = max(deepest, depth)
    return deepest > _MAX_DEPTH


def plain(number: Decimal) -> str:
    """A decimal as JSON text without exponent.

    Raises:
        UsageError: It is not finite, or of a size no market knows.
    """
    if not number.is_finite() or not -_MAX_EXPONENT < number.adjusted() < _MAX_EXPONENT:
        raise UsageError(f"{number} is not a usable number; pass a finite decimal")
    return format(number, "f")


def _out(value: object, depth: int = 0) -> object:  # noqa: PLR0911 - one return a type
    if depth > _MAX_WRITTEN_DEPTH:
        raise UsageError("this cannot be written as JSON: nested too deep")
    if isinstance(value, Decimal):
        return msgspec.Raw(plain(value).encode())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {key: _out(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_out(item, depth + 1) for item in value]
    if isinstance(value, float):
        return msgspec.Raw(plain(EXACT.create_decimal(float_text(value))).encode())
    if isinstance(value, str):
        return str.__str__(value)
    if value is None or value is NULL or isinstance(value, int):
        return value
    other = native(value)
    if other is not value:
        return _out(other, depth + 1)
    # The encoder would also take bytes, sets, times and whole objects, each in a form the venue does not know.
    raise UsageError(f"a {type(value).__name__} cannot be written as JSON")


def encode(value: object) -> bytes:
    """The compact JSON text of mappings, lists, strings, numbers and booleans; decimals as exact JSON numbers.

    Raises:
        UsageError: A number is not finite, or a value has no JSON form.
    """
    try:
        return _encode(_out(value))
    except UsageError:
        raise
    except (TypeError, ValueError, msgspec.MsgspecError, RecursionError) as exc:
        raise UsageError(f"this cannot be written as JSON: {exc}") from None


def decode_push(text: bytes) -> Any:
    """The value of a frame's text.

    Raises:
        DecodingError: It is not JSON.
    """
    return decode_small(text) if len(text) <= SMALL else decode(text, _FRAME)


def decode_small(text: bytes) -> Any:
    """The same of a text of at most ``SMALL`` bytes; the path of nearly every frame, so nothing is done twice.

    Raises:
        DecodingError: It is not JSON.
    """
    try:
        return _shared_decimals.decode(text)
    except (RecursionError, ValueError, ArithmeticError, msgspec.MsgspecError):
        return decode(text, _FRAME)
