"""Whose name holds which client, from cell to cell."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from orderly_sync.stream import lifetime
from orderly_sync.stream.lifetime import Names


class Client:
    """Something that lives."""

    def __init__(self, *, is_used: bool = True) -> None:
        self.is_used = is_used
        self.rest = object()
        self.stops = 0

    def parts(self) -> list[object]:
        return [self, self.rest]

    def stop(self) -> None:
        self.stops += 1
        lifetime.forget(self)

    def end(self) -> None:
        self.stop()


def test_a_name_that_holds_another_client_gives_up_the_older():
    """Also when cells ran in between; each is given up once its name is taken."""
    names, (a, b, c) = Names(), (Client(), Client(), Client())
    assert names.superseded([a], {"ex": a, "x": 1}) == []
    assert names.superseded([a], {"ex": a, "x": 2}) == []
    assert names.superseded([a, b], {"ex": b}) == [a]
    assert names.superseded([b, c], {"ex": c}) == [b]


def test_a_name_that_was_deleted_or_given_to_something_else_gives_nothing_up():
    """Until it holds another client."""
    names, (a, b) = Names(), (Client(), Client())
    names.superseded([a], {"ex": a})
    assert names.superseded([a], {}) == []
    assert names.superseded([a], {"ex": None}) == []
    assert names.superseded([a, b], {"other": b}) == []
    assert names.superseded([a, b], {"ex": b}) == [a]


HOLDERS: dict[str, Callable[[Client], Any]] = {
    "itself": lambda client: client,
    "a list": lambda client: [1, client],
    "a tuple": lambda client: (client,),
    "a set": lambda client: {client},
    "a dict": lambda client: {"main": client},
    "an object": lambda client: SimpleNamespace(ex=client),
    "a class": lambda client: type("Bot", (), {"ex": client}),
    "a part": lambda client: client.rest,
    "an object that has a part": lambda client: SimpleNamespace(owner=client.rest),
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=HOLDERS)
def test_whoever_is_held_by_another_name_lives_on(holder: Callable[[Client], Any]):
    """Until that name lets go, too, for another client."""
    names, (a, b, c) = Names(), (Client(), Client(), Client())
    other = holder(a)
    names.superseded([a], {"ex": a})
    assert names.superseded([a, b], {"ex": b, "other": other}) == []
    assert names.superseded([a, b, c], {"ex": b, "other": holder(c)}) == [a]


@pytest.mark.parametrize("name", ["_", "__", "___", "_3", "Out", "_oh", "In", "_i", "_ii", "_i12"])
def test_what_a_notebook_keeps_of_its_outputs_holds_nothing(name: str):
    """A cell that shows its client has it there for ever."""
    names, (a, b) = Names(), (Client(), Client())
    shown = {name: {3: a} if name in {"Out", "_oh"} else a}
    names.superseded([a], {"ex": a, **shown})
    assert names.superseded([a, b], {"ex": b, **shown}) == [a]


def test_a_client_without_a_name_ends_only_if_nobody_used_it():
    """What was merely shown makes room for the next; a function that connected and left hooks goes on."""
    names, shown, used, newest = Names(), Client(is_used=False), Client(), Client(is_used=False)
    assert names.superseded([shown], {"Out": {1: shown}}) == []
    assert names.superseded([shown, used], {"Out": {1: shown}}) == [shown]
    assert names.superseded([used, newest], {"Out": {}}) == []


def test_objects_that_mind_being_looked_at_do_no_harm():
    """Lazy proxies and the like."""

    class Touchy:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError("leave me alone")

    names, (a, b) = Names(), (Client(), Client())
    names.superseded([a], {"ex": a, "touchy": Touchy()})
    assert names.superseded([a, b], {"ex": b, "touchy": Touchy(), "slots": object()}) == [a]


def test_a_kept_client_is_stopped_once(monkeypatch: pytest.MonkeyPatch):
    """At exit, unless it was stopped before."""
    at_exit: list[Any] = []
    monkeypatch.setattr(lifetime.atexit, "register", at_exit.append)
    monkeypatch.setattr(lifetime.atexit, "unregister", at_exit.remove)
    client = Client()
    for _ in range(2):
        lifetime.keep(client)
    assert at_exit == [client.end]
    client.stop()
    lifetime.forget(client)
    assert at_exit == []
