"""What the public topics push. Prices in quote (USDC), quantities in base units."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from orderly_sync.models.base import Model, Push, model, utc, wire
from orderly_sync.models.enums import OrderSide
from orderly_sync.values.arithmetic import owned

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
    """A public trade. It has no id; its time is the frame's ``ts``.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/trade
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    price: Decimal
    """USDC."""
    size: Decimal
    """Base units, above 0; ``side`` tells the direction."""
    side: OrderSide
    """The taker's side: BUY lifted an offer."""

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
    """Best bid and offer; a side is None while it is empty.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/bbo
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/bbos
    """

    symbol: str
    """The market."""
    ask: Decimal | None = None
    """The lowest offer, USDC; None while nobody offers."""
    ask_size: Decimal | None = None
    """What is offered at that price, base units."""
    bid: Decimal | None = None
    """The highest bid, USDC; None while nobody bids."""
    bid_size: Decimal | None = None
    """What is bid at that price, base units."""

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
    """A symbol's last 24 hours.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/24-hour-ticker
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/24-hour-tickers
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/24-hour-ticker-by-builder
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/24-hour-tickers-by-builder
    """

    shown = ("symbol", "open", "high", "low", "close", "volume")

    symbol: str
    """The market."""
    open: Decimal | None = None
    """Price 24 hours ago, USDC."""
    close: Decimal | None = None
    """The last price, USDC."""
    high: Decimal | None = None
    """Highest price of the 24 hours, USDC."""
    low: Decimal | None = None
    """Lowest price of the 24 hours, USDC."""
    volume: Decimal | None = None
    """Traded in the 24 hours, base units; by builder, of that builder's users only."""
    amount: Decimal | None = None
    """Traded in the 24 hours, USDC."""
    count: int | None = None
    """Number of trades in the 24 hours."""
    change: Decimal | None = None
    """In the JS SDK's type, on no page; the unit is not documented. None where it is not sent."""
    open_interest: Decimal | None = wire("open_interest")
    """Base units; in the JS SDK's type, on no page. None where it is not sent."""
    index_price: Decimal | None = wire("index_price")
    """USDC; in the JS SDK's type, on no page. None where it is not sent."""


@model
class KlineUpdate(Push):
    """A candle as it stands now; it changes until its end time.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/k-line
    """

    shown = ("symbol", "type", "time", "open", "high", "low", "close", "volume")

    symbol: str
    """The market."""
    type: str
    """The interval as the topic spells it, ``1m`` to ``1M``; REST spells a month ``1mon``."""
    open: Decimal | None = None
    """First price, USDC."""
    close: Decimal | None = None
    """Last price so far, USDC."""
    high: Decimal | None = None
    """Highest price so far, USDC."""
    low: Decimal | None = None
    """Lowest price so far, USDC."""
    volume: Decimal | None = None
    """Traded so far, base units."""
    amount: Decimal | None = None
    """Traded so far, USDC."""
    start_time: int | None = None
    """When the candle starts, ms; see ``time``."""
    end_time: int | None = None
    """When the candle ends, ms."""

    @property
    def time(self) -> datetime | None:
        """When the candle starts, UTC."""
        return utc(self.start_time)


@model
class PriceChanges(Push):
    """What a symbol cost some time ago; None where it is younger than that.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/price-changes
    """

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    last_price: Decimal | None = None
    """The last price, USDC."""
    price_5m: Decimal | None = wire("5m")
    """The price 5 minutes ago, USDC."""
    price_30m: Decimal | None = wire("30m")
    """The price 30 minutes ago, USDC."""
    price_1h: Decimal | None = wire("1h")
    """The price an hour ago, USDC."""
    price_4h: Decimal | None = wire("4h")
    """The price 4 hours ago, USDC."""
    price_24h: Decimal | None = wire("24h")
    """The price 24 hours ago, USDC."""
    price_3d: Decimal | None = wire("3d")
    """The price 3 days ago, USDC."""
    price_7d: Decimal | None = wire("7d")
    """The price 7 days ago, USDC."""
    price_30d: Decimal | None = wire("30d")
    """The price 30 days ago, USDC; None where the market is younger."""


