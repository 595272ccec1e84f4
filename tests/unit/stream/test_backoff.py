"""How often a venue is dialled that does not stay: at once at first, seldom in the end, never more than so often."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import Credentials, Stream
from orderly_sync.stream.backoff import MOST_DIALS, WITHIN, DialBudget, full_jitter
from orderly_sync.stream.effects import Dial
from orderly_sync.stream.opening import connection_of
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.stream.transitions import State
from orderly_sync.wire.json import decode
from tests.support.streams import SECRET

HALF_HOUR = 1800.0

Fate = Callable[[int], tuple[float, float | None]]
"""Given a dial's number: how long it takes, and how long the connection is ready then; None if it never is."""

FATES: dict[str, Fate] = {
    "refused at once": lambda _: (0.0, None),
    "refused after a moment": lambda _: (0.3, None),
    "deaf": lambda _: (5.0, None),
    "taken and dropped": lambda _: (0.02, 0.0),
    "dropped after a second": lambda _: (0.1, 1.0),
    "dropped before it counts as sound": lambda _: (0.1, 59.0),
    "dropped just after it counts as sound": lambda _: (0.1, 61.0),
    "refused seven times between sound ones": lambda number: (0.01, None if number % 8 else 60.5),
}


def run(protocol: StreamProtocol, fate: Fate, seconds: float) -> Iterator[tuple[float, float]]:
    """Each dial's moment, and how long the connection before it had been ready."""
    now, ready, number = 0.0, 0.0, 0
    protocol.connect(now)
    while now < seconds:
        assert [one for one in protocol.effects() if isinstance(one, Dial)] == [Dial()]
        yield now, ready
        takes, lasts = fate(number)
        number, now, ready = number + 1, now + takes, lasts or 0.0
        if lasts is not None:
            protocol.opened(now)
            for one in protocol.effects():
                asked = decode(one.text, "test")  # type: ignore[union-attr]
                protocol.received({"id": asked["id"], "event": asked["event"], "success": True}, now)
            assert protocol.state is State.READY
            now += lasts
        protocol.lost("cut", now)
        now = protocol.deadline or now
        protocol.tick(now)


def private(seed: int) -> StreamProtocol:
    draw = Random(seed).uniform
    login = lambda request_id: {"id": request_id, "event": "auth"}  # noqa: E731
    return StreamProtocol(login=login, delays=partial(full_jitter, draw), budget=DialBudget())


def most_within(dials: list[float]) -> int:
    return max(sum(begin <= one < begin + WITHIN for one in dials) for begin in dials)


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("seed", range(5))
def test_no_five_minutes_have_more_than_twenty_dials(fate: str, seed: int) -> None:
    """Whatever becomes of them; and a venue that is back is dialled within a minute."""
    dials = [now for now, _ in run(private(seed), FATES[fate], HALF_HOUR)]
    assert most_within(dials) <= MOST_DIALS == 20
    pauses = [later - now for now, later in pairwise(dials)]
    assert max(pauses) < 61.5 + 60


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_connection_that_is_lost_is_dialled_again_at_once(seed: int) -> None:
    """Within a quarter of a second, each time."""
    dials = list(run(private(seed), lambda _: (0.0, 61.0), HALF_HOUR))
    assert len(dials) == 30
    for (before, _), (now, ready) in pairwise(dials):
        assert now - before - ready <= 0.25


def test_without_a_budget_there_would_be_more() -> None:
    """Delays alone do not keep it, so that the test above could fail."""
    counts = []
    for seed in range(40):
        protocol = StreamProtocol(login=None, delays=partial(full_jitter, Random(seed).uniform))
        counts.append(most_within([now for now, _ in run(protocol, FATES["refused at once"], WITHIN)]))
    assert max(counts) > MOST_DIALS


@pytest.mark.parametrize("name", ["private", "public"])
def test_every_stream_has_one_unless_it_brings_its_own_delays(name: str) -> None:
    """Each of its connections counts by itself."""
    credentials = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)

    def at_once() -> Iterator[float]:
        while True:
            yield 0.0

    for options, held in (({}, True), ({"delays": at_once}, False)):
        stream = Stream("testnet", credentials, **options)  # type: ignore[arg-type]
        connection = connection_of(stream.hub, stream.hub.options, name)
        connection.driver._wakeup.close()
        connection.protocol.connect(0.0)
        for _ in range(100):
            connection.protocol.lost("refused", 0.0)
            connection.protocol.tick(due := connection.protocol.deadline or 0.0)
        # All hundred wanted to be dialled in the first seconds.
        assert (due > 4 * WITHIN) is held


@given(st.lists(st.tuples(st.floats(0, 40), st.floats(0, 100)), max_size=80), st.integers(1, 5))
def test_what_is_within_the_budget_is_not_put_off(steps: list[tuple[float, float]], most: int) -> None:
    """Nor is anything put off for longer than need be."""
    budget, now, made = DialBudget(most, 60.0), 0.0, [0.0]
    for wanted, lasted in steps:
        delay = budget.delay(wanted, now)
        earliest = max(now + wanted, made[-most] + 60.0 if len(made) >= most else 0.0)
        assert now + delay == pytest.approx(earliest)
        made.append(now + delay)
        now += delay + lasted
