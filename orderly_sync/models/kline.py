"""Candles: one by one, and as the columns of the charting calls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import KlineInterval
from orderly_sync.tables.shown import Tabular

__all__ = ["Kline", "KlineHistory"]


@model
class Kline(Model):
    """One candle.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-kline
    """

    symbol: str | None = None
    """The market; None where it was made of columns without being told."""
    type: KlineInterval | None = None
    """The interval, ``1m`` to ``1y``; None where it was made of columns."""
    open: Decimal | None = None
    """First price, USDC."""
    high: Decimal | None = None
    """Highest price, USDC."""
    low: Decimal | None = None
    """Lowest price, USDC."""
    close: Decimal | None = None
    """Last price, USDC. Candles of quiet markets may follow the middle of the book."""
    volume: Decimal | None = None
    """Traded, base units."""
    amount: Decimal | None = None
    """Traded, USDC; None where the charting call sends none."""
    start_timestamp: int | None = None
    """When it began, ms; see ``time``."""
    end_timestamp: int | None = None
    """When it ends, ms; None where it was made of columns."""

    @property
    def time(self) -> datetime | None:
        """When it began, UTC."""
        return utc(self.start_timestamp)


@model
class KlineHistory(Tabular, Model):
    """Candles as columns of equal length, oldest first; the charting format, with its one-letter names on the wire.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-kline-history
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-tradingview-history-bars
    """

    status: str = wire("s", default="")
    """``ok``, ``no_data`` or ``error``."""
    times: tuple[int, ...] = wire("t", default=())
    """When each began, in seconds."""
    opens: tuple[Decimal, ...] = wire("o", default=())
    """First price of each, USDC."""
    highs: tuple[Decimal, ...] = wire("h", default=())
    """Highest price of each, USDC."""
    lows: tuple[Decimal, ...] = wire("l", default=())
    """Lowest price of each, USDC."""
    closes: tuple[Decimal, ...] = wire("c", default=())
    """Last price of each, USDC."""
    volumes: tuple[Decimal, ...] = wire("v", default=())
    """Traded in each, base units."""
    amounts: tuple[Decimal, ...] = wire("a", default=())
    """Traded in each, USDC; empty from the charting call that sends none."""

    def __len__(self) -> int:
        return len(self.times)

    def _table(self) -> tuple[type | None, Iterable[Kline]]:
        return Kline, self.klines()

    def klines(self, symbol: str | None = None) -> tuple[Kline, ...]:
        """The same as candles, oldest first; ``end_timestamp`` stays None."""
        # One of the two charting calls sends no amounts.
        amounts = self.amounts or (None,) * len(self.times)
        rows = zip(
            self.times,
            self.opens,
            self.highs,
            self.lows,
            self.closes,
            self.volumes,
            amounts,
            strict=False,
        )
        return tuple(
            Kline(
                symbol=symbol, start_timestamp=t * 1000, open=o, high=h, low=low, close=c, volume=v, amount=a
            )
            for t, o, h, low, c, v, a in rows
        )
