"""Answers of the public query about one wallet. Amounts are USDC, sizes base units, times ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.account_enums import PositionSide
from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import (
    FundingPaymentType,
    FundingStatus,
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
    TriggerStatus,
)
from orderly_sync.models.query import QueryMarket

__all__ = [
    "AgentContext",
    "PortfolioPoint",
    "PositionContext",
    "QueryAccount",
    "QueryAccountState",
    "QueryAccounts",
    "QueryAssetRecord",
    "QueryFeeRate",
    "QueryFill",
    "QueryFundingFee",
    "QueryOrder",
    "QueryPosition",
    "WhaleContext",
]


@model
class QueryPosition(Model):
    """One open position.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/account-state
    """

    symbol: str | None = None
    """The market."""
    side: PositionSide | None = None
    """Which way it stands: LONG above 0, SHORT below."""
    position_qty: Decimal | None = None
    """Base units. Signed by the page; the paper venue sends it without a sign, so go by ``side``."""
    notional: Decimal | None = None
    """Quantity times mark price, USDC, positive; None where the venue could not compute it."""
    average_open_price: Decimal | None = None
    """Mean price of its entry, USDC per base unit; None where unknown."""
    mark_price: Decimal | None = None
    """USDC per base unit; None where unknown."""
    unrealized_pnl: Decimal | None = None
    """Gain since its entry at the mark price, USDC; negative is a loss, None where it could not be computed."""
    unsettled_pnl: Decimal | None = None
    """Gain with funding that is not in the balance yet, USDC; negative is a loss, None where it could not be
    computed."""
    pnl_24_h: Decimal | None = wire("pnl_24_h", "pnl_24h")
    """Gain of the last 24 hours, USDC; negative is a loss."""
    imr: Decimal | None = None
    """Initial margin ratio, a fraction of the notional (0.05 = 5 %); None where it could not be computed."""
    mmr: Decimal | None = None
    """Maintenance margin ratio, a fraction of the notional; None where it could not be computed."""
    est_liq_price: Decimal | None = None
    """Mark price at which it would be liquidated, an estimate, USDC per base unit; None where there is none."""
    leverage: Decimal | None = None
    """The leverage set for it, a factor (10 = 10 times); None where unknown."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None where unknown."""
    opened_at: int | None = None
    """When it was opened, ms; None where the venue does not know."""
    updated_at: int | None = None
    """When it last changed, ms; None where the venue does not know."""

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_at)


@model
class QueryAccountState(Model):
    """An account's value, margin and positions. What needs positions computed is None while the venue cannot do that.

    By the page a wallet asked for without an account comes as ``accounts`` in ``extra``, the fields here then None.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/account-state
    """

    address: str | None = None
    """The wallet."""
    broker_id: str | None = None
    """The builder the account belongs to."""
    account_id: str | None = None
    """The account."""
    account_type: str | None = None
    """``main``, ``sub`` or ``sp`` (a vault's strategy provider); None in contexts."""
    account_value: Decimal | None = None
    """Collateral with unrealised PnL, USDC."""
    total_collateral_value: Decimal | None = None
    """All that is held, frozen or isolated margin, at the price of each token, USDC."""
    free_collateral: Decimal | None = None
    """What of it is not bound by margin, USDC, never negative."""
    margin_ratio: Decimal | None = None
    """Collateral over the notional of all positions, a fraction (0.25 = 25 %); the more the safer."""
    initial_margin_ratio: Decimal | None = None
    """Margin new positions need, over the notional of cross positions, a fraction."""
    maintenance_margin_ratio: Decimal | None = None
    """The margin ratio below which the account is liquidated, a fraction."""
    total_unrealized_pnl: Decimal | None = None
    """Gain of all positions since their entry, USDC; negative is a loss."""
    total_unsettled_pnl: Decimal | None = None
    """Gain with funding that is not in the balance yet, USDC; negative is a loss."""
    total_pnl_24_h: Decimal | None = wire("total_pnl_24_h", "total_pnl_24h")
    """Gain of the last 24 hours, USDC; negative is a loss."""
    open_order_count: int | None = None
    """How many orders are open; only in contexts, None elsewhere."""
    positions: tuple[QueryPosition, ...] = ()
    """Open positions; empty if there are none or where a context shows them beside the account."""


