"""What the account's own topics push besides reports: positions, balances, settings, money in and out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from orderly_sync.arithmetic import owned
from orderly_sync.models.base import Model, Push, model, utc, wire
from orderly_sync.models.enums import AssetSide, AssetStatus, MarginMode

__all__ = [
    "AccountUpdate",
    "AssetConversion",
    "BalanceUpdate",
    "NotificationUpdate",
    "PositionUpdate",
    "SettleUpdate",
    "SymbolLeverage",
    "WalletUpdate",
]


@model
class PositionUpdate(Push):
    """One position as it stands now; quantity 0 means closed.

    Quantities in base units (negative is short), prices and PnL in USDC.
    """

    shown = ("symbol", "margin_mode", "position_qty", "average_open_price", "mark_price", "unrealized_pnl")
    always = ("position_qty",)

    symbol: str
    """The market."""
    position_qty: Decimal = wire("positionQty", "holding", default=attrs.NOTHING)
    """Size; negative is short, 0 is closed."""
    cost_position: Decimal | None = None
    """What the position cost, with funding and realised PnL in it, USDC."""
    last_sum_unitary_funding: Decimal | None = None
    """Funding index up to which it is accrued."""
    sum_unitary_funding_version: int | None = None
    """Version of that index."""
    pending_long_qty: Decimal | None = None
    """Open buy orders, base units."""
    pending_short_qty: Decimal | None = None
    """Open sell orders, base units, negative."""
    settle_price: Decimal | None = None
    """Price at which PnL was settled last."""
    average_open_price: Decimal | None = None
    """Mean price of opening."""
    unsettled_pnl: Decimal | None = None
    """PnL not yet in the balance, USDC."""
    pnl_24h: Decimal | None = wire("pnl24H", "pnl_24_h")
    """PnL of the last 24 hours, USDC."""
    fee_24h: Decimal | None = wire("fee24H", "fee_24_h")
    """Fees of the last 24 hours, USDC."""
    mark_price: Decimal | None = None
    """Mark price of this moment."""
    est_liq_price: Decimal | None = None
    """Estimated liquidation price; 0 or None where there is none."""
    version: int | None = None
    """Grows with every change; an update of a lower version is older."""
    imr_with_orders: Decimal | None = wire("imrwithOrders")
    """Initial margin ratio with the open orders."""
    mmr_with_orders: Decimal | None = wire("mmrwithOrders")
    """Maintenance margin ratio with the open orders."""
    mmr: Decimal | None = None
    """Maintenance margin ratio."""
    imr: Decimal | None = None
    """Initial margin ratio."""
    seq: int | None = None
    """The venue's sequence number, exact."""
    timestamp: int | None = None
    """When the position was opened, ms; see ``opened``."""
    updated_time: int | None = wire("updated_time")
    """When the position changed last, ms; see ``time``."""
    accrued_funding_fee: Decimal | None = None
    """Funding since the position was opened, USDC, above 0 is owed; adding to the position does not reset it."""
    leverage: Decimal | None = None
    """Leverage of the symbol."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED."""
    margin: Decimal | None = None
    """Margin of an isolated position, USDC; 0 or None on cross."""
    margin_token: str | None = None
    """The token of ``margin``, such as USDC; None where the venue does not say."""

    @property
    def quantity(self) -> Decimal:
        """Size in base units; negative is short."""
        return self.position_qty

    @property
    def entry_price(self) -> Decimal | None:
        """Mean price of opening; None while flat."""
        return self.average_open_price if self.position_qty else None

    @property
    @owned
    def unrealized_pnl(self) -> Decimal | None:
        """Quantity times the way from entry to mark price, USDC; None where either is unknown."""
        if self.average_open_price is None or self.mark_price is None:
            return None
        return self.position_qty * (self.mark_price - self.average_open_price)

    @property
    def opened(self) -> datetime | None:
        """When the position was opened, UTC."""
        return utc(self.timestamp)

    @property
    def time(self) -> datetime | None:
        """When the position changed last, UTC; the frame's own time where the row does not say."""
        return utc(self.updated_time or self.ts)


