"""Each report once, pure.

The venue may send a report twice (two sessions on one key, a retransmission), and a tree frame repeats nodes that
did not change. A report is the same if node, status, fill, progress and time are; a node that is repeated inside a
tree is the same if nothing in it but its time stamp differs: not even its tree, for legs may leave that of a bracket.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Any

from orderly_sync.models.base import Push
from orderly_sync.reports.sequencer import ReportSequencer

__all__ = ["Deduplicator", "deduplicator_for", "is_report_topic"]

_REMEMBERED = 200_000

_ORDER_KEY = ("order_id", "trade_id", "status", "total_executed_quantity", "price", "quantity", "timestamp")
_NODE_STATE = (
    "root_algo_order_id",
    "algo_status",
    "root_algo_status",
    "status",
    "trigger_status",
    "is_triggered",
    "is_activated",
    "trigger_price",
    "price",
    "quantity",
    "trade_id",
    "total_executed_quantity",
    "extreme_price",
    "callback_rate",
    "callback_value",
    "activated_price",
)


class Deduplicator:
    """Lets each report through once; remembers the last 200,000 keys, half of them dropped when full."""

    def __init__(self, key: Callable[[Any], Hashable], *, trees: bool = False) -> None:
        self.repeated = 0
        self._key = key
        self._trees = trees
        self._seen: dict[Hashable, None] = {}
        self._state: dict[int, tuple[Any, ...]] = {}

    def __call__(self, events: Sequence[Any]) -> Sequence[Any]:
        """The events not let through before."""
        seen, key = self._seen, self._key
        if len(events) == 1:
            name = key(events[0])
            if name in seen:
                self.repeated += 1
                return ()
            seen[name] = None
            if len(seen) > _REMEMBERED:
                self._forget()
            if self._trees and events[0].algo_order_id in self._state:
                self._state[events[0].algo_order_id] = _node_state(events[0])
            return events
        return [event for event in events if self._is_new(event)]

    def has_seen(self, order_id: int, trade_id: int) -> bool:
        """Whether a fill of an ordinary order has been let through."""
        return (order_id, trade_id) in self._seen

    def forget_all(self) -> None:
        """The venue began anew: what it says is news, whatever ids it bears."""
        self._seen = {}
        self._state = {}

    def rebuilt(self, events: Iterable[object], is_news: Callable[[Any], bool]) -> Iterator[Any]:
        """The same for events rebuilt by REST; each is to be delivered before the next is asked for."""
        for event in events:
            if is_news(event):
                yield from Deduplicator.__call__(self, (event,))

    def _is_new(self, event: Any) -> bool:
        name = self._key(event)
        if name in self._seen:
            self.repeated += 1
            return False
        self._seen[name] = None
        if len(self._seen) > _REMEMBERED:
            self._forget()
        if self._trees:
            state = _node_state(event)
            if self._state.get(event.algo_order_id) == state:
                self.repeated += 1
                return False
            self._state[event.algo_order_id] = state
        return True

    def _forget(self) -> None:
        keep = list(self._seen)[_REMEMBERED // 2 :]
        self._seen = dict.fromkeys(keep)
        self._state = dict(list(self._state.items())[-_REMEMBERED // 4 :])


class _InSequence(Deduplicator):
    """The same, and each order's reports in sequence."""

    def __init__(
        self,
        key: Callable[[Any], Hashable],
        *,
        trees: bool,
        sequencer: ReportSequencer,
        restarted: Callable[[], object] | None,
    ) -> None:
        super().__init__(key, trees=trees)
        self._sequencer = sequencer
        self._restarted = restarted

    def __call__(self, events: Sequence[object]) -> Sequence[Any]:
        if self._restarted is not None and any(self._sequencer.is_another(event) for event in events):
            self._restarted()
        return self._sequencer(super().__call__(events))

    def rebuilt(self, events: Iterable[object], is_news: Callable[[Any], bool]) -> Iterator[Any]:
        return self._sequencer.merged(
            events, lambda event: any(Deduplicator.rebuilt(self, (event,), is_news))
        )


