"""Algo orders: placed, fired, followed and cancelled. Trees live here; what they send is placed by ``trading``."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from orderly_sync.models.enums import (
    AlgoType,
    OrderSide,
    OrderStatus,
    OrderType,
    TriggerStatus,
)
from orderly_sync.venue.engine.algo_parser import AlgoOrderParser, entry_command, numbered
from orderly_sync.venue.engine.commands import CancelAlgos, PlaceAlgo, PlaceOrder
from orderly_sync.venue.engine.facts import AlgoReported
from orderly_sync.venue.engine.order_entry import OrderEntry
from orderly_sync.venue.engine.orders import LEGS, AlgoNode, Key, Order, fires, trailed
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.state import Account, ExchangeState
from orderly_sync.venue.engine.trees import CONTAINERS, Tree
from orderly_sync.venue.engine.waiting import TriggerIndex
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["Algos"]

_TP_SL_LIMIT = 10
# Cancelling STOP orders takes the take profits and stop losses along.
_WITH_STOP = (AlgoType.STOP, AlgoType.TP_SL, AlgoType.POSITIONAL_TP_SL)


class Algos:
    """Places, fires, follows and cancels algo orders.

    Args:
        state: What it works on.
    """

    trading: OrderEntry
    """Where the orders go that triggers send; set once by the exchange."""

    def __init__(self, state: ExchangeState) -> None:
        self._state = state
        self.due: dict[tuple[str, int], None] = {}
        """Trees whose triggers must be held against the mark price before the command ends."""
        self._triggers = {symbol: TriggerIndex() for symbol in state.markets}

    def place(self, account: Account, command: PlaceAlgo) -> Tree:
        """A new tree; the entry of a bracket trades at once.

        Raises:
            Refused: Nothing has changed.
        """
        state = self._state
        market = state.market(command.root.symbol or "")
        nodes = AlgoOrderParser(market, account, command, state.now).nodes()
        self._check_limits(account, nodes)
        entry = None
        if nodes[0].algo_type is AlgoType.BRACKET:
            entry = self.trading.drafted(account, entry_command(nodes[0])).order
        self._check_client_id(account, nodes[0])
        account.refuse_in_liquidation((nodes[0].symbol, nodes[0].margin_mode))
        tree = Tree(numbered(nodes, state.next_algo_id))
        root_id = tree.root_id
        if entry is not None:
            tree.change(
                root_id,
                state.now,
                trigger_status=TriggerStatus.SUCCESS,
                price=entry.price,
                quantity=entry.quantity,
                visible_quantity=entry.visible_quantity,
            )
        self._adopt(account, tree)
        if tree.root.client_order_id is not None:
            account.algo_client_ids[tree.root.client_order_id] = root_id
        self.report(account, tree, [node.algo_order_id for node in tree.nodes])
        if entry is not None:
            self.trading.enter(account, attrs.evolve(entry, algo_order_id=root_id))
        return tree

    def _adopt(self, account: Account, tree: Tree) -> None:
        account.trees[tree.root_id] = tree
        self._follow(account, tree)
        for node in tree.nodes:
            account.roots[node.algo_order_id] = tree.root_id
        self.due[account.account_id, tree.root_id] = None

    def _follow(self, account: Account, tree: Tree) -> None:
        """Keep the indexes true to a tree that is new or has changed."""
        triggers = self._triggers[tree.root.symbol]
        if tree.is_done:
            account.open_trees.drop(tree.root_id)
            triggers.drop(account.account_id, tree.root_id)
        else:
            account.open_trees.put(tree)
            triggers.put(account.account_id, tree)

    def _check_limits(self, account: Account, nodes: list[AlgoNode]) -> None:
        root = nodes[0]
        if root.algo_type is AlgoType.TP_SL:
            count = len(self._waiting(account, root.algo_type))
            if count >= _TP_SL_LIMIT:
                raise Refused(
                    INVALID_PARAM,
                    f"{count} TP_SL orders wait already, {_TP_SL_LIMIT} are allowed; cancel one first",
                )
        if root.algo_type is AlgoType.POSITIONAL_TP_SL:
            for other in self._waiting(account, root.algo_type):
                if _closes(other.root) == _closes(root):
                    raise Refused(
                        INVALID_PARAM,  # [assumed]; -1007 would say that this very order had been sent before
                        f"POSITIONAL_TP_SL {other.root_id} closes that side of {root.symbol} already; "
                        "edit it or cancel it first",
                    )

    @staticmethod
    def _waiting(account: Account, kind: AlgoType) -> list[Tree]:
        trees = (account.trees[root_id] for root_id in account.open_trees.of_kind(kind))
        return [tree for tree in trees if not tree.is_triggered]

    @staticmethod
    def _check_client_id(account: Account, root: AlgoNode) -> None:
        text = root.client_order_id
        if text is not None and account.algo_client_ids.get(text) in account.open_trees:
            raise Refused(
                DUPLICATE_REQUEST, f"client_order_id {text} belongs to an open algo order; choose another"
            )

    @staticmethod
    def open_trees(account: Account) -> list[Tree]:
        """Trees that are not over, oldest first."""
        return [account.trees[root_id] for root_id in account.open_trees]

    def open_tree(self, account: Account, root_id: int) -> Tree:
        """The open tree of that root.

        Raises:
            Refused: -1006 if it is unknown, over, or the id is a child's.
        """
        tree = account.trees.get(root_id)
        if tree is None:
            if root_id in account.roots:
                raise Refused(
                    RESOURCE_NOT_FOUND,
                    f"algo order {root_id} is a child; address its root {account.roots[root_id]}",
                )
            raise Refused(RESOURCE_NOT_FOUND, f"algo order {root_id} does not exist")
        if root_id not in account.open_trees:
            raise Refused(RESOURCE_NOT_FOUND, f"algo order {root_id} is {tree.root.root_algo_status} already")
        return tree

    def cancel(self, account: Account, tree: Tree, reason: str = "") -> None:
        """Cancel what is left of a tree: orders it has sent first, then triggers that wait."""
        for node in tree.nodes:
            self._cancel_sent(account, node, reason)
        self.cancel_nodes(account, tree, [node.algo_order_id for node in tree.nodes], reason)

    def _cancel_sent(self, account: Account, node: AlgoNode, reason: str) -> None:
        if node.order_id in account.open_ids:
            self.trading.cancel(account, account.orders[node.order_id], reason)

    def cancel_nodes(self, account: Account, tree: Tree, node_ids: Iterable[int], reason: str = "") -> None:
        """Cancel nodes that are not done, in one report."""
        changed = tree.cancel(node_ids, self._state.now, reason)
        if changed:
            self.report(account, tree, changed)

    def cancel_many(self, account: Account, command: CancelAlgos) -> int:
        """Cancel all that has not fired, of one symbol or type or of all; how many trees that were."""
        count = 0
        for tree in self.open_trees(account):
            if command.symbol not in {None, tree.root.symbol} or tree.is_triggered:
                continue
            kind = command.algo_type
            if kind is not None and kind in LEGS:
                legs = [leg.algo_order_id for leg in tree.legs if leg.algo_type is kind and not leg.is_done]
                self.drop_legs(account, tree, legs)
                count += bool(legs)
            elif kind is None or tree.root.algo_type in (_WITH_STOP if kind is AlgoType.STOP else (kind,)):
                self.cancel(account, tree)
                count += 1
        return count

    def drop_legs(self, account: Account, tree: Tree, leg_ids: Iterable[int]) -> None:
        """Cancel legs; their container goes with the last of them that can fire."""
        dropped = set(leg_ids)
        if dropped and any(leg.is_activated for leg in tree.legs if _waits(leg, dropped)):
            self.cancel_nodes(account, tree, sorted(dropped))
        elif dropped:
            self._cancel_container(account, tree)

    def end_if_off(self, account: Account, tree: Tree) -> bool:
        """Cancel a container with its legs if all of them are switched off; whether they were."""
        waiting = [leg for leg in tree.legs if not leg.is_done]
        if not waiting or any(leg.is_activated for leg in waiting):
            return False
        self._cancel_container(account, tree)
        return True

    def _cancel_container(self, account: Account, tree: Tree) -> None:
        assert tree.container is not None
        legs = (leg.algo_order_id for leg in tree.legs)
        self.cancel_nodes(account, tree, [tree.container.algo_order_id, *legs])

    def on_mark(self, symbol: str) -> None:
        """Let the triggers that a new mark price may reach see it, by account and then by age."""
        mark, now = self._state.market(symbol).mark, self._state.now
        reached = self._triggers[symbol].reached(mark)
        if not reached:
            return
        places = {account_id: place for place, account_id in enumerate(self._state.accounts)}
        for root_id, account_id in sorted(reached, key=lambda whose: (places[whose[1]], whose[0])):
            account = self._state.accounts[account_id]
            tree = account.trees[root_id]
            self.due[account_id, root_id] = None
            for node in tree.armed:
                moved = trailed(node, mark)
                if moved is not node:
                    tree.put(moved, now)
                    self.report(account, tree, [node.algo_order_id], replaced=True)

    def fire_due(self) -> None:
        """Fire what has reached its trigger; of one tree the first leg only."""
        due, self.due = self.due, {}
        for account_id, root_id in due:
            account = self._state.accounts[account_id]
            tree = account.trees[root_id]
            mark = self._state.market(tree.root.symbol).mark
            fired = next((node for node in tree.armed if fires(node, mark)), None)
            if fired is not None:
                self._fire(account, tree, fired.algo_order_id)

    def _fire(self, account: Account, tree: Tree, node_id: int) -> None:
        now, market = self._state.now, self._state.market(tree.root.symbol)
        self._trigger(account, tree, node_id, is_triggered=True, trigger_status=TriggerStatus.TRIGGERING,
                      trigger_time=now, trigger_trade_price=market.mark)  # fmt: skip
        if tree.root.algo_type is AlgoType.BRACKET:
            # The position may not grow any more once a leg closes it (assumed).
            self._cancel_sent(account, tree.root, "a leg of the bracket has fired")
        siblings = [leg.algo_order_id for leg in tree.legs if leg.algo_order_id != node_id]
        try:
            command, closes = self._child_command(account, tree[node_id])
            order = self.trading.drafted(account, command, algo_order_id=node_id, closes=closes).order
        except Refused as refused:
            also = tree.cancel(siblings, now, "its sibling has fired")
            self._trigger(account, tree, node_id, also, trigger_status=TriggerStatus.FAILED,
                          algo_status=OrderStatus.REJECTED, reason=refused.message)  # fmt: skip
            return
        also = tree.cancel(siblings, now, "its sibling has fired")
        self._trigger(account, tree, node_id, also, trigger_status=TriggerStatus.SUCCESS)
        self.trading.enter(account, order)

    def _trigger(
        self, account: Account, tree: Tree, node_id: int, also: tuple[int, ...] = (), **changes: object
    ) -> None:
        tree.change(node_id, self._state.now, **changes)
        self.report(account, tree, (*tree.mirror(node_id, self._state.now), *also))

    def _child_command(self, account: Account, node: AlgoNode) -> tuple[PlaceOrder, bool]:
        """The order a trigger sends, and whether it closes the position whole."""
        assert node.type is not None
        positional = not node.quantity
        quantity = node.quantity
        if positional:
            quantity = abs(account.entry((node.symbol, node.margin_mode)).quantity)
            if not quantity:
                raise Refused(INVALID_PARAM, f"there is no position in {node.symbol} to close")
        command = PlaceOrder(
            symbol=node.symbol,
            side=node.side,
            order_type=OrderType.LIMIT if node.type is OrderType.LIMIT else OrderType.MARKET,
            price=node.price,
            quantity=quantity,
            visible_quantity=None if node.visible_quantity == node.quantity else node.visible_quantity,
            reduce_only=node.reduce_only,
            order_tag=node.order_tag,
            margin_mode=node.margin_mode,
        )
        return command, positional

    def on_order(self, order: Order, status: str, fill: Fill | None) -> None:
        """Follow an order that a node has sent. That its own report comes too, and first, is assumed."""
        assert order.algo_order_id is not None
        account, now = self._state.accounts[order.account_id], self._state.now
        node_id = order.algo_order_id
        tree = account.trees[account.roots[node_id]]
        if status == "NEW":
            tree.change(node_id, tree[node_id].updated_time, order_id=order.order_id)
            return
        is_entry = tree.root.algo_type is AlgoType.BRACKET and node_id == tree.root_id
        is_first = is_entry and fill is not None and not tree[node_id].executed_quantity
        tree.follow(order, now)
        if status == "REPLACED":
            tree.change(node_id, now, price=order.price, quantity=order.quantity)
        changed = tree.mirror(node_id, now)
        if is_entry and order.is_done and not order.executed_quantity:
            changed += tree.cancel(
                [node.algo_order_id for node in tree.nodes[1:]], now, "its entry filled nothing"
            )
        own = self._detached(account, tree) if is_first else None
        if is_entry and fill is not None:
            changed += self._arm(account, tree, order)
        self.report(account, tree, changed, replaced=status == "REPLACED", fill=fill, filled=node_id)
        if own is not None:
            self._take_over(account, own)

    def _arm(self, account: Account, tree: Tree, order: Order) -> tuple[int, ...]:
        """Give the legs of a bracket what its entry has filled."""
        self.due[account.account_id, tree.root_id] = None
        armed = tuple(node.algo_order_id for node in tree.nodes[1:] if not node.is_done)
        filled = order.executed_quantity
        for node_id in armed:
            tree.change(node_id, self._state.now, quantity=filled, visible_quantity=filled)
        return armed

    def _detached(self, account: Account, tree: Tree) -> Tree | None:
        """The positional legs of a bracket as a tree of their own; None if it has none."""
        container = tree.container
        if container is None or container.algo_type is not AlgoType.POSITIONAL_TP_SL or container.is_done:
            return None
        own = tree.detach(container.algo_order_id)
        own.roll_up()
        self._adopt(account, own)
        return own

    def _take_over(self, account: Account, own: Tree) -> None:
        """Put a new positional order in place of those that wait; where one has fired already, cancel the new one."""
        trees = (account.trees[root_id] for root_id in account.open_trees.of_kind(AlgoType.POSITIONAL_TP_SL))
        others = [other for other in trees if other is not own and _closes(other.root) == _closes(own.root)]
        if any(other.is_triggered for other in others):
            self.cancel(account, own, "an earlier POSITIONAL_TP_SL has fired")
            return
        for other in others:
            self.cancel(account, other, "replaced by the legs of a bracket")
        self.report(account, own, [node.algo_order_id for node in own.nodes])

    def position_closed(self, account: Account, key: Key, closing: OrderSide) -> None:
        """Cancel the TP/SL orders of a position that is gone; ``closing`` is the side on which they would trade."""
        for root_id in account.open_trees.closing(key, closing):
            tree = account.trees[root_id]
            container = tree.container
            if container is None or tree.is_triggered:
                continue
            if tree.root.algo_type is AlgoType.BRACKET and not (
                tree.root.is_done and tree.root.executed_quantity
            ):
                continue
            nodes = [container.algo_order_id, *(leg.algo_order_id for leg in tree.legs)]
            self.cancel_nodes(account, tree, nodes, "the position is closed")

    def report(
        self,
        account: Account,
        tree: Tree,
        changed: Iterable[int],
        *,
        replaced: bool = False,
        fill: Fill | None = None,
        filled: int | None = None,
    ) -> None:
        """Report the whole tree. After an edit the report, not the tree, says REPLACED."""
        tree.roll_up()
        ids = tuple(sorted(set(changed)))
        nodes = tree.nodes
        self._follow(account, tree)
        if replaced and not tree.is_done:
            nodes = tuple(_as_replaced(node, node.algo_order_id in ids) for node in nodes)
        self._state.emit(
            AlgoReported(
                ts=self._state.now,
                account_id=account.account_id,
                nodes=nodes,
                changed=ids,
                fill=fill,
                filled=filled if fill is not None else None,
            )
        )


def _waits(leg: AlgoNode, dropped: set[int]) -> bool:
    return not leg.is_done and leg.algo_order_id not in dropped


def _closes(node: AlgoNode) -> tuple[object, ...]:
    """What a positional order closes: there may be one of each."""
    assert node.algo_type in CONTAINERS
    return node.symbol, node.margin_mode, node.side


def _as_replaced(node: AlgoNode, changed: bool) -> AlgoNode:
    own = OrderStatus.REPLACED if changed and not node.is_done else node.algo_status
    return attrs.evolve(node, algo_status=own, root_algo_status=OrderStatus.REPLACED)
