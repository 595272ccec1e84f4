"""What the account's own topics push besides reports: positions, balances, settings, money in and out."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import attrs

from orderly_sync.models.base import Model, Push, model, utc, wire
from orderly_sync.models.enums import AssetSide, AssetStatus, MarginMode
from orderly_sync.values.arithmetic import owned

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

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/position-push
    """

    shown = ("symbol", "margin_mode", "position_qty", "average_open_price", "mark_price", "unrealized_pnl")
    always = ("position_qty",)

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    position_qty: Decimal = wire("positionQty", "holding", default=attrs.NOTHING)
    """Size, base units; above 0 is long, below 0 short, 0 is closed."""
    cost_position: Decimal | None = None
    """What the position cost, USDC, with fees, funding charged and PnL realised since the last settlement in it;
    below 0 on a short."""
    last_sum_unitary_funding: Decimal | None = None
    """The market's funding index (USDC a base unit) up to which this position has been charged."""
    sum_unitary_funding_version: int | None = None
    """Version of that index; what it counts is not documented, the paper venue sends 0."""
    pending_long_qty: Decimal | None = None
    """Unfilled size of its open buy orders, base units, at least 0; algo orders count once they trigger."""
    pending_short_qty: Decimal | None = None
    """Unfilled size of its open sell orders, base units; 0 or below in the venue's examples."""
    settle_price: Decimal | None = None
    """Price at which PnL was last settled, USDC; of a flat position not documented, 0 at the paper venue."""
    average_open_price: Decimal | None = None
    """Mean price of opening, USDC; adding moves it, reducing does not. See ``entry_price``."""
    unsettled_pnl: Decimal | None = None
    """PnL not yet in the balance, at the mark price, funding included, USDC; below 0 is a loss."""
    pnl_24h: Decimal | None = wire("pnl24H", "pnl_24_h")
    """PnL of the last 24 hours, USDC; below 0 is a loss."""
    fee_24h: Decimal | None = wire("fee24H", "fee_24_h")
    """Fees of the last 24 hours, USDC; above 0 was paid."""
    mark_price: Decimal | None = None
    """Mark price of this moment, USDC."""
    est_liq_price: Decimal | None = None
    """Mark price at which liquidation begins, other prices standing still, USDC; 0 or None where it cannot."""
    version: int | None = None
    """Grows with every change; an update of a lower version is older."""
    imr_with_orders: Decimal | None = wire("imrwithOrders")
    """Initial margin ratio with the open orders counted, a fraction: 0.1 is 10 %."""
    mmr_with_orders: Decimal | None = wire("mmrwithOrders")
    """Maintenance margin ratio with the open orders counted, a fraction."""
    mmr: Decimal | None = None
    """Maintenance margin ratio, a fraction of the notional: 0.05 is 5 %."""
    imr: Decimal | None = None
    """Initial margin ratio, a fraction of the notional: 0.1 is 10 %."""
    seq: int | None = None
    """The venue's sequence number, exact: it exceeds what a float holds. None where it is not sent."""
    timestamp: int | None = None
    """When the position was opened, ms; see ``opened``."""
    updated_time: int | None = wire("updated_time")
    """When the position changed last, ms; see ``time``."""
    accrued_funding_fee: Decimal | None = None
    """Funding since the position was opened, USDC; above 0 is owed by the account. Adding to the position does not
    reset it."""
    leverage: Decimal | None = None
    """Leverage of the symbol in this margin mode, 10 is 10x."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; None before March 2026, when there was only CROSS."""
    margin: Decimal | None = None
    """Margin of an isolated position, USDC; 0 or None on cross."""
    margin_token: str | None = None
    """The token of ``margin``, such as USDC; None where the venue does not say."""

    def _identity(self) -> tuple[object, ...] | None:
        when = self.version or self.timestamp or self.ts
        return None if when is None else (self.symbol, self.margin_mode, when)

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
    """One token of the account as it stands now, in units of the token. Unsettled PnL is not part of it.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/balance
    """

    shown = ("token", "holding", "frozen", "isolated_margin")
    always = ("holding",)

    token: str
    """The token, such as USDC."""
    holding: Decimal
    """All that the account has, in units of the token; below 0 is owed to the venue."""
    frozen: Decimal | None = None
    """Held back by withdrawals, in units of the token, at least 0; the page also names orders."""
    interest: Decimal | None = None
    """Interest owed, by its name; not documented further. The paper venue sends 0."""
    pending_short_qty: Decimal | None = None
    """Not explained by the venue; 0 or below in its examples, where it stands beside ``holding``."""
    pending_exposure: Decimal | None = None
    """Not explained by the venue; the paper venue repeats ``pending_short_qty``."""
    pending_long_qty: Decimal | None = None
    """Not explained by the venue; the paper venue sends 0."""
    pending_long_exposure: Decimal | None = None
    """Not explained by the venue; the paper venue sends 0."""
    isolated_margin: Decimal | None = None
    """Locked in isolated positions, in units of the token; None before March 2026."""
    isolated_order_frozen: Decimal | None = None
    """Held back by open isolated orders, in units of the token; its sign differs between hosts, so take the size of
    it."""
    version: int | None = None
    """Grows with every change; an update of a lower version is older."""
    staked: Decimal | None = None
    """Staked, in units of the token; not documented further. The paper venue sends 0."""
    unbonding: Decimal | None = None
    """On its way out of staking, in units of the token; not documented further. The paper venue sends 0."""
    vault: Decimal | None = None
    """In vaults, in units of the token; not documented further. The paper venue sends 0."""
    average_open_price: Decimal | None = None
    """Mean price at which the token was acquired, USDC, by its name; the paper venue sends 0."""
    pnl_24h: Decimal | None = wire("pnl24H", "pnl_24_h")
    """PnL of the last 24 hours on the token, USDC; below 0 is a loss. The paper venue sends 0."""
    fee_24h: Decimal | None = wire("fee24H", "fee_24_h")
    """Fees of the last 24 hours in the token, USDC, above 0 was paid; the paper venue sends 0."""
    mark_price: Decimal | None = None
    """Price of the token, USDC; 1 for USDC itself at the paper venue."""

    def _identity(self) -> tuple[object, ...] | None:
        when = self.version or self.ts
        return None if when is None else (self.token, when)


