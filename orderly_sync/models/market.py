"""Markets: rules, prices, books and the public's trades."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from orderly_sync.models.base import Model, Rows, changed, model, utc, wire
from orderly_sync.models.enums import OrderSide, SymbolStatus
from orderly_sync.tables.shown import BookTable

__all__ = [
    "Book",
    "FuturesInfo",
    "IndexPriceSource",
    "Level",
    "MarketTrade",
    "OpenInterest",
    "PriceChange",
    "PriceHistory",
    "PricePoint",
    "SymbolRules",
    "best_first",
]


@model
class SymbolRules(Model):
    """What an order in one symbol must keep to, and what the symbol costs; prices in quote units, sizes in base units.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-order-rules-per-symbol
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-available-symbols
    """

    shown = ("symbol", "status", "quote_tick", "base_tick", "base_min", "min_notional")

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    display_symbol_name: str | None = None
    """The name to show people; None where the venue gives none."""
    broker_id: str | None = None
    """The builder that listed it; None for the venue's own markets."""
    is_pretge: bool | None = None
    """Whether its token does not exist yet; None where the venue does not say."""
    status: SymbolStatus | None = None
    """Whether it trades, only limit orders, only reducing orders, or not at all; None is not said. In the JS SDK's
    type, on no page."""
    quote_min: Decimal | None = None
    """Lowest price of an order, USDC."""
    quote_max: Decimal | None = None
    """Highest price of an order, USDC."""
    quote_tick: Decimal | None = None
    """Step of prices, USDC: ``(price - quote_min) % quote_tick == 0``."""
    base_min: Decimal | None = None
    """Smallest size of an order, base units."""
    base_max: Decimal | None = None
    """Largest size of an order, base units."""
    base_tick: Decimal | None = None
    """Step of sizes, base units: ``(quantity - base_min) % base_tick == 0``."""
    min_notional: Decimal | None = None
    """The least price times quantity, USDC; that it may be met exactly is not documented, the paper venue lets it."""
    price_range: Decimal | None = None
    """How far a price may go through the mark price, a fraction: a BUY may cost up to ``mark * (1 + price_range)``."""
    price_scope: Decimal | None = None
    """How far a price may stay behind the mark price, a fraction: a BUY costs at least ``mark * (1 - price_scope)``."""
    base_imr: Decimal | None = None
    """Initial margin ratio of a small position, a fraction; the highest leverage is 1 over it."""
    base_mmr: Decimal | None = None
    """Maintenance margin ratio of a small position, a fraction."""
    imr_factor: Decimal | None = None
    """How the initial margin ratio, a fraction, grows with the notional in USDC: ``imr_factor * notional ** 0.8``;
    values near 1e-6, which the 0.025 of the venue's example is not."""
    std_liquidation_fee: Decimal | None = None
    """What a liquidated account pays, a fraction of the notional: 0.012 is 1.2 %."""
    liquidator_fee: Decimal | None = None
    """The liquidator's part of it, a fraction of the notional."""
    liquidation_tier: int | None = None
    """1 is low (taken in proportion with others), 2 is high (taken one market at a time)."""
    claim_insurance_fund_discount: Decimal | None = None
    """Discount on the mark price for a claim from the insurance fund, a fraction, by its name; not explained on a
    page."""
    funding_period: int | None = None
    """Hours between two fundings."""
    cap_funding: Decimal | None = None
    """Highest funding rate of a period, a fraction: 0.000375 is 3.75 bp."""
    floor_funding: Decimal | None = None
    """Lowest funding rate of a period, a fraction, below 0."""
    cap_ir: Decimal | None = None
    """Most that the interest part may add to the rate, a fraction."""
    floor_ir: Decimal | None = None
    """Most that the interest part may take from the rate, a fraction, below 0."""
    interest_rate: Decimal | None = None
    """Interest part of the funding rate, a fraction for 8 hours."""
    global_max_oi_cap: Decimal | None = None
    """The most open interest that the market takes; the unit is not documented, the paper venue counts USDC."""
    mark_index_price_deviation_floor: Decimal | None = None
    """Seen in captures, explained on no page, unit unknown; by its name the least deviation of the mark from the
    index price."""
    mark_index_price_deviation_cap: Decimal | None = None
    """Seen in captures, explained on no page, unit unknown; by its name the most deviation of the mark from the
    index price."""
    deviation_factor: Decimal | None = None
    """Seen in captures, explained on no page, unit unknown."""
    created_time: int | None = None
    """When the market was listed, ms."""
    updated_time: int | None = None
    """When the rules last changed, ms; see ``time``."""

    @property
    def time(self) -> datetime | None:
        """When the rules last changed, UTC."""
        return utc(self.updated_time)


