"""FrameColumns as frames: pandas, Arrow, polars. Each library is loaded when its frame is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.tables.columns import FrameColumn, FrameColumns, Kind
from orderly_sync.values.printing import in_ascii

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

__all__ = ["arrow_table", "pandas_frame", "polars_frame"]

_PANDAS_3 = 3


def pandas_frame(made: FrameColumns) -> pd.DataFrame:
    """The columns as a frame of pandas 2 or 3.

    Raises:
        UsageError: pandas is not installed; the message names the command.
    """
    try:
        import pandas as pd
    except ImportError:
        raise UsageError(lacking("notebook", "a frame (.df)")) from None
    series = {column.name: _pandas_values(column) for column in made.columns}
    index = None
    if made.times is not None:
        index = pd.DatetimeIndex(_pandas_values(made.times), name=made.times.name)
    elif made.columns:
        index = pd.RangeIndex(len(made.columns[0].cells))
    return pd.DataFrame(series, index=index)


def _pandas_values(column: FrameColumn) -> Any:
    import numpy as np
    import pandas as pd

    cells = column.cells
    if column.kind is Kind.NUMBER:
        return np.array([np.nan if value is None else value for value in cells], dtype="float64")
    if column.kind is Kind.TIME:
        moments = np.array(["NaT" if value is None else value for value in cells], dtype="datetime64[ms]")
        return pd.DatetimeIndex(moments).tz_localize("UTC")
    if column.kind is Kind.TEXT and int(pd.__version__.split(".", maxsplit=1)[0]) >= _PANDAS_3:
        return pd.array(cells, dtype="str")
    dtype = {Kind.WHOLE: "Int64", Kind.FLAG: "boolean"}.get(column.kind)
    if dtype is not None:
        return pd.array(cells, dtype=dtype)
    objects = np.empty(len(cells), dtype=object)
    for at, value in enumerate(cells):  # a nested tuple must not be taken for a row of its own
        objects[at] = value
    return objects


def arrow_table(made: FrameColumns) -> pa.Table:
    """The columns as a table of Arrow; what is nested stands there as text.

    Raises:
        UsageError: pyarrow is not installed; the message names the command.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise UsageError(lacking("arrow", "an Arrow table (.arrow)")) from None
    types = {
        Kind.NUMBER: pa.float64(),
        Kind.WHOLE: pa.int64(),
        Kind.FLAG: pa.bool_(),
        Kind.TIME: pa.timestamp("ms", tz="UTC"),
    }
    kept = _with_index(made)
    arrays = [pa.array(_plain(column), type=types.get(column.kind, pa.string())) for column in kept]
    return pa.Table.from_arrays(arrays, names=[column.name for column in kept])


def polars_frame(made: FrameColumns) -> pl.DataFrame:
    """The columns as a frame of polars; what is nested stands there as text.

    Raises:
        UsageError: polars is not installed; the message names the command.
    """
    try:
        import polars as pl
    except ImportError:
        raise UsageError(lacking("polars", "a frame of polars (to_polars)")) from None
    types: dict[Kind, Any] = {
        Kind.NUMBER: pl.Float64(),
        Kind.WHOLE: pl.Int64(),
        Kind.FLAG: pl.Boolean(),
        Kind.TIME: pl.Int64(),
    }
    moment = pl.Datetime("ms", "UTC")
    made_of = []
    for column in _with_index(made):
        series = pl.Series(column.name, _plain(column), dtype=types.get(column.kind, pl.String()))
        made_of.append(series.cast(moment) if column.kind is Kind.TIME else series)
    return pl.DataFrame(made_of)


def _with_index(made: FrameColumns) -> tuple[FrameColumn, ...]:
    """The time first, as a column: neither library has an index."""
    if made.times is None:
        return made.columns
    own = (column for column in made.columns if column.name != made.times.name)
    return (made.times, *own)


def _plain(column: FrameColumn) -> list[Any]:
    if column.kind is not Kind.OBJECT:
        return list(column.cells)
    return [None if value is None else in_ascii(repr(value)) for value in column.cells]
