"""What every value can do in a notebook: show itself, and be a frame where it is a list.

These are bases without state, so that a slotted class and a tuple can have them. Every model stands on them, and few
programs show any, so this module knows nothing of how that is done: ``tables/rendering.py`` is loaded by its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["BookTable", "Row", "Shown", "SidedLevel", "Tabular"]

Row: TypeAlias = Any
"""A row of any class, or what one of its fields holds: whatever users have."""

_LEVELS_SHOWN = 5


class _Rendering(Protocol):
    """What ``tables/rendering.py`` does."""

    def card(self, value: Row) -> str:
        """The HTML of one value."""

    def listing(self, value: Row, kind: type | None, rows: Iterable[Row]) -> str:
        """The HTML of a list."""

    def grid(self, title: str, head: Sequence[str], rows: Iterable[Sequence[Row]]) -> str:
        """The HTML of a table."""

    def pandas(self, kind: type | None, rows: Iterable[Row]) -> pd.DataFrame:
        """The rows as a frame of pandas."""

    def arrow(self, kind: type | None, rows: Iterable[Row]) -> pa.Table:
        """As a table of Arrow."""

    def polars(self, kind: type | None, rows: Iterable[Row]) -> pl.DataFrame:
        """As a frame of polars."""


def _rendering() -> _Rendering:
    made: Any = import_module("orderly_sync.tables.rendering")
    return made  # type: ignore[no-any-return]


class Shown:
    """Something that a notebook shows as a small table; nothing that it holds is ever taken for markup."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return _rendering().card(self)


class Tabular(Shown):
    """A list that can be a frame.

    A column a field, named as the field is: float64 for prices and sizes, Int64 for ids and counts, boolean, text for
    texts and enumerations, aware UTC for times; what is nested stays an object. Rows that have a time of their own are
    indexed by it, named ``time`` and ascending; others (positions, holdings, rules, levels) are numbered. Candles have
    ``open``, ``high``, ``low``, ``close``, ``volume`` and ``amount``; an algo order has a row for each of its nodes.
    Without rows the columns and their dtypes are the same. ``.extra`` is not part of it.
    """

    __slots__ = ()

    def _table(self) -> tuple[type | None, Iterable[Row]]:
        """The class of the rows, None where it is not known, and the rows."""
        raise NotImplementedError

    @property
    def df(self) -> pd.DataFrame:
        """The rows as a frame of pandas; see ``Tabular`` for its columns.

        Raises:
            UsageError: pandas is not installed; the message names the command.
        """
        return _rendering().pandas(*self._table())

    @property
    def arrow(self) -> pa.Table:
        """The rows as a table of Arrow; ``time`` is its first column, and what is nested is text.

        Raises:
            UsageError: pyarrow is not installed; the message names the command.
        """
        return _rendering().arrow(*self._table())

    def to_polars(self) -> pl.DataFrame:
        """The rows as a frame of polars; ``time`` is its first column, and what is nested is text.

        Raises:
            UsageError: polars is not installed; the message names the command.
        """
        return _rendering().polars(*self._table())

    def _repr_html_(self) -> str:
        kind, rows = self._table()
        return _rendering().listing(self, kind, rows)


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
        asks, bids = _sided("ask", self.asks[:_LEVELS_SHOWN]), _sided("bid", self.bids[:_LEVELS_SHOWN])
        title = f"{getattr(self, 'symbol', '')} book: {len(self.bids)} bids, {len(self.asks)} asks".strip()
        return _rendering().grid(title, SidedLevel._fields, [*reversed(asks), *bids])


def _sided(side: str, levels: Iterable[Row]) -> list[SidedLevel]:
    return [SidedLevel(side, level.price, level.quantity) for level in levels]