class _EveryPush(Deduplicator):
    """Every push counts, and what REST tells if no push has told it.

    A push of what REST told before it is dropped, once: it was on its way while REST was asked.
    """

    def __init__(self) -> None:
        super().__init__(_event_id)
        self._early: set[Hashable] = set()  # told by REST, and by no push

    def __call__(self, events: Sequence[Push]) -> Sequence[Push]:
        names = [event.event_id for event in events]
        late = self._early.intersection(names)
        self._early -= late
        self.repeated += len(late)
        self._seen.update(dict.fromkeys(names))
        if len(self._seen) > _REMEMBERED:
            self._forget()
        return (
            [event for event, name in zip(events, names, strict=True) if name not in late] if late else events
        )

    def rebuilt(self, events: Iterable[object], is_news: Callable[[Any], bool]) -> Iterator[object]:
        for event in events:
            name = self._key(event)
            if name not in self._seen and is_news(event):
                self._seen[name] = None
                self._early.add(name)
                yield event

    def forget_all(self) -> None:
        super().forget_all()
        self._early = set()


class _LatestState(Deduplicator):
    """Every push counts, and what REST tells if it is news: how something stands has no name by which to know it."""

    def __init__(self) -> None:
        super().__init__(id)

    def __call__(self, events: Sequence[object]) -> Sequence[object]:
        return events

    def rebuilt(self, events: Iterable[object], is_news: Callable[[Any], bool]) -> Iterator[object]:
        return filter(is_news, events)


_EVENTS = frozenset(
    {"wallet", "settle", "liquidationsaccount", "liquidatorliquidations", "assetconvert", "notifications"}
)
_STATES = frozenset({"position", "balance", "account"})


def _event_id(event: Push) -> Hashable:
    return event.event_id


def _node_state(event: object) -> tuple[object, ...]:
    return tuple(getattr(event, name) for name in _NODE_STATE)


def _order_key(event: Any) -> Hashable:
    if event.trade_id:
        # A fill is the same fill whatever else is said of it, by the stream or by REST.
        return (event.order_id, event.trade_id)
    return tuple(getattr(event, name) for name in _ORDER_KEY)


def _node_key(event: Any) -> Hashable:
    if event.trade_id:
        # A node may go on showing its last fill while its tree changes.
        return (event.algo_order_id, event.trade_id, event.algo_status, event.root_algo_status)
    return (
        event.algo_order_id,
        event.root_algo_order_id,
        event.trade_id,
        event.timestamp,
        event.algo_status,
        event.root_algo_status,
        event.trigger_status,
        event.trigger_price,
        event.price,
        event.quantity,
        event.extreme_price,
    )


def is_report_topic(topic: str) -> bool:
    """Whether its events are reports of orders, of whatever version."""
    return topic.startswith(("executionreport", "algoexecutionreport"))


def deduplicator_for(
    topic: str, sequencer: ReportSequencer | None = None, restarted: Callable[[], object] | None = None
) -> Deduplicator | None:
    """What lets each report of a private topic through once, or what REST tells of others; None where there is nothing.

    With a ``sequencer``, which needs REST to tell of what is missing, each order's reports also come in order, and
    ``restarted`` is called where a known id is another order's: it has all deduplicators forget what they have seen.
    """
    if topic in _EVENTS:
        return _EveryPush()
    if topic in _STATES:
        return _LatestState()
    if topic == "executionreport":
        key, trees = _order_key, False
    elif topic.startswith("algoexecutionreport"):
        key, trees = _node_key, True
    else:
        return None
    return (
        Deduplicator(key, trees=trees)
        if sequencer is None
        else _InSequence(key, trees=trees, sequencer=sequencer, restarted=restarted)
    )
