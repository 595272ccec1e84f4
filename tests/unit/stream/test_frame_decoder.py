"""From a frame's text to typed events, without a connection."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync import DecodingError, Unrouted, topics
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.stream.dispatch import Dispatcher
from orderly_sync.stream.frame_decoder import FrameDecoder
from orderly_sync.stream.routes import Route
from tests.support.streams import mark, report


class ConnectionListener:
    """Routes, and what was announced."""

    def __init__(self, *wanted: Any) -> None:
        self.routes = {topic.name: Route(topic) for topic in wanted}
        self.dispatcher = Dispatcher(lambda _: None, lambda _: None)
        self.numbers: type = Decimal
        self.announced: list[Any] = []
        self.seen: list[Any] = []
        for route in self.routes.values():
            route.observers = (self.seen.append,)

    def announce(self, event: object) -> None:
        self.announced.append(event)


def text(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_a_push_becomes_typed_events_of_its_topic():
    """Exact numbers, the frame's time and origin; nothing is left for the protocol."""
    home = ConnectionListener(topics.execution_report(), topics.mark_price("ETH"))
    reader = FrameDecoder("private", home, origin="replay")
    assert reader.read(text(report(5, quantity=0.1)), 1.0) is None
    assert reader.read(text(mark(1.5)), 2.0) is None
    order, price = home.seen
    assert (order.order_id, order.quantity, order.origin) == (5, Decimal("0.1"), "replay")
    assert price.price == Decimal("1.5")
    assert reader.last_ts == 1700000000005
    route = home.routes["executionreport"]
    assert (route.count, route.began, route.last_push) == (1, 1.0, 1.0)


def test_a_report_sent_twice_is_read_once():
    """Repeats are counted."""
    home = ConnectionListener(topics.execution_report())
    reader = FrameDecoder("private", home)
    for _ in range(3):
        reader.read(text(report(5)), 1.0)
    assert len(home.seen) == 1
    assert reader.repeated == 2


def test_answers_are_handed_to_the_protocol_and_tell_the_time():
    """Before the first push, acknowledgements alone move the watermark."""
    home = ConnectionListener(topics.execution_report())
    reader = FrameDecoder("private", home)
    answer = {"event": "subscribe", "success": True, "ts": 77}
    assert reader.read(text(answer), 1.0) == answer
    assert reader.last_ts == 77
    assert reader.read(text({"success": False, "ts": "x"}), 1.0) == {"success": False, "ts": "x"}
    assert reader.last_ts == 77


def test_a_push_nobody_asked_for_is_announced_raw():
    """Not an error, and not dropped in silence."""
    home = ConnectionListener(topics.execution_report())
    reader = FrameDecoder("private", home)
    assert reader.read(text({"topic": "new thing", "ts": 1, "data": {}}), 1.0) is None
    assert reader.read(text({"data": {}}), 1.0) is None
    assert [type(one) for one in home.announced] == [Unrouted, Unrouted]
    assert home.announced[0].name == "new thing"


def test_a_push_without_data_says_nothing():
    """A known topic with null data is neither news nor a stranger."""
    home = ConnectionListener(topics.execution_report())
    assert (
        FrameDecoder("private", home).read(text({"topic": "executionreport", "ts": 1, "data": None}), 1.0)
        is None
    )
    assert home.seen == home.announced == []


def test_an_account_update_without_its_envelope_is_routed():
    """It has been seen with no topic and no time; so has one that nobody asked for."""
    detail = {"accountDetail": {"futuresLeverage": 10}}
    home = ConnectionListener(topics.account())
    FrameDecoder("private", home).read(text(detail), 1.0)
    FrameDecoder("private", home).read(text({"data": detail}), 1.0)
    assert len(home.seen) == 2
    assert home.seen[0].ts is None
    stranger = ConnectionListener()
    FrameDecoder("private", stranger).read(text(detail), 1.0)
    assert isinstance(stranger.announced[0], Unrouted)


@pytest.mark.parametrize("raw", [b"[1]", b"3", b'"x"', b"null", b"true", b"{", b"", b"\xff"])
def test_what_is_no_object_cannot_be_read(raw: bytes):
    """A typed error, whatever the JSON."""
    with pytest.raises(DecodingError):
        FrameDecoder("private", ConnectionListener()).read(raw, 1.0)


def test_a_time_stamp_of_another_kind_is_no_time():
    """The older frames say ``timestamp``; text is no time."""
    home = ConnectionListener(topics.execution_report())
    reader = FrameDecoder("private", home)
    frame = report(5)
    frame["timestamp"] = frame.pop("ts")
    reader.read(text(frame), 1.0)
    assert home.seen[0].ts == 1700000000005
    reader.read(text({**report(6), "ts": "soon"}), 1.0)
    assert home.seen[1].ts is None


def test_reports_can_be_kept_in_order():
    """With a sequencer a report waits for the one before it."""
    home = ConnectionListener(topics.execution_report())
    reader = FrameDecoder("private", home)
    sequencer = ReportSequencer(
        "order_id",
        "status",
        totals=True,
        filled_before_start=lambda _: None,
        missing=lambda: None,
        clock=lambda: 0.0,
    )
    sequencer.begin(5, 0)
    reader.keep_order(home.routes["executionreport"], sequencer)
    second = report(5, tradeId=2, executedQuantity=0.5, totalExecutedQuantity=1, status="FILLED")
    first = report(5, tradeId=1, executedQuantity=0.5, totalExecutedQuantity=0.5, status="PARTIAL_FILLED")
    reader.read(text(second), 1.0)
    assert home.seen == []
    reader.read(text(first), 1.0)
    assert [one.trade_id for one in home.seen] == [1, 2]


def test_a_push_whose_time_cannot_be_true_moves_no_watermark():
    """In microseconds, or from tomorrow: measured by what pings and acknowledgements tell."""
    home = ConnectionListener(topics.execution_report(), topics.mark_price("ETH"))
    reader = FrameDecoder("private", home)
    reader.read(text({"event": "auth", "success": True, "ts": 1700000000000}), 1.0)
    for ts in (1700000000000000, 1700086400000):
        reader.read(text({**report(5), "ts": ts}), 2.0)
    assert reader.last_ts == 1700000000000
    reader.told_time({"event": "ping", "ts": 1700000003000}, 4.0)
    reader.read(text({**mark(1.5), "ts": 1700000004000}), 5.0)
    assert reader.last_ts == 1700000004000
    assert len(home.seen) == 2
