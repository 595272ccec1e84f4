"""Edits of algo orders: checked whole before anything changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.venue.algos import Algos
from orderly_sync.venue.blueprint import check_callback, check_leg
from orderly_sync.venue.commands import AlgoEdit, EditAlgo, EditOrder
from orderly_sync.venue.facts import Refused
from orderly_sync.venue.orders import AlgoNode
from orderly_sync.venue.rules.form import finite
from orderly_sync.venue.rules.price import check_price
from orderly_sync.venue.rules.size import check_quantity
from orderly_sync.venue.state import Account, State
from orderly_sync.venue.trees import Tree
from orderly_sync.venue.triggers import LEGS

__all__ = ["edit_algo"]

Changes = dict[int, dict[str, Any]]


def edit_algo(state: State, algos: Algos, account: Account, command: EditAlgo) -> None:
    """Change prices, triggers or quantities of what has not fired; ``is_activated`` False drops a leg.

    Raises:
        Refused: Nothing has changed.
    """
    tree = algos.open_tree(account, command.root.order_id)
    edits = list(_flat(command.root))
    dropped = [edit.order_id for edit in edits if edit.is_activated is False]
    changes = _Plan(state, tree, edits).changes()
    if not changes and not dropped:
        raise Refused(-1005, f"nothing to change in algo order {tree.root_id}")
    entry = changes.pop(tree.root_id, None) if tree.root.algo_type is AlgoType.BRACKET else None
    entry_edit = None
    if entry is not None:
        assert tree.root.order_id is not None
        entry_edit = EditOrder(order_id=tree.root.order_id, **entry)
        algos.trading.check_edit(account, entry_edit)
    changed = [node_id for node_id in changes if node_id not in dropped]
    for node_id in changed:
        tree.change(node_id, state.now, **changes[node_id])
    if changed:
        algos.report(account, tree, changed, replaced=True)
    algos.drop_legs(account, tree, dropped)
    if entry_edit is not None:
        # Last, because the entry may fill at once and the legs go their own way then.
        algos.trading.edit(account, entry_edit)
    algos.due[account.account_id, tree.root_id] = None


def _flat(edit: AlgoEdit) -> Iterator[AlgoEdit]:
    yield edit
    for child in edit.children:
        yield from _flat(child)


class _Plan:
    """What the edits of one request would change on each node."""

    def __init__(self, state: State, tree: Tree, edits: list[AlgoEdit]) -> None:
        self._market = state.market(tree.root.symbol)
        self._tree = tree
        self._edits = edits

    def changes(self) -> Changes:
        planned: Changes = {}
        for edit in self._edits:
            wanted = self._wanted(edit)
            if wanted:
                planned[edit.order_id] = wanted
        self._spread_quantity(planned)
        return planned

    def _wanted(self, edit: AlgoEdit) -> dict[str, Any]:
        """The fields one edit changes, checked."""
        if edit.order_id not in self._tree:
            raise Refused(-1006, f"algo order {edit.order_id} is not part of {self._tree.root_id}")
        node = self._tree[edit.order_id]
        given: dict[str, Any] = {
            field: value
            for field in (
                "price",
                "quantity",
                "trigger_price",
                "activated_price",
                "callback_rate",
                "callback_value",
            )
            if (value := getattr(edit, field)) is not None
        }
        finite(**given)
        if edit.is_activated is not None and node.algo_type not in LEGS:
            raise Refused(
                -1005, f"is_activated switches a leg off, {node.algo_order_id} is a {node.algo_type}"
            )
        if not given:
            return {}
        self._check_open(node)
        unknown = set(given) - _editable(node)
        if unknown:
            raise Refused(
                -1005,
                f"{', '.join(sorted(unknown))} cannot be edited on a {node.algo_type} of type {node.type}",
            )
        self._check_values(node, given)
        if (
            "quantity" in given
            and node.visible_quantity == node.quantity
            and node.algo_type is not AlgoType.BRACKET
        ):
            given["visible_quantity"] = given["quantity"]
        return {field: value for field, value in given.items() if value != getattr(node, field)}

    def _check_open(self, node: AlgoNode) -> None:
        if node.is_done:
            raise Refused(-1006, f"algo order {node.algo_order_id} is {node.algo_status} already")
        if node.is_triggered:
            raise Refused(-1006, f"algo order {node.algo_order_id} has fired; its order is {node.order_id}")

    def _check_values(self, node: AlgoNode, given: dict[str, Any]) -> None:
        rules = self._market.rules
        if "quantity" in given:
            check_quantity(rules, given["quantity"], "quantity")
        if node.algo_type is AlgoType.BRACKET:
            return  # its order is checked as any other is
        new = attrs.evolve(node, **given)
        if node.algo_type is AlgoType.TRAILING_STOP:
            if "activated_price" in given:
                if node.is_activated:
                    raise Refused(-1005, f"trailing stop {node.algo_order_id} is active already")
                check_price(rules, given["activated_price"], "activated_price")
            check_callback(self._market, new.callback_rate, new.callback_value)
        elif "trigger_price" in given or "price" in given:
            check_leg(self._market, new)

    def _spread_quantity(self, planned: Changes) -> None:
        """A new quantity of a TP_SL holds for the root and all its legs, and must be given equal."""
        tree = self._tree
        sizes = {changes["quantity"] for changes in planned.values() if "quantity" in changes}
        if tree.root.algo_type is not AlgoType.TP_SL or not sizes:
            return
        if len(sizes) > 1:
            raise Refused(-1005, "quantity of TP_SL must be the same on the root and on all children")
        size = sizes.pop()
        for node in tree.nodes:
            if not node.is_done:
                planned.setdefault(node.algo_order_id, {}).update(quantity=size, visible_quantity=size)


def _editable(node: AlgoNode) -> set[str]:
    """The fields of a node that an edit may name."""
    fields = {
        AlgoType.STOP: {"quantity", "trigger_price"},
        AlgoType.TRAILING_STOP: {"quantity", "activated_price", "callback_rate", "callback_value"},
        AlgoType.BRACKET: {"quantity"},
        AlgoType.TP_SL: {"quantity"},
    }.get(node.algo_type, set())
    if node.algo_type in LEGS:
        fields = {"trigger_price", *({"quantity"} if node.quantity else ())}
    limited = node.type is OrderType.LIMIT or (node.algo_type is AlgoType.BRACKET and node.price is not None)
    return fields | ({"price"} if limited else set())