@model
class SymbolLeverage(Model):
    """The leverage of one symbol, as it was just changed.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/account
    """

    wire_case: ClassVar[str] = "camel"

    leverage: Decimal | None = None
    """10 is 10x."""
    symbol: str | None = None
    """The market, ``PERP_ETH_USDC``."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED, which have a leverage each; None is not said."""


@model
class AccountUpdate(Push):
    """Settings and totals of the account. Fee rates in basis points (10 is 0.1 %, below 0 a rebate), values in USDC.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/account
    """

    shown = ("futures_leverage", "account_value", "free_collateral", "total_collateral_value")

    margin_mode: str | None = None
    """The account's mode as this topic spells it, ``SPOT_FUTURES``; REST says ``FUTURES``."""
    futures_leverage: Decimal | None = None
    """Highest leverage of the account, 20 is 20x."""
    taker_fee_rate: Decimal | None = None
    """Taker fee on standard markets, basis points."""
    maker_fee_rate: Decimal | None = None
    """Maker fee on standard markets, basis points."""
    futures_taker_fee_rate: Decimal | None = None
    """Taker fee on perpetual markets, basis points."""
    futures_maker_fee_rate: Decimal | None = None
    """Maker fee on perpetual markets, basis points."""
    rwa_futures_taker_fee_rate: Decimal | None = None
    """Taker fee on markets of real-world assets, basis points."""
    rwa_futures_maker_fee_rate: Decimal | None = None
    """Maker fee on markets of real-world assets, basis points."""
    maintenance_cancel_flag: bool | None = None
    """Whether open orders are cancelled when maintenance begins; None is not said."""
    total_collateral_value: Decimal | None = None
    """What counts as cross collateral, USDC: balances, discounted tokens and cross PnL."""
    free_collateral: Decimal | None = None
    """USDC that new orders may use; never below 0."""
    account_value: Decimal | None = None
    """All that the account is worth, USDC, isolated margin and PnL included."""
    symbol_leverage: SymbolLeverage | None = None
    """A symbol's leverage that was just changed; None in pushes about anything else."""


