"""What was sent, while the venue's answer is out: which order is the very one, and how it looks before its reports.

A client order id is unique among open orders only. It finds candidates; what tells the order that was sent from an
older or a foreign one of the same id are its terms, and that it came to be after the send. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.algo import AlgoOrder, CreatedAlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.base import ClientOrderId, Frame, made
from orderly_sync.models.enums import (
    AlgoStatus,
    AlgoType,
    OrderSide,
    OrderStatus,
)
from orderly_sync.models.order import CreatedOrder, Order
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.reports.from_rest import ALGO_TOPIC, algo_tree
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.orders import OrderRequest

__all__ = [
    "SKEW_MS",
    "Found",
    "Sending",
    "expected_order",
    "expected_tree",
    "order_id_of",
    "same_terms",
]

Found = Order | ExecutionReport | AlgoOrder | AlgoExecutionReport
"""What the venue tells of an order: a row of REST or a report; of an algo order, of its root."""

SKEW_MS = 50
"""By how much the clocks of the venue's parts may differ: the one that stamps orders, the one that stamps frames."""

_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
_NO_TAGS = frozenset({None, "", "default"})


@attrs.define(eq=False)
class Sending:
    """One order on its way.

    Args:
        request: What is sent.
        since: The latest time of the venue's own that was heard before; None if none was.
        others: Ids of orders that were known under its client order id before, or are known to be others' by now.
        number: Where it stands in the order of all sendings.
    """

    request: OrderRequest | AlgoRequest
    since: int | None
    others: set[int]
    number: int = 0

    @property
    def is_algo(self) -> bool:
        """Whether an algo order was sent."""
        return isinstance(self.request, AlgoRequest)

    @property
    def start(self) -> int | None:
        """The venue's time in ms from which on the order can have been created."""
        return None if self.since is None else self.since - SKEW_MS

    def is_it(self, found: Found) -> bool:
        """Whether that is the very order: its id and its terms, created after the send, and not known before."""
        if found.client_order_id != self.request.client_order_id or order_id_of(found) in self.others:
            return False
        born = _created_time(found)
        if self.start is not None and (born is None or born < self.start):
            return False
        return same_terms(self.request, found)


def order_id_of(found: Found) -> int:
    """The venue's id of an order, of a node's tree."""
    if isinstance(found, AlgoExecutionReport):
        return found.root_algo_order_id
    return found.algo_order_id if isinstance(found, AlgoOrder) else found.order_id


def _created_time(found: Found) -> int | None:
    """When the order came to be, ms; a report that does not say so was made no earlier."""
    if found.created_time or isinstance(found, (Order, AlgoOrder)):
        return found.created_time
    return found.timestamp


def same_terms(request: OrderRequest | AlgoRequest, found: Found) -> bool:
    """Whether what the venue shows can have come of this request.

    What the venue may alter counts as the same: the quantity of a reduce-only order, which is cut to the position,
    and the price of a post-only order that is moved out of the way. Terms that are not told speak against it.
    """
    if found.symbol != request.symbol or not _same_marks(request, found):
        return False
    if isinstance(found, (AlgoOrder, AlgoExecutionReport)):
        return isinstance(request, AlgoRequest) and _same_algo(request, found)
    return isinstance(request, OrderRequest) and _same_order(request, found)


def _same_marks(request: OrderRequest | AlgoRequest, found: Found) -> bool:
    """Margin mode and tag, where both sides name one."""
    mode = found.margin_mode
    if None not in {request.margin_mode, mode} and request.margin_mode != mode:
        return False
    return request.order_tag is None or found.order_tag in {*_NO_TAGS, request.order_tag}


def _same_order(request: OrderRequest, found: Order | ExecutionReport) -> bool:
    if found.side != request.side or found.type != request.order_type:
        return False
    if found.reduce_only is not None and found.reduce_only != bool(request.reduce_only):
        return False
    amount, told = getattr(request, "amount", None), getattr(found, "amount", None)
    if amount is not None:
        return told is None or _equal(told, amount)
    return not told and _same_price(request, found.price) and _same_size(request, found.quantity)


def _same_price(request: OrderRequest, told: Any) -> bool:
    if request.price is None:
        return True  # the venue may show what it traded at, or nothing
    if told is None:
        return False
    if getattr(request, "adjust", False):
        inside = _exact(told) <= request.price
        return inside if request.side == OrderSide.BUY else _exact(told) >= request.price
    return _equal(told, request.price)


def _same_size(request: OrderRequest | AlgoRequest, told: Any) -> bool:
    asked = getattr(request, "quantity", None)
    if asked is None:
        return True
    if told is None:
        return False
    return _exact(told) <= asked if request.reduce_only else _equal(told, asked)