@model
class QueryAccount(Model):
    """One account of a wallet.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/accounts
    """

    account_id: str
    """The account."""
    broker_id: str | None = None
    """The builder it belongs to."""
    account_type: str | None = None
    """``main``, ``sub`` or ``sp`` (a vault's strategy provider)."""
    account_value: Decimal | None = None
    """Collateral with unrealised PnL, USDC; None where the venue could not compute it."""


@model
class QueryAccounts(Model):
    """All accounts of a wallet.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/accounts
    """

    address: str | None = None
    """The wallet."""
    accounts: tuple[QueryAccount, ...] = ()
    """One entry an account."""


@model
class AgentContext(Model):
    """An account, its positions and their markets, in one answer.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/agent-context
    """

    account: QueryAccountState | None = None
    """The account's figures; its own ``positions`` are empty."""
    positions: tuple[QueryPosition, ...] = ()
    """Open positions; empty if there are none."""
    markets: tuple[QueryMarket, ...] = ()
    """The markets of those positions."""


@model
class QueryFeeRate(Model):
    """A wallet's fee tier and what it pays. A negative rate is a rebate.

    By the page the account must be named; else ``accounts`` or ``sub_accounts`` stand in ``extra``, the fields None.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/fee-rate
    """

    tier: str | None = None
    """Name of the tier, such as ``PUBLIC``, ``GOLD`` or ``DIAMOND``; None where there is none."""
    futures_tier: str | None = None
    """The same once more."""
    maker_fee_rate: Decimal | None = None
    """A fraction of the traded value (0.0001 = 1 bp), paid by resting orders."""
    taker_fee_rate: Decimal | None = None
    """A fraction of the traded value (0.0001 = 1 bp), paid by orders that match at once."""
    volume_30d: Decimal | None = wire("30d_volume")
    """Traded value of the last 30 days, USDC; 0 without trades."""


