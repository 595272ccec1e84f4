"""Reading much of the past: with a progress bar, going on where an interrupt broke it off, and candles only once."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.extras import lacking
from orderly_sync.history.account_history import CANDLE_LENGTHS, History, HistoryRange
from orderly_sync.models.base import Rows
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.kline import Kline
from orderly_sync.notebook.candle_cache import CachedWindow, CandleCache, gaps
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["CacheNotWritten", "candles", "default_folder", "download", "folder_of"]

T = TypeVar("T")

Progress = Callable[[float, int], object]
"""Told from 0 to 1 how far it is, and how many rows there are."""


class CacheNotWritten(OrderlyError):
    """Candles were read but could not be kept, as on a full disk; the cache is as it was before."""

    def __init__(self, path: Path, rows: Rows[Any], cause: OSError) -> None:
        super().__init__(path, rows, cause)
        self.path = path
        """The file."""
        self.rows = rows
        """All candles that were read or known until then, oldest first: nothing is lost."""
        self.cause = cause
        """What the system said."""

    def __str__(self) -> str:
        said = getattr(self.cause, "strerror", None) or type(self.cause).__name__
        return (
            f"the cache {str(self.path)!a} cannot be written: {said}; "
            f"make room or pass cache=False, .rows of this error has the {len(self.rows)} candles so far"
        )


def folder_of(cache: str | os.PathLike[str] | bool | None, *, is_paper: bool) -> Path | None:
    """Where candles are kept; None for nowhere, as unasked on paper: each paper venue is a market of its own."""
    if cache is False or (cache is None and is_paper):
        return None
    return default_folder() if cache is None or cache is True else Path(cache)


def default_folder() -> Path:
    """Where candles are kept unless told otherwise: ``orderly_sync`` in the user's folder of caches."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "orderly_sync"


def candles(
    history: History,
    symbol: str,
    interval: KlineInterval | str,
    *,
    days: float | None,
    since: TimeLike | None,
    until: TimeLike | None,
    folder: Path | None,
    network: str = "",
    numbers: type = Decimal,
    bar: bool | None,
) -> Rows[Kline]:
    """Candles of a span, those that are known from the cache, the others read; see ``Orderly.candles``."""
    kind, name = KlineInterval(one_of(KlineInterval, interval, "interval")), native_symbol(symbol)
    span = history.klines(name, kind, days=days, since=since, until=until)
    if folder is None:
        return download(span, bar=bar)
    cache = CandleCache(folder / _file_name(network, name, kind), name, numbers)
    known = cache.load()
    found = {row.start_timestamp or 0: row for window in known for row in window.rows}
    ended = history.now() - CANDLE_LENGTHS[kind]  # what begins later may still move
    missing = gaps(known, span.start, span.end)
    total = sum(end - start + 1 for start, end in missing) or 1
    with progress_bar(bar, f"{name} {kind.value}") as told:
        done = 0
        for start, end in missing:
            for window in history.klines(name, kind, since=start, until=end).windows():
                found.update((row.start_timestamp or 0, row) for row in window.rows)
                _keep(cache, window.start, min(window.end, ended), window.rows, _within(found, span))
                done += window.end - window.start + 1
                told(done / total, len(found))
    return _within(found, span)


def _file_name(network: str, symbol: str, kind: KlineInterval) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "_", f"{network}-{symbol}-{kind.value}.candles")


def _within(found: dict[int, Kline], span: HistoryRange[Kline]) -> Rows[Kline]:
    return Rows.of(Kline, [found[at] for at in sorted(found) if span.start <= at <= span.end])


def _keep(cache: CandleCache, start: int, end: int, rows: tuple[Kline, ...], so_far: Rows[Kline]) -> None:
    if end < start:
        return
    kept = tuple(row for row in rows if (row.start_timestamp or 0) <= end)
    try:
        cache.add(CachedWindow(start, end, kept))
    except OSError as exc:
        raise CacheNotWritten(cache.path, so_far, exc) from exc


def download(past: HistoryRange[T], *, bar: bool | None) -> Rows[T]:
    """All rows of a reading; see ``Orderly.download``."""
    with progress_bar(bar, "history") as told:
        return past.load(lambda at: told(at.share, at.rows))


@contextmanager
def progress_bar(wanted: bool | None, title: str) -> Iterator[Progress]:
    """A bar of tqdm; without ``wanted`` only where IPython runs and tqdm is installed.

    Raises:
        UsageError: It is wanted and tqdm is not installed.
    """
    made = _bar_class() if wanted or (wanted is None and _in_notebook()) else None
    if made is None:
        if wanted:
            raise UsageError(lacking("notebook", "a progress bar"))
        yield lambda *_: None
        return
    with made(total=100, desc=title, unit="%") as shown:

        def told(share: float, rows: int) -> None:
            shown.update(round(share * 100) - shown.n)
            shown.set_postfix_str(f"{rows} rows")

        yield told


def _bar_class() -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    # Tqdm would start a thread that looks after bars that are slow.
    return type("ProgressBar", (tqdm,), {"monitor_interval": 0})


def _in_notebook() -> bool:
    module = sys.modules.get("IPython")
    return module is not None and module.get_ipython() is not None
