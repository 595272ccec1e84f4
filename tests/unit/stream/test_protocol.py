"""The state machine of one connection, with a clock in hand and no socket."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from orderly_sync import topics
from orderly_sync.stream.backoff import full_jitter
from orderly_sync.stream.effects import Abort, Acked, Dial, Failed, Lost, Ready, SubscriptionRejected
from orderly_sync.stream.transitions import TRANSITIONS, State
from tests.support.protocols import BBO, TRADE, make, ready, sent


def test_connect_dials_and_login_precedes_subscriptions():
    """Nothing is subscribed before the login is acknowledged."""
    protocol = make()
    protocol.subscribe(TRADE, 0)
    protocol.connect(0)
    assert protocol.effects() == [Dial()]
    protocol.opened(0)
    (login,) = sent(protocol)
    assert login["event"] == "auth"
    protocol.received({"id": login["id"], "event": "auth", "success": True}, 0)
    (subscription,) = sent(protocol)
    assert subscription["topic"] == TRADE.name


def test_ready_comes_with_the_last_acknowledgement():
    """Ready is announced once all wanted topics are acknowledged, and says it is no resumption."""
    protocol = make(private=False)
    protocol.subscribe(TRADE, 0)
    protocol.subscribe(BBO, 0)
    protocol.connect(0)
    protocol.opened(0)
    first, second = sent(protocol)
    protocol.received({"id": second["id"], "event": "subscribe", "success": True}, 0)
    assert protocol.events() == [Acked(BBO.name)]
    protocol.received({"id": first["id"], "event": "subscribe", "success": True}, 0)
    assert protocol.events() == [Acked(TRADE.name), Ready(False)]


def test_login_is_signed_anew_on_every_dial():
    """A reused timestamp would be refused after five minutes."""
    protocol = make()
    ready(protocol)
    protocol.lost("cut", 1)
    protocol.effects()
    protocol.tick(2)
    assert protocol.effects() == [Dial()]
    protocol.opened(2)
    (login,) = sent(protocol)
    assert login["n"] == 2


def test_a_login_acknowledged_without_an_id_counts():
    """One client of the field has seen such acknowledgements."""
    protocol = make()
    protocol.connect(0)
    protocol.opened(0)
    protocol.received({"event": "auth", "success": True}, 0)
    assert protocol.state is State.READY


def test_a_refused_login_is_final_and_hangs_up():
    """No delay, no new dial."""
    protocol = make()
    protocol.connect(0)
    protocol.opened(0)
    (login,) = sent(protocol)
    protocol.received({"id": login["id"], "event": "auth", "success": False, "errorMsg": "auth failed"}, 0)
    assert protocol.effects() == [Abort()]
    (failed,) = protocol.events()
    assert isinstance(failed, Failed)
    assert "auth failed" in str(failed.error)
    assert protocol.deadline is None


def test_a_refused_topic_is_no_longer_wanted_and_the_rest_becomes_ready():
    """The refusal belongs to its topic alone."""
    protocol = make(private=False)
    protocol.subscribe(TRADE, 0)
    protocol.subscribe(BBO, 0)
    protocol.connect(0)
    protocol.opened(0)
    first, second = sent(protocol)
    protocol.received({"id": first["id"], "success": False, "errorMsg": "invalid topic"}, 0)
    protocol.received({"id": second["id"], "event": "subscribe", "success": True}, 0)
    events = protocol.events()
    assert isinstance(events[0], SubscriptionRejected)
    assert events[-1] == Ready(False)
    assert list(protocol.wanted) == [BBO.name]


@pytest.mark.parametrize(
    "stray",
    [
        {"event": "subscribe", "success": True},
        {"event": "subscribe", "success": False, "errorMsg": "no"},
        {"event": "announcement", "success": True},
        {"event": []},
        {"event": {}, "success": True},
        {"success": "true"},
        {"event": "auth"},
        {"event": "auth", "success": None},
        {"event": "auth", "success": 1},
        {"event": "auth", "success": "false", "id": []},
        {"topic": "balance", "success": True},
        {"id": [], "success": True},
        {"id": {"a": 1}, "event": 7, "success": [], "errorMsg": [], "ts": {}},
    ],
)
def test_only_a_clear_answer_ends_a_login(stray: dict[str, Any]):
    """A frame about something else, or one that says neither yes nor no, is not taken for the acknowledgement."""
    protocol = make()
    protocol.connect(0)
    protocol.opened(0)
    (login,) = sent(protocol)
    protocol.received(stray, 0)
    assert protocol.state is State.LOGIN
    protocol.received({"id": login["id"], "event": "auth", "success": True}, 0)
    assert protocol.state is State.READY


@pytest.mark.parametrize("odd", [None, "true", 0, 1, [], {}])
def test_a_subscription_answered_with_neither_yes_nor_no_is_awaited_on(odd: object):
    """Until the time for acknowledgements is over; then it is dialled anew."""
    protocol = make(private=False, ack=3)
    protocol.subscribe(TRADE, 0)
    protocol.connect(0)
    protocol.opened(0)
    (asked,) = sent(protocol)
    protocol.received({"id": asked["id"], "event": "subscribe", "success": odd}, 0)
    assert not protocol.active
    assert protocol.state is State.SUBSCRIBING
    protocol.tick(3)
    assert protocol.state is State.WAITING


def test_delays_follow_each_other_and_start_anew_after_a_minute_of_health():
    """A connection that dies young does not reset the backoff."""
    protocol = make()
    ready(protocol, 0)
    protocol.events()
    protocol.lost("cut", 59)
    (lost,) = protocol.events()
    assert lost == Lost("cut", 1.0, True)
    protocol.tick(60)
    ready(protocol, 60)
    protocol.events()
    protocol.lost("cut", 100)
    (lost,) = protocol.events()
    assert isinstance(lost, Lost)
    assert lost.delay == 2.0
    protocol.tick(102)
    ready(protocol, 102)
    protocol.events()
    protocol.lost("cut", 162)
    (lost,) = protocol.events()
    assert isinstance(lost, Lost)
    assert lost.delay == 1.0


def test_half_the_silence_brings_a_ping_and_all_of_it_the_end():
    """A probe first, then the connection counts as dead."""
    protocol = make()
    ready(protocol, 0)
    assert protocol.deadline == 10
    protocol.tick(10)
    assert sent(protocol) == [{"event": "ping"}]
    assert protocol.deadline == 20
    protocol.tick(20)
    assert Abort() in protocol.effects()
    assert protocol.state is State.WAITING


def test_any_byte_proves_life():
    """heard() restarts the silence, whatever the bytes were."""
    protocol = make()
    ready(protocol, 0)
    protocol.tick(10)
    protocol.heard(19)
    protocol.tick(20)
    assert protocol.state is State.READY
    assert protocol.deadline == 29


@pytest.mark.parametrize("asked", ["login", "subscription"])
def test_a_missing_acknowledgement_ends_the_connection(asked: str):
    """Acked-but-late and never-acked look alike; the next dial starts clean."""
    protocol = make(private=asked == "login", ack=3)
    protocol.subscribe(TRADE, 0)
    protocol.connect(0)
    protocol.opened(0)
    assert protocol.deadline == 3
    protocol.tick(3)
    (lost,) = protocol.events()
    assert isinstance(lost, Lost)
    assert "not acknowledged" in lost.reason


def test_pings_are_answered_and_pongs_ignored():
    """The venue's JSON ping gets a JSON pong."""
    protocol = make()
    ready(protocol)
    protocol.events()
    protocol.received({"event": "ping", "ts": 1}, 1)
    protocol.received({"event": "pong", "ts": 1}, 1)
    assert sent(protocol) == [{"event": "pong"}]
    assert protocol.events() == []


