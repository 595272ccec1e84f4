"""A placed algo order that keeps itself up to date: the whole tree."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from orderly_sync.errors import RequestError, UsageError
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.algo_tree import AlgoTree
from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.rest.call_deadline import call_by
from orderly_sync.rest.rows import AlgoLegEdit
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.goals import ALGO_GOALS, BRACKET_GOALS, Goal, OrderEnded, refuse_goal
from orderly_sync.trading.handles import Handle
from orderly_sync.trading.terms import read_number
from orderly_sync.trading.unknown_writes import settle
from orderly_sync.values.printing import printable
from orderly_sync.wire.numbers import Number

__all__ = ["AlgoHandle"]

LEGS = 5.0
"""Seconds that an edit waits for the ids of the legs, unless told otherwise."""
_CONTAINERS = frozenset({AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL})
_EDITABLE = {
    AlgoType.STOP: ("trigger", "price", "quantity"),
    AlgoType.TRAILING_STOP: ("quantity",),
    AlgoType.TP_SL: ("quantity", "take_profit", "stop_loss"),
    AlgoType.POSITIONAL_TP_SL: ("take_profit", "stop_loss"),
    AlgoType.BRACKET: ("price", "quantity", "take_profit", "stop_loss"),
}
"""What can be edited of an order; anything of a kind that is not known yet."""
_TRIGGERABLE = frozenset({AlgoType.STOP, AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS, AlgoType.TRAILING_STOP})


class _TreeTally(NamedTuple):
    """What the reports of an algo order's nodes amount to."""

    nodes: Mapping[int, AlgoExecutionReport]
    """Each as it stands: nothing that is told later leads back behind that."""
    triggered: AlgoExecutionReport | None = None
    """The first that tells of a trigger."""
    entered: AlgoExecutionReport | None = None
    """The first that tells that a bracket's entry has filled."""
    has_filled: bool = False
    """Whether a node ended filled."""

    def is_behind(self, report: AlgoExecutionReport) -> bool:
        """Whether a report tells of what its node has left behind."""
        held = self.nodes.get(report.algo_order_id)
        if held is None:
            return False
        return (
            report.filled < held.filled
            or (held.is_final and not report.is_final)
            or bool(held.is_triggered and report.is_triggered is False)
        )


