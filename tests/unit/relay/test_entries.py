"""Events as entries: the same typed events come back, whatever the topic and the flags."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError, Disconnected
from orderly_sync.models.base import Frame
from orderly_sync.relay.entries import (
    FORMAT,
    EntryClock,
    entry_fields,
    entry_key,
    events_of_entry,
    id_before,
    number_of_entry,
    session_event_of,
    session_fields,
)
from orderly_sync.relay_errors import RelayMismatch
from orderly_sync.stream.events import CancelTimer, GapClosed, GapOpened, Resynced, Stale, VenueRestarted
from orderly_sync.wire.frames import route
from orderly_sync.wire.json import decode
from tests.contract.published import TOPICS
from tests.support.topics import PATTERNS

FRAMES = [
    (row["topic"], json.dumps(frame)) for row in TOPICS for frame in row["frames"] if row["topic"] in PATTERNS
]


def as_redis_gives_it(fields: dict[str, Any]) -> dict[bytes, bytes]:
    return {
        key.encode(): value if isinstance(value, bytes) else str(value).encode()
        for key, value in fields.items()
    }


@pytest.mark.parametrize("numbers", [Decimal, float])
@pytest.mark.parametrize(("pattern", "text"), FRAMES)
def test_each_published_frame_comes_back_as_it_was(pattern: str, text: str, numbers: type) -> None:
    """Each field, each id, the frame's time, topic and origin."""
    topic = PATTERNS[pattern]
    routed = route(decode(text, "example"))
    assert routed is not None
    events = topic.read(routed.data, Frame(topic.name, routed.ts), numbers)
    fields = as_redis_gives_it(entry_fields(topic, events, 7))
    back = events_of_entry(topic, fields, numbers)

    assert list(back) == list(events)
    assert [event.event_id for event in back] == [event.event_id for event in events]
    assert {(event.ts, event.topic, event.origin) for event in back} == {(routed.ts, topic.name, "stream")}
    assert number_of_entry(fields) == 7


@given(recovered=st.booleans(), out_of_order=st.booleans(), again=st.booleans())
def test_flags_travel(recovered: bool, out_of_order: bool, again: bool) -> None:
    """And what is delivered again says so."""
    topic, text = PATTERNS["executionreport"], dict(FRAMES)["executionreport"]
    frame = Frame(topic.name, 5, "rest", recovered=recovered, out_of_order=out_of_order)
    events = topic.read(decode(text, "example")["data"], frame, Decimal)
    (back,) = events_of_entry(
        topic, as_redis_gives_it(entry_fields(topic, events, 1)), Decimal, redelivered=again
    )
    assert (back.recovered, back.out_of_order, back.redelivered) == (recovered, out_of_order, again)
    assert back.origin == "rest"


def test_an_entry_of_a_later_release_is_refused() -> None:
    """With what to do."""
    topic, text = PATTERNS["executionreport"], dict(FRAMES)["executionreport"]
    events = topic.read(decode(text, "example")["data"], Frame(topic.name, 5), Decimal)
    fields = as_redis_gives_it(entry_fields(topic, events, 1)) | {b"v": b"%d" % (FORMAT + 1)}
    with pytest.raises(RelayMismatch, match="newer release of this package; update this bot"):
        events_of_entry(topic, fields, Decimal)


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"[{}]", b"nonsense"])
def test_an_entry_that_is_none_is_a_decoding_error(text: bytes) -> None:
    """Never anything else."""
    with pytest.raises(DecodingError):
        events_of_entry(PATTERNS["executionreport"], {b"v": b"1", b"d": text}, Decimal)


@pytest.mark.parametrize(
    "event",
    [
        GapOpened(since=5, reason="why"),
        GapClosed(since=5, until=9, recovered=2, looks=3, seconds=1.5, gap_complete=False, reason="why"),
        Resynced(since=None, until=9, recovered=0, reason=""),
        VenueRestarted(reason="its clock went back"),
        Stale(topic="bbos", age=2.5, symbols=("PERP_ETH_USDC",)),
    ],
)
def test_session_events_travel(event: object) -> None:
    """Those that tell of the account's stream."""
    fields = session_fields(event, 3)
    assert fields is not None
    assert session_event_of(as_redis_gives_it(fields)) == event


def test_a_disconnect_travels_and_a_relays_own_affairs_do_not() -> None:
    """A timer is the relay's."""
    fields = session_fields(Disconnected("cut", "private"), 1)
    assert fields is not None
    back = session_event_of(as_redis_gives_it(fields))
    assert isinstance(back, Disconnected)
    assert (back.reason, back.connection, back.final) == ("cut", "private", False)
    assert session_fields(CancelTimer(armed=True, reason=""), 1) is None
    assert session_event_of({b"v": b"1", b"e": b"Unheard", b"d": b"{}"}) is None
    with pytest.raises(DecodingError):
        session_event_of({b"v": b"1", b"e": b"Disconnected", b"d": b"{}"})


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(0, 60))
def test_ids_ascend_whatever_the_clock_does(times: list[int], last: int) -> None:
    """Also from one relay to the next."""
    clock = EntryClock(f"{last}-3")
    keys = [(last, 3), *(entry_key(clock.next(at)) for at in times)]
    assert keys == sorted(set(keys))
    assert entry_key(clock.last) == keys[-1]


@pytest.mark.parametrize(
    ("entry_id", "before"), [("5-3", "5-2"), ("5-0", "4-18446744073709551615"), ("0-1", "0-0")]
)
def test_what_comes_just_before_an_id(entry_id: str, before: str) -> None:
    """Nothing is in between."""
    assert id_before(entry_id) == before
