"""What every value can do in a notebook: show itself, and be a frame where it is a list.

Both are bases without state, so that a slotted class and a tuple can have them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orderly_sync.tables.columns import Row, columns
from orderly_sync.tables.frames import arrow_table, pandas_frame, polars_frame
from orderly_sync.tables.views import card, listing

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["Shown", "Tabular"]


class Shown:
    """Something that a notebook shows as a small table; nothing that it holds is ever taken for markup."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return card(self)


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
        return pandas_frame(columns(*self._table()))

    @property
    def arrow(self) -> pa.Table:
        """The rows as a table of Arrow; ``time`` is its first column, and what is nested is text.

        Raises:
            UsageError: pyarrow is not installed; the message names the command.
        """
        return arrow_table(columns(*self._table()))

    def to_polars(self) -> pl.DataFrame:
        """The rows as a frame of polars; ``time`` is its first column, and what is nested is text.

        Raises:
            UsageError: polars is not installed; the message names the command.
        """
        return polars_frame(columns(*self._table()))

    def _repr_html_(self) -> str:
        kind, rows = self._table()
        return listing(self, kind, rows)
