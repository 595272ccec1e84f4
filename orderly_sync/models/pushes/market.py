"""What the public topics push. Prices in quote (USDC), quantities in base units."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from orderly_sync.arithmetic import owned
from orderly_sync.models.base import Model, Push, model, utc, wire
from orderly_sync.models.enums import OrderSide

__all__ = [
    "AnnouncementUpdate",
    "Bbo",
    "ChartPrice",
    "EstFundingRate",
    "HistoryChart",
    "IndexPrice",
    "KlineUpdate",
    "MaintenanceStatus",
    "MaintenanceWindow",
    "MarkPrice",
    "OpenInterest",
    "PriceChanges",
    "Ticker",
    "Trade",
    "TradersOpenInterest",
]


@model
class Trade(Push):
    """A public trade. It has no id; its time is the frame's ``ts``."""

    symbol: str
    """The market."""
    price: Decimal
    size: Decimal
    """Base units."""
    side: OrderSide
    """The taker's side."""

    @property
    def quantity(self) -> Decimal:
        """Base units."""
        return self.size

    @property
    def time(self) -> datetime | None:
        """The frame's time, UTC."""
        return utc(self.ts)


@model
class Bbo(Push):
    """Best bid and offer; a side is None while it is empty."""

    symbol: str
    """The market."""
    ask: Decimal | None = None
    ask_size: Decimal | None = None
    bid: Decimal | None = None
    bid_size: Decimal | None = None

    @property
    @owned
    def mid(self) -> Decimal | None:
        """Halfway between bid and ask."""
        return None if self.bid is None or self.ask is None else (self.bid + self.ask) / 2

    @property
    @owned
    def spread(self) -> Decimal | None:
        """Ask less bid."""
        return None if self.bid is None or self.ask is None else self.ask - self.bid


@model
class Ticker(Push):
    """A symbol's last 24 hours."""

    shown = ("symbol", "open", "high", "low", "close", "volume")

    symbol: str
    """The market."""
    open: Decimal | None = None
    close: Decimal | None = None
    """The last price."""
    high: Decimal | None = None
    low: Decimal | None = None
    volume: Decimal | None = None
    """Base units."""
    amount: Decimal | None = None
    """USDC."""
    count: int | None = None
    """Trades."""
    change: Decimal | None = None
    """Rarely sent."""
    open_interest: Decimal | None = wire("open_interest")
    """Base units; rarely sent."""
    index_price: Decimal | None = wire("index_price")
    """Rarely sent."""


@model
class KlineUpdate(Push):
    """A candle as it stands now; it changes until its end time."""

    shown = ("symbol", "type", "time", "open", "high", "low", "close", "volume")

    symbol: str
    """The market."""
    type: str
    """The interval, ``1m``."""
    open: Decimal | None = None
    close: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    volume: Decimal | None = None
    """Base units."""
    amount: Decimal | None = None
    """USDC."""
    start_time: int | None = None
    """ms."""
    end_time: int | None = None
    """ms."""

    @property
    def time(self) -> datetime | None:
        """When the candle starts, UTC."""
        return utc(self.start_time)


@model
class PriceChanges(Push):
    """What a symbol cost some time ago; None where it is younger than that."""

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    last_price: Decimal | None = None
    price_5m: Decimal | None = wire("5m")
    """The price 5 minutes ago, and so on."""
    price_30m: Decimal | None = wire("30m")
    price_1h: Decimal | None = wire("1h")
    price_4h: Decimal | None = wire("4h")
    price_24h: Decimal | None = wire("24h")
    price_3d: Decimal | None = wire("3d")
    price_7d: Decimal | None = wire("7d")
    price_30d: Decimal | None = wire("30d")


@model
class TradersOpenInterest(Push):
    """A symbol's open interest by side, base units."""

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    long_oi: Decimal | None = None
    short_oi: Decimal | None = None


@model
class ChartPrice(Model):
    """One point of a small chart."""

    ts: int
    """ms."""
    price: Decimal


@model
class HistoryChart(Push):
    """A symbol's prices for a small chart, oldest first as sent."""

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    price_list: tuple[ChartPrice, ...] = ()


@model
class IndexPrice(Push):
    """An index price. The symbol is the index's, ``SPOT_ETH_USDC``."""

    symbol: str
    """The index."""
    price: Decimal


@model
class MarkPrice(Push):
    """A mark price: what positions are valued at and triggers watch."""

    symbol: str
    """The market."""
    price: Decimal


@model
class OpenInterest(Push):
    """A symbol's open interest."""

    symbol: str
    """The market."""
    open_interest: Decimal
    """Base units."""


@model
class EstFundingRate(Push):
    """The funding rate a symbol is heading for."""

    symbol: str
    """The market."""
    funding_rate: Decimal
    """A fraction of the position's value."""
    funding_ts: int | None = None
    """When it is due, ms."""

    @property
    def funding_time(self) -> datetime | None:
        """When it is due, UTC."""
        return utc(self.funding_ts)


@model
class MaintenanceWindow(Model):
    """When maintenance is planned."""

    start_time: int | None = wire("startTime")
    """ms."""
    end_time: int | None = wire("endTime")
    """ms."""


@model
class MaintenanceStatus(Push):
    """Whether the venue is at work."""

    wire_case: ClassVar[str] = "snake"

    status: int
    """0 is at work, 2 is under maintenance."""
    msg: str | None = None
    scheduled_maintenance: MaintenanceWindow | None = None

    @property
    def is_down(self) -> bool:
        """Whether the venue is under maintenance."""
        return self.status != 0


@model
class AnnouncementUpdate(Push):
    """A message of the venue to all. Its text may hold HTML, its url leads anywhere: show both as text only."""

    wire_case: ClassVar[str] = "snake"

    announcement_id: str
    """A number or a text on the wire."""
    message: str | None = None
    url: str | None = None
    type: str | None = None
    """LISTING, MAINTENANCE, DELISTING, CAMPAIGN, VOTE."""
    i18n: Any = None
    """Translations, as decoded."""
    cover_image: str | None = wire("coverImage")
    updated_time: int | None = None
    """ms."""
