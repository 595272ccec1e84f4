"""One connection of a stream: between the driver that brings frames and the routes that want them.

``pushed`` is the path of every frame: decode, find the route, read the events, deliver. Everything else is rare.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from orderly_sync.config import Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.errors import DecodingError
from orderly_sync.logs import described, log_of
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.stream.backoff import DialBudget
from orderly_sync.stream.driver import Driver
from orderly_sync.stream.effects import Answered, Lost, ProtocolEvent, Ready
from orderly_sync.stream.events import Stale
from orderly_sync.stream.frame_decoder import EventTarget, FrameDecoder
from orderly_sync.stream.frames import FrameError
from orderly_sync.stream.login import Login
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.stream.routes import Route
from orderly_sync.stream.transitions import State
from orderly_sync.waiting import Flag
from orderly_sync.wire.json import decode
from orderly_sync.wire.topic import Topic

__all__ = ["Connection", "ConnectionListener", "Watcher"]

log = log_of("orderly_sync.stream")

STALE_FACTOR = 3.0
"""A topic is stale after this many of its intervals in silence,"""
STALE_AT_LEAST = 5.0
"""but never sooner than this many seconds."""
STALE_CHECK = 1.0
"""Seconds between two looks for silent topics."""
RECOVERY_SLICE = 0.5
STALE_BEFORE_REDIAL = 2
"""After so many new subscriptions without a push, the connection itself is dialled anew."""


class Watcher(Protocol):
    """A part of this package that has deadlines of its own on the I/O thread."""

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""

    def tick(self, now: float) -> None:
        """Time has passed."""


class _Overdue:
    """Lets out what has waited long enough for its forerunner."""

    def __init__(self, sequencer: ReportSequencer, deliver: Callable[[Sequence[Any]], object]) -> None:
        self._sequencer = sequencer
        self._deliver = deliver

    @property
    def deadline(self) -> float | None:
        return self._sequencer.deadline

    def tick(self, now: float) -> None:
        late = self._sequencer.overdue(now)
        log.warning("%d reports came without those before them", len(late))
        self._deliver(late)


class ConnectionListener(EventTarget, Protocol):
    """What a connection needs of its stream."""

    lock: threading.RLock

    def occurred(self, connection: Connection, occurrence: ProtocolEvent) -> None:
        """A connection's protocol announces something."""

    def thread_ended(self, name: str, error: BaseException) -> None:
        """A thread ends by a defect of this package."""


