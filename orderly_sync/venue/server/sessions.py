"""One WebSocket connection, without the socket: frames in, frames out through ``send`` and ``hang_up``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from orderly_sync.errors import DecodingError
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.auth import RegisteredKey
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.topics import TopicRefused, WantedTopic
from orderly_sync.wire.error_codes import INVALID_PARAM, UNAUTHORIZED
from orderly_sync.wire.json import decode

__all__ = ["SessionServices", "SocketSession"]

POLICY_VIOLATION, UNSUPPORTED, NORMAL = 1008, 1003, 1000


class SessionServices(Protocol):
    """What a session needs of the venue."""

    faults: Faults
    publisher: Publisher

    def now(self) -> int:
        """The venue's time in ms."""

    def login(self, account_id: str, params: Mapping[str, object], who: str) -> RegisteredKey:
        """The key of a login from an address; raises Refused."""

    def topic(self, name: str) -> WantedTopic:
        """The topic of that name; raises TopicRefused."""

    def subscribed(self, session: SocketSession, topic: WantedTopic) -> None:
        """A subscription took effect; what the topic last said may be said again."""

    def orderbook(self, symbol: str) -> dict[str, object]:
        """The answer to a request for an order book; raises TopicRefused."""


class SocketSession:
    """The state of one connection: whose it is and what it subscribed to.

    Args:
        services: What it needs of the venue.
        path_account: The account id of the URL.
        private: Whether it came by the private path.
        who: The client's address.
        send: Queues a text frame.
        hang_up: Closes the connection with a code and a reason, after what is queued.
    """

    def __init__(
        self,
        services: SessionServices,
        *,
        path_account: str,
        private: bool,
        who: str = "",
        send: Callable[[str], None],
        hang_up: Callable[[int, str], None],
        send_part: Callable[[str, int], None] = lambda _text, _size: None,
    ) -> None:
        self.account_id: str | None = None
        self.key: RegisteredKey | None = None
        """The key it logged in with."""
        self.private = private
        self.topics: dict[str, WantedTopic] = {}
        self.pongs = 0
        self._services = services
        self._path_account = path_account
        self._who = who
        self._send = send
        self._hang_up = hang_up
        self._send_part = send_part

    def send(self, text: str) -> None:
        """Queue a text frame."""
        self._send(text)

    def send_part(self, text: str, size: int) -> None:
        """Queue the first bytes of a text frame, after which the connection is cut."""
        self._send_part(text, size)

    def hang_up(self, code: int, reason: str) -> None:
        """Close after what is queued."""
        self._hang_up(code, reason)

    def opened(self, query: Mapping[str, str]) -> None:
        """The handshake is done; a login may have come with the URL."""
        if "sign" in query or "orderly_key" in query:
            self._auth({"params": dict(query)}, acknowledge=False)

    def gone(self) -> None:
        """The connection is no more."""
        self._services.publisher.forget(self)

    def received(self, text: str) -> None:
        """A text frame came."""
        try:
            frame = decode(text, "frame")
        except DecodingError:
            self.refuse({}, "malformed JSON")
            return
        if not isinstance(frame, dict):
            self.refuse({}, "an object is wanted")
            return
        event = frame.get("event")
        if isinstance(event, str) and self._services.faults.closes_on(event):
            self._hang_up(1011, "cut on request")
            return
        handler = self.handler(event) if isinstance(event, str) else None
        if handler is None:
            self.refuse(
                frame, f"invalid event {event}" if event is not None else "missing required parameter event"
            )
            return
        handler(frame)

    def handler(self, event: str) -> Callable[[Mapping[str, Any]], None] | None:
        """What takes frames of that event; None where there is none."""
        found = _EVENTS.get(event)
        return None if found is None else partial(found, self)

    def received_binary(self) -> None:
        """A binary frame came; the protocol has none."""
        self._hang_up(UNSUPPORTED, "text frames only")

    def ping(self) -> None:
        """Ask whether the client lives."""
        if not self._services.faults.silent("ping"):
            self._send(f'{{"event":"ping","ts":{self._services.now()}}}')

    def _ping(self, _frame: Mapping[str, object]) -> None:
        if not self._services.faults.silent("pong"):
            self._send(f'{{"event":"pong","ts":{self._services.now()}}}')

    def _pong(self, _frame: Mapping[str, object]) -> None:
        self.pongs += 1

    def _auth(self, frame: Mapping[str, object], *, acknowledge: bool = True) -> None:
        try:
            self._login(frame.get("params"))
        except Refused:
            # The real venue says no more than this; neither does it tell an attacker which part was wrong.
            self.refuse({**frame, "event": "auth"}, "auth failed")
            self._hang_up(POLICY_VIOLATION, "auth failed")
            return
        self.account_id = self._path_account.lower()
        if acknowledge:
            self.acknowledge(frame)

    def _login(self, params: object) -> None:
        if not isinstance(params, Mapping):
            raise Refused(INVALID_PARAM, "missing required parameter params")
        if self._services.faults.login_refused(self._path_account):
            raise Refused(UNAUTHORIZED, "refused on request")
        self.key = self._services.login(self._path_account, params, self._who)

    def _subscribe(self, frame: Mapping[str, object]) -> None:
        topic = self._wanted(frame)
        if topic is None:
            return
        if topic.private and self.account_id is None:
            self.refuse(frame, "Auth is needed.")
            return
        if self._services.faults.topic_refused(topic.name, self.account_id or ""):
            self.refuse(frame, f"invalid topic {topic.name}")
            return
        self.topics[topic.name] = topic
        self._services.publisher.subscribe(self, topic, _symbols(frame))
        self.acknowledge(frame)
        self._services.subscribed(self, topic)

    def _unsubscribe(self, frame: Mapping[str, object]) -> None:
        topic = self._wanted(frame)
        if topic is None:
            return
        self.topics.pop(topic.name, None)
        self._services.publisher.unsubscribe(self, topic.name)
        self.acknowledge(frame)

    def _request(self, frame: Mapping[str, object]) -> None:
        params = frame.get("params")
        params = params if isinstance(params, Mapping) else {}
        kind, symbol = params.get("type"), params.get("symbol")
        if kind is None or symbol is None:
            self.refuse(frame, f"missing required parameter {'type' if kind is None else 'symbol'}")
            return
        if kind != "orderbook":
            self.refuse(frame, f"invalid type {kind}")
            return
        try:
            data = self._services.orderbook(str(symbol))
        except TopicRefused as exc:
            self.refuse(frame, str(exc))
            return
        answer = {
            **_echo(frame),
            "event": "request",
            "success": True,
            "ts": self._services.now(),
            "data": data,
        }
        self._send(encode(answer).decode())

    def _wanted(self, frame: Mapping[str, object]) -> WantedTopic | None:
        name = frame.get("topic")
        if name is None:
            self.refuse(frame, "missing required parameter topic")
            return None
        try:
            return self._services.topic(str(name))
        except TopicRefused as exc:
            self.refuse(frame, str(exc))
            return None

    def acknowledge(self, frame: Mapping[str, object]) -> None:
        """Answer a frame with yes."""
        event = str(frame["event"])
        if not self._services.faults.silent("ack", event):
            answer = {**_echo(frame), "event": event, "success": True, "ts": self._services.now()}
            self._send(encode(answer).decode())

    def refuse(self, frame: Mapping[str, object], message: str) -> None:
        """Answer a frame with no, and why."""
        answer = {
            **_echo(frame),
            "event": frame.get("event"),
            "success": False,
            "ts": self._services.now(),
            "errorMsg": message,
        }
        if not isinstance(answer["event"], str):
            del answer["event"]
        self._send(encode(answer).decode())


def _echo(frame: Mapping[str, object]) -> dict[str, object]:
    """The caller's id, whatever it is, for matching; nothing where there was none."""
    return {"id": frame["id"]} if frame.get("id") is not None else {}


def _symbols(frame: Mapping[str, object]) -> frozenset[str]:
    """The symbols a private subscription is narrowed to."""
    params = frame.get("params")
    text = params.get("symbol") if isinstance(params, Mapping) else None
    return (
        frozenset(part.strip() for part in text.split(",") if part.strip())
        if isinstance(text, str)
        else frozenset()
    )


_EVENTS: dict[str, Callable[[SocketSession, Mapping[str, Any]], None]] = {
    "ping": SocketSession._ping,  # noqa: SLF001 - the table of this class's own frames
    "pong": SocketSession._pong,  # noqa: SLF001
    "auth": SocketSession._auth,  # noqa: SLF001
    "subscribe": SocketSession._subscribe,  # noqa: SLF001
    "unsubscribe": SocketSession._unsubscribe,  # noqa: SLF001
    "request": SocketSession._request,  # noqa: SLF001
}
