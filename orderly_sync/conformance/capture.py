"""What went over the wire, as it was: each answer with its headers and delay, each frame with its moment."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import attrs

from orderly_sync.config import Timeouts
from orderly_sync.conformance.raw_json import read_raw
from orderly_sync.rest.connection import Connections
from orderly_sync.rest.http import HttpTransport
from orderly_sync.rest.sender import ANSWER_LIMIT
from orderly_sync.rest.transport import HttpRequest, HttpResponse, Transport
from orderly_sync.waiting import WaitQueue

__all__ = ["AnswerCapture", "CapturedAnswer", "CapturedFrame", "FrameCapture"]

T = TypeVar("T")

_MOST_FRAMES = 100_000


@attrs.frozen(kw_only=True)
class CapturedAnswer:
    """One answer of REST, whole."""

    method: str
    target: str = attrs.field(repr=False)
    """Path and query, which may hold ids."""
    status: int
    headers: Mapping[str, str] = attrs.field(repr=False)
    body: bytes = attrs.field(repr=False)
    took_ms: float
    """From the sending to the last byte, dialling included."""

    @property
    def value(self) -> object:
        """The body as JSON, numbers by their text; None where it is none."""
        return read_raw(self.body)


class AnswerCapture:
    """A transport that sends as usual and keeps the latest answers.

    Args:
        proxy: A proxy's URL.
        within: Sends instead of the network; for tests.
    """

    def __init__(self, *, proxy: str | None = None, within: Transport | None = None) -> None:
        self.answers: deque[CapturedAnswer] = deque(maxlen=1000)
        """The latest, oldest first."""
        self.count = 0
        """How many answers there were."""
        self._proxy = proxy
        self._within = within
        self._opened: dict[str, HttpTransport] = {}

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send a request and keep its answer; see ``Transport``."""
        began = time.monotonic()
        answer = (self._within or self._of(request.base)).send(request)
        took = 1000 * (time.monotonic() - began)
        self.answers.append(
            CapturedAnswer(
                method=request.method,
                target=request.target,
                status=answer.status,
                headers=dict(answer.headers),
                body=answer.body,
                took_ms=took,
            )
        )
        self.count += 1
        return answer

    def _of(self, base: str) -> HttpTransport:
        if base not in self._opened:
            connections = Connections(
                base,
                connect=Timeouts().connect,
                now=time.monotonic,
                limit=ANSWER_LIMIT,
                proxy=self._proxy,
            )
            self._opened[base] = HttpTransport(connections, time.monotonic)
        return self._opened[base]

    def latest(self) -> CapturedAnswer | None:
        """The latest answer; None before the first."""
        return self.answers[-1] if self.answers else None

    def close(self) -> None:
        """Close all connections."""
        for one in self._opened.values():
            one.close()


@attrs.frozen(kw_only=True)
class CapturedFrame:
    """One frame of a stream."""

    connection: str
    """``public`` or ``private``."""
    at: float
    """When it came, by ``time.monotonic``."""
    value: Mapping[str, object] = attrs.field(repr=False)
    """The frame as JSON, numbers by their text."""
    size: int
    """Bytes."""

    @property
    def topic(self) -> str:
        """Its topic; empty for what is no push."""
        return str(self.value.get("topic", ""))

    @property
    def data(self) -> object:
        """Its data."""
        return self.value.get("data")

    @property
    def ts(self) -> int | None:
        """Its own time, ms; None where it says none."""
        said = self.value.get("ts", self.value.get("timestamp"))
        return int(str(said)) if str(said).isdigit() else None


class FrameCapture:
    """Keeps frames in the order in which they came; what a stream's ``record`` calls, on its I/O threads."""

    def __init__(self) -> None:
        self.frames: deque[CapturedFrame] = deque(maxlen=_MOST_FRAMES)
        self._waiting = WaitQueue()

    def __call__(self, connection: str, _: int, text: bytes) -> None:
        """Keep one frame."""
        value = read_raw(text)
        if isinstance(value, dict):
            frame = CapturedFrame(connection=connection, at=time.monotonic(), value=value, size=len(text))
            self.frames.append(frame)
            self._waiting.wake_all()

    def connections(self, name: str) -> int:
        """How many logins of a connection were acknowledged."""
        return len(
            [
                one
                for one in tuple(self.frames)
                if one.connection == name and one.value.get("event") == "auth" and one.value.get("success")
            ]
        )

    def of(self, topic: str, since: float = 0.0) -> list[CapturedFrame]:
        """The pushes of a topic from a moment on."""
        return [one for one in tuple(self.frames) if one.topic == topic and one.at >= since]

    def rows(self, topic: str, since: float = 0.0) -> Iterator[tuple[CapturedFrame, dict[str, object]]]:
        """Each object of the pushes of a topic: its data, or each row of it."""
        for frame in self.of(topic, since):
            for row in frame.data if isinstance(frame.data, list) else [frame.data]:
                if isinstance(row, dict):
                    yield frame, row

    def wait_for(self, found: Callable[[], T], seconds: float) -> T:
        """What ``found`` gives as soon as it is true, or whatever it gives after so many seconds."""
        return self._waiting.wait_for(found, time.monotonic() + seconds)
