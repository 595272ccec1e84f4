"""Markets: rules, prices, books, candles and the public's trades."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from orderly_sync.models.base import Model, Rows, changed, model, utc, wire
from orderly_sync.models.enums import KlineInterval, OrderSide, SymbolStatus

__all__ = [
    "Book",
    "ChainDetail",
    "FuturesInfo",
    "IndexPriceSource",
    "Kline",
    "KlineHistory",
    "Level",
    "MarketTrade",
    "OpenInterest",
    "PriceChange",
    "PriceHistory",
    "PricePoint",
    "SymbolRules",
    "Token",
    "best_first",
]


@model
class SymbolRules(Model):
    """What an order in one symbol must obey, and what the symbol costs; prices in quote units, sizes in base units."""

    shown = ("symbol", "status", "quote_tick", "base_tick", "base_min", "min_notional")

    symbol: str
    display_symbol_name: str | None = None
    """The name to show people; None where the venue gives none."""
    broker_id: str | None = None
    """The builder that listed it; None for the venue's own markets."""
    is_pretge: bool | None = None
    """Whether its token does not exist yet; None where the venue does not say."""
    status: SymbolStatus | None = None
    quote_min: Decimal | None = None
    quote_max: Decimal | None = None
    quote_tick: Decimal | None = None
    """Prices are multiples of it."""
    base_min: Decimal | None = None
    base_max: Decimal | None = None
    base_tick: Decimal | None = None
    """Quantities are multiples of it."""
    min_notional: Decimal | None = None
    """The least price times quantity, USDC."""
    price_range: Decimal | None = None
    """How far a price may stand beyond the mark price on its own side, as a fraction."""
    price_scope: Decimal | None = None
    """How far it may stand on the far side, as a fraction."""
    base_imr: Decimal | None = None
    base_mmr: Decimal | None = None
    imr_factor: Decimal | None = None
    std_liquidation_fee: Decimal | None = None
    liquidator_fee: Decimal | None = None
    liquidation_tier: int | None = None
    claim_insurance_fund_discount: Decimal | None = None
    funding_period: int | None = None
    """Hours between two fundings."""
    cap_funding: Decimal | None = None
    floor_funding: Decimal | None = None
    cap_ir: Decimal | None = None
    floor_ir: Decimal | None = None
    interest_rate: Decimal | None = None
    global_max_oi_cap: Decimal | None = None
    mark_index_price_deviation_floor: Decimal | None = None
    """Seen in captures, explained on no page; by its name the least deviation of the mark from the index price."""
    mark_index_price_deviation_cap: Decimal | None = None
    """Seen in captures, explained on no page; by its name the most deviation of the mark from the index price."""
    deviation_factor: Decimal | None = None
    """Seen in captures, explained on no page."""
    created_time: int | None = None
    """ms."""
    updated_time: int | None = None
    """ms."""

    @property
    def time(self) -> datetime | None:
        """When the rules last changed, UTC."""
        return utc(self.updated_time)


@model
class FuturesInfo(Model):
    """Where one market stands: prices, funding, open interest and the last 24 hours."""

    shown = ("symbol", "mark_price", "index_price", "est_funding_rate", "open_interest", "volume_24h")

    symbol: str
    display_symbol_name: str | None = None
    """The name to show people; None where the venue gives none."""
    broker_id: str | None = None
    """The builder that listed it; None for the venue's own markets."""
    is_pretge: bool | None = None
    """Whether its token does not exist yet; None where the venue does not say."""
    status: SymbolStatus | None = None
    """ACTIVE where it trades; None where the venue does not say, which is not the same as not trading."""
    index_price: Decimal | None = None
    mark_price: Decimal | None = None
    sum_unitary_funding: Decimal | None = None
    """Funding paid per base unit since the market began, USDC."""
    est_funding_rate: Decimal | None = None
    last_funding_rate: Decimal | None = None
    next_funding_time: int | None = None
    """ms."""
    open_interest: Decimal | None = None
    """Base units."""
    open_24h: Decimal | None = wire("24h_open")
    close_24h: Decimal | None = wire("24h_close")
    high_24h: Decimal | None = wire("24h_high")
    low_24h: Decimal | None = wire("24h_low")
    volume_24h: Decimal | None = wire("24h_volume", "24h_volumn")
    """Base units."""
    amount_24h: Decimal | None = wire("24h_amount")
    """Quote units."""

    @property
    def next_funding(self) -> datetime | None:
        """When funding is next charged, UTC."""
        return utc(self.next_funding_time)


