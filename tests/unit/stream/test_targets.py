"""What can never bring an event is refused, with what to pass instead."""

from __future__ import annotations

import functools
import queue
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, Mock

import pytest

import orderly_sync
from orderly_sync import (
    ApiError,
    Connected,
    Credentials,
    Disconnected,
    HookError,
    InvalidOrder,
    Network,
    OrderlyError,
    OrderOutcomeUnknown,
    Replay,
    Rest,
    Stream,
    StreamError,
    UsageError,
    connect,
    topics,
)
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.stream.events import ANNOUNCED, SessionEvent
from tests.support.streams import SECRET


def blank(folder: Path) -> Path:
    """A recording in which nothing has happened."""
    path = folder / "blank.jsonl"
    path.touch()
    return path


def named(value: object) -> str:
    """The same name in every process: workers of one run must collect the same tests."""
    return re.sub(r" (?:at |id=)'?(?:0x)?[0-9a-f]+'?", "", repr(value))


NOWHERE = Network(
    name="nowhere", rest="http://127.0.0.1:1", ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1"
)


def stream() -> Stream:
    """Not started: nothing is dialled, and hooks are taken at once."""
    return Stream(NOWHERE, Credentials(account_id="0x" + "ab" * 32, secret=SECRET))


async def coroutine(event: Any) -> None:
    pass


def generator(event: Any) -> Any:
    yield event


async def asynchronous_generator(event: Any) -> Any:
    yield event


class Bot:
    async def on_report(self, event: Any) -> None:
        pass

    def nothing(self) -> None:
        pass


class Awaited:
    async def __call__(self, event: Any) -> None:
        pass


NEVER_RUN = {
    "a coroutine function": coroutine,
    "a coroutine method": Bot().on_report,
    "a partial of one": functools.partial(coroutine),
    "an object whose call is one": Awaited(),
    "a generator function": generator,
    "an asynchronous generator function": asynchronous_generator,
    "no argument": Bot().nothing,
    "two arguments": lambda event, other: None,
    "a keyword without default": lambda event, *, other: None,
    "an asynchronous mock": AsyncMock(),
    "nothing to call": "print",
}


@pytest.mark.parametrize("fn", NEVER_RUN.values(), ids=NEVER_RUN)
def test_what_would_run_nothing_is_no_hook_and_no_predicate(fn: Any, tmp_path: Path):
    """Refused where it is given, on topics and session events, live and in a replay; nothing is registered."""
    live, replay = stream(), Replay(blank(tmp_path))
    for on in (live.on, replay.on):
        for target in (topics.execution_report(), Disconnected):
            with pytest.raises(UsageError, match=r"^a hook (is|must be) "):
                on(target, fn)
            with pytest.raises(UsageError, match=r"^a hook (is|must be) "):
                on(target)(fn)
    with pytest.raises(UsageError, match=r"^a predicate (is|must be) "):
        live.wait_for(topics.execution_report(), fn, timeout=0)
    with pytest.raises(UsageError, match=r"^a predicate (is|must be) "):
        replay.wait_for(topics.execution_report(), fn)
    assert live.stats()["hooks"] == []
    assert live.hub.routes == {}


@pytest.mark.parametrize(
    "fn",
    [
        print,
        [].append,
        queue.SimpleQueue().put,
        Mock(),
        functools.partial(print, "got"),
        lambda *events: None,
        dict,
    ],
    ids=named,
)
def test_whatever_takes_one_event_is_a_hook(fn: Any):
    """Functions in C, mocks and classes too."""
    live = stream()
    live.on(topics.execution_report(), fn)
    live.on(Disconnected, fn)
    assert len(live.stats()["hooks"]) == 2


def raised_later(hook: Any) -> list[Any]:
    """What a hook raises when an event comes."""
    live = stream()
    errors = live.stream(HookError)
    live.on(Connected, hook)
    with live:
        live.hub.announce(Connected(connection="public"))
        return [errors.get(timeout=20).__cause__]


@pytest.mark.parametrize(
    "hook",
    [lambda event: AsyncMock()(event, 1), lambda event: coroutine([event]), lambda event: generator([event])],
)
def test_what_gives_back_something_unrun_is_told_at_the_first_event(hook: Any):
    """No coroutine is left behind that nobody awaits."""
    (error,) = raised_later(hook)
    assert isinstance(error, UsageError)
    assert "nobody runs" in str(error)


@pytest.mark.parametrize(
    "kind", [ApiError, InvalidOrder, OrderOutcomeUnknown, UsageError, type("Mine", (SessionEvent,), {})]
)
@pytest.mark.parametrize("verb", ["on", "decorator", "stream", "wait_for", "replay"])
def test_a_class_that_is_never_announced_is_refused(kind: type, verb: str, tmp_path: Path):
    """It is told to be caught where it is raised."""
    live = stream()
    calls: dict[str, Any] = {
        "on": lambda: live.on(kind, print),
        "decorator": lambda: live.on(kind),
        "stream": lambda: live.stream(kind),
        "wait_for": lambda: live.wait_for(kind, timeout=0),
        "replay": lambda: Replay(blank(tmp_path)).on(kind, print),
    }
    with pytest.raises(
        UsageError, match=rf"{kind.__name__} is never announced.*try and except.*Disconnected"
    ):
        calls[verb]()


