"""Algo trees that are not over, found by what may happen to them: without looking at the others.

Both indexes follow a tree whenever it is told of; they hold ids and prices, the trees themselves live elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Protocol

from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.venue.engine.orders import AlgoNode, Key, watched

__all__ = ["OpenTrees", "TriggerIndex", "Whose"]

Whose = tuple[int, str]
"""The root's id and the account's: what a tree is known by."""
_Level = tuple[Decimal, Whose]

_BEFORE_ALL: Whose = (-1, "")
_AFTER_ALL: Whose = (1 << 63, "")


class Indexed(Protocol):
    """What is asked of a tree to find it again."""

    @property
    def root_id(self) -> int:
        """The id of its root."""

    @property
    def root(self) -> AlgoNode:
        """Its root."""

    @property
    def container(self) -> AlgoNode | None:
        """What holds its take profit and stop loss, if anything does."""

    @property
    def armed(self) -> Iterable[AlgoNode]:
        """The nodes with a trigger that may fire."""


class OpenTrees:
    """The open trees of one account: all, those of a kind, and those that close a position."""

    def __init__(self) -> None:
        self._all: dict[int, AlgoType] = {}
        self._kinds: dict[AlgoType, dict[int, None]] = {}
        self._closing: dict[tuple[Key, OrderSide], dict[int, None]] = {}
        self._closes: dict[int, tuple[Key, OrderSide]] = {}

    def __contains__(self, root_id: object) -> bool:
        return root_id in self._all

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._all))

    def put(self, tree: Indexed) -> None:
        """Follow a tree, new or changed."""
        self.drop(tree.root_id)
        self._all[tree.root_id] = tree.root.algo_type
        self._kinds.setdefault(tree.root.algo_type, {})[tree.root_id] = None
        container = tree.container
        if container is not None and not container.is_done:
            place = (container.symbol, container.margin_mode), container.side
            self._closes[tree.root_id] = place
            self._closing.setdefault(place, {})[tree.root_id] = None

    def drop(self, root_id: int) -> None:
        """Forget a tree that is over."""
        kind = self._all.pop(root_id, None)
        if kind is not None:
            del self._kinds[kind][root_id]
        place = self._closes.pop(root_id, None)
        if place is not None:
            del self._closing[place][root_id]

    def of_kind(self, kind: AlgoType) -> list[int]:
        """The roots of one type, oldest first."""
        return sorted(self._kinds.get(kind, ()))

    def closing(self, key: Key, side: OrderSide) -> list[int]:
        """The roots of trees whose take profit or stop loss closes that position on that side, oldest first."""
        return sorted(self._closing.get((key, side), ()))


class TriggerIndex:
    """The trees of one symbol by the mark prices at which something happens to them."""

    def __init__(self) -> None:
        self._rising: list[_Level] = []
        self._falling: list[_Level] = []
        self._held: dict[Whose, list[tuple[list[_Level], _Level]]] = {}

    def put(self, account_id: str, tree: Indexed) -> None:
        """Follow a tree, new or changed."""
        whose = tree.root_id, account_id
        self.drop(account_id, tree.root_id)
        held = []
        for node in tree.armed:
            for side, level in zip((self._falling, self._rising), watched(node), strict=True):
                if level is not None:
                    insort(side, (level, whose))
                    held.append((side, (level, whose)))
        if held:
            self._held[whose] = held

    def drop(self, account_id: str, root_id: int) -> None:
        """Forget a tree."""
        for side, level in self._held.pop((root_id, account_id), ()):
            del side[bisect_left(side, level)]

    def reached(self, mark: Decimal) -> set[Whose]:
        """The trees to which this mark price may matter."""
        risen = self._rising[: bisect_right(self._rising, (mark, _AFTER_ALL))]
        fallen = self._falling[bisect_left(self._falling, (mark, _BEFORE_ALL)) :]
        return {whose for _, whose in (*risen, *fallen)}