@model
class QueryFundingFee(Model):
    """One funding payment; ``payment_type`` says which way it went.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/funding-payments
    """

    symbol: str
    """The market."""
    funding_rate: Decimal | None = None
    """A fraction of the position's value (0.0001 = 1 bp); positive: longs pay shorts. The page calls it a rate of
    8 hours."""
    funding_fee: Decimal | None = None
    """USDC. By the page above 0 where the wallet pays; the paper venue sends it without a sign. Go by
    ``payment_type``."""
    position_qty: Decimal | None = None
    """The position at that moment, base units; negative is short."""
    mark_price: Decimal | None = None
    """The mark price of that moment, USDC per base unit."""
    funding_rate_timestamp: int | None = None
    """When it was charged, ms."""
    payment_type: FundingPaymentType | None = None
    """Whether the wallet paid or received; None where the fee is 0."""
    funding_status: FundingStatus | None = None
    """Accrued into unsettled PnL, or settled into the balance."""
    margin_mode: MarginMode | None = None
    """The position's margin mode."""

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class QueryOrder(Model):
    """One order or algo order. The query knows values that no other list has: the type STOP_MARKET, the status OPEN.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/historical-orders
    """

    order_id: int
    """The order's id; an algo order's own."""
    symbol: str | None = None
    """The market."""
    side: OrderSide | None = None
    """BUY or SELL."""
    type: OrderType | None = None
    """How it trades; algo orders have types of the query's own, which are not ``known``."""
    status: OrderStatus | None = None
    """``OPEN`` while it stands, then FILLED, CANCELLED or REJECTED."""
    price: Decimal | None = None
    """Its limit, USDC per base unit; None for orders at market."""
    quantity: Decimal | None = None
    """Base units, positive."""
    total_executed_quantity: Decimal | None = None
    """How much of it is filled, base units."""
    average_executed_price: Decimal | None = None
    """Mean price of its fills, USDC per base unit; None (or 0) without fills, and in the list of open orders."""
    trigger_price: Decimal | None = None
    """Mark price that fires it, USDC per base unit; None for ordinary orders."""
    trigger_status: TriggerStatus | None = None
    """Whether it has fired; the query also says ``PENDING``. None for ordinary orders."""
    total_fee: Decimal | None = None
    """Fees of its fills so far, in ``fee_asset``; positive is paid, negative received. None in the list of open
    orders."""
    fee_asset: str | None = None
    """What the fee is paid in, such as ``USDC``."""
    realized_pnl: Decimal | None = None
    """Gain of what it closed, USDC; negative is a loss. By the page None for algo orders."""
    reduce_only: bool | None = None
    """Whether it may only shrink a position; by the page None for ordinary orders that are done."""
    created_time: int | None = None
    """When it was placed, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)


@model
class PortfolioPoint(Model):
    """An account's value and PnL so far on one UTC day.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/portfolio
    """

    timestamp: int
    """The moment, ms, the start of a UTC day."""
    account_value: Decimal | None = None
    """Holding, frozen and unrealised PnL together, USDC."""
    cumulative_pnl: Decimal | None = None
    """Change of the value since the earliest day that was asked for, USDC; negative is a loss."""

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.timestamp)


@model
class PositionContext(Model):
    """One position with its open orders, its market and the account's margin.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/position-context
    """

    position: QueryPosition | None = None
    """None where the wallet holds none."""
    open_orders: tuple[QueryOrder, ...] = ()
    """Those of this market; empty if there are none."""
    market: QueryMarket | None = None
    """Prices, funding and volume, without the rules of orders."""
    account_summary: QueryAccountState | None = None
    """Free collateral and margin ratio only."""


@model
class QueryFill(Model):
    """One fill of a wallet.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/trades
    """

    id: int
    """The fill's id."""
    order_id: int | None = None
    """The order it belongs to; None for a liquidation's."""
    symbol: str | None = None
    """The market."""
    side: OrderSide | None = None
    """BUY or SELL, the wallet's."""
    executed_price: Decimal | None = None
    """USDC per base unit."""
    executed_quantity: Decimal | None = None
    """Base units, positive."""
    fee: Decimal | None = None
    """In ``fee_asset``; positive is paid, negative received."""
    fee_asset: str | None = None
    """What the fee is paid in, such as ``USDC``."""
    is_maker: bool | None = None
    """Whether the wallet's order was resting."""
    realized_pnl: Decimal | None = None
    """Gain of what it closed, USDC; negative is a loss. None for fills older than 24 hours."""
    executed_timestamp: int | None = None
    """When it was executed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class QueryAssetRecord(Model):
    """One deposit or withdrawal; side and status are written in the query's own words (``deposit``, ``SUCCESS``).

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/user-deposits-withdrawals
    """

    id: str
    """The transaction's number."""
    token: str | None = None
    """What moved, such as ``USDC``."""
    side: str | None = None
    """``deposit`` or ``withdraw``."""
    amount: Decimal | None = None
    """Units of ``token``, positive both ways."""
    fee: Decimal | None = None
    """Units of ``token``, positive: the wallet pays it."""
    chain_id: str | None = None
    """The chain's id, sent as text."""
    tx_id: str | None = None
    """The transaction's hash on that chain; None or empty where there is none yet."""
    status: str | None = None
    """``SUCCESS``, ``PENDING``, ``FAILED``; the page leaves the list open."""
    created_time: int | None = None
    """When it was asked for, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class WhaleContext(Model):
    """A large wallet: its account, its positions and its latest fills.

    https://orderly.network/docs/build-on-omnichain/public-info-api/account/whale-context
    """

    account: QueryAccountState | None = None
    """The account's figures; its own ``positions`` are empty."""
    positions: tuple[QueryPosition, ...] = ()
    """Open positions; empty if there are none."""
    recent_trades: tuple[QueryFill, ...] = ()
    """Newest first; empty without fills."""