def test_all_that_is_announced_can_be_heard():
    """Each class, and the bases they share; the list holds every session event of the package."""
    live = stream()
    for kind in (*ANNOUNCED, SessionEvent, StreamError, OrderlyError):
        live.on(kind, print)
    ours = {one for one in SessionEvent.__subclasses__() if one.__module__.startswith(orderly_sync.__name__)}
    assert ours <= set(ANNOUNCED)


@pytest.mark.parametrize(
    ("target", "advice"),
    [
        ("executionreport", r"topics\.execution_report\("),
        ("PERP_BTC_USDC@markprice", r"topics\.mark_price\(symbol\)"),
        ("position", r"topics\.position\(\)"),
        ("no such thing", r"topics\.execution_report\(\)"),
        (topics.execution_report, r"call it: topics\.execution_report"),
        (ExecutionReport, r"pass topics\.execution_report\("),
        (None, "topics"),
        (Disconnected("x"), "class such as Disconnected"),
        (dict, "topics"),
    ],
    ids=named,
)
def test_what_is_no_topic_is_told_which_was_meant(target: Any, advice: str, tmp_path: Path):
    """By every verb."""
    live, replay = stream(), Replay(blank(tmp_path))
    for call in (
        lambda: live.on(target, print),
        lambda: live.stream(target),
        lambda: live.wait_for(target, timeout=0),
        lambda: replay.on(target, print),
        lambda: replay.stream(target),
    ):
        with pytest.raises(UsageError, match=advice):
            call()


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        (topics.balance(), {"symbol": "ETH"}),
        (topics.account(), {"client_order_id": "mine"}),
        (topics.position(), {"order": 5}),
        (topics.mark_prices(), {"order": 5}),
        (topics.mark_price("ETH"), {"symbol": "BTC"}),
        (topics.ticker("ETH", broker="woofi_pro"), {"symbol": "BTC"}),
        (topics.execution_report(symbol=["ETH", "SOL"]), {"symbol": "BTC"}),
        (topics.execution_report(), {"order": "77"}),
        (topics.execution_report(), {"order": True}),
        (topics.execution_report(), {"client_order_id": 77}),
        (topics.execution_report(), {"symbol": "eth usd"}),
        (Disconnected, {"symbol": "ETH"}),
    ],
    ids=named,
)
def test_a_filter_that_matches_nothing_is_refused(topic: Any, wanted: dict[str, Any]):
    """Neither hook nor stream nor waiter would ever see an event."""
    live = stream()
    for call in (
        lambda: live.on(topic, print, **wanted),
        lambda: live.stream(topic, **wanted),
        lambda: live.wait_for(topic, timeout=0, **wanted),
    ):
        with pytest.raises(UsageError):
            call()
    assert live.hub.routes == {}


def test_the_filter_of_index_prices_knows_their_own_symbols():
    """Their events bear the index's name."""
    live = stream()
    got = live.stream(topics.index_prices(), symbol="ETH")
    same = live.stream(topics.index_price("ETH"), symbol="PERP_ETH_USDC")
    for one in (got, same):
        assert one._filter is not None
        assert one._filter.symbol == "SPOT_ETH_USDC"


@pytest.mark.parametrize("numbers", [int, str, Fraction, "float", None])
def test_numbers_of_another_kind_are_refused_at_every_door(numbers: Any, tmp_path: Path):
    """Before anything is started."""
    for make in (
        lambda: connect("paper", numbers=numbers),
        lambda: Stream(NOWHERE, numbers=numbers),
        lambda: Rest(NOWHERE, numbers=numbers),
        lambda: Replay(blank(tmp_path), numbers=numbers),
    ):
        with pytest.raises(UsageError, match=r"pass Decimal \(exact\) or float"):
            make()


@pytest.mark.parametrize("bad", ["1", True, float("nan"), -1, Decimal("-0.5"), b"1", object()], ids=named)
def test_every_timeout_is_read_alike(bad: Any):
    """One sentence that names the argument; nothing is registered or waited for."""
    live = stream()
    topic = topics.execution_report()
    waiting = live.stream(topic)
    for name, call in (
        ("timeout", lambda: live.on(topic, print, timeout=bad)),
        ("timeout", lambda: live.stream(topic, timeout=bad)),
        ("idle", lambda: live.stream(topic, idle=bad)),
        ("timeout", lambda: live.wait_for(topic, timeout=bad)),
        ("timeout", lambda: live.wait_ready(timeout=bad)),
        ("timeout", lambda: waiting.get(timeout=bad)),
        ("timeout", lambda: live.stop(timeout=bad)),
    ):
        with pytest.raises(UsageError, match=rf"^{name}=.* is not a number of seconds"):
            call()
    assert live.stats()["hooks"] == []
    assert live.hub.routes[topic.name].live_consumers() == [waiting]


@pytest.mark.parametrize("short", [0, 0.01, Decimal("0.01"), Fraction(1, 100)], ids=named)
def test_any_number_of_seconds_is_a_timeout(short: Any):
    """It ends in TimeoutError, which tells the seconds given."""
    waiting = stream().stream(topics.execution_report())
    with pytest.raises(TimeoutError, match=rf"within {float(short):g} s"):
        waiting.get(timeout=short)


@pytest.mark.parametrize("maxlen", [0, -1, 2.0, "5", True, None])
def test_a_queue_holds_a_whole_number_of_events(maxlen: Any):
    """At least one."""
    with pytest.raises(UsageError, match="maxlen="):
        stream().stream(topics.execution_report(), maxlen=maxlen)