def _same_algo(request: AlgoRequest, found: AlgoOrder | AlgoExecutionReport) -> bool:
    if found.algo_type != request.algo_type:
        return False
    terms = request.terms()
    if request.algo_type not in _CONTAINERS:
        kind = str(found.type or "").removesuffix("_ORDER")
        if found.side != request.side or kind != terms["type"]:
            return False
        price = terms.get("price")
        if price is not None and not _equal(found.price, price):
            return False
    if request.algo_type != AlgoType.POSITIONAL_TP_SL and not _same_size(request, found.quantity):
        return False
    return _same_triggers(request, terms, found) and _legs_of(terms) == _legs_shown(found)


def _same_triggers(
    request: AlgoRequest, terms: dict[str, Any], found: AlgoOrder | AlgoExecutionReport
) -> bool:
    names: tuple[str, ...] = ()
    if request.algo_type == AlgoType.STOP:
        names = ("trigger_price",)
    elif request.algo_type == AlgoType.TRAILING_STOP:
        names = ("callback_rate", "callback_value", "activated_price")
    return all(_exact(getattr(found, name)) == _exact(terms.get(name)) for name in names)


def _legs_of(terms: dict[str, Any]) -> set[tuple[str, str, Decimal]]:
    """Kind, side and trigger of each leg that was asked for."""
    legs: set[tuple[str, str, Decimal]] = set()
    for child in terms.get("child_orders", ()):
        if "trigger_price" in child:
            legs.add((str(child["algo_type"]), str(child["side"]), child["trigger_price"]))
        legs |= _legs_of(child)
    return legs


def _legs_shown(found: AlgoOrder | AlgoExecutionReport) -> set[tuple[str, str, Decimal]]:
    nodes: Iterable[Any] = found.nodes() if isinstance(found, AlgoOrder) else found.reports
    return {
        (str(node.algo_type), str(node.side), _exact(node.trigger_price))
        for node in nodes
        if node.algo_type in {AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS}
    }


def _equal(told: Any, asked: Decimal) -> bool:
    return told is not None and _exact(told) == asked


def _exact(value: Any) -> Decimal:
    """A number of the wire, exact; none counts as 0."""
    if value is None:
        return Decimal(0)
    return value if isinstance(value, Decimal) else Decimal(str(value))


# Before the first report ---------------------------------------------------------------------------------------------


def expected_order(
    request: OrderRequest, order_id: int, answer: CreatedOrder | None, numbers: type = Decimal
) -> Order:
    """The order as request and answer tell of it; its times are the venue's to tell, so they stay None."""
    price = answer.order_price if answer is not None and answer.order_price else request.price
    size = answer.order_quantity if answer is not None and answer.order_quantity else request.quantity
    return Order(
        order_id=order_id,
        symbol=request.symbol,
        client_order_id=ClientOrderId(request.client_order_id),
        side=request.side,
        type=request.order_type,
        status=OrderStatus.NEW,
        price=_as(price, numbers),
        quantity=_as(size, numbers),
        amount=_as(getattr(request, "amount", None), numbers),
        total_executed_quantity=numbers(0),
        visible_quantity=_as(request.visible_quantity, numbers),
        reduce_only=bool(request.reduce_only),
        order_tag=request.order_tag,
        margin_mode=request.margin_mode,
    )


def expected_tree(
    request: AlgoRequest, order_id: int, answer: CreatedAlgoOrder | None, numbers: type = Decimal
) -> AlgoTree:
    """The tree as request and answer tell of it: its root alone, unless the answer lists the nodes."""
    rows = [row for row in (answer.rows if answer is not None else ()) if row.algo_order_id == order_id]
    if rows:
        return algo_tree(rows[0])
    terms = request.terms()
    root = made(
        AlgoExecutionReport,
        frame=Frame(ALGO_TOPIC, None, "rest"),
        symbol=request.symbol,
        algo_order_id=order_id,
        root_algo_order_id=order_id,
        parent_algo_order_id=0,
        algo_type=request.algo_type,
        client_order_id=ClientOrderId(request.client_order_id),
        order_tag=request.order_tag,
        type=terms.get("type"),
        side=terms.get("side"),
        is_triggered=False,
        algo_status=AlgoStatus.NEW,
        root_algo_status=AlgoStatus.NEW,
        trade_id=0,
        executed_quantity=numbers(0),
        total_executed_quantity=numbers(0),
        reduce_only=request.reduce_only,
        margin_mode=request.margin_mode,
        **{name: _as(value, numbers) for name, value in _figures(terms)},
    )
    root.frame.events = (root,)
    return AlgoTree(nodes=(root,))


def _figures(terms: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    return ((name, value) for name, value in terms.items() if isinstance(value, Decimal))


def _as(value: Any, numbers: type) -> Any:
    return None if value is None else numbers(value)
