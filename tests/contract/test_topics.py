"""The topics against the venue's published pages, as data."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from orderly_sync.models.base import Frame
from orderly_sync.wire import topics
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.frames import route
from orderly_sync.wire.json import decode, encode
from tests.contract.published import ALGO_FIELDS, RETIRED_TOPICS, TOPICS
from tests.support.topics import topic_of

ROWS = [*TOPICS, *RETIRED_TOPICS]
FRAMES = [(row["topic"], json.dumps(frame)) for row in ROWS for frame in row["frames"]]
LISTED = {row["topic"]: row for row in topics.ALL}


def numbers(value):
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {str(value)} if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else set()
    return own.union(*map(numbers, inner))


def test_the_listing_covers_every_published_topic():
    """Each row of the pages, and the retired one, is listed with its access."""
    assert {name: row["access"] for name, row in LISTED.items()} == {
        row["topic"]: row["access"] for row in ROWS
    }


@pytest.mark.parametrize("row", ROWS, ids=[row["topic"] for row in ROWS])
def test_every_published_topic_is_subscribed_as_published(row):
    """The frame that is sent is the pages' own, but for ids and the sample's symbol."""
    published = row.get("subscribe")
    if published is None or row["topic"].startswith("request"):
        return
    topic = topic_of(LISTED[row["topic"]])
    sample, ours = published["topic"], topic.name

    assert ours.rpartition("@")[2].rpartition("$")[2] == sample.rpartition("@")[2].rpartition("$")[2]
    assert set(topic.subscription("1")) <= set(published) | {"params"}


@pytest.mark.parametrize(("pattern", "text"), FRAMES)
def test_every_published_frame_becomes_typed_events_without_strangers(pattern, text):
    """Each example is read, each of its fields has a place, and no digit is lost on the way back."""
    message = decode(text, "example")
    topic = topic_of(LISTED[pattern])
    data = message["data"] if pattern.startswith("request") else route(message).data
    events = topic.read(data, Frame(pattern, 1), Decimal)
    back = encode([to_wire(event) for event in events])

    assert {type(event) for event in events} == {topic.event}
    assert [dict(event.extra) for event in events] == [{}] * len(events)
    if pattern != "announcement":  # whose id is a number or a text, and is kept as text
        assert numbers(data) <= numbers(decode(back, "back"))


@pytest.mark.parametrize("name", [row[0] for row in ALGO_FIELDS])
def test_every_field_ever_seen_in_an_algo_report_has_a_place(name):
    """No source of the field table knows a field that would end among the strangers."""
    node = {"symbol": "A", "algoOrderId": 1, "rootAlgoOrderId": 1, "parentAlgoOrderId": 0, "algoType": "STOP"}
    (report,) = topics.algo_execution_report().read([{**node, name: node.get(name)}], Frame(), Decimal)

    assert not report.extra
