"""The account's past, whole: all rows of a span of time, however many, oldest first.

    for fill in ex.history.fills(since="30d"):
        ...

A span is read in windows that are halved until none may hide a row behind the venue's limit of 500. Reading is lazy
and can be taken up again: ``past.reached`` says up to when all rows have been given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.history.spans import of_days, span
from orderly_sync.models.asset import AssetRecord, InternalTransfer
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.fill import Fill
from orderly_sync.models.funding import FundingFee
from orderly_sync.models.kline import Kline
from orderly_sync.models.order import Order
from orderly_sync.rest import Rest
from orderly_sync.rest.paging import Window, windows
from orderly_sync.tables.html import pairs
from orderly_sync.tables.shown import Tabular
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.symbols import symbol as native_symbol

if TYPE_CHECKING:
    from orderly_sync.rest.group_choices import InternalTransferSideLike

__all__ = ["CANDLE_LENGTHS", "History", "HistoryProgress", "HistoryRange"]

T = TypeVar("T")

_PAGE = 500
_CANDLES = 1000
_MARGIN = 4
"""So many candles of an answer are left for those that begin before or after the window that was meant."""
CANDLE_LENGTHS = {
    KlineInterval.MIN_1: 60_000,
    KlineInterval.MIN_5: 5 * 60_000,
    KlineInterval.MIN_15: 15 * 60_000,
    KlineInterval.MIN_30: 30 * 60_000,
    KlineInterval.HOUR_1: 3_600_000,
    KlineInterval.HOUR_4: 4 * 3_600_000,
    KlineInterval.HOUR_12: 12 * 3_600_000,
    KlineInterval.DAY_1: 86_400_000,
    KlineInterval.WEEK_1: 7 * 86_400_000,
    KlineInterval.MONTH_1: 28 * 86_400_000,
    KlineInterval.YEAR_1: 365 * 86_400_000,
}
"""How long the candles last at least, ms."""


@attrs.frozen(kw_only=True)
class HistoryProgress:
    """How far a reading has come."""

    start: int
    """ms."""
    end: int
    """ms."""
    reached: int
    """All rows up to here have been read, ms."""
    rows: int
    """So many of them."""

    @property
    def share(self) -> float:
        """From 0 to 1, by time."""
        return 1.0 if self.end <= self.start else (self.reached - self.start) / (self.end - self.start)


class HistoryRange(Tabular, Generic[T]):
    """Rows of a span of time, read as they are iterated over, oldest first.

    Args:
        source: The windows from a moment (ms) on, oldest first.
        start: ms.
        end: ms.
        time_of: A row's own time, ms.
        progress: Called after each window.
        kind: The class of the rows.
    """

    def __init__(  # noqa: PLR0917 - what a reading is made of
        self,
        source: Callable[[int], Iterator[Window[T]]],
        start: int,
        end: int,
        time_of: Callable[[T], int],
        progress: Callable[[HistoryProgress], object] | None,
        kind: type[T],
    ) -> None:
        self.start = start
        self.end = end
        self.reached = start - 1
        """All rows up to here have been given, ms; go on with ``since=past.reached + 1, until=past.end``."""
        self._source = source
        self._time_of = time_of
        self._progress = progress
        self._kind = kind
        self._open: Iterator[Window[T]] | None = None
        self._kept: list[T] = []
        self._count = 0

    def __iter__(self) -> Iterator[T]:
        while (window := self._next()) is not None:
            yield from self._rows(window)
            self._read(window)

    def _next(self) -> Window[T] | None:
        """The next window; after an error or an interrupt, that which it broke off."""
        if self._open is None:
            self._open = self._source(self.reached + 1) if self.reached < self.end else iter(())
        try:
            return next(self._open, None)
        except BaseException:
            self._open = None
            raise

    def _rows(self, window: Window[T]) -> list[T]:
        rows = sorted(window.rows, key=self._time_of)
        self._count += len(rows)
        return rows

    def _read(self, window: Window[T]) -> None:
        self.reached = window.end
        if self._progress is not None:
            self._progress(self._how_far())

    def _how_far(self) -> HistoryProgress:
        return HistoryProgress(start=self.start, end=self.end, reached=self.reached, rows=self._count)

    def windows(self) -> Iterator[Window[T]]:
        """The windows that are left, oldest first, each with its rows in order."""
        while (window := self._next()) is not None:
            yield Window(start=window.start, end=window.end, rows=tuple(self._rows(window)))
            self._read(window)

    def load(self, progress: Callable[[HistoryProgress], object] | None = None) -> Rows[T]:
        """All rows, and they are kept: called again after an interrupt it goes on, which costs one window at most."""
        while (window := self._next()) is not None:
            self._kept += self._rows(window)
            self._read(window)
            if progress is not None:
                progress(self._how_far())
        return Rows.of(self._kind, self._kept)

    def all(self) -> Rows[T]:
        """All rows that are left, at once."""
        return Rows.of(self._kind, self)

    def _table(self) -> tuple[type | None, Iterable[T]]:
        return self._kind, self.load()  # kept, so that a frame can be asked for twice

    def _repr_html_(self) -> str:
        # Rows are read once, so showing the range must not read them.
        return pairs("HistoryRange", [("start", self.start), ("end", self.end), ("reached", self.reached)])

    def __repr__(self) -> str:
        read = (
            "not read yet" if self.reached < self.start else f"read until {self.reached}, {self._count} rows"
        )
        return f"HistoryRange({self.start} to {self.end}, {read})"


class History:
    """What has happened to the account, and what the market did: read whole by REST.

    ``since`` and ``until`` are moments (ms, aware datetime, ISO text) or ages such as ``"30d"``, ``"12h"``,
    ``"45m"``, ``"2w"``; without ``until`` a span ends now, and what comes later belongs to a later call. Now is the
    venue's, see ``now``.

    Args:
        rest: Reads.
        heard: The latest time that a stream has told, ms; None before its first frame.
        venue_time: The venue's own clock, ms, where it can be read as it stands: that of a paper venue.
    """

    def __init__(
        self,
        rest: Rest,
        heard: Callable[[], int | None] = lambda: None,
        venue_time: Callable[[], int] | None = None,
    ) -> None:
        self._rest = rest
        self._heard = heard
        self._venue_time = venue_time

    def fills(
        self,
        since: TimeLike,
        *,
        until: TimeLike | None = None,
        symbol: str | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[Fill]:
        """Every fill of the account (``GET /v1/trades``)."""
        market = _market(symbol)

        def fetch(start: int, end: int) -> Page[Fill]:
            return self._rest.orders.fills(symbol=market, start=start, end=end, page=1, size=_PAGE)

        return self._past(fetch, since, until, lambda fill: fill.executed_timestamp or 0, progress, Fill)

    def orders(
        self,
        since: TimeLike,
        *,
        until: TimeLike | None = None,
        symbol: str | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[Order]:
        """Every ordinary order created in the span, as it stands now (``GET /v1/orders``)."""
        market = _market(symbol)

        def fetch(start: int, end: int) -> Page[Order]:
            return self._rest.orders.list(symbol=market, start=start, end=end, page=1, size=_PAGE)

        return self._past(fetch, since, until, lambda order: order.created_time or 0, progress, Order)

    def funding(
        self,
        since: TimeLike,
        *,
        until: TimeLike | None = None,
        symbol: str | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[FundingFee]:
        """Every funding payment, USDC (``GET /v1/funding_fee/history``)."""
        market = _market(symbol)

        def fetch(start: int, end: int) -> Page[FundingFee]:
            return self._rest.funding.history(symbol=market, start=start, end=end, page=1, size=_PAGE)

        return self._past(fetch, since, until, lambda fee: fee.created_time or 0, progress, FundingFee)

    def transfers(
        self,
        since: TimeLike,
        *,
        side: InternalTransferSideLike,
        until: TimeLike | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[InternalTransfer]:
        """Every transfer between accounts, ``side`` IN or OUT (``GET /v1/internal_transfer_history``)."""

        def fetch(start: int, end: int) -> Page[InternalTransfer]:
            return self._rest.assets.transfers(side=side, start=start, end=end, page=1, size=_PAGE)

        return self._past(fetch, since, until, lambda row: row.created_time or 0, progress, InternalTransfer)

    def assets(
        self,
        since: TimeLike,
        *,
        until: TimeLike | None = None,
        token: str | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[AssetRecord]:
        """Every deposit and withdrawal (``GET /v1/asset/history``)."""

        def fetch(start: int, end: int) -> Page[AssetRecord]:
            return self._rest.assets.history(token=token, start=start, end=end, page=1, size=_PAGE)

        return self._past(fetch, since, until, lambda row: row.created_time or 0, progress, AssetRecord)

    def klines(
        self,
        symbol: str,
        interval: KlineInterval | str,
        since: TimeLike | None = None,
        *,
        days: float | None = None,
        until: TimeLike | None = None,
        progress: Callable[[HistoryProgress], object] | None = None,
    ) -> HistoryRange[Kline]:
        """Candles, each once, oldest first (``GET /v1/tv/kline_history``), of ``days`` days or since a moment.

        Those that begin within the span, whatever day weeks and months of the venue begin on. Where it ends now the
        last one is still forming.

        Args:
            symbol: The market.
            interval: ``"1m"``, ``"5m"``, ``"15m"``, ``"30m"``, ``"1h"``, ``"4h"``, ``"12h"``, ``"1d"``, ``"1w"``,
                ``"1mon"`` or ``"1y"``.
            since: From then on; a moment or an age, as everywhere here.
            days: How far back, instead.
            until: Until then; now if absent.
            progress: Called after every thousand candles.

        Raises:
            UsageError: Neither or both of ``days`` and ``since``, or an interval that is none.
        """
        if (days is None) is (since is None):
            raise UsageError("pass since=, such as '30d', or days=: either, not both")
        if self._rest.credentials is None:
            raise UsageError(
                "the venue shows its whole past of candles to accounts only: pass credentials=Credentials(...); "
                "without an account rest.query.candles(symbol, interval) reads the newest"
            )
        kind = KlineInterval(one_of(KlineInterval, interval, "interval"))
        length, name = CANDLE_LENGTHS[kind], native_symbol(symbol)
        back = None if days is None else of_days(days)
        start, end = self._span(since, until, back)
        return HistoryRange(
            lambda at: self._candles(name, kind, length, at, end),
            start,
            end,
            lambda kline: kline.start_timestamp or 0,
            progress,
            Kline,
        )

    def _candles(
        self, symbol: str, interval: KlineInterval, length: int, start: int, end: int
    ) -> Iterator[Window[Kline]]:
        # Nobody says on which day weeks begin, nor whether the ends of a window are included, and the wire counts whole
        # seconds: so each window is asked a candle wider than it is, and keeps those that begin in it.
        at = start
        while at <= end:
            last = min(end, at + (_CANDLES - _MARGIN) * length - 1)
            read = self._rest.market.kline_history(
                symbol=symbol,
                resolution=interval,
                start=max(0, at - length),
                end=last + length,
                limit=_CANDLES,
            )
            rows = [kline for kline in read.klines(symbol) if at <= (kline.start_timestamp or 0) <= last]
            unique = {kline.start_timestamp: kline for kline in rows}
            yield Window(start=at, end=last, rows=tuple(unique.values()))
            at = last + 1

    def _past(  # noqa: PLR0917 - what a reading is made of
        self,
        fetch: Callable[[int, int], Page[T]],
        since: TimeLike,
        until: TimeLike | None,
        time_of: Callable[[T], int],
        progress: Callable[[HistoryProgress], object] | None,
        kind: type[T],
    ) -> HistoryRange[T]:
        start, end = self._span(since, until)
        return HistoryRange(lambda at: windows(fetch, at, end), start, end, time_of, progress, kind)

    def _span(
        self, since: TimeLike | None, until: TimeLike | None, back: int | None = None
    ) -> tuple[int, int]:
        return span(since, until, back, self.now, may_stand=self._venue_time is not None)

    def now(self) -> int:
        """The venue's own time, ms: rows bear it, and a machine's clock, or a paper venue's speed, may be another.

        Reckoned from what the venue has said of its time in answers and on the stream: no later than it is, and no
        earlier than anything that was heard. Only where that does not tell it is ``GET /v1/public/system_info`` asked,
        which the venue allows once a second.
        """
        if self._venue_time is not None:
            return self._venue_time()
        reckoned = self._rest.clock.venue_ms()
        if reckoned is not None:
            return max(reckoned, self._heard() or 0)
        told = self._rest.system.info().timestamp
        return self._rest.clock.time_ms() if told is None else told


def _market(symbol: str | None) -> str | None:
    return None if symbol is None else native_symbol(symbol)
