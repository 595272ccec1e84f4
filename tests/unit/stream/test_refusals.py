"""Topics that are refused: dropped when they are new, else asked for again and told."""

from __future__ import annotations

import pytest

from orderly_sync.stream.effects import Acked, Ready, SubscriptionRejected
from orderly_sync.stream.transitions import State
from tests.support.protocols import BBO, TRADE, make, ready, redial, refuse, sent


@pytest.mark.parametrize("private", [True, False])
def test_a_topic_refused_on_a_new_dial_is_asked_for_until_it_is_acknowledged(private: bool):
    """After delays that grow; it is not ready meanwhile; and it says so once more when the topic is heard."""
    protocol = make(private=private, silence=1_000)
    protocol.subscribe(TRADE, 0)
    protocol.subscribe(BBO, 0)
    ready(protocol)
    redial(protocol, 10)
    protocol.events()
    refuse(protocol, TRADE.name, 10)
    now, waits = 10.0, []
    while len(waits) < 4:
        refused = [one for one in protocol.events() if isinstance(one, SubscriptionRejected)]
        waits += [one.error.retry_in for one in refused]
        assert (protocol.state, protocol.is_ready) == (State.READY, False)
        assert list(protocol.wanted) == [TRADE.name, BBO.name]
        assert protocol.deadline == now + (waits[-1] or 0)
        protocol.tick(protocol.deadline - 0.01)
        assert not sent(protocol)
        now = protocol.deadline
        protocol.tick(now)
        (again,) = sent(protocol)
        assert again["topic"] == TRADE.name
        success = len(waits) == 4
        protocol.received({"id": again["id"], "success": success, "errorMsg": "busy"}, now)
    assert waits == [1.0, 2.0, 4.0, 4.0]
    assert protocol.events() == [Acked(TRADE.name), Ready(resumed=True)]
    assert protocol.is_ready


def test_without_a_required_topic_nothing_is_ready():
    """Though it was refused when it was asked for the first time, and whatever else is acknowledged."""
    protocol = make(private=False, silence=1_000)
    protocol.subscribe(TRADE, 0, required=True)
    protocol.subscribe(BBO, 0)
    protocol.connect(0)
    protocol.opened(0)
    protocol.effects()  # the dial
    redial(protocol, 1)
    refuse(protocol, TRADE.name, 1)
    assert protocol.state is State.SUBSCRIBING
    assert Ready(False) not in protocol.events()
    protocol.tick(protocol.deadline or 0)
    (again,) = sent(protocol)
    protocol.received({"id": again["id"], "success": True}, 3)
    assert protocol.events() == [Acked(TRADE.name), Ready(False)]


def test_delays_of_refused_topics_go_on_over_a_new_dial():
    """A venue that refuses on every connection is not asked in a hot loop; after success they begin anew."""
    protocol = make(private=False, silence=1_000)
    protocol.subscribe(TRADE, 0)
    ready(protocol)
    waits = []
    for now in (10, 20, 30):
        redial(protocol, now)
        refuse(protocol, TRADE.name, now)
        waits += [one.error.retry_in for one in protocol.events() if isinstance(one, SubscriptionRejected)]
    assert waits == [1.0, 2.0, 4.0]
    redial(protocol, 40)
    refuse(protocol, "", 40)
    assert protocol.is_ready
    redial(protocol, 50)
    refuse(protocol, TRADE.name, 50)
    last = protocol.events()[-2:]
    assert [one.error.retry_in for one in last if isinstance(one, SubscriptionRejected)] == [1.0]


@pytest.mark.parametrize("way", ["leave", "renew", "subscribe again"])
def test_a_topic_is_known_until_nobody_wants_it(way: str):
    """Asked for anew because it fell silent, it is kept though refused; left and wanted again, it is a new one."""
    protocol = make(private=False, silence=1_000)
    protocol.subscribe(TRADE, 0)
    ready(protocol)
    if way == "renew":
        protocol.renew(TRADE, 1)
    else:
        if way == "subscribe again":
            protocol.unsubscribe(TRADE.name, 1)
            protocol.effects()
        protocol.subscribe(TRADE, 1)
        if way == "leave":
            redial(protocol, 1)
    refuse(protocol, TRADE.name, 2)
    assert (TRADE.name in protocol.wanted) is (way != "subscribe again")
    protocol.unsubscribe(TRADE.name, 3)
    assert protocol.is_ready
    assert protocol.refusals.due is None
