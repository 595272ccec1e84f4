"""Frames: to which topic one belongs, and when it was sent."""

from __future__ import annotations

import pytest

from orderly_sync.wire.frames import route

DETAIL = {"accountDetail": {"futuresLeverage": 10}}


@pytest.mark.parametrize(
    ("message", "topic", "ts"),
    [
        ({"topic": "bbos", "ts": 5, "data": []}, "bbos", 5),
        ({"topic": "wallet", "timestamp": 6, "data": {}}, "wallet", 6),
        ({"topic": "wallet", "ts": None, "timestamp": 6, "data": {}}, "wallet", 6),
        ({"topic": "wallet", "ts": "7", "data": {}}, "wallet", 7),
        ({"topic": "wallet", "ts": "x", "data": {}}, "wallet", None),
        ({"topic": "wallet", "ts": "9" * 5000, "data": {}}, "wallet", None),
        ({"topic": "wallet", "ts": "9" * 5000, "timestamp": 6, "data": {}}, "wallet", 6),
        ({"topic": "wallet", "ts": "1730181536341943600", "data": {}}, "wallet", 1730181536341943600),
        ({"topic": "wallet", "data": {}}, "wallet", None),
        ({"topic": "bbos", "event": "push", "ts": 5, "data": []}, "bbos", 5),
        ({"data": DETAIL}, "account", None),
        ({"ts": 8, "data": DETAIL}, "account", 8),
        (DETAIL, "account", None),
    ],
)
def test_a_push_is_routed_whatever_its_envelope_lacks(message, topic, ts):
    """Some topics write timestamp for ts; the account's push may come with neither topic nor time."""
    routed = route(message)

    assert (routed.topic, routed.ts) == (topic, ts)


def test_data_is_handed_on_as_it_is():
    """An account frame without any envelope is its own data."""
    assert route({"topic": "x", "ts": 1, "data": None}).data is None
    assert route(DETAIL).data is DETAIL
    assert route({"data": DETAIL}).data is DETAIL


@pytest.mark.parametrize(
    "message",
    [
        {"event": "ping", "ts": 1},
        {"event": "subscribe", "success": True, "id": "1"},
        {"event": "request", "id": "1", "success": True, "data": {"symbol": "A"}},
        {"id": "1", "success": False, "errorMsg": "no"},
        {"topic": "bbos"},
        {"topic": 3, "data": []},
        {"data": []},
        {},
    ],
)
def test_what_is_no_push_is_not_routed(message):
    """Acks, answers, pings and strangers belong to no topic."""
    assert route(message) is None
