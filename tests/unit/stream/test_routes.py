"""Who wants which topic."""

from __future__ import annotations

import functools
import gc
import weakref
from collections.abc import Callable, Hashable, Sequence
from typing import Any
from unittest.mock import Mock

import pytest

from orderly_sync import topics
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.filter import Filter
from orderly_sync.stream.routes import ClassRoute, Route


class HookQueue:
    """Notes what is for hooks."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[Any]]] = []

    def put(self, hooks: Sequence[Hook], events: Sequence[Any]) -> None:
        self.got.append(("session", list(events)))

    room = 1_000

    def put_private(
        self,
        topic: str,
        hooks: Sequence[Hook],
        events: Sequence[Any],
        conflate: Callable[[Any], Hashable] | None = None,
    ) -> None:
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
    route, inbox, order = Route(topics.execution_report()), HookQueue(), []
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
    route, inbox = Route(topics.mark_price("ETH")), HookQueue()
    route.deliver([1], inbox)
    assert inbox.got == []
    route.add_hook(hook(print))
    route.deliver([1], inbox)
    assert inbox.got == [("public", [1])]


def test_session_events_reach_consumers_and_hooks():
    """They are never dropped."""
    route, inbox, queue = ClassRoute(), HookQueue(), consumer()
    route.deliver("a", inbox)
    route.add_consumer(weakref.ref(queue))
    route.add_hook(hook(print))
    route.deliver("b", inbox)
    assert queue.get() == "b"
    assert inbox.got == [("session", ["b"])]


def test_a_function_registered_twice_counts_once():
    """The same function with the same filter is the hook it already is; with another filter it is another hook."""
    route = ClassRoute()
    first = hook(print)
    assert route.add_hook(first) is first
    assert route.add_hook(hook(print)) is first
    assert not first.removed
    other = hook(print, symbol="A")
    assert route.add_hook(other) is other
    assert len(route.hooks) == 2
    route.drop_hook(route.hooks[0])
    assert len(route.hooks) == 1


CELL = "def on_report(event):\n    return {}\n"


def defined(source: str, name: str = "on_report", module: str = "__main__") -> Any:
    """What a cell or a module defines, run anew."""
    namespace: dict[str, Any] = {"__name__": module, "functools": functools}
    exec(source, namespace)
    return namespace[name]


@pytest.mark.parametrize("module", ["__main__", "bots.grid"])
def test_a_module_level_function_that_is_defined_anew_replaces_its_older_self(module: str):
    """A cell that runs again, as it was or edited, or a module that is loaded again."""
    route = ClassRoute()
    first = hook(defined(CELL.format(1), module=module))
    second, third = (hook(defined(CELL.format(number), module=module)) for number in (1, 2))
    route.add_hook(first)
    assert route.add_hook(second) is second
    assert route.add_hook(third) is third
    assert (route.hooks, first.removed, second.removed, third.removed) == ((third,), True, True, False)
    route.add_hook(hook(third.fn, symbol="A"))
    assert not third.removed


def test_the_same_code_run_again_replaces_itself():
    """Also where it was compiled once."""
    code = compile(CELL.format(1), "cell", "exec")
    route = ClassRoute()
    hooks = [hook(defined(code)) for _ in range(3)]  # type: ignore[arg-type]
    for one in hooks:
        route.add_hook(one)
    assert route.hooks == (hooks[-1],)


class Counter:
    """Two of these are two hooks, though they are equal."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counter)

    def __hash__(self) -> int:
        return 1

    def __call__(self, _: Any) -> None:
        pass

    def saw(self, _: Any) -> None:
        pass

    @staticmethod
    def told(_: Any) -> None:
        pass


def nested() -> Any:
    def inner(_: Any) -> None:
        pass

    return inner


DISTINCT = {
    "methods of two objects": lambda: (Counter().saw, Counter().saw),
    "builtin methods": lambda: ([].append, [].append),
    "slots of two objects": lambda: ({}.__delitem__, {}.__delitem__),
    "partials": lambda: (functools.partial(print, 1), functools.partial(print, 2)),
    "partials of the same": lambda: (functools.partial(print, 1), functools.partial(print, 1)),
    "mocks": lambda: (Mock(), Mock()),
    "equal callable objects": lambda: (Counter(), Counter()),
    "nested functions": lambda: (nested(), nested()),
    "lambdas of one line": lambda: tuple(lambda _: None for _ in range(2)),
    "functions of one name in two modules": lambda: (
        defined(CELL.format(1), module="a"), defined(CELL.format(1), module="b"),
    ),
    "two functions under one decorator's wrapper": lambda: tuple(
        defined("def timed(fn):\n    @functools.wraps(fn)\n    def wrapper(event):\n        return fn(event)\n    return wrapper\n"
                "@timed\ndef on_report(event): pass\n")
        for _ in range(2)
    ),
    "functions of a class body": lambda: tuple(
        defined("class A:\n    @staticmethod\n    def f(event): pass\n", "A").f for _ in range(2)
    ),
    "a loop's functions with their own defaults": lambda: tuple(
        defined("made = []\nfor name in ('a', 'b'):\n    def f(event, name=name): return name\n    made.append(f)\n", "made")
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", DISTINCT)
def test_whatever_else_is_two_objects_is_two_hooks(kind: str):
    """None replaces the other, and each is one however often it is registered."""
    one, other = DISTINCT[kind]()
    route = ClassRoute()
    for fn in (one, other, one, other):
        route.add_hook(hook(fn))
    assert len(route.hooks) == 2
    assert not any(each.removed for each in route.hooks)
    assert [each.fn is fn or each.fn == fn for each, fn in zip(route.hooks, (one, other), strict=True)] == [
        True,
        True,
    ]


def test_a_method_taken_twice_from_one_object_is_one_hook():
    """Python makes a new bound method each time it is asked for."""
    held: list[Any] = []
    counter = Counter()
    route = ClassRoute()
    for _ in range(3):
        route.add_hook(hook(held.append))
        route.add_hook(hook(counter.saw))
        route.add_hook(hook(held.__contains__))
    assert len(route.hooks) == 3


def test_a_loop_in_a_cell_that_runs_again_replaces_all_of_its_hooks():
    """The three of the first run make room for the three of the second."""
    source = "made = []\nfor n in range(3):\n    def f(event, n=n): return n\n    made.append(f)\n"
    route = ClassRoute()
    for fn in (*defined(source, "made"), *(second := defined(source, "made"))):
        route.add_hook(hook(fn))
    assert [one.fn for one in route.hooks] == second


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
    route.deliver([1], HookQueue())
    route.drop_consumer(None)
    assert route.consumers == ()


@pytest.mark.parametrize("topic", [topics.execution_report(), topics.position(), topics.trade("ETH")])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_observer_that_raises_keeps_nothing_from_anybody(topic: Any, place: int):
    """The other observers, those who wait and hooks have every event; then what it raised first is raised."""
    route, queue, waiting = Route(topic), HookQueue(), consumer()
    seen: dict[int, list[object]] = {number: [] for number in range(3)}

    def observer(number: int) -> Callable[[object], None]:
        def observe(event: object) -> None:
            seen[number].append(event)
            if number == place:
                raise OSError(event)

        return observe

    route.observers = tuple(observer(number) for number in seen)
    route.add_consumer(weakref.ref(waiting))
    route.add_hook(hook(print))
    with pytest.raises(OSError, match="one"):
        route.deliver(["one", "two"], queue)
    assert list(seen.values()) == [["one", "two"]] * 3
    assert [waiting.get(timeout=0) for _ in range(2)] == ["one", "two"]
    assert [events for _, events in queue.got] == [["one", "two"]]
