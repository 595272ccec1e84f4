"""Edits of algo orders: checked whole before anything changes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.enums import AlgoType, OrderType
from orderly_sync.venue.engine.algo_parser import LEG_TYPES, check_callback, check_leg
from orderly_sync.venue.engine.algos import Algos
from orderly_sync.venue.engine.commands import AlgoEdit, EditAlgo, EditOrder
from orderly_sync.venue.engine.orders import LEGS, AlgoNode
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.rules.form import finite
from orderly_sync.venue.engine.rules.numbers import check_price, check_quantity
from orderly_sync.venue.engine.state import Account, ExchangeState
from orderly_sync.venue.engine.trees import Tree
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["edit_algo"]

Changes = dict[int, dict[str, Any]]
_NUMBERS = ("price", "quantity", "trigger_price", "activated_price", "callback_rate", "callback_value")


def edit_algo(state: ExchangeState, algos: Algos, account: Account, command: EditAlgo) -> None:
    """Change prices, triggers or quantities of what has not fired.

    A leg that is switched off waits, and comes back with a new trigger; when the last one is switched off the tree is
    over (assumed: the JS SDK deletes it then).

    Raises:
        Refused: Nothing has changed.
    """
    tree = algos.open_tree(account, command.root.order_id)
    changes = _Plan(state, tree, list(_flat(command.root))).changes()
    if not changes:
        raise Refused(INVALID_PARAM, f"nothing to change in algo order {tree.root_id}")
    entry = changes.pop(tree.root_id, None) if tree.root.algo_type is AlgoType.BRACKET else None
    entry_edit = None
    if entry is not None:
        assert tree.root.order_id is not None
        entry_edit = EditOrder(order_id=tree.root.order_id, **entry)
        algos.trading.check_edit(account, entry_edit)
    for node_id, values in changes.items():
        tree.change(node_id, state.now, **values)
    if changes and not algos.end_if_off(account, tree):
        algos.report(account, tree, changes, replaced=True)
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

    def __init__(self, state: ExchangeState, tree: Tree, edits: list[AlgoEdit]) -> None:
        self._market = state.market(tree.root.symbol)
        self._tree = tree
        self._edits = edits
        self._sizes: dict[int, Decimal] = {}
        """The quantities asked for, of all nodes but an entry."""

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
            raise Refused(
                RESOURCE_NOT_FOUND, f"algo order {edit.order_id} is not part of {self._tree.root_id}"
            )
        node = self._tree[edit.order_id]
        given: dict[str, Any] = {
            field: value for field in _NUMBERS if (value := getattr(edit, field)) is not None
        }
        finite(**given)
        if not given and edit.is_activated is None and edit.order_type is None:
            return {}
        self._check_open(node)
        switched = self._switched(node, edit)
        unknown = set(given) - _editable(attrs.evolve(node, **switched))
        if unknown:
            raise Refused(
                INVALID_PARAM,
                f"{', '.join(sorted(unknown))} cannot be edited on a {node.algo_type} of type "
                f"{switched.get('type', node.type)}",
            )
        given = {**switched, **given}
        self._check_values(node, given)
        if "quantity" in given and node.algo_type is not AlgoType.BRACKET:
            self._sizes[node.algo_order_id] = given["quantity"]
            if node.visible_quantity == node.quantity:
                given["visible_quantity"] = given["quantity"]
        return {field: value for field, value in given.items() if value != getattr(node, field)}

    def _switched(self, node: AlgoNode, edit: AlgoEdit) -> dict[str, Any]:
        """What switching a leg off or on changes; one that comes back may send an order of another type."""
        is_leg = node.algo_type in LEGS
        if edit.is_activated is not None and not is_leg:
            raise Refused(
                INVALID_PARAM, f"is_activated switches a leg off, {node.algo_order_id} is a {node.algo_type}"
            )
        active = edit.is_activated
        if active is None:
            active = node.is_activated or (is_leg and edit.trigger_price is not None)
        switched: dict[str, Any] = {} if active is node.is_activated else {"is_activated": active}
        kind = edit.order_type
        if kind is None or kind is node.type:
            return switched
        if not (is_leg and switched and active):
            raise Refused(
                INVALID_PARAM,
                f"order_type of {node.algo_order_id} is {node.type}; it changes only when a leg that was "
                "switched off is given a new trigger_price",
            )
        container = self._tree.container
        assert container is not None
        allowed = LEG_TYPES[container.algo_type]
        if kind not in allowed:
            raise Refused(
                INVALID_PARAM,
                f"order_type {kind} of {node.algo_type} must be {' or '.join(map(str, allowed))}",
            )
        return {**switched, "type": kind, "price": node.price if kind is OrderType.LIMIT else None}

    def _check_open(self, node: AlgoNode) -> None:
        if node.is_done:
            raise Refused(
                RESOURCE_NOT_FOUND, f"algo order {node.algo_order_id} is {node.algo_status} already"
            )
        if node.is_triggered:
            raise Refused(
                RESOURCE_NOT_FOUND, f"algo order {node.algo_order_id} has fired; its order is {node.order_id}"
            )

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
                    raise Refused(INVALID_PARAM, f"trailing stop {node.algo_order_id} is active already")
                check_price(rules, given["activated_price"], "activated_price")
            check_callback(self._market, new.callback_rate, new.callback_value)
        elif {"trigger_price", "price", "type"} & set(given):
            check_leg(self._market, new)

    def _spread_quantity(self, planned: Changes) -> None:
        """A new quantity of a TP_SL must be given on every leg that is open, and equal; the container follows."""
        container = self._tree.container
        if not self._sizes or container is None or container.algo_type is not AlgoType.TP_SL:
            return
        legs = [leg.algo_order_id for leg in self._tree.legs if not leg.is_done]
        sizes = set(self._sizes.values())
        if len(sizes) > 1 or not set(legs) <= set(self._sizes):
            raise Refused(
                INVALID_PARAM, "quantity of TP_SL must be the same on all children, and given on each of them"
            )
        size = sizes.pop()
        for node_id in (container.algo_order_id, *legs):
            if self._tree[node_id].quantity != size:
                planned.setdefault(node_id, {}).update(quantity=size, visible_quantity=size)


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
