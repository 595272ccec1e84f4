"""One algo order as a whole: what the reports of its nodes amount to."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from orderly_sync.models.enums import AlgoStatus, AlgoType
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.tables.shown import Tabular
from orderly_sync.values.printing import printable

__all__ = ["AlgoTree"]

_CLOSING = frozenset({AlgoType.TAKE_PROFIT, AlgoType.STOP_LOSS})


@attrs.frozen(kw_only=True, repr=False)
class AlgoTree(Tabular):
    """One algo order: its root and all nodes below, each as last reported."""

    nodes: tuple[AlgoExecutionReport, ...]
    """Root first, parents before children, in the order of their ids."""

    @classmethod
    def of(cls, nodes: Iterable[AlgoExecutionReport]) -> AlgoTree:
        """The tree of these nodes, without those that have left it.

        When the entry of a positional bracket trades, its legs become a POSITIONAL_TP_SL of their own, under ids that
        stay; the bracket's own reports show them no more.
        """
        ordered = tuple(sorted(nodes, key=_id_of))
        root = next((node for node in ordered if node.is_root), None)
        if root is None or root.algo_type != AlgoType.BRACKET or not root.filled:
            return cls(nodes=ordered)
        containers = {node.algo_order_id for node in ordered if node.algo_type == AlgoType.POSITIONAL_TP_SL}
        shown = {node.algo_order_id for node in root.reports}
        return cls(
            nodes=tuple(
                node
                for node in ordered
                if not containers & {node.algo_order_id, node.parent_algo_order_id}
                or node.algo_order_id in shown
                or (node.timestamp or 0) > (root.timestamp or 0)
            )
        )

    def _table(self) -> tuple[type | None, tuple[AlgoTree]]:
        return AlgoExecutionReport, (self,)

    @property
    def root(self) -> AlgoExecutionReport:
        """The node at the top."""
        return next((node for node in self.nodes if node.is_root), self.nodes[0])

    @property
    def legs(self) -> tuple[AlgoExecutionReport, ...]:
        """The nodes below the root."""
        root = self.root
        return tuple(node for node in self.nodes if node is not root)

    @property
    def symbol(self) -> str:
        """The market."""
        return self.root.symbol

    @property
    def algo_type(self) -> AlgoType:
        """What kind of algo order it is."""
        return self.root.algo_type

    @property
    def is_disarmed(self) -> bool:
        """Whether it is a bracket whose entry has traded and whose legs ended without closing what that opened."""
        root = self.root
        fired = [node for node in self.legs if node.algo_type in _CLOSING]
        return (
            root.algo_type == AlgoType.BRACKET
            and bool(root.filled and fired)
            and all(leg.is_final and leg.algo_status != AlgoStatus.FILLED for leg in fired)
        )

    @property
    def status(self) -> AlgoStatus | None:
        """Where the whole tree stands, in the venue's own word."""
        root = self.root
        newest = max(self.nodes, key=_how_late)
        return newest.root_algo_status or root.root_algo_status or root.algo_status

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to it."""
        status = self.status
        return (
            status is not None
            and status.is_final
            and all(node.is_final or node.is_root for node in self.nodes)
        )

    @printable
    def __repr__(self) -> str:
        root = self.root
        legs = "".join(
            f" {leg.algo_type}@{leg.trigger_price}" for leg in self.legs if leg.trigger_price is not None
        )
        at = f" @{root.trigger_price}" if root.trigger_price is not None else ""
        return f"AlgoTree({root.algo_order_id} {root.algo_type} {root.symbol} {self.status}{at}{legs})"


def _id_of(node: AlgoExecutionReport) -> int:
    return node.algo_order_id


def _how_late(node: AlgoExecutionReport) -> tuple[int, bool]:
    """What orders reports by how late they speak: of two in one millisecond, that which ends the tree is the later."""
    status = node.root_algo_status
    return node.timestamp or 0, status is not None and status.is_final
