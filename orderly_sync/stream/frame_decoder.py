"""From a frame's text to typed events in the hands of those who want them: the path of every push.

Pure of sockets and threads: a connection feeds it from the network, a replay from a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Frame
from orderly_sync.reports.deduplicator import Deduplicator, deduplicator_for
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.reports.watermark import Watermark
from orderly_sync.stream.events import Unrouted
from orderly_sync.stream.routes import HookQueue, Route
from orderly_sync.wire.book_frames import LEAST, decode_large
from orderly_sync.wire.frames import route as route_of
from orderly_sync.wire.json import LOOK, decode, decode_small, decoded

__all__ = ["EventTarget", "FrameDecoder"]


class EventTarget(Protocol):
    """What a reader needs to know of those it reads for."""

    routes: dict[str, Route]

    @property
    def dispatcher(self) -> HookQueue:
        """Where events for hooks go."""

    numbers: type

    def announce(self, event: object) -> None:
        """Deliver a session event."""


class FrameDecoder:
    """Decodes, routes, types and delivers the frames of one connection.

    Args:
        name: ``"private"`` or ``"public"``.
        home: Routes and hooks.
        origin: What the events say of where they came from.
    """

    def __init__(self, name: str, home: EventTarget, origin: str = "stream") -> None:
        self.name = name
        self.watermark = Watermark()
        """The greatest venue time that can be true: what recovery starts from."""
        self._home = home
        self._routes = home.routes
        self._numbers = home.numbers
        self._origin = origin
        self._deduplicators: dict[str, Deduplicator | None] = {}

    @property
    def last_ts(self) -> int:
        """The greatest venue time seen that can be true, ms; 0 before the first."""
        return self.watermark.value

    @property
    def repeated(self) -> int:
        """Reports that came twice and were delivered once."""
        return sum(each.repeated for each in list(self._deduplicators.values()) if each is not None)

    def read(self, text: bytes, now: float) -> Mapping[str, Any] | None:
        """Deliver one text frame; the decoded message is returned if it is no push.

        Raises:
            DecodingError: It cannot be read.
        """
        message = decode_small(text) if len(text) < LEAST else decode_large(text, self._numbers)
        try:
            route = self._routes[message["topic"]]
            data = message["data"]
        except (KeyError, TypeError, IndexError):
            # Whoever is handed the message itself gets it as plain values.
            plain = message if len(text) < LEAST else decode(text, "a frame of the stream")
            return self._unrouted(plain, now)
        if data is None:
            return self._unrouted(message, now)
        self._deliver(route, message, data, now)
        return None

    def told_time(self, message: Mapping[str, object], now: float) -> None:
        """A ping or an acknowledgement: the venue says by itself what time it is."""
        ts = message.get("ts")
        if type(ts) is int:
            self.watermark.told(ts, now)

    def deduplicator(self, route: Route) -> Deduplicator | None:
        """What lets each report of a topic through once; None where every frame counts."""
        name = route.topic.name
        if name not in self._deduplicators:
            self._deduplicators[name] = deduplicator_for(name)
        return self._deduplicators[name]

    def keep_order(
        self, route: Route, sequencer: ReportSequencer, restarted: Callable[[], object] | None = None
    ) -> None:
        """Have a topic's reports wait for those before them; before its first frame."""
        self._deduplicators[route.topic.name] = deduplicator_for(route.topic.name, sequencer, restarted)

    def forget_all(self) -> None:
        """The venue began anew: nothing counts as seen."""
        for each in self._deduplicators.values():
            if each is not None:
                each.forget_all()

    def _deliver(self, route: Route, message: Mapping[str, object], data: object, now: float) -> None:
        ts = message.get("ts") or message.get("timestamp")
        if ts.__class__ is not int:
            ts = None
        else:
            self.watermark.pushed(ts, now)
        events = route.read(data, Frame(route.name, ts, self._origin), self._numbers)
        count = route.count = route.count + 1
        route.last_push = now
        route.last_ts = ts
        if count % LOOK == 1:
            self._look(route, count, now)
        if route.deduplicator is not None:
            events = route.deduplicator(events)
        if events:
            route.deliver(events, self._home.dispatcher)

    def _look(self, route: Route, count: int, now: float) -> None:
        """The first push of a topic, and each so many later ones."""
        if count > 1:
            decoded(LOOK)
            return
        route.began = now
        route.deduplicator = self.deduplicator(route) if route.topic.private else None

    def _unrouted(self, message: object, now: float) -> Mapping[str, object] | None:
        if not isinstance(message, dict):
            found = type(message).__name__
            raise DecodingError(f"the {self.name} stream", "", f"{found} where an object was expected")
        if "event" in message or "success" in message:
            self.told_time(message, now)
            return message
        routed = route_of(message)
        if routed is not None and routed.data is not None and routed.topic in self._routes:
            self._deliver(self._routes[routed.topic], message, routed.data, now)
            return None
        name = message.get("topic")
        if not isinstance(name, str) or name not in self._routes:
            self._home.announce(Unrouted(name=str(name), message=message))
        return None
