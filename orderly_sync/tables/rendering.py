"""What ``tables/shown.py`` loads when a value is shown or made a frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from orderly_sync.tables.columns import columns
from orderly_sync.tables.frames import arrow_table, pandas_frame, polars_frame
from orderly_sync.tables.html import grid
from orderly_sync.tables.shown import Row
from orderly_sync.tables.views import card, listing

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["arrow", "card", "grid", "listing", "pandas", "polars"]


def pandas(kind: type | None, rows: Iterable[Row]) -> pd.DataFrame:
    """The rows as a frame of pandas."""
    return pandas_frame(columns(kind, rows))


def arrow(kind: type | None, rows: Iterable[Row]) -> pa.Table:
    """The rows as a table of Arrow."""
    return arrow_table(columns(kind, rows))


def polars(kind: type | None, rows: Iterable[Row]) -> pl.DataFrame:
    """The rows as a frame of polars."""
    return polars_frame(columns(kind, rows))
