"""The life of one connection, pure: no socket, no thread, no clock, no random.

A driver tells what happened (``connect, opened, received, heard, lost, tick, subscribe, unsubscribe, request,
close``, each with ``now`` in monotonic seconds), then asks what to do (``effects()``), what to announce (``events()``)
and when to call ``tick`` next (``deadline``). What may follow what is one table (``transitions``).

What is wanted (the topics) outlives connections; what a connection knows (login, acknowledgements) dies with it.

A topic refused when it is asked for the first time is dropped, for the venue may not know it. One that was
acknowledged before, or that is ``required``, is asked for again until it is acknowledged (``refusals``); READY waits
for those that are required.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from orderly_sync.config import Timeouts
from orderly_sync.errors import LoginRefused, SubscriptionRefused
from orderly_sync.stream.backoff import DialBudget
from orderly_sync.stream.effects import (
    Abort,
    Acked,
    Answered,
    Dial,
    Effect,
    Failed,
    Lost,
    ProtocolEvent,
    Ready,
    Send,
    SubscriptionRejected,
    Unknown,
)
from orderly_sync.stream.login import may_be_about_login
from orderly_sync.stream.refusals import Refusals
from orderly_sync.stream.transitions import TRANSITIONS, State
from orderly_sync.wire.json import encode
from orderly_sync.wire.topic import Topic

__all__ = ["StreamProtocol"]

HEALTHY_AFTER = 60.0
"""Seconds a connection must have been ready for its loss to start the delays from the beginning."""
PROBE_SHARE = 0.5
"""After this share of the allowed silence, a ping of our own asks for a sign of life."""
_PONG = b'{"event":"pong"}'
_PING = b'{"event":"ping"}'

_CONNECTED = frozenset({State.LOGIN, State.SUBSCRIBING, State.READY})
_SUBSCRIBED = frozenset({State.SUBSCRIBING, State.READY})


@attrs.frozen
class _Pending:
    kind: str
    topic: str
    until: float


class StreamProtocol:
    """One connection's state machine.

    Args:
        login: Makes the login frame for a request id, signed at that moment; None for a public connection.
        delays: Starts a fresh sequence of delays between dials.
        login_answered: Given the venue's answer and whether it refuses; says why a refusal is not final, if it is not.
        timeouts: How long acknowledgements and silence may last.
        budget: What keeps dials few, whatever ``delays`` say; None for nothing.
    """

    def __init__(
        self,
        *,
        login: Callable[[str], Mapping[str, Any]] | None,
        delays: Callable[[], Iterator[float]],
        login_answered: Callable[[Mapping[str, object], bool], str | None] | None = None,
        timeouts: Timeouts | None = None,
        budget: DialBudget | None = None,
    ) -> None:
        self.state = State.IDLE
        self.wanted: dict[str, Topic[Any]] = {}
        """Every topic asked for, by wire name: the truth that each connection is brought to."""
        self.active: set[str] = set()
        """The topics this connection has acknowledged."""
        self.refusals = Refusals(delays)
        """The topics that the venue refuses at the moment and that are asked for again."""
        self._required: set[str] = set()
        self._known: set[str] = set()  # wanted topics that the venue has acknowledged, on whatever connection
        self._login = login
        self._login_answered = login_answered
        self._new_delays = delays
        self._delays = delays()
        self._budget = budget
        self._timeouts = timeouts or Timeouts()
        self._pending: dict[str, _Pending] = {}
        self._effects: list[Effect] = []
        self._events: list[ProtocolEvent] = []
        self._next_id = 0
        self._heard = 0.0  # when the last byte came
        self._probed = False  # whether our own ping is out
        self._due = 0.0  # when to dial again, while WAITING
        self._ready_at: float | None = None
        self._was_ready = False  # ever, so that the next Ready is a resumption

    # What happened ---------------------------------------------------------------------------------------------

    def connect(self, now: float) -> None:
        """Begin."""
        self._move("connect")
        self._dial(now)

    def opened(self, now: float) -> None:
        """The dial succeeded."""
        self._move("opened" if self._login else "opened public")
        self._heard, self._probed = now, False
        if self._login:
            request_id = self._request_id("login")
            self._pending[request_id] = _Pending("auth", "", now + self._timeouts.ack)
            self._send(self._login(request_id))
        else:
            self._subscribe_all(now)

    @property
    def heard_at(self) -> float:
        """When the last byte came, or the connection was made or lost."""
        return self._heard

    def heard(self, now: float) -> None:
        """Bytes came, whatever they were: the peer lives."""
        self._heard, self._probed = now, False

    def ping(self) -> None:
        """The venue's ping was read; it is answered before anything else."""
        if self.state in _CONNECTED:
            self._effects.append(Send(_PONG))

    def received(self, message: Mapping[str, object], now: float) -> None:
        """A frame that is no push: an acknowledgement, a refusal, an answer, a pong."""
        if self.state not in _CONNECTED:
            return
        event = message.get("event")
        if event == "pong":
            return
        if event == "ping":
            self.ping()
            return
        request_id = str(message.get("id"))
        waiting = self._pending.get(request_id)
        if not isinstance(message.get("success"), bool) and (waiting is None or waiting.kind != "request"):
            self._events.append(Unknown(message))  # it says neither yes nor no: what is awaited is awaited on
            return
        pending = self._pending.pop(request_id, None)
        if pending is None and self.state is State.LOGIN and may_be_about_login(message):
            # Some hosts acknowledge a login without echoing its id, and refusals may lack the event as well.
            pending = self._pop_login()
        if pending is None:
            self._events.append(Unknown(message))
        else:
            self._settle(pending, message, request_id, now)

    def lost(self, reason: str, now: float) -> None:
        """The connection is gone, or never came about."""
        self._move("lost")
        was_ready = self._ready_at is not None
        if self._ready_at is not None and now - self._ready_at >= HEALTHY_AFTER:
            self._delays = self._new_delays()
        self._forget_connection()
        delay = next(self._delays)
        if self._budget is not None:
            delay = self._budget.delay(delay, now)
        self._due = now + delay
        self._events.append(Lost(reason, delay, was_ready))

    def tick(self, now: float) -> None:
        """Time has reached ``deadline``."""
        if self.state is State.WAITING and now >= self._due:
            self._move("due")
            self._dial(now)
        elif self.state in _CONNECTED:
            self._check_life(now)
            for name in self.refusals.take(now):
                self._ask(self.wanted[name], now)

    def subscribe(self, topic: Topic[Any], now: float, *, required: bool = False) -> None:
        """Want a topic, on this connection and all later ones; without one that is ``required``, it is not READY."""
        if required:
            self._required.add(topic.name)
        if topic.name in self.wanted:
            return
        self.wanted[topic.name] = topic
        if self.state in _SUBSCRIBED:
            self._ask(topic, now)

    def renew(self, topic: Topic[Any], now: float) -> None:
        """Unsubscribe a topic and subscribe it anew, without forgetting that the venue knows it."""
        known, required = topic.name in self._known, topic.name in self._required
        self.unsubscribe(topic.name, now)
        if known:
            self._known.add(topic.name)
        self.subscribe(topic, now, required=required)

    def unsubscribe(self, name: str, now: float) -> None:
        """Want a topic no longer."""
        topic = self.wanted.pop(name, None)
        was_active = name in self.active
        self.active.discard(name)
        self._known.discard(name)
        self._required.discard(name)
        self.refusals.discard(name)
        asked = [
            key
            for key, pending in self._pending.items()
            if pending.topic == name and pending.kind == "subscribe"
        ]
        for key in asked:
            del self._pending[key]
        if topic is not None and self.state in _SUBSCRIBED and (was_active or asked):
            request_id = self._request_id("u")
            self._pending[request_id] = _Pending("unsubscribe", name, now + self._timeouts.ack)
            self._send(topic.subscription(request_id, "unsubscribe"))
        self._maybe_ready(now)

    def request(self, params: Mapping[str, object], now: float) -> str | None:
        """Send a request command; its id, or None while there is no connection."""
        if self.state not in _SUBSCRIBED:
            return None
        request_id = self._request_id("r")
        self._pending[request_id] = _Pending("request", "", now + self._timeouts.ack)
        self._send({"id": request_id, "event": "request", "params": dict(params)})
        return request_id

    def close(self, now: float) -> None:  # noqa: ARG002 - every input carries its time
        """End for good."""
        hang_up = self.state in _CONNECTED
        self._move("close")
        self._forget_connection()
        if hang_up:
            self._effects.append(Abort())

    # What to do ------------------------------------------------------------------------------------------------

    def effects(self) -> list[Effect]:
        """What to do now, in order; each is handed out once."""
        effects, self._effects = self._effects, []
        return effects

    def events(self) -> list[ProtocolEvent]:
        """What to announce now, in order; each is handed out once."""
        events, self._events = self._events, []
        return events

    @property
    def has_output(self) -> bool:
        """Whether there are effects or events to be fetched."""
        return bool(self._effects or self._events)

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due; None while nothing depends on time."""
        if self.state is State.WAITING:
            return self._due
        if self.state not in _CONNECTED:
            return None
        share = 1.0 if self._probed else PROBE_SHARE
        life = self._heard + self._timeouts.silence * share
        if self.refusals.due is not None:
            life = min(life, self.refusals.due)
        if not self._pending:
            return life
        acks = [pending.until for pending in self._pending.values() if pending.kind != "unsubscribe"]
        return min([life, *acks])

    @property
    def is_ready(self) -> bool:
        """Whether everything that is wanted is heard, as far as the venue has answered."""
        return self.state is State.READY and not self.refusals.topics

    # Inside ----------------------------------------------------------------------------------------------------

    def _move(self, event: str) -> None:
        try:
            self.state = TRANSITIONS[self.state][event]
        except KeyError:
            raise ValueError(f"{event!r} cannot happen to a stream that is {self.state.value}") from None

    def _dial(self, now: float) -> None:
        self._heard = now
        self._effects.append(Dial())

    def _request_id(self, prefix: str) -> str:
        self._next_id += 1
        return f"{prefix}{self._next_id}"

    def _send(self, frame: Mapping[str, object]) -> None:
        self._effects.append(Send(encode(frame)))

    def _forget_connection(self) -> None:
        self.active.clear()
        self._pending.clear()
        self._effects.clear()
        self.refusals.forget()
        self._ready_at = None

    def _pop_login(self) -> _Pending | None:
        key = next((key for key, pending in self._pending.items() if pending.kind == "auth"), None)
        return self._pending.pop(key) if key else None

    def _settle(self, pending: _Pending, message: Mapping[str, object], request_id: str, now: float) -> None:
        refused = message.get("success") is False
        reason = str(message.get("errorMsg") or message.get("message") or "no reason given")
        if pending.kind == "auth":
            excuse = self._login_answered(message, refused) if self._login_answered else None
            self._settle_login(reason if refused else None, excuse, now)
        elif pending.kind == "request":
            self._events.append(Answered(request_id, message))
        elif pending.kind == "subscribe":
            if refused:
                self._topic_refused(pending.topic, reason, now)
            else:
                self._topic_acked(pending.topic)
            self._maybe_ready(now)

    def _topic_refused(self, name: str, reason: str, now: float) -> None:
        if name in self._known or name in self._required:
            delay = self.refusals.add(name, now)
            self._events.append(SubscriptionRejected(SubscriptionRefused(name, reason, retry_in=delay)))
            return
        self.wanted.pop(name, None)
        self._events.append(SubscriptionRejected(SubscriptionRefused(name, reason)))

    def _topic_acked(self, name: str) -> None:
        self.active.add(name)
        self._known.add(name)
        self._events.append(Acked(name))
        if self.refusals.discard(name) and self.state is State.READY:
            # Whoever closes gaps has one more to close: what the topic would have brought meanwhile.
            self._events.append(Ready(resumed=True))

    def _settle_login(self, refusal: str | None, excuse: str | None, now: float) -> None:
        if refusal is None:
            self._move("logged in")
            self._subscribe_all(now)
            return
        if excuse is not None:
            self._drop(excuse, now)
            return
        self._move("login refused")
        self._forget_connection()
        self._effects.append(Abort())
        self._events.append(
            Failed(LoginRefused(f"the venue refused the login: {refusal}; check key, account and clock"))
        )

    def _subscribe_all(self, now: float) -> None:
        # The venue forgets subscriptions with the socket, so all are asked for again.
        for topic in self.wanted.values():
            self._ask(topic, now)
        self._maybe_ready(now)

    def _ask(self, topic: Topic[object], now: float) -> None:
        request_id = self._request_id("s")
        self._pending[request_id] = _Pending("subscribe", topic.name, now + self._timeouts.ack)
        self._send(topic.subscription(request_id))

    def _maybe_ready(self, now: float) -> None:
        if self.state is not State.SUBSCRIBING or not self._required.isdisjoint(self.refusals.topics):
            return
        if not any(pending.kind == "subscribe" for pending in self._pending.values()):
            self._move("all acked")
            if not self.refusals.topics:
                self.refusals.all_heard()
            self._ready_at = now
            self._events.append(Ready(self._was_ready))
            self._was_ready = True

    def _check_life(self, now: float) -> None:
        silence = now - self._heard
        if silence >= self._timeouts.silence:
            self._drop(f"no byte for {silence:.0f} s", now)
            return
        overdue = [(key, pending) for key, pending in self._pending.items() if now >= pending.until]
        for key, pending in overdue:
            del self._pending[key]
            if pending.kind == "request":
                self._events.append(Answered(key, {"success": False, "errorMsg": "no answer in time"}))
            elif pending.kind != "unsubscribe":
                what = f"subscription to {pending.topic}" if pending.topic else "login"
                self._drop(f"the {what} was not acknowledged within {self._timeouts.ack:g} s", now)
                return
        if not self._probed and silence >= self._timeouts.silence * PROBE_SHARE:
            self._probed = True
            self._effects.append(Send(_PING))

    def _drop(self, reason: str, now: float) -> None:
        self.lost(reason, now)
        self._effects.append(Abort())
