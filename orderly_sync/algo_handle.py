"""A placed algo order that keeps itself up to date: the whole tree."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.algo_requests import AlgoRequest
from orderly_sync.errors import UsageError
from orderly_sync.handles import Goal, Handle, OrderEnded
from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.rest.request import Number
from orderly_sync.rest.rows import AlgoLegEdit
from orderly_sync.state.orders import AlgoTree, tree_of

__all__ = ["AlgoHandle"]

_ZERO = Decimal(0)
_TRIGGERABLE = frozenset({AlgoType.STOP, AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS, AlgoType.TRAILING_STOP})


class AlgoHandle(Handle[AlgoExecutionReport]):
    """An algo order, live: the whole tree."""

    request: AlgoRequest

    @property
    def tree(self) -> AlgoTree | None:
        """All nodes, each as last reported; None before the first report."""
        nodes: dict[int, AlgoExecutionReport] = {}
        for report in self._reports:
            nodes[report.algo_order_id] = report
        return AlgoTree(nodes=tuple(nodes[key] for key in sorted(nodes))) if nodes else None

    @property
    def status(self) -> OrderStatus | None:
        """Where the whole tree stands; None before the first report."""
        tree = self.tree
        return None if tree is None else tree.status

    @property
    def is_triggered(self) -> bool:
        """Whether the stop, or one of the legs, has fired."""
        return self._triggered() is not None

    @property
    def filled(self) -> Decimal:
        """Filled so far in base units: of a Bracket its entry, of a TpSl or PositionalTpSl the leg that fired."""
        tree = self.tree
        if tree is None:
            return _ZERO
        if self.request.algo_type in {AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL}:
            # Their root holds the legs together; the venue may or may not repeat a leg's fill on it.
            return max((node.filled for node in tree.nodes), default=_ZERO)
        return tree.root.filled

    @property
    def is_done(self) -> bool:
        """Whether nothing more can happen to the tree."""
        tree = self.tree
        return tree is not None and tree.is_final

    def __repr__(self) -> str:
        return f"AlgoHandle({self.request.algo_type} {self.symbol} {self.order_id} {self.status} filled={self.filled})"

    def cancel(self) -> None:
        """Ask the venue to cancel the whole tree; the CANCELLED reports follow.

        Raises:
            NotFound: It is done already.
        """
        self._rest.cancel_algo(symbol=self.symbol, order_id=self._require_id())

    def edit(
        self,
        *,
        trigger: Number | None = None,
        price: Number | None = None,
        quantity: Number | None = None,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
    ) -> None:
        """Ask the venue for other terms; the REPLACED reports follow.

        Args:
            trigger: New trigger of a Stop.
            price: New limit price of a Stop or of a Bracket's entry.
            quantity: New size.
            take_profit: New trigger of the take-profit leg.
            stop_loss: New trigger of the stop-loss leg.

        Raises:
            UsageError: The order has no such leg.
        """
        wanted = {AlgoType.TAKE_PROFIT: take_profit, AlgoType.STOP_LOSS: stop_loss}
        legs = [(kind, value) for kind, value in wanted.items() if value is not None]
        children = [self._leg_edit(kind, value) for kind, value in legs]
        if quantity is not None and self.request.algo_type == AlgoType.TP_SL:
            children = self._sized(children, quantity)
        self._rest.edit_algo(
            order_id=self._require_id(),
            trigger_price=trigger,
            price=price,
            quantity=quantity,
            child_orders=self._nested(children) if children else None,
        )

    def refresh(self) -> None:
        """Read it by REST and take what it says as reports of ``origin`` ``"rest"``."""
        row = (
            self._rest.get_algo(self.order_id)
            if self.order_id is not None
            else self._rest.get_algo_by_client_order_id(self.client_order_id)
        )
        for node in tree_of(row).nodes:
            self.apply(node)

    def _leg(self, kind: AlgoType) -> AlgoExecutionReport:
        tree = self.tree
        found = [node for node in tree.nodes if node.algo_type == kind] if tree else []
        if not found:
            raise UsageError(f"this order has no {kind} leg (or its first report has not come yet)")
        return found[0]

    def _leg_edit(self, kind: AlgoType, trigger: Number) -> AlgoLegEdit:
        return {"order_id": self._leg(kind).algo_order_id, "trigger_price": trigger}

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
        middle = (
            [node for node in tree.nodes if node.algo_type in {AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL}]
            if tree
            else []
        )
        return [{"order_id": middle[0].algo_order_id, "child_orders": edits}] if middle else edits

    def _triggered(self) -> AlgoExecutionReport | None:
        return next(
            (one for one in self._reports if one.is_triggered and one.algo_type in _TRIGGERABLE), None
        )

    def _reached(self, goal: Goal) -> AlgoExecutionReport | None:
        if goal == "triggered":
            found = self._triggered()
            if found is not None:
                return found
        elif self.is_done and self._reports:
            filled = any(one.is_final and one.algo_status == OrderStatus.FILLED for one in self._reports)
            if goal == "done" or filled:
                return self._reports[-1]
        if self.is_done:
            raise OrderEnded(goal, self.last)
        return None

    def _id_of(self, report: AlgoExecutionReport) -> int:
        return report.root_algo_order_id