@model
class SettleUpdate(Push):
    """A settlement of PnL into the USDC balance.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/pnl-settlement
    """

    wire_case: ClassVar[str] = "snake"

    id: int
    """Id of the settlement, as at REST."""
    old_balance: Decimal | None = None
    """USDC before."""
    new_balance: Decimal | None = None
    """USDC after: ``old_balance`` plus ``settled_amount``."""
    settled_amount: Decimal | None = None
    """What moved into the balance, USDC; below 0 where a loss was settled."""
    requested_time: int | None = None
    """When it was asked for, ms."""
    settled_time: int | None = None
    """When it was done, ms."""
    status: str | None = None
    """COMPLETED, as on the page; other words are not documented."""

    def _identity(self) -> tuple[object, ...] | None:
        return self.id, self.status or "COMPLETED"  # REST lists what is settled, without the word


@model
class WalletUpdate(Push):
    """A deposit or withdrawal on its way.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/wallet-transactions
    """

    wire_case: ClassVar[str] = "snake"

    id: str
    """Id of the transaction, text as on the wire, as in the asset history."""
    tx_id: str | None = None
    """Hash on the chain; None or empty before it is sent there."""
    side: AssetSide | None = None
    """DEPOSIT or WITHDRAW; the amounts carry no sign."""
    token: str | None = None
    """The token, such as USDC."""
    amount: Decimal | None = None
    """In units of the token, above 0."""
    fee: Decimal | None = None
    """What the venue keeps of it, in units of the token, at least 0."""
    trans_status: AssetStatus | None = None
    """Where it stands: PENDING, PROCESSING, COMPLETED, FAILED, or PENDING_REBALANCE while the chain lacks funds."""
    created_time: int | None = None
    """When it was asked for, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""
    chain_id: str | None = None
    """The EVM chain, text as on the wire: ``42161`` is Arbitrum."""

    def _identity(self) -> tuple[object, ...] | None:
        return self.id, self.trans_status


@model
class AssetConversion(Push):
    """One transaction of a conversion of collateral.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/asset-convert
    """

    convert_id: int
    """Id of the conversion, which may take several transactions."""
    transaction_id: int | None = None
    """Id of this transaction in it."""
    timestamp: int | None = None
    """When it was made, ms; see ``time``."""
    type: str | None = None
    """``auto``, the account owed too much, or ``manual``, it was asked for."""
    converted_asset: str | None = None
    """The token given."""
    converted_qty: Decimal | None = None
    """How much was given, in units of that token, above 0."""
    received_asset: str | None = None
    """The token received."""
    received_qty: Decimal | None = None
    """How much was received, in units of that token, above 0."""

    def _identity(self) -> tuple[object, ...] | None:
        return self.convert_id, self.transaction_id

    @property
    def time(self) -> datetime | None:
        """When it was made, UTC."""
        return utc(self.timestamp)


@model
class NotificationUpdate(Push):
    """A message of the account's inbox. Its texts may hold HTML: show them as text only.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/notifications
    """

    id: int
    """Id in the inbox."""
    message_type: str | None = None
    """What it tells of, such as ORDER_FILLED; the set is not documented."""
    title: str | None = None
    """One line for a person."""
    type: str | None = None
    """TRADE or SYSTEM."""
    level: str | None = None
    """GENERAL or IMPORTANT."""
    content_summary: str | None = None
    """A sentence for a list; may be empty."""
    content: str | None = None
    """The whole text, which may hold HTML; may be empty."""
    content_raw: Any = None
    """The facts behind the text, as decoded; None where there are none."""

    def _identity(self) -> tuple[object, ...] | None:
        return (self.id,)
