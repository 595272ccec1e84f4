"""Order books as frames and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from orderly_sync.tables.columns import Row
from orderly_sync.tables.html import grid
from orderly_sync.tables.shown import Tabular

__all__ = ["BookTable", "SidedLevel"]

_SHOWN = 5


class SidedLevel(NamedTuple):
    """One level of a book, with its side."""

    side: str
    """``bid`` or ``ask``."""
    price: Decimal
    """USDC."""
    quantity: Decimal
    """Base units."""


class BookTable(Tabular):
    """A book that can be a frame: a row a level, ``side``, ``price`` and ``quantity``, bids first, each best first."""

    __slots__ = ()

    bids: Sequence[Row]
    asks: Sequence[Row]

    def _table(self) -> tuple[type | None, Iterable[SidedLevel]]:
        return SidedLevel, [*_sided("bid", self.bids), *_sided("ask", self.asks)]

    def _repr_html_(self) -> str:
        asks, bids = _sided("ask", self.asks[:_SHOWN]), _sided("bid", self.bids[:_SHOWN])
        title = f"{getattr(self, 'symbol', '')} book: {len(self.bids)} bids, {len(self.asks)} asks".strip()
        return grid(title, SidedLevel._fields, [*reversed(asks), *bids])


def _sided(side: str, levels: Iterable[Row]) -> list[SidedLevel]:
    return [SidedLevel(side, level.price, level.quantity) for level in levels]
