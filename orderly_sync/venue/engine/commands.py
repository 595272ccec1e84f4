"""What an account can ask of the exchange. Values only; the server makes them from requests, checked for form."""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import (
    AlgoType,
    MarginMode,
    OrderSide,
    OrderType,
)

__all__ = [
    "AddMargin",
    "AlgoEdit",
    "AlgoNodeSpec",
    "CancelAfter",
    "CancelAlgo",
    "CancelAlgos",
    "CancelOrder",
    "CancelOrders",
    "ClaimInsuranceFund",
    "ClaimLiquidation",
    "Command",
    "Deposit",
    "EditAlgo",
    "EditOrder",
    "PlaceAlgo",
    "PlaceOrder",
    "ReduceMargin",
    "SetLeverage",
    "SetMarginMode",
    "Settle",
    "Transfer",
    "Withdraw",
]


_USDC = "USDC"


@attrs.frozen(kw_only=True)
class Command:
    """The base of all commands."""


@attrs.frozen(kw_only=True)
class PlaceOrder(Command):
    """POST /v1/order."""

    symbol: str
    side: OrderSide
    order_type: OrderType
    price: Decimal | None = None
    quantity: Decimal | None = None
    amount: Decimal | None = None
    visible_quantity: Decimal | None = None
    reduce_only: bool = False
    slippage: Decimal | None = None
    client_order_id: str | None = None
    order_tag: str | None = None
    level: int | None = None
    post_only_adjust: bool = False
    margin_mode: MarginMode | None = None


@attrs.frozen(kw_only=True)
class EditOrder(Command):
    """PUT /v1/order: price or quantity."""

    order_id: int
    price: Decimal | None = None
    quantity: Decimal | None = None


@attrs.frozen(kw_only=True)
class CancelOrder(Command):
    """DELETE one order by its id or by the caller's id."""

    symbol: str | None = None
    order_id: int | None = None
    client_order_id: str | None = None


@attrs.frozen(kw_only=True)
class CancelOrders(Command):
    """DELETE all open ordinary orders, of one symbol or of all."""

    symbol: str | None = None


@attrs.frozen(kw_only=True)
class CancelAfter(Command):
    """The dead man's switch: cancel all orders after so many ms unless armed anew; 0 disarms."""

    after_ms: int


@attrs.frozen(kw_only=True)
class AlgoNodeSpec:
    """One node of an algo order as asked for; children of a BRACKET nest two deep."""

    algo_type: AlgoType
    symbol: str | None = None
    side: OrderSide | None = None
    type: OrderType | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None
    trigger_price: Decimal | None = None
    trigger_price_type: str | None = None
    reduce_only: bool | None = None
    visible_quantity: Decimal | None = None
    activated_price: Decimal | None = None
    callback_rate: Decimal | None = None
    callback_value: Decimal | None = None
    client_order_id: str | None = None
    children: tuple[AlgoNodeSpec, ...] = ()


@attrs.frozen(kw_only=True)
class PlaceAlgo(Command):
    """POST /v1/algo/order."""

    root: AlgoNodeSpec
    client_order_id: str | None = None
    order_tag: str | None = None
    margin_mode: MarginMode | None = None


@attrs.frozen(kw_only=True)
class AlgoEdit:
    """What changes on one node; None leaves a value as it is."""

    order_id: int
    price: Decimal | None = None
    quantity: Decimal | None = None
    trigger_price: Decimal | None = None
    activated_price: Decimal | None = None
    callback_rate: Decimal | None = None
    callback_value: Decimal | None = None
    order_type: OrderType | None = None
    """Another type for a leg that comes back; else what it is already."""
    is_activated: bool | None = None
    """False switches a leg off until it is given a trigger price, or True."""
    children: tuple[AlgoEdit, ...] = ()


@attrs.frozen(kw_only=True)
class EditAlgo(Command):
    """PUT /v1/algo/order, addressed by the root's id."""

    root: AlgoEdit


@attrs.frozen(kw_only=True)
class CancelAlgo(Command):
    """DELETE one algo order by its root id or by the caller's id."""

    symbol: str | None = None
    order_id: int | None = None
    client_order_id: str | None = None


@attrs.frozen(kw_only=True)
class CancelAlgos(Command):
    """DELETE all untriggered algo orders, of one symbol or type or of all."""

    symbol: str | None = None
    algo_type: AlgoType | None = None


@attrs.frozen(kw_only=True)
class SetLeverage(Command):
    """POST /v1/client/leverages (or /leverage without a symbol: all symbols)."""

    leverage: int
    symbol: str | None = None
    margin_mode: MarginMode = MarginMode.CROSS


@attrs.frozen(kw_only=True)
class SetMarginMode(Command):
    """POST /v1/client/margin_mode: what orders of a symbol use that name no mode."""

    symbol: str
    margin_mode: MarginMode


@attrs.frozen(kw_only=True)
class AddMargin(Command):
    """POST /v1/position_margin with type ADD: USDC from the account to an isolated position."""

    symbol: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class ReduceMargin(Command):
    """POST /v1/position_margin with type REDUCE: USDC from an isolated position back to the account."""

    symbol: str
    amount: Decimal


@attrs.frozen(kw_only=True)
class Settle(Command):
    """POST /v1/settle_pnl: unsettled PnL to the balance."""


@attrs.frozen(kw_only=True)
class Deposit(Command):
    """Credit from a chain or a faucet; complete at once."""

    amount: Decimal
    token: str = _USDC
    chain_id: str = ""


@attrs.frozen(kw_only=True)
class Withdraw(Command):
    """POST /v1/withdraw_request. ``fee`` is kept back from ``amount``."""

    amount: Decimal
    token: str = _USDC
    chain_id: str = ""
    fee: Decimal = Decimal(0)


@attrs.frozen(kw_only=True)
class Transfer(Command):
    """POST /v1/internal_transfer: USDC to other accounts, ``(account_id, amount)`` each."""

    receivers: tuple[tuple[str, Decimal], ...]
    token: str = _USDC


@attrs.frozen(kw_only=True)
class ClaimLiquidation(Command):
    """POST /v1/liquidation: take over positions offered. Ratios are fractions of what is offered, 0 to 1."""

    liquidation_id: int
    ratio_qty_request: Decimal
    extra_liquidation_ratio: Decimal = Decimal(0)
    """Of what is held beyond the offer; needs a ratio of 1."""
    limit_price: tuple[tuple[str, Decimal], ...] = ()
    symbols: tuple[tuple[str, Decimal], ...] = ()
    """Ratios of single symbols, instead of the common one."""


@attrs.frozen(kw_only=True)
class ClaimInsuranceFund(Command):
    """POST /v1/claim_insurance_fund: take a position of the insurance fund at a discount."""

    claim_id: int
    symbol: str
    qty_request: Decimal
    limit_price: tuple[tuple[str, Decimal], ...] = ()
