"""One algo order as a whole: what the reports of its nodes amount to."""

from __future__ import annotations

import attrs

from orderly_sync.models.enums import AlgoStatus, AlgoType
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.tables.shown import Tabular
from orderly_sync.values.printing import printable

__all__ = ["AlgoTree"]


@attrs.frozen(kw_only=True, repr=False)
class AlgoTree(Tabular):
    """One algo order: its root and all nodes below, each as last reported."""

    nodes: tuple[AlgoExecutionReport, ...]
    """Root first, parents before children, in the order of their ids."""

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
    def status(self) -> AlgoStatus | None:
        """Where the whole tree stands."""
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


def _how_late(node: AlgoExecutionReport) -> tuple[int, bool]:
    """What orders reports by how late they speak: of two in one millisecond, that which ends the tree is the later."""
    status = node.root_algo_status
    return node.timestamp or 0, status is not None and status.is_final
