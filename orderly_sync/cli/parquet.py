"""Rows as a Parquet file: numbers exact, times with their zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from orderly_sync.cli.columns import Layout
from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking

__all__ = ["write_parquet"]

_BATCH = 10_000
_DIGITS, _DECIMALS = 38, 18


def write_parquet(path: Path, layout: Layout, values: Iterable[object]) -> int:
    """Write rows into a new file, some thousands at a time; how many.

    Raises:
        UsageError: The file exists or cannot be written, or pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        raise UsageError(lacking("arrow", "--parquet")) from None
    types = {
        "number": pa.decimal128(_DIGITS, _DECIMALS),
        "integer": pa.int64(),
        "time": pa.timestamp("ms", tz="UTC"),
        "flag": pa.bool_(),
    }
    columns = layout.file_columns
    schema = pa.schema([(name, types.get(one.kind, pa.string())) for one, name in columns])
    reads: dict[str, Callable[[Any], object]] = {"number": Decimal}
    count = 0
    file = _new(path)
    try:
        with file, ParquetWriter(file, schema) as writer:
            batch: list[dict[str, object]] = []

            def put() -> None:
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                batch.clear()

            for value in values:
                row = layout.row(value)
                batch.append(
                    {
                        name: None if row[one.name] is None else reads.get(one.kind, _same)(row[one.name])
                        for one, name in columns
                    }
                )
                count += 1
                if len(batch) >= _BATCH:
                    put()
            put()
    except BaseException:
        path.unlink(missing_ok=True)  # half of one cannot be read
        raise
    return count


def _new(path: Path) -> IO[bytes]:
    try:
        return path.open("xb")
    except FileExistsError:
        raise UsageError(f"{path} exists; name a new file") from None
    except OSError as exc:
        raise UsageError(f"{path} cannot be written: {exc.strerror or exc}") from None


def _same(value: object) -> object:
    return " ".join(value) if isinstance(value, list) else value