class AlgoHandle(Handle[AlgoExecutionReport]):
    """An algo order, live: the whole tree."""

    request: AlgoRequest
    _expected: AlgoTree | None = None

    def _report_type(self) -> type:
        return AlgoExecutionReport

    def _nothing_yet(self) -> _TreeTally:
        return _TreeTally({})

    def _added(self, tally: _TreeTally, report: AlgoExecutionReport) -> _TreeTally:
        fires = report.is_triggered and report.algo_type in _TRIGGERABLE
        behind = tally.is_behind(report)
        ended = report.is_final and report.algo_status == OrderStatus.FILLED
        enters = ended and report.algo_type == AlgoType.BRACKET
        return _TreeTally(
            nodes=tally.nodes if behind else {**tally.nodes, report.algo_order_id: report},
            triggered=tally.triggered or (report if fires else None),
            entered=tally.entered or (report if enters else None),
            has_filled=tally.has_filled or ended,
        )

    def _is_told(self, report: AlgoExecutionReport) -> bool:
        tally: _TreeTally = self._tally()
        return not report.is_fill and tally.is_behind(report)

    def _may_end_a_wait(self, report: AlgoExecutionReport) -> bool:
        # A fill of a node that is known and goes on being filled ends none.
        known = self._added_up[1].nodes.get(report.algo_order_id)
        goes_on = report.is_fill and not report.is_final and known is not None and known.is_fill
        return not goes_on

    def expect(self, tree: AlgoTree) -> None:
        """The tree as the venue's answer tells of it, for as long as no report tells more."""
        self._expected = tree

    @property
    def tree(self) -> AlgoTree | None:
        """All nodes, each as last reported; before the first report what the venue's answer told, its root at least."""
        nodes = {node.algo_order_id: node for node in (self._expected.nodes if self._expected else ())}
        nodes.update(self._tally().nodes)
        return AlgoTree.of(nodes.values()) if nodes else None

    @property
    def status(self) -> OrderStatus | None:
        """Where the whole tree stands: NEW once the venue has taken it.

        A Bracket whose legs ended without closing what its entry opened is CANCELLED here, whatever the venue calls it.
        """
        tree = self.tree
        if tree is None:
            return None if self.order_id is None else OrderStatus.NEW
        return OrderStatus.CANCELLED if tree.is_final and tree.is_disarmed else tree.status

    @property
    def is_triggered(self) -> bool:
        """Whether the stop, or one of the legs, has fired."""
        return self._triggered() is not None

    @property
    def filled(self) -> Decimal:
        """Filled so far in base units: of a Bracket its entry, of a TpSl or PositionalTpSl the leg that fired."""
        node = self._filled_node()
        return self._zero if node is None else node.filled

    @property
    def average_price(self) -> Decimal | None:
        """Mean price of what is ``filled``, so of a Bracket that of its entry; None before the first fill."""
        node = self._filled_node()
        return node.average_executed_price if node is not None and node.filled else None

    @property
    def fee(self) -> Decimal:
        """Fees so far of all its orders, of a Bracket those of entry and legs, USDC."""
        tree = self.tree
        nodes = [node for node in tree.nodes if node.algo_type not in _CONTAINERS] if tree else []
        return sum((node.total_fee for node in nodes if node.total_fee), self._zero)

    def _filled_node(self) -> AlgoExecutionReport | None:
        tree = self.tree
        if tree is None:
            return None
        if self.request.algo_type in _CONTAINERS:
            # Their root holds the legs together; the venue may or may not repeat a leg's fill on it.
            return max(reversed(tree.nodes), key=lambda node: node.filled)
        return tree.root

    @property
    def is_done(self) -> bool:
        """Whether nothing more can happen to the tree."""
        tree = self.tree
        return tree is not None and tree.is_final

    @printable
    def __repr__(self) -> str:
        return f"AlgoHandle({self.request.algo_type} {self.symbol} {self.order_id} {self.status} filled={self.filled})"

    def _send_cancel(self, order_id: int) -> None:
        self._rest.cancel_algo(symbol=self.symbol, order_id=order_id)

    def edit(
        self,
        *,
        trigger: Number | None = None,
        price: Number | None = None,
        quantity: Number | None = None,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        timeout: float = LEGS,
    ) -> None:
        """Ask the venue for other terms; the REPLACED reports follow.

        Should the answer be lost, the order is asked for; the edit is never sent again.

        Args:
            trigger: New trigger of a Stop: a mark price, USDC a unit of the base. None leaves each as it is.
            price: New limit price of a Stop or of a Bracket's entry.
            quantity: New size, base units of at most 8 decimals.
            take_profit: New trigger of the take-profit leg, a mark price.
            stop_loss: New trigger of the stop-loss leg, a mark price.
            timeout: Seconds to wait for the ids of the legs, right after the placing; REST is asked before it gives up.

        Raises:
            UsageError: The order has no such leg, a number cannot be right, or the venue has not yet confirmed it.
            TimeoutError: The venue has not told of the legs yet; nothing was sent.
            NotFound: It is done already.
            OrderOutcomeUnknown: The answer was lost, and the order does not show the new terms yet.
        """
        terms = {"trigger": trigger, "price": price, "quantity": quantity}
        self._check_edit({**terms, "take_profit": take_profit, "stop_loss": stop_loss})
        order_id = self._require_id()
        trigger, price = read_number("trigger", trigger), read_number("price", price)
        quantity = read_number("quantity", quantity)
        wanted = {
            AlgoType.TAKE_PROFIT: read_number("take_profit", take_profit),
            AlgoType.STOP_LOSS: read_number("stop_loss", stop_loss),
        }
        legs = {kind: value for kind, value in wanted.items() if value is not None}
        is_sized = quantity is not None and self.request.algo_type == AlgoType.TP_SL
        self._wait_for_legs(self._own_legs() if is_sized else legs, timeout)
        children = [self._leg_edit(kind, value) for kind, value in legs.items()]
        if is_sized and quantity is not None:
            children = self._sized(children, quantity)
        root = {"order_id": order_id, "trigger_price": trigger, "price": price, "quantity": quantity}

        def send() -> None:
            nested = self._nested(children) if children else None
            self._rest.edit_algo(
                order_id=order_id, trigger_price=trigger, price=price, quantity=quantity, child_orders=nested
            )

        def is_edited() -> bool | None:
            row = self._rest.get_algo(order_id)
            self.take_row(row)
            tree = algo_tree(row)
            return _shows(tree, [root, *children]) or (False if tree.is_final else None)

        settle(send, is_edited, self._patience())

    def _check_edit(self, terms: Mapping[str, object]) -> None:
        """Refuse an edit that asks for nothing, or for what this kind of order does not have."""
        kind = self.request.algo_type
        own = _EDITABLE.get(kind, tuple(terms))
        foreign = next((name for name, value in terms.items() if value is not None and name not in own), None)
        known = ", ".join(f"{name}=" for name in own)
        if foreign is not None:
            raise UsageError(f"a {kind} has no {foreign} to edit: write {known}")
        if all(value is None for value in terms.values()):
            raise UsageError(f"edit() was given nothing to change: write {known}")

    def _own_legs(self) -> list[AlgoType]:
        """The legs that were asked for."""
        pairs = ((AlgoType.TAKE_PROFIT, "take_profit"), (AlgoType.STOP_LOSS, "stop_loss"))
        return [kind for kind, name in pairs if getattr(self.request, name, None) is not None]

    def _wait_for_legs(self, kinds: Iterable[AlgoType], timeout: float) -> None:
        """Wait until the ids of these legs are known, by the stream or else by REST."""
        own = self._own_legs()
        missing = [kind for kind in kinds if not self._legs(kind)]
        for kind in missing:
            if kind not in own:
                raise UsageError(f"this order has no {kind} leg")
        if missing and getattr(self.request, "positional", False) and self.filled:
            raise UsageError(
                f"the legs of {self.order_id} are an order of their own since its entry traded: "
                f"edit the handle of the POSITIONAL_TP_SL among ex.algo_orders, ex.handle(its id)"
            )
        until = time.monotonic() + timeout
        asked = until - min(1.0, timeout / 4)
        found = self._changed.wait_for(lambda: all(map(self._legs, missing)) or self._check(), asked)
        if isinstance(found, BaseException):
            raise found
        if not found:
            call_by(until, self._ask_for_legs, missing, timeout)

    def _ask_for_legs(self, kinds: list[AlgoType], timeout: float) -> None:
        names = " and ".join(map(str, kinds))
        try:
            self.refresh()
        except RequestError as exc:
            raise TimeoutError(
                f"the venue told of no {names} leg within {timeout:g} s, and cannot be asked: {exc}"
            ) from exc
        if not all(map(self._legs, kinds)):
            raise TimeoutError(
                f"the venue told of no {names} leg within {timeout:g} s; nothing was sent, try again later"
            )

    def refresh(self) -> None:
        """Read it by REST and take what it says as reports of ``origin`` ``"rest"``.

        Raises:
            NotFound: The venue does not know it, or what it knows of that client order id is another order.
        """
        if self.order_id is not None:
            self.take_row(self._rest.get_algo(self.order_id))
        else:
            self.take_row(self._is_mine(self._rest.get_algo_by_client_order_id(self.client_order_id)))

    def take_row(self, row: AlgoOrder) -> None:
        """Take a row of REST as reports of ``origin`` ``"rest"``, node by node."""
        for node in algo_tree(row).nodes:
            self.apply(node)

    def _legs(self, kind: AlgoType) -> list[AlgoExecutionReport]:
        tree = self.tree
        return [node for node in tree.nodes if node.algo_type == kind] if tree else []

    def _leg_edit(self, kind: AlgoType, trigger: Number) -> AlgoLegEdit:
        return {"order_id": self._legs(kind)[0].algo_order_id, "trigger_price": trigger}

    def _sized(self, edits: list[AlgoLegEdit], quantity: Number) -> list[AlgoLegEdit]:
        """The venue wants the quantity on every leg of a TP_SL, equal."""
        tree = self.tree
        by_id = {edit["order_id"]: edit for edit in edits}
        legs = tree.legs if tree else ()
        return [
            {**by_id.get(leg.algo_order_id, {"order_id": leg.algo_order_id}), "quantity": quantity}
            for leg in legs
        ]

    def _nested(self, edits: list[AlgoLegEdit]) -> list[AlgoLegEdit]:
        """A bracket's legs are addressed through the node between them and the root."""
        if self.request.algo_type != AlgoType.BRACKET:
            return edits
        tree = self.tree
        middle = [node for node in (tree.legs if tree else ()) if node.algo_type in _CONTAINERS]
        return [{"order_id": middle[0].algo_order_id, "child_orders": edits}] if middle else edits

    def _triggered(self) -> AlgoExecutionReport | None:
        first: AlgoExecutionReport | None = self._tally().triggered
        return first

    def _check_goal(self, goal: str) -> None:
        refuse_goal(goal, BRACKET_GOALS if self.request.algo_type == AlgoType.BRACKET else ALGO_GOALS)

    def _reached(self, goal: Goal) -> AlgoExecutionReport | None:
        tally: _TreeTally = self._tally()
        found = {"triggered": tally.triggered, "entered": tally.entered}.get(goal)
        if found is not None:
            return found
        if not self.is_done:
            return None
        if self._reports and (goal == "done" or (goal == "filled" and self._has_filled(tally))):
            return self._reports[-1]
        raise OrderEnded(goal, self.last)

    def _has_filled(self, tally: _TreeTally) -> bool:
        tree = self.tree
        return tally.has_filled and not (tree is not None and tree.is_disarmed)

    def _id_of(self, report: AlgoExecutionReport) -> int:
        return report.root_algo_order_id


def _shows(tree: AlgoTree, edits: Iterable[Mapping[str, Any]]) -> bool:
    """Whether every node bears what was asked for it."""
    nodes = {node.algo_order_id: node for node in tree.nodes}
    return all(
        getattr(nodes.get(edit["order_id"]), name, None) == value
        for edit in edits
        for name, value in edit.items()
        if name != "order_id" and value is not None
    )