@model
class TradersOpenInterest(Push):
    """A symbol's open interest by side, base units.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/traders-open-interests
    """

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    long_oi: Decimal | None = None
    """What traders hold long, base units, at least 0; market makers are left out, by the REST page."""
    short_oi: Decimal | None = None
    """What traders hold short, base units, at least 0."""


@model
class ChartPrice(Model):
    """One point of a small chart.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/price-for-small-charts
    """

    ts: int
    """When, ms."""
    price: Decimal
    """The closing price then, USDC."""


@model
class HistoryChart(Push):
    """A symbol's prices for a small chart, oldest first as sent.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/price-for-small-charts
    """

    wire_case: ClassVar[str] = "snake"

    symbol: str
    """The market."""
    price_list: tuple[ChartPrice, ...] = ()
    """The points; empty for a market without trades."""


@model
class IndexPrice(Push):
    """An index price. The symbol is the index's, ``SPOT_ETH_USDC``.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/index-price
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/index-prices
    """

    symbol: str
    """The index, ``SPOT_ETH_USDC``; not a market."""
    price: Decimal
    """Weighted mean of the sources, USDC."""


@model
class MarkPrice(Push):
    """A mark price: what positions are valued at and triggers watch.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/mark-price
    https://orderly.network/docs/build-on-omnichain/websocket-api/public/mark-prices
    """

    symbol: str
    """The market."""
    price: Decimal
    """USDC."""


@model
class OpenInterest(Push):
    """A symbol's open interest.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/open-interest
    """

    symbol: str
    """The market."""
    open_interest: Decimal
    """All that is held, counted on one side, base units, at least 0."""


@model
class EstFundingRate(Push):
    """The funding rate a symbol is heading for.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/estimated-funding-rate
    """

    symbol: str
    """The market."""
    funding_rate: Decimal
    """A fraction of the notional for the running period (0.0001 is 1 bp); above 0 longs will pay shorts."""
    funding_ts: int | None = None
    """When it is due, ms; see ``funding_time``."""

    @property
    def funding_time(self) -> datetime | None:
        """When it is due, UTC."""
        return utc(self.funding_ts)


@model
class MaintenanceWindow(Model):
    """When maintenance is planned.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/system-maintenance-status
    """

    start_time: int | None = wire("startTime")
    """When it begins, ms; None where nothing is planned."""
    end_time: int | None = wire("endTime")
    """When it is to end, ms; None where nothing is planned."""


@model
class MaintenanceStatus(Push):
    """Whether the venue is at work.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/system-maintenance-status
    """

    wire_case: ClassVar[str] = "snake"

    status: int
    """0 is at work, 2 is under maintenance."""
    msg: str | None = None
    """The venue's own words for a person; None where it says nothing."""
    scheduled_maintenance: MaintenanceWindow | None = None
    """The window planned next; None where none is."""

    @property
    def is_down(self) -> bool:
        """Whether the venue is under maintenance."""
        return self.status != 0


@model
class AnnouncementUpdate(Push):
    """A message of the venue to all. Its text may hold HTML, its url leads anywhere: show both as text only.

    https://orderly.network/docs/build-on-omnichain/websocket-api/public/announcement
    """

    wire_case: ClassVar[str] = "snake"

    announcement_id: str
    """Its id, always text here; a number or a text on the wire."""
    message: str | None = None
    """The text, which may hold HTML; None is not said."""
    url: str | None = None
    """Where it leads; None where nowhere."""
    type: str | None = None
    """LISTING, MAINTENANCE, DELISTING, CAMPAIGN or VOTE; in the JS SDK's type, on no page. None where it is not
    sent."""
    i18n: Any = None
    """Translations, as decoded; in the JS SDK's type, on no page. None where they are not sent."""
    cover_image: str | None = wire("coverImage")
    """Address of a picture; in the JS SDK's type, on no page. None where it is not sent."""
    updated_time: int | None = None
    """When it last changed, ms; in the JS SDK's type, on no page. None where it is not sent."""
