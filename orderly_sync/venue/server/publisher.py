"""Who hears what: sessions, their topics, and the frames that reach them. Runs on the server's thread only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from orderly_sync.venue.server.encoding import push
from orderly_sync.venue.server.fault_rules import FaultRule, FaultRules
from orderly_sync.venue.server.topics import WantedTopic

__all__ = ["Publisher", "Subscriber"]

_GOING_AWAY = 1001

K = TypeVar("K")
V = TypeVar("V")


class Subscriber(Protocol):
    """A connection, as the publisher sees it."""

    account_id: str | None
    """The account it logged in as."""

    def send(self, text: str) -> None:
        """Queue a frame; never blocks, never raises."""

    def send_part(self, text: str, size: int) -> None:
        """Queue the first bytes of a frame, after which the connection is cut."""

    def hang_up(self, code: int, reason: str) -> None:
        """Close after what is queued."""


class Publisher:
    """Sends each frame, encoded once, to everyone who wants it."""

    def __init__(self, faults: FaultRules) -> None:
        self.later: Callable[[float, Callable[[], None]], object] = lambda _, send: send()
        """Does something after so many seconds; the server has a clock for that."""
        self._faults = faults
        self._public: dict[str, dict[Subscriber, WantedTopic]] = {}
        self._private: dict[tuple[str, str], dict[Subscriber, frozenset[str]]] = {}
        self._reordered: dict[str, list[tuple[list[Subscriber], str]]] = {}

    def subscribe(
        self, listener: Subscriber, topic: WantedTopic, symbols: frozenset[str] = frozenset()
    ) -> None:
        """Send a topic to a listener from now on; of private ones those symbols only, all if none are named."""
        if topic.private:
            assert listener.account_id is not None
            self._private.setdefault((listener.account_id, topic.name), {})[listener] = symbols
        else:
            self._public.setdefault(topic.name, {})[listener] = topic

    def unsubscribe(self, listener: Subscriber, topic: str) -> None:
        """Stop sending it; nothing happens if it was not sent."""
        _drop(self._public, topic, listener)
        if listener.account_id is not None:
            _drop(self._private, (listener.account_id, topic), listener)

    def forget(self, listener: Subscriber) -> None:
        """Drop all subscriptions of a listener that is gone."""
        for topic in list(self._public):
            _drop(self._public, topic, listener)
        for key in list(self._private):
            _drop(self._private, key, listener)

    def wanted(self) -> list[WantedTopic]:
        """The public topics somebody listens to."""
        return [next(iter(listeners.values())) for listeners in self._public.values()]

    def wants(self, topic: str) -> bool:
        """Whether somebody listens to a public topic."""
        return topic in self._public

    def listeners(self, topic: str) -> int:
        """How many listen to a public topic."""
        return len(self._public.get(topic, ()))

    def public(self, topic: str, ts: int, data: bytes) -> None:
        """Send a public frame."""
        listeners = self._public.get(topic)
        if listeners:
            self._send("", topic, list(listeners), push(topic, ts, data))

    def private(self, account_id: str, topic: str, text: str, symbol: str | None = None) -> None:
        """Send a private frame, subject to the faults in force."""
        listeners = self._private.get((account_id, topic))
        if not listeners:
            return
        wanting = [who for who, only in listeners.items() if not only or symbol is None or symbol in only]
        self._send(account_id, topic, wanting, text)

    def release(self) -> None:
        """Send what is still held back."""
        reordered, self._reordered = self._reordered, {}
        for waiting in reordered.values():
            for listeners, text in waiting:
                _send(listeners, text)

    def _send(self, account_id: str, topic: str, listeners: list[Subscriber], text: str) -> None:
        """Send one frame as the rules that strike it want it."""
        rules = self._faults.of_push(topic, account_id)
        kinds = {rule.kind for rule in rules}
        if kinds & {"drop", "mute", "silence"}:
            return
        if "reorder" in kinds:
            self._reordered.setdefault(account_id, []).append((listeners, text))
            return
        late = sum(rule.ms for rule in rules if rule.kind == "delay") / 1000
        times = 2 if "duplicate" in kinds else 1
        ending = next((rule for rule in rules if rule.kind in {"cut", "close"}), None)
        frames = [(listeners, text)] * times + self._reordered.pop(account_id, [])
        if late:
            self.later(late, lambda: _send_all(frames, ending))
        else:
            _send_all(frames, ending)


def _send_all(frames: list[tuple[list[Subscriber], str]], ending: FaultRule | None) -> None:
    """Send frames; with an ending the first of them is the last that its listeners hear, in part where it is a cut."""
    if ending is not None and ending.kind == "cut":
        (listeners, text), frames = frames[0], []
        for listener in list(listeners):
            listener.send_part(text, ending.at_byte)
    for listeners, text in frames:
        _send(listeners, text)
    if ending is not None and ending.kind == "close":
        for listener in {one for listeners, _ in frames for one in listeners}:
            listener.hang_up(ending.code or _GOING_AWAY, "closed on request")


def _send(listeners: Iterable[Subscriber], text: str) -> None:
    for listener in list(listeners):
        listener.send(text)


def _drop(table: dict[K, dict[Subscriber, V]], key: K, listener: Subscriber) -> None:
    listeners = table.get(key)
    if listeners is not None:
        listeners.pop(listener, None)
        if not listeners:
            del table[key]
