"""Algo trees: nodes under one root, and what the state of the nodes says about the whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from orderly_sync.models.enums import AlgoType, OrderStatus
from orderly_sync.venue.engine.orders import LEGS, AlgoNode, Order, waits

__all__ = ["CONTAINERS", "Tree"]

CONTAINERS = (AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL)
_MIRRORED = (
    "algo_status",
    "is_triggered",
    "trigger_status",
    "trigger_time",
    "trigger_trade_price",
    "executed_quantity",
    "executed_notional",
    "total_fee",
    "realized_pnl",
    "reason",
)


class Tree:
    """One algo order. Nodes stand root first, each child after its parent, in the order of their ids."""

    def __init__(self, nodes: Iterable[AlgoNode]) -> None:
        self._nodes = {node.algo_order_id: node for node in nodes}
        self.root_id = next(iter(self._nodes))

    def __getitem__(self, node_id: int) -> AlgoNode:
        return self._nodes[node_id]

    def __contains__(self, node_id: int) -> bool:
        return node_id in self._nodes

    @property
    def nodes(self) -> tuple[AlgoNode, ...]:
        """Snapshots, root first."""
        return tuple(self._nodes.values())

    @property
    def root(self) -> AlgoNode:
        """The root."""
        return self._nodes[self.root_id]

    @property
    def container(self) -> AlgoNode | None:
        """The TP_SL or POSITIONAL_TP_SL node, if there is one."""
        return next((node for node in self._nodes.values() if node.algo_type in CONTAINERS), None)

    @property
    def legs(self) -> tuple[AlgoNode, ...]:
        """The TAKE_PROFIT and STOP_LOSS nodes."""
        return tuple(node for node in self._nodes.values() if node.algo_type in LEGS)

    @property
    def is_done(self) -> bool:
        """Whether every node is."""
        return all(node.is_done for node in self._nodes.values())

    @property
    def is_triggered(self) -> bool:
        """Whether any trigger has fired."""
        return any(node.is_triggered for node in self._nodes.values())

    @property
    def armed(self) -> tuple[AlgoNode, ...]:
        """The nodes whose triggers watch the mark price; a bracket's legs sleep until its entry fills something."""
        if self.root.algo_type is AlgoType.BRACKET and not self.root.executed_quantity:
            return ()
        return tuple(node for node in self._nodes.values() if waits(node))

    def change(self, node_id: int, now: int, **changes: Any) -> None:
        """Replace a node, its time with it."""
        self._nodes[node_id] = attrs.evolve(self._nodes[node_id], updated_time=now, **changes)

    def put(self, node: AlgoNode, now: int) -> None:
        """Replace a node by a changed one."""
        self._nodes[node.algo_order_id] = attrs.evolve(node, updated_time=now)

    def mirror(self, leg_id: int, now: int) -> tuple[int, ...]:
        """Show a leg's trigger and fills on its container; the ids of both."""
        leg, container = self._nodes[leg_id], self.container
        if leg.algo_type not in LEGS or container is None:
            return (leg_id,)
        self.change(container.algo_order_id, now, **{name: getattr(leg, name) for name in _MIRRORED})
        return container.algo_order_id, leg_id

    def follow(self, order: Order, now: int) -> None:
        """Take over the state of the order a node has sent."""
        assert order.algo_order_id is not None
        self.change(
            order.algo_order_id,
            now,
            order_id=order.order_id,
            algo_status=order.status,
            executed_quantity=order.executed_quantity,
            executed_notional=order.executed_notional,
            total_fee=order.total_fee,
            realized_pnl=order.realized_pnl,
            reason=order.reason,
        )

    def cancel(self, node_ids: Iterable[int], now: int, reason: str = "") -> tuple[int, ...]:
        """Cancel those of the nodes that are not done; the ids of those that were not."""
        changed = tuple(node_id for node_id in node_ids if not self._nodes[node_id].is_done)
        for node_id in changed:
            self.change(node_id, now, algo_status=OrderStatus.CANCELLED, reason=reason)
        return changed

    def detach(self, container_id: int) -> Tree:
        """Take a container with its legs out as a tree of its own."""
        own = [
            attrs.evolve(
                node,
                root_algo_order_id=container_id,
                parent_algo_order_id=0 if node.algo_order_id == container_id else container_id,
            )
            for node in self._nodes.values()
            if container_id in {node.algo_order_id, node.parent_algo_order_id}
        ]
        for node in own:
            del self._nodes[node.algo_order_id]
        return Tree(own)

    def roll_up(self) -> None:
        """Write the state of the whole on every node; a node's own time stays."""
        status = self._status()
        self._nodes = {
            node_id: node if node.root_algo_status is status else attrs.evolve(node, root_algo_status=status)
            for node_id, node in self._nodes.items()
        }

    def _status(self) -> OrderStatus:
        root = self.root
        if self.is_done or not root.executed_quantity or root.algo_type is not AlgoType.BRACKET:
            return root.algo_status
        return OrderStatus.PARTIAL_FILLED