@model
class MarketTrade(Model):
    """One execution in a market, whoever's it was; ``side`` is the taker's."""

    symbol: str
    side: OrderSide | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    """Base units."""
    executed_timestamp: int | None = None
    """ms."""

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class Level(Model):
    """One price of a book with all that waits there."""

    price: Decimal
    quantity: Decimal
    """Base units."""


@model
class Book(Model):
    """A snapshot of an order book, best prices first on both sides, in whatever order the venue sent them."""

    asks: Rows[Level] = Rows()
    """Ascending by price."""
    bids: Rows[Level] = Rows()
    """Descending by price."""
    timestamp: int | None = None
    """ms."""

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
    asks = Rows(sorted(book.asks, key=_price))
    bids = Rows(sorted(book.bids, key=_price, reverse=True))
    return changed(book, asks=asks, bids=bids)


@model
class Kline(Model):
    """One candle."""

    symbol: str | None = None
    type: KlineInterval | None = None
    open: Decimal | None = None
    high: Decimal | None = None
    low: Decimal | None = None
    close: Decimal | None = None
    volume: Decimal | None = None
    """Base units."""
    amount: Decimal | None = None
    """Quote units."""
    start_timestamp: int | None = None
    """ms."""
    end_timestamp: int | None = None
    """ms."""

    @property
    def time(self) -> datetime | None:
        """When it began, UTC."""
        return utc(self.start_timestamp)


@model
class KlineHistory(Model):
    """Candles as columns of equal length, oldest first; the charting format, with its one-letter names on the wire."""

    status: str = wire("s", default="")
    """``ok``, ``no_data`` or ``error``."""
    times: tuple[int, ...] = wire("t", default=())
    """When each began, in seconds."""
    opens: tuple[Decimal, ...] = wire("o", default=())
    highs: tuple[Decimal, ...] = wire("h", default=())
    lows: tuple[Decimal, ...] = wire("l", default=())
    closes: tuple[Decimal, ...] = wire("c", default=())
    volumes: tuple[Decimal, ...] = wire("v", default=())
    """Base units."""
    amounts: tuple[Decimal, ...] = wire("a", default=())
    """Quote units."""

    def __len__(self) -> int:
        return len(self.times)

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


@model
class PriceChange(Model):
    """A market's last price beside its prices a while ago; None where the market is younger."""

    symbol: str
    last_price: Decimal | None = None
    price_5m: Decimal | None = wire("5m")
    price_30m: Decimal | None = wire("30m")
    price_1h: Decimal | None = wire("1h")
    price_4h: Decimal | None = wire("4h")
    price_24h: Decimal | None = wire("24h")
    price_3d: Decimal | None = wire("3d")
    price_7d: Decimal | None = wire("7d")
    price_30d: Decimal | None = wire("30d")


@model
class OpenInterest(Model):
    """How much traders hold of a market, long and short, base units."""

    symbol: str
    long_oi: Decimal | None = None
    short_oi: Decimal | None = None


@model
class PricePoint(Model):
    """A price at a moment."""

    ts: int
    """ms."""
    price: Decimal

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.ts)


@model
class PriceHistory(Model):
    """The prices of one market for a small chart, oldest first."""

    symbol: str
    price_list: Rows[PricePoint] = Rows()


@model
class ChainDetail(Model):
    """A token on one chain."""

    chain_id: int
    """EVM chain id, sent as a number or as text: 42161 Arbitrum, 4663 Robinhood (testnet 46630)."""
    contract_address: str | None = None
    decimals: int | None = None
    display_name: str | None = None
    withdraw_fee: Decimal | None = wire("withdraw_fee", "withdrawal_fee")
    """What a withdrawal to this chain costs, in units of the token; the venue has two names for it."""
    cross_chain_withdrawal_fee: Decimal | None = None
    exclusive_deposit_supported: bool | None = None


@model
class Token(Model):
    """A token the venue takes, and what it counts as collateral."""

    token: str
    token_hash: str | None = None
    decimals: int | None = None
    is_collateral: bool | None = None
    base_weight: Decimal | None = None
    discount_factor: Decimal | None = None
    haircut: Decimal | None = None
    user_max_qty: Decimal | None = None
    """How much of it counts as one user's collateral, in units of the token; -1 is no cap."""
    minimum_withdraw_amount: Decimal | None = None
    on_chain_swap: bool | None = None
    chain_details: Rows[ChainDetail] = Rows()


@model
class IndexPriceSource(Model):
    """The exchanges an index price is made of."""

    symbol: str
    sources: tuple[str, ...] = ()
    updated_time: int | None = None
    """ms."""