def test_unsubscribing_before_the_acknowledgement_still_becomes_ready():
    """A topic nobody wants any more cannot hold Ready back."""
    protocol = make(private=False)
    protocol.subscribe(TRADE, 0)
    protocol.connect(0)
    protocol.opened(0)
    protocol.effects()
    protocol.unsubscribe(TRADE.name, 0)
    assert protocol.state is State.READY
    assert [frame["event"] for frame in sent(protocol)] == ["unsubscribe"]


def test_an_event_the_table_lacks_raises_and_changes_nothing():
    """The table is the truth."""
    for state, row in TRANSITIONS.items():
        if "opened" not in row:
            protocol = make()
            protocol.state = state
            with pytest.raises(ValueError, match="cannot happen"):
                protocol.opened(0)
            assert protocol.state is state
            assert protocol.effects() == []


def test_requests_need_a_connection_and_time_out_alone():
    """A request without an answer is answered negatively; the connection stays."""
    protocol = make(private=False, ack=3)
    assert protocol.request({"type": "orderbook"}, 0) is None
    ready(protocol, 0)
    protocol.events()
    request_id = protocol.request({"type": "orderbook"}, 0)
    protocol.tick(3)
    (answered,) = protocol.events()
    assert getattr(answered, "request_id", None) == request_id
    assert protocol.state is State.READY


