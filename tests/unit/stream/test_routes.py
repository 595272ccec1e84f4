"""Who wants which topic."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from orderly_sync import topics
from orderly_sync.stream.consumer import Consumer, Filter
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.routes import ClassRoute, Route


class Inbox:
    """Notes what is for hooks."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[Any]]] = []

    def put(self, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        self.got.append(("session", list(events)))

    def put_private(self, topic: str, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        self.got.append(("private", list(events)))

    def put_public(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[Any],
        conflate: Callable[[Any], Hashable] | None,
    ) -> None:
        self.got.append(("public", list(events)))


def hook(fn: Callable[[Any], object], **wanted: Any) -> Hook:
    return Hook("t", fn, Filter(**wanted), lambda _: None)


def consumer() -> Consumer[Any]:
    return Consumer(
        "t",
        wanted=Filter(),
        maxlen=9,
        private=True,
        conflate=None,
        idle=None,
        check=lambda: None,
        leave=lambda _: None,
    )


def test_state_is_told_first_then_consumers_then_hooks():
    """Whoever wakes finds the state current."""
    route, inbox, order = Route(topics.execution_report()), Inbox(), []
    queue = consumer()
    route.observers = (lambda event: order.append((event, len(queue), len(inbox.got))),)
    route.add_consumer(weakref.ref(queue))
    route.add_hook(hook(print))
    route.deliver([1, 2], inbox)
    assert order == [(1, 0, 0), (2, 0, 0)]
    assert len(queue) == 2
    assert inbox.got == [("private", [1, 2])]


def test_market_data_goes_the_public_way_and_nobody_is_troubled_for_nothing():
    """Without hooks the hooks thread is not woken."""
    route, inbox = Route(topics.mark_price("ETH")), Inbox()
    route.deliver([1], inbox)
    assert inbox.got == []
    route.add_hook(hook(print))
    route.deliver([1], inbox)
    assert inbox.got == [("public", [1])]


def test_session_events_reach_consumers_and_hooks():
    """They are never dropped."""
    route, inbox, queue = ClassRoute(), Inbox(), consumer()
    route.deliver("a", inbox)
    route.add_consumer(weakref.ref(queue))
    route.add_hook(hook(print))
    route.deliver("b", inbox)
    assert queue.get() == "b"
    assert inbox.got == [("session", ["b"])]


def test_a_function_registered_twice_counts_once():
    """The same function with the same filter; with another filter it is another hook."""
    route = ClassRoute()
    first = hook(print)
    assert route.add_hook(first) is None
    assert route.add_hook(hook(print)) is first
    assert first.removed
    assert route.add_hook(hook(print, symbol="A")) is None
    assert len(route.hooks) == 2
    route.drop_hook(route.hooks[0])
    assert len(route.hooks) == 1


def test_a_cell_run_again_replaces_its_older_self():
    """A module-level function of the same name is the same hook made anew; lambdas and closures never are."""
    route = ClassRoute()

    def make(name: str) -> Any:
        def fn(_: Any) -> None:
            return None

        fn.__qualname__ = name
        return fn

    first = hook(make("on_report"))
    route.add_hook(first)
    assert route.add_hook(hook(make("on_report"))) is first
    route.add_hook(hook(make("<lambda>")))
    assert route.add_hook(hook(make("<lambda>"))) is None
    assert len(route.hooks) == 3


def test_a_consumer_that_is_gone_is_forgotten():
    """Consumers are held weakly; an empty route says so."""
    route = Route(topics.execution_report())
    assert route.is_empty
    first, second = consumer(), consumer()
    route.add_consumer(weakref.ref(first))
    route.add_consumer(weakref.ref(second))
    assert not route.is_empty
    route.drop_consumer(first)
    assert route.live_consumers() == [second]
    del second
    gc.collect()
    assert route.is_empty
    route.deliver([1], Inbox())
    route.drop_consumer(None)
    assert route.consumers == ()
