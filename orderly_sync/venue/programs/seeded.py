"""Figures that a venue must show and that nothing here computes: invented, small, and the same each time for a seed."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b

__all__ = ["Seeded"]

_BYTES = 8
_RANGE = 1 << (8 * _BYTES)


class Seeded:
    """Draws by name, not by turn: the figure of a name never depends on what was asked before.

    Args:
        seed: Another seed, other figures.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _digest(self, names: tuple[object, ...], size: int) -> bytes:
        text = "/".join(str(name) for name in (self._seed, *names))
        return blake2b(text.encode(), digest_size=size).digest()

    def whole(self, low: int, high: int, *names: object) -> int:
        """A whole number from ``low`` to ``high``, both included."""
        return low + int.from_bytes(self._digest(names, _BYTES), "big") % (high - low + 1)

    def amount(self, low: int, high: int, *names: object, digits: int = 2) -> Decimal:
        """A number between ``low`` and ``high`` with so many decimals."""
        part = Decimal(int.from_bytes(self._digest(names, _BYTES), "big")) / _RANGE
        return round(low + (high - low) * part, digits)

    def hexadecimal(self, size: int, *names: object) -> str:
        """``0x`` and so many bytes in hex."""
        return "0x" + self._digest(names, size).hex()

    def letters(self, count: int, *names: object) -> str:
        """Capital letters, as codes are made of."""
        return "".join(chr(ord("A") + byte % 26) for byte in self._digest(names, count))