class Connection:
    """The private or the public half of a stream; implements the driver's Owner.

    Args:
        name: ``"private"`` or ``"public"``.
        url: Where to dial.
        home: The stream.
        login: Makes login frames; None for the public half.
        delays: Starts a sequence of delays between dials.
        budget: What keeps dials few; None for nothing.
        clock: Where time comes from.
        timeouts: How long to wait for what.
        ca_file: Certificates to trust instead of certifi's.
        proxy: An HTTP proxy's URL; the environment's is never used.
        record: Given every raw frame with its name and the venue-independent receive time in ms, if somebody records.
        make_driver: Makes what brings the frames.
    """

    def __init__(
        self,
        name: str,
        url: str,
        home: ConnectionListener,
        *,
        login: Login | None,
        delays: Callable[[], Iterator[float]],
        budget: DialBudget | None = None,
        clock: CorrectedClock,
        timeouts: Timeouts,
        ca_file: str | None = None,
        proxy: str | None = None,
        record: Callable[[str, int, bytes], None] | None = None,
        make_driver: Callable[..., Driver] = Driver,
    ) -> None:
        self.name = name
        self.reconnects = 0
        self.down_since: float | None = None
        """The monotonic second at which it was last ready; None while it is up, and before it ever was."""
        self.undecoded = 0
        self.watchers: list[Watcher] = []
        self.reader = FrameDecoder(name, home)
        self.protocol = StreamProtocol(
            login=login,
            delays=delays,
            timeouts=timeouts,
            budget=budget,
            login_answered=None if login is None else login.answered,
        )
        self.driver = make_driver(
            name, url, self.protocol, self, clock=clock, timeouts=timeouts, ca_file=ca_file, proxy=proxy
        )
        self._home = home
        self._routes = home.routes
        self._clock = clock
        self._record = record
        self.pushed = self.reader.read if record is None else self._record_and_read
        """Delivers one text frame; gives back the decoded message if it is none that anybody subscribed to."""
        self._answers: dict[str, Callable[[Mapping[str, Any]], None]] = {}
        self._stale_check = 0.0
        self._cadenced: set[str] = set()

    # From any thread -------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Dial, if nobody has."""
        self.driver.start()

    def want(self, topic: Topic[Any], *, required: bool = False) -> None:
        """Subscribe, now or as soon as there is a connection."""
        self.driver.submit(lambda now: self._want(topic, now, required=required))

    def leave(self, name: str) -> None:
        """Unsubscribe."""
        self.driver.submit(lambda now: self._leave(name, now))

    def resubscribe(self, topic: Topic[Any]) -> None:
        """Unsubscribe a topic and subscribe it anew."""
        self.driver.submit(lambda now: self.protocol.renew(topic, now))

    def request(self, params: Mapping[str, object], answer: Callable[[Mapping[str, Any]], None]) -> None:
        """Ask a request command; ``answer`` gets the whole frame on the I/O thread, or one with ``success`` false."""
        self.driver.submit(lambda now: self._ask(params, answer, now))

    def deliver_recovered(
        self, route: Route, batches: Sequence[Sequence[object]], is_news: Callable[[Any], bool]
    ) -> int:
        """Deliver events rebuilt by REST, each order's one by one in their order, between two frames.

        Returns:
            How many were new.
        """
        count = 0

        def deliver(_: float) -> None:
            nonlocal count
            deduplicator = self.reader.deduplicator(route)
            assert deduplicator is not None
            for events in batches:
                for event in deduplicator.rebuilt(events, is_news):
                    handed = route.deliver((event,), self._home.dispatcher)
                    count += handed if event.recovered else 0

        self.between_frames(deliver)
        return count

    def between_frames(self, command: Callable[[float], object]) -> None:
        """Run something on the I/O thread and wait until it is done, or that thread has ended; at once on itself."""
        if self.driver.is_current:
            command(self._clock.monotonic())
            return
        done = Flag()

        def run(now: float) -> None:
            try:
                command(now)
            finally:
                done.set()

        self.driver.submit(run)
        while not done.wait(RECOVERY_SLICE):
            if not self.driver.is_alive:
                break

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool]) -> bool:
        """Let out what waits only because of a gap, if that gap ``is_over``; whether it was."""
        over = False

        def settle(_: float) -> None:
            nonlocal over
            over = is_over()
            for name, sequencer in sequencers.items() if over else ():
                late = sequencer.settle()
                if late:
                    self._routes[name].deliver(late, self._home.dispatcher)

        self.between_frames(settle)
        return over

    def keep_order(
        self, name: str, sequencer: ReportSequencer, restarted: Callable[[], object] | None = None
    ) -> None:
        """Have a topic's reports wait for those before them; ``restarted`` is called if a known id is another's."""
        route = self._routes[name]

        def begin(_: float) -> None:
            self.reader.keep_order(route, sequencer, restarted)
            self.watchers.append(_Overdue(sequencer, lambda late: route.deliver(late, self._home.dispatcher)))

        self.driver.submit(begin)

    # The I/O thread --------------------------------------------------------------------------------------------

    def _record_and_read(self, text: bytes, now: float) -> Mapping[str, object] | None:
        assert self._record is not None
        self._record(self.name, self._clock.machine.time_ms(), text)
        return self.reader.read(text, now)

    def pinged(self, text: bytes, now: float) -> None:
        """The venue's ping says what time it is there; it has been answered."""
        message = decode(text, f"a ping of the {self.name} stream")
        if isinstance(message, dict):
            self.reader.told_time(message, now)
            self._clock.heard(message.get("ts"))

    def tick(self, now: float) -> None:
        """Keep the watchers' deadlines and look for topics that fell silent."""
        for watcher in self.watchers:
            due = watcher.deadline
            if due is not None and now >= due:
                watcher.tick(now)
        self._check_silence(now)

    def _check_silence(self, now: float) -> None:
        if not self._cadenced or now < self._stale_check or self.protocol.state is not State.READY:
            return
        self._stale_check = now + STALE_CHECK
        for name in tuple(self._cadenced):
            route = self._routes.get(name)
            if route is None or name not in self.protocol.active:
                continue
            allowed = max(STALE_AT_LEAST, STALE_FACTOR * (route.topic.cadence or 0.0))
            age = now - max(route.last_push, route.due_since)
            if age >= allowed:
                self._revive(route, age, now)
                return

    def _revive(self, route: Route, age: float, now: float) -> None:
        route.stale = route.stale + 1 if route.heard == route.count else 1
        route.heard, route.due_since = route.count, now
        self._home.announce(Stale(topic=route.topic.name, age=age))
        if route.stale > STALE_BEFORE_REDIAL:
            route.stale = 0
            self.driver.lose(f"{route.topic.name} stayed silent though subscribed anew")
            return
        self.protocol.renew(route.topic, now)

    def _expect(self) -> None:
        """A connection is ready: what was silent while there was none is not stale."""
        now = self._clock.monotonic()
        for name in tuple(self._cadenced):
            route = self._routes.get(name)
            if route is not None:
                route.due_since = now

    @property
    def deadline(self) -> float | None:
        """When ``tick`` is due."""
        watched = [due for due in (watcher.deadline for watcher in self.watchers) if due is not None]
        if self._cadenced and self.protocol.state is State.READY:
            watched.append(self._stale_check)
        return min(watched, default=None)

    def occurred(self, occurrence: ProtocolEvent) -> None:
        """Pass on what the protocol announces."""
        if isinstance(occurrence, Answered):
            answer = self._answers.pop(occurrence.request_id, None)
            if answer is not None:
                answer(occurrence.message)
            return
        if isinstance(occurrence, Ready):
            self._expect()
        if isinstance(occurrence, Lost):
            answers, self._answers = self._answers, {}
            for answer in answers.values():
                answer({"success": False, "errorMsg": "the connection was lost"})
        self._home.occurred(self, occurrence)

    def ended(self, error: BaseException) -> None:
        """The I/O thread ends by a defect of this package."""
        self._home.thread_ended(self.name, error)

    def undecodable(self, error: Exception) -> None:
        """Count and announce a frame that could not be read; the next one comes all the same."""
        self.undecoded += 1
        if not isinstance(error, (DecodingError, FrameError)):
            log.error("a frame broke its reader", cause=error)
            error = DecodingError(f"the {self.name} stream", "", described(error))
        self._home.announce(error)

    def _want(self, topic: Topic[object], now: float, *, required: bool) -> None:
        route = self._routes.get(topic.name)
        if route is not None and topic.cadence is not None:
            self._cadenced.add(topic.name)
            route.due_since = now
        self.protocol.subscribe(topic, now, required=required)

    def _leave(self, name: str, now: float) -> None:
        with self._home.lock:
            route = self._routes.get(name)
            if route is not None and not route.is_empty:
                return
            self._routes.pop(name, None)
        self._cadenced.discard(name)
        self.protocol.unsubscribe(name, now)

    def _ask(
        self, params: Mapping[str, object], answer: Callable[[Mapping[str, Any]], None], now: float
    ) -> None:
        request_id = self.protocol.request(params, now)
        if request_id is None:
            answer({"success": False, "errorMsg": "not connected"})
        else:
            self._answers[request_id] = answer