@model
class BalanceUpdate(Push):
    """One token of the account as it stands now, in units of the token. Unsettled PnL is not part of it."""

    shown = ("token", "holding", "frozen", "isolated_margin")
    always = ("holding",)

    token: str
    """The token, such as USDC."""
    holding: Decimal
    """What the account has."""
    frozen: Decimal | None = None
    """Held back by orders and withdrawals."""
    interest: Decimal | None = None
    """Interest owed."""
    pending_short_qty: Decimal | None = None
    """Open sell orders."""
    pending_exposure: Decimal | None = None
    """Exposure of open orders."""
    pending_long_qty: Decimal | None = None
    """Open buy orders."""
    pending_long_exposure: Decimal | None = None
    """Exposure of open buy orders."""
    isolated_margin: Decimal | None = None
    """Locked in isolated positions."""
    isolated_order_frozen: Decimal | None = None
    """Held back by isolated orders; take its absolute value."""
    version: int | None = None
    """Grows with every change; an update of a lower version is older."""
    staked: Decimal | None = None
    """Staked."""
    unbonding: Decimal | None = None
    """On its way out of staking."""
    vault: Decimal | None = None
    """In vaults."""
    average_open_price: Decimal | None = None
    """Mean price at which it was acquired, USDC."""
    pnl_24h: Decimal | None = wire("pnl24H", "pnl_24_h")
    """PnL of the last 24 hours, USDC."""
    fee_24h: Decimal | None = wire("fee24H", "fee_24_h")
    """Fees of the last 24 hours, USDC."""
    mark_price: Decimal | None = None
    """Price of the token, USDC."""


@model
class SymbolLeverage(Model):
    """The leverage of one symbol, as it was just changed."""

    wire_case: ClassVar[str] = "camel"

    leverage: Decimal | None = None
    symbol: str | None = None
    margin_mode: MarginMode | None = None


@model
class AccountUpdate(Push):
    """Settings and totals of the account. Fee rates in basis points, values in USDC."""

    shown = ("futures_leverage", "account_value", "free_collateral", "total_collateral_value")

    margin_mode: str | None = None
    """The account's mode as this topic spells it, ``SPOT_FUTURES``; REST says ``FUTURES``."""
    futures_leverage: Decimal | None = None
    """Leverage of the account."""
    taker_fee_rate: Decimal | None = None
    maker_fee_rate: Decimal | None = None
    futures_taker_fee_rate: Decimal | None = None
    futures_maker_fee_rate: Decimal | None = None
    rwa_futures_taker_fee_rate: Decimal | None = None
    rwa_futures_maker_fee_rate: Decimal | None = None
    maintenance_cancel_flag: bool | None = None
    """Whether orders are cancelled when maintenance begins."""
    total_collateral_value: Decimal | None = None
    free_collateral: Decimal | None = None
    account_value: Decimal | None = None
    symbol_leverage: SymbolLeverage | None = None
    """Present only when the leverage of one symbol was changed."""


@model
class SettleUpdate(Push):
    """A settlement of PnL into the USDC balance."""

    wire_case: ClassVar[str] = "snake"

    id: int
    """Id of the settlement."""
    old_balance: Decimal | None = None
    new_balance: Decimal | None = None
    settled_amount: Decimal | None = None
    """USDC; negative where a loss was settled."""
    requested_time: int | None = None
    """ms."""
    settled_time: int | None = None
    """ms."""
    status: str | None = None
    """COMPLETED and others."""


@model
class WalletUpdate(Push):
    """A deposit or withdrawal on its way."""

    wire_case: ClassVar[str] = "snake"

    id: str
    """Id of the transaction, text as on the wire."""
    tx_id: str | None = None
    """Hash on the chain."""
    side: AssetSide | None = None
    """DEPOSIT or WITHDRAW."""
    token: str | None = None
    amount: Decimal | None = None
    """In units of the token."""
    fee: Decimal | None = None
    """In units of the token."""
    trans_status: AssetStatus | None = None
    """Where it stands."""
    created_time: int | None = None
    """ms."""
    updated_time: int | None = None
    """ms."""
    chain_id: str | None = None
    """Text as on the wire."""


@model
class AssetConversion(Push):
    """One transaction of a conversion of collateral."""

    convert_id: int
    """Id of the conversion."""
    transaction_id: int | None = None
    """Id of this transaction in it."""
    timestamp: int | None = None
    """ms."""
    type: str | None = None
    """``auto`` or ``manual``."""
    converted_asset: str | None = None
    converted_qty: Decimal | None = None
    """In units of the converted token."""
    received_asset: str | None = None
    received_qty: Decimal | None = None
    """In units of the received token."""

    @property
    def time(self) -> datetime | None:
        """When it was made, UTC."""
        return utc(self.timestamp)


@model
class NotificationUpdate(Push):
    """A message of the account's inbox. Its texts may hold HTML: show them as text only."""

    id: int
    """Id in the inbox."""
    message_type: str | None = None
    """Such as ORDER_FILLED."""
    title: str | None = None
    type: str | None = None
    """TRADE or SYSTEM."""
    level: str | None = None
    """GENERAL or IMPORTANT."""
    content_summary: str | None = None
    content: str | None = None
    content_raw: Any = None
    """The facts behind the text, as decoded."""
