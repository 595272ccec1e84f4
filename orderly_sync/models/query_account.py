"""Answers of the public query about one wallet. Amounts are USDC, sizes base units, times ms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc, wire
from orderly_sync.models.enums import (
    FundingPaymentType,
    FundingStatus,
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
    PositionSide,
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
    """One open position."""

    symbol: str | None = None
    side: PositionSide | None = None
    position_qty: Decimal | None = None
    notional: Decimal | None = None
    average_open_price: Decimal | None = None
    mark_price: Decimal | None = None
    unrealized_pnl: Decimal | None = None
    unsettled_pnl: Decimal | None = None
    pnl_24_h: Decimal | None = wire("pnl_24_h", "pnl_24h")
    imr: Decimal | None = None
    mmr: Decimal | None = None
    est_liq_price: Decimal | None = None
    leverage: Decimal | None = None
    margin_mode: MarginMode | None = None
    opened_at: int | None = None
    updated_at: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_at)


@model
class QueryAccountState(Model):
    """An account's value, margin ratios (fractions) and positions."""

    address: str | None = None
    broker_id: str | None = None
    account_id: str | None = None
    account_type: str | None = None
    account_value: Decimal | None = None
    total_collateral_value: Decimal | None = None
    free_collateral: Decimal | None = None
    margin_ratio: Decimal | None = None
    initial_margin_ratio: Decimal | None = None
    maintenance_margin_ratio: Decimal | None = None
    total_unrealized_pnl: Decimal | None = None
    total_unsettled_pnl: Decimal | None = None
    total_pnl_24_h: Decimal | None = wire("total_pnl_24_h", "total_pnl_24h")
    open_order_count: int | None = None
    positions: tuple[QueryPosition, ...] = ()


@model
class QueryAccount(Model):
    """One account of a wallet."""

    account_id: str
    broker_id: str | None = None
    account_type: str | None = None
    account_value: Decimal | None = None


@model
class QueryAccounts(Model):
    """All accounts of a wallet."""

    address: str | None = None
    accounts: tuple[QueryAccount, ...] = ()


@model
class AgentContext(Model):
    """An account, its positions and their markets, in one answer."""

    account: QueryAccountState | None = None
    positions: tuple[QueryPosition, ...] = ()
    markets: tuple[QueryMarket, ...] = ()


@model
class QueryFeeRate(Model):
    """A wallet's fee tier; the rates are decimal fractions."""

    tier: str | None = None
    futures_tier: str | None = None
    maker_fee_rate: Decimal | None = None
    taker_fee_rate: Decimal | None = None
    volume_30d: Decimal | None = wire("30d_volume")


@model
class QueryFundingFee(Model):
    """One funding payment; ``payment_type`` says which way it went."""

    symbol: str
    funding_rate: Decimal | None = None
    funding_fee: Decimal | None = None
    position_qty: Decimal | None = None
    mark_price: Decimal | None = None
    funding_rate_timestamp: int | None = None
    payment_type: FundingPaymentType | None = None
    funding_status: FundingStatus | None = None
    margin_mode: MarginMode | None = None

    @property
    def time(self) -> datetime | None:
        """When it was charged, UTC."""
        return utc(self.funding_rate_timestamp)


@model
class QueryOrder(Model):
    """One order. The query knows values that no other list has: the type STOP_MARKET, the status OPEN."""

    order_id: int
    symbol: str | None = None
    side: OrderSide | None = None
    type: OrderType | None = None
    status: OrderStatus | None = None
    price: Decimal | None = None
    quantity: Decimal | None = None
    total_executed_quantity: Decimal | None = None
    average_executed_price: Decimal | None = None
    trigger_price: Decimal | None = None
    trigger_status: TriggerStatus | None = None
    total_fee: Decimal | None = None
    fee_asset: str | None = None
    realized_pnl: Decimal | None = None
    reduce_only: bool | None = None
    created_time: int | None = None
    updated_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)


@model
class PortfolioPoint(Model):
    """An account's value and PnL so far at one moment."""

    timestamp: int
    account_value: Decimal | None = None
    cumulative_pnl: Decimal | None = None

    @property
    def time(self) -> datetime | None:
        """The moment, UTC."""
        return utc(self.timestamp)


@model
class PositionContext(Model):
    """One position with its open orders, its market and the account's margin."""

    position: QueryPosition | None = None
    open_orders: tuple[QueryOrder, ...] = ()
    market: QueryMarket | None = None
    account_summary: QueryAccountState | None = None


@model
class QueryFill(Model):
    """One fill of a wallet."""

    id: int
    order_id: int | None = None
    symbol: str | None = None
    side: OrderSide | None = None
    executed_price: Decimal | None = None
    executed_quantity: Decimal | None = None
    fee: Decimal | None = None
    fee_asset: str | None = None
    is_maker: bool | None = None
    realized_pnl: Decimal | None = None
    executed_timestamp: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was executed, UTC."""
        return utc(self.executed_timestamp)


@model
class QueryAssetRecord(Model):
    """One deposit or withdrawal; side and status are written in the query's own words (``deposit``, ``SUCCESS``)."""

    id: str
    token: str | None = None
    side: str | None = None
    amount: Decimal | None = None
    fee: Decimal | None = None
    chain_id: str | None = None
    tx_id: str | None = None
    status: str | None = None
    created_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class WhaleContext(Model):
    """A large wallet: its account, its positions and its latest fills."""

    account: QueryAccountState | None = None
    positions: tuple[QueryPosition, ...] = ()
    recent_trades: tuple[QueryFill, ...] = ()