@given(st.floats(0, 1))
def test_full_jitter_stays_under_a_doubling_bound(share: float):
    """Each delay lies in its range, a long one in the upper half of it; the range stops growing at 30 s."""
    sequence = full_jitter(lambda low, high: low + share * (high - low))
    drawn = [next(sequence) for _ in range(12)]
    bounds = [min(0.25 * 2**n, 30.0) for n in range(12)]
    shares = [share if bound < 8 else 0.5 + share / 2 for bound in bounds]
    expected = [one * bound for one, bound in zip(shares, bounds, strict=True)]
    assert drawn == pytest.approx(expected)


class Life(RuleBasedStateMachine):
    """Whatever happens in whatever order, a new connection is asked for exactly what is wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol = make(private=False)
        self.now = 0.0
        self.wanted: set[str] = set()
        self.asked: list[dict[str, Any]] = []
        self.protocol.connect(0)

    def collect(self) -> None:
        self.asked += sent(self.protocol)

    @rule(topic=st.sampled_from([TRADE, BBO, topics.bbos()]))
    def subscribe(self, topic: Any) -> None:
        self.protocol.subscribe(topic, self.now)
        self.wanted.add(topic.name)
        self.collect()

    @rule(topic=st.sampled_from([TRADE, BBO, topics.bbos()]))
    def unsubscribe(self, topic: Any) -> None:
        self.protocol.unsubscribe(topic.name, self.now)
        self.wanted.discard(topic.name)
        self.collect()

    @rule()
    def open_or_wait(self) -> None:
        if self.protocol.state is State.DIALLING:
            self.asked = []
            self.protocol.opened(self.now)
        elif self.protocol.state is State.WAITING:
            self.now = self.protocol.deadline or self.now
            self.protocol.tick(self.now)
        self.collect()

    @rule()
    def acknowledge_one(self) -> None:
        if self.asked:
            frame = self.asked.pop(0)
            self.protocol.received({"id": frame["id"], "event": frame["event"], "success": True}, self.now)
            self.collect()

    @rule()
    def refuse_one(self) -> None:
        if self.asked:
            frame = self.asked.pop(0)
            known = self.protocol.active | set(self.protocol._known)
            self.protocol.received({"id": frame["id"], "success": False}, self.now)
            name = frame["topic"]
            if frame["event"] == "subscribe" and name not in known and name not in self.protocol.wanted:
                self.wanted.discard(name)
            self.collect()

    @rule()
    def wait(self) -> None:
        if self.protocol.refusals.due is not None:
            self.now = self.protocol.refusals.due
            self.protocol.heard(self.now)
            self.protocol.tick(self.now)
            if self.protocol.state is State.WAITING:  # an acknowledgement is overdue
                self.asked = []
        self.collect()

    @rule()
    def lose(self) -> None:
        if "lost" in TRANSITIONS[self.protocol.state]:
            self.protocol.lost("cut", self.now)
            self.asked = []

    @invariant()
    def wanted_is_the_truth(self) -> None:
        assert set(self.protocol.wanted) == self.wanted
        assert self.protocol.active <= self.wanted
        if self.protocol.state in {State.DIALLING, State.WAITING}:
            assert not self.protocol.active

    @invariant()
    def everything_wanted_is_asked_or_active(self) -> None:
        if self.protocol.state in {State.SUBSCRIBING, State.READY}:
            pending = {
                pending.topic for pending in self.protocol._pending.values() if pending.kind == "subscribe"
            }
            assert self.wanted == self.protocol.active | pending | set(self.protocol.refusals.topics)


TestLife = Life.TestCase
