"""The algo execution report: what became of a STOP, TP/SL, bracket or trailing-stop order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import ClientOrderId, Push, model, utc, wire, zero_like
from orderly_sync.models.enums import (
    AlgoOrderType,
    AlgoStatus,
    AlgoType,
    MarginMode,
    OrderSide,
    OrderStatus,
    TriggerPriceType,
    TriggerStatus,
)
from orderly_sync.values.arithmetic import owned

__all__ = ["AlgoExecutionReport"]


@model
class AlgoExecutionReport(Push):
    """One node of an algo order's tree, as it stood at one moment.

    A frame brings the root and its children: all of them are ``.reports``, linked by ``.root``, ``.parent`` and
    ``.children``. Prices and quantities are exact, in quote (USDC) and base units; times are wire milliseconds, 0 where
    nothing happened yet. Nodes that only hold others (TP_SL, POSITIONAL_TP_SL) may lack type, side, price and status.

    https://orderly.network/docs/build-on-omnichain/websocket-api/private/algo-execution-report
    https://orderly.network/docs/build-on-omnichain/websocket-api/private/algo-execution-report-v2
    """

    shown = (
        "symbol",
        "algo_type",
        "side",
        "algo_status",
        "algo_order_id",
        "quantity",
        "price",
        "trigger_price",
        "is_triggered",
        "filled",
    )

    symbol: str
    """The market; a child sent without one has its tree's."""
    algo_order_id: int
    """Id of this node."""
    root_algo_order_id: int
    """Id of the tree's root; its own id on the root."""
    parent_algo_order_id: int
    """Id of the direct parent, 0 on the root."""
    algo_type: AlgoType
    """What the node is: STOP, BRACKET, TAKE_PROFIT …"""
    client_order_id: ClientOrderId | None = None
    """The caller's own id; None where it was sent without one (the wire's "", 0 and null)."""
    order_tag: str | None = None
    """The tag in full; the venue writes ``default`` for none, or leaves it out."""
    type: AlgoOrderType | None = None
    """How it trades once triggered; None on nodes that only hold others."""
    side: OrderSide | None = None
    """BUY or SELL; on nodes that only hold others it is missing or means nothing."""
    quantity: Decimal | None = None
    """Size in base units; 0 on positional nodes, which follow the position."""
    price: Decimal | None = None
    """Limit price, USDC; 0 or None where it trades at the market."""
    trigger_price: Decimal | None = None
    """The price that sets it off, USDC; None on a bracket's root and on nodes that only hold others."""
    trigger_price_type: TriggerPriceType | None = None
    """Which price is watched, MARK_PRICE; older examples say STOP. None is not said."""
    trigger_status: TriggerStatus | None = None
    """USELESS (not armed or not needed), TRIGGERING, SUCCESS or FAILED, where the order was refused; None is not
    said."""
    is_triggered: bool | None = wire("isTriggered", "triggered")
    """Whether the trigger has fired; None is not said."""
    is_activated: bool | None = wire("isActivated", "activated")
    """Whether the node is armed, so that False switches a leg off; on a trailing stop, whether its activation price
    was reached."""
    trigger_trade_price: Decimal | None = None
    """The price seen when it fired, USDC; 0 or None before."""
    trigger_time: int | None = None
    """When it fired, ms; 0 or None before."""
    status: OrderStatus | None = None
    """Status of the order this node has placed; None on nodes that have placed none. The paper venue repeats
    ``algo_status``."""
    root_algo_status: AlgoStatus | None = None
    """Status of the whole tree; None is not said."""
    algo_status: AlgoStatus | None = None
    """Status of this node; None is not said, see ``is_final``."""
    trade_id: int | None = None
    """Id of the fill reported here, 0 where the report is none."""
    executed_price: Decimal | None = None
    """Price of this fill, USDC; 0 where the report is none."""
    executed_quantity: Decimal | None = None
    """Size of this fill, base units; 0 where the report is none."""
    fee: Decimal | None = None
    """Fee of this fill, in ``fee_asset``; above 0 is paid, below 0 is a rebate, 0 where the report is no fill."""
    fee_asset: str | None = None
    """The token of the fees, USDC; may be empty before the first fill."""
    total_executed_quantity: Decimal | None = None
    """Filled so far, base units, at least 0; None is not said, see ``filled``."""
    average_executed_price: Decimal | None = wire(
        "averageExecutedPrice", "avgExecutedPrice", "avgPrice", "averageExecutedQuantity"
    )
    """Mean price of all fills so far, USDC; 0 or None before the first. Has four names on the wire, one a
    quantity's."""
    total_fee: Decimal | None = None
    """Fees of all fills so far, in ``fee_asset``; above 0 was paid, below 0 is a rebate."""
    visible_quantity: Decimal | None = wire("visibleQuantity", "visible")
    """The most that it may show in the book, base units; 0 is hidden."""
    reduce_only: bool | None = None
    """Whether it may only shrink the position; None is not said."""
    callback_rate: Decimal | None = None
    """Trailing stop: distance as a fraction, 0.1 is 10 %; None on others and where a price was given."""
    callback_value: Decimal | None = None
    """Trailing stop: distance as a price, USDC; None on others and where a fraction was given."""
    extreme_price: Decimal | None = None
    """Trailing stop: the best mark price since activation, USDC; None on others and before."""
    activated_price: Decimal | None = None
    """Trailing stop: the mark price that activates it, USDC; None or 0 where it trails from the start, and on
    others."""
    is_maker: bool | None = wire("isMaker", "maker")
    """Whether this fill was a maker's; means nothing where the report is no fill."""
    created_time: int | None = None
    """When the node was created, ms; None where it is not sent: the JS SDK's type has none."""
    timestamp: int | None = None
    """When the report was made, ms."""
    updated_time: int | None = None
    """When the node changed last, ms; on no page, None where it is not sent."""
    margin_mode: MarginMode | None = None
    """CROSS or ISOLATED; often sent on the root alone, see ``tree_margin_mode``."""
    leverage: Decimal | None = None
    """Leverage of the symbol, 10 is 10x; seen at a sister exchange only. None elsewhere."""
    reason: str | None = None
    """Why it was refused or cancelled, in the venue's words; None or empty where it does not say."""
    match_id: str | None = wire("match_id")
    """Id of the match, exact; in older pages only, None elsewhere."""
    total_rebate: Decimal | None = None
    """Rebates so far, token not documented; seen at a sister exchange only. None elsewhere."""
    fee_currency: str | None = None
    """The token of the fees by another name; seen at a sister exchange only, see ``fee_asset``."""
    rebate_currency: str | None = None
    """The token of ``total_rebate``; seen at a sister exchange only. None elsewhere."""
    child_orders: tuple[AlgoExecutionReport, ...] | None = None
    """The children as nested on the wire (version 2); None where the frame was a flat list. See ``children``."""

    def _identity(self) -> tuple[object, ...]:
        if self.trade_id:
            # A node may go on showing its last fill while its status changes.
            return self.algo_order_id, "fill", self.trade_id, self.algo_status, self.root_algo_status
        return (
            self.algo_order_id,
            self.root_algo_order_id,  # legs may become an order of their own without another change
            self.algo_status,
            self.root_algo_status,
            bool(self.is_triggered),
            bool(self.is_activated),
            self.trigger_price,
            self.price,
            self.quantity,
            self.extreme_price,
        )

    @property
    def reports(self) -> tuple[AlgoExecutionReport, ...]:
        """All reports of the same frame: as sent in version 1, root first and parents before children in version 2."""
        return self.frame.events or (self, *self.descendants)

    @property
    def is_root(self) -> bool:
        """Whether the node is its tree's root."""
        return self.algo_order_id == self.root_algo_order_id

    @property
    def root(self) -> AlgoExecutionReport | None:
        """The tree's root, None if the frame did not bring it."""
        return self if self.is_root else self._find(self.root_algo_order_id)

    @property
    def parent(self) -> AlgoExecutionReport | None:
        """The node directly above; None on the root, or if the frame did not bring it."""
        return None if self.is_root else self._find(self.parent_algo_order_id)

    @property
    def children(self) -> tuple[AlgoExecutionReport, ...]:
        """The nodes directly below, as far as the frame brought them."""
        if self.child_orders is not None:
            return self.child_orders
        own = self.algo_order_id
        return tuple(
            each for each in self.frame.events if each.parent_algo_order_id == own != each.algo_order_id
        )

    @property
    def descendants(self) -> Iterator[AlgoExecutionReport]:
        """The nodes nested below it, parents before children."""
        for child in self.child_orders or ():
            yield child
            yield from child.descendants

    @property
    def tree_margin_mode(self) -> MarginMode | None:
        """Its own margin mode, or else its root's."""
        if self.margin_mode is not None or self.is_root:
            return self.margin_mode
        return self.root.margin_mode if self.root else None

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to this node; an unknown status is not final."""
        status = self.algo_status or self.status
        return status is not None and status.is_final

    @property
    def is_fill(self) -> bool:
        """Whether the report tells of a fill."""
        return bool(self.trade_id)

    @property
    def filled(self) -> Decimal:
        """Filled so far, in base units; 0 before the first fill."""
        filled = self.total_executed_quantity
        return zero_like(self) if filled is None else filled

    @property
    @owned
    def remaining(self) -> Decimal | None:
        """Not yet filled, in base units; None on positional nodes, whose size is the position's.

        0 once the node is FILLED, though the venue may have reduced the size since it was ordered.
        """
        if OrderStatus.FILLED in {self.algo_status, self.status}:
            return zero_like(self)
        if not self.quantity:
            return None
        return self.quantity - self.total_executed_quantity if self.total_executed_quantity else self.quantity

    @property
    def time(self) -> datetime | None:
        """When the report was made, UTC."""
        return utc(self.timestamp)

    @property
    def triggered_at(self) -> datetime | None:
        """When the trigger fired, UTC; None before."""
        return utc(self.trigger_time)

    def _find(self, algo_order_id: int) -> AlgoExecutionReport | None:
        return next((each for each in self.reports if each.algo_order_id == algo_order_id), None)