@model
class FuturesInfo(Model):
    """Where one market stands: prices, funding, open interest and the last 24 hours.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-info-for-one-symbol
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-info-for-all-symbols
    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-volume-by-builder
    """

    shown = ("symbol", "mark_price", "index_price", "est_funding_rate", "open_interest", "volume_24h")

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    display_symbol_name: str | None = None
    """The name to show people; None where the venue gives none."""
    broker_id: str | None = None
    """The builder that listed it; None for the venue's own markets."""
    is_pretge: bool | None = None
    """Whether its token does not exist yet; None where the venue does not say."""
    status: SymbolStatus | None = None
    """ACTIVE where it trades; None where the venue does not say, which is not the same as not trading."""
    index_price: Decimal | None = None
    """Weighted mean of the sources, USDC."""
    mark_price: Decimal | None = None
    """What positions are valued at, USDC."""
    sum_unitary_funding: Decimal | None = None
    """Funding index: what one long base unit has paid since the market began, USDC; may fall."""
    est_funding_rate: Decimal | None = None
    """What the next charge would be as things stand, a fraction of the notional (0.0001 is 1 bp); above 0 longs pay
    shorts."""
    last_funding_rate: Decimal | None = None
    """What was charged last, a fraction of the notional; above 0 longs paid shorts."""
    next_funding_time: int | None = None
    """When it is next charged, ms."""
    open_interest: Decimal | None = None
    """All that is held, counted on one side, base units."""
    open_24h: Decimal | None = wire("24h_open")
    """Price 24 hours ago, USDC."""
    close_24h: Decimal | None = wire("24h_close")
    """The last price, USDC."""
    high_24h: Decimal | None = wire("24h_high")
    """Highest price of the 24 hours, USDC."""
    low_24h: Decimal | None = wire("24h_low")
    """Lowest price of the 24 hours, USDC."""
    volume_24h: Decimal | None = wire("24h_volume", "24h_volumn")
    """Traded in the 24 hours, base units; by builder, where a builder was asked for."""
    amount_24h: Decimal | None = wire("24h_amount")
    """Traded in the 24 hours, USDC; by builder, where a builder was asked for."""

    @property
    def next_funding(self) -> datetime | None:
        """When funding is next charged, UTC."""
        return utc(self.next_funding_time)


@model
class MarketTrade(Model):
    """One execution in a market, whoever's it was; ``side`` is the taker's.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-trades
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    side: OrderSide | None = None
    """The taker's side: BUY lifted an offer."""
    executed_price: Decimal | None = None
    """USDC."""
    executed_quantity: Decimal | None = None
    """Base units, above 0."""
    executed_timestamp: int | None = None
    """When it was executed, ms; see ``time``."""

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class Level(Model):
    """One price of a book with all that waits there.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/orderbook-snapshot
    """

    price: Decimal
    """USDC."""
    quantity: Decimal
    """What waits there and is shown, base units, above 0."""


@model
class Book(BookTable, Model):
    """A snapshot of an order book, best prices first on both sides, in whatever order the venue sent them.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/orderbook-snapshot
    """

    asks: Rows[Level] = Rows()
    """What is offered, ascending by price; empty where nobody offers."""
    bids: Rows[Level] = Rows()
    """What is bid, descending by price; empty where nobody bids."""
    timestamp: int | None = None
    """When it was taken, ms; see ``time``."""

    @property
    def best_bid(self) -> Level | None:
        """The highest bid."""
        return max(self.bids, key=_price, default=None)

    @property
    def best_ask(self) -> Level | None:
        """The lowest ask."""
        return min(self.asks, key=_price, default=None)

    @property
    def time(self) -> datetime | None:
        """When it was taken, UTC."""
        return utc(self.timestamp)


def _price(level: Level) -> Decimal:
    return level.price


class _Sided(Protocol):
    """What has two sides of levels."""

    @property
    def asks(self) -> tuple[Level, ...]:
        """What is offered."""

    @property
    def bids(self) -> tuple[Level, ...]:
        """What is bid."""


B = TypeVar("B", bound=_Sided)


def best_first(book: B) -> B:
    """The same book with asks ascending and bids descending by price, whatever order they came in."""
    asks = Rows.of(Level, sorted(book.asks, key=_price))
    bids = Rows.of(Level, sorted(book.bids, key=_price, reverse=True))
    return changed(book, asks=asks, bids=bids)


@model
class PriceChange(Model):
    """A market's last price beside its prices a while ago; None where the market is younger.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-price-info-for-all-symbols
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
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
    """The price 30 days ago, USDC."""


@model
class OpenInterest(Model):
    """How much traders hold of a market, long and short, base units.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-open-interests-for-all-symbols
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    long_oi: Decimal | None = None
    """What is held long, base units, at least 0; market makers are left out."""
    short_oi: Decimal | None = None
    """What is held short, base units, at least 0; market makers are left out."""


@model
class PricePoint(Model):
    """A price at a moment.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-historical-price-list-for-all-symbols
    """

    ts: int
    """When, ms; see ``time``."""
    price: Decimal
    """The closing price then, USDC."""

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.ts)


@model
class PriceHistory(Model):
    """The prices of one market for a small chart, oldest first.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-historical-price-list-for-all-symbols
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    price_list: Rows[PricePoint] = Rows()
    """The points; empty for a market without trades."""


@model
class IndexPriceSource(Model):
    """The exchanges an index price is made of.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-index-price-source
    """

    symbol: str
    """The index, ``SPOT_ETH_USDC``; not a market."""
    sources: tuple[str, ...] = ()
    """Exchanges by their ids, ``okx``."""
    updated_time: int | None = None
    """When the list last changed, ms."""
