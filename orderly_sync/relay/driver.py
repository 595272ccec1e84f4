"""Where a bot's frames come from: Redis instead of a socket, under the same protocol as the venue's own.

The protocol asks for topics and is answered, as by the venue; a Redis or a relay that is gone is a lost connection,
which is dialled again. So all that stands on a stream (hooks, state, books, what is announced) stands on this one,
unchanged. One thread reads, and gives what it has read to the I/O thread; while that is at it, nothing more is read.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from orderly_sync.config import Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.errors import DecodingError, OrderlyError
from orderly_sync.relay.entries import is_state_read
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.reading import BotReader, RelayedState
from orderly_sync.relay.stream_entry import StreamEntry
from orderly_sync.relay_errors import GroupInUse, RelayError, RelayMismatch
from orderly_sync.stream.driver import Driver, DriverListener
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.waiting import Flag, Worker
from orderly_sync.wire.json import decode

__all__ = ["HearsEntries", "RelayedDriver"]

_BLOCK = 0.5
_SOON = 0.02
_JOIN = 2.0
_RECORD = 0.5
"""Seconds that a group's record of what was taken may be late while entries come: what is about to be handed on is
written before it is, with all that was taken by then."""


class HearsEntries(Protocol):
    """Who is given what is read, on the I/O thread."""

    def opened(self, state: RelayedState, topics: Mapping[str, StreamPlace]) -> None:
        """The state as it is; what was read before goes on from these places."""

    def took_state(self, state: RelayedState) -> None:
        """The state was read anew."""

    def subscribed(self, topic: str, at: StreamPlace) -> None:
        """A topic is read from there on."""

    def unsubscribed(self, topic: str) -> None:
        """A topic is read no more."""

    def entry(self, entry: StreamEntry, now: float) -> None:
        """An entry, in its turn."""

    def announce(self, event: object) -> None:
        """Tell hooks of a session event."""

    def about_to(self, entries: list[StreamEntry]) -> None:
        """On the reading thread: these are given next."""


class RelayedDriver(Driver):
    """Runs one StreamProtocol over Redis.

    Args:
        name: ``"private"`` or ``"public"``.
        url: Stands for the place in messages.
        protocol: The state machine.
        owner: Who is told.
        clock: Where time comes from.
        timeouts: How long acknowledgements may take.
        reader: The way to Redis.
        listener: Who is given what is read.
        always: Topics that need not be wished for.
    """

    def __init__(
        self,
        name: str,
        url: str,
        protocol: StreamProtocol,
        owner: DriverListener,
        *,
        clock: CorrectedClock,
        timeouts: Timeouts,
        reader: BotReader,
        listener: HearsEntries,
        always: frozenset[str],
        **_: object,
    ) -> None:
        super().__init__(name, url, protocol, owner, clock=clock, timeouts=timeouts)
        self._reads, self._listener, self.always = reader, listener, always
        self._own_protocol = protocol
        self._now = clock.monotonic
        self._places: dict[str, StreamPlace] = {}  # up to where each topic was given to the listener
        self._asked: dict[str, str] = {}  # ids of subscriptions without an answer, by topic
        self._lock = threading.Lock()  # of the two
        self._link: _Link | None = None

    # What the protocol does, on the I/O thread -----------------------------------------------------------------------

    def _dial(self) -> None:
        self.dials += 1
        now = self._now()
        try:
            self._reads.require_leader()
            self._reads.keep_lease()
            state = self._reads.state()
        except (RelayError, DecodingError) as exc:
            self._own_protocol.lost(f"cannot connect: {exc}", now)
            self._perform()
            return
        if self.name == "private":
            self._places.setdefault("session", state.place_of("session"))
            self._listener.opened(state, self._places)
        self._link = self._socket = _Link(self, self._reads, state)
        self._own_protocol.opened(self._now())
        self._link.start()
        self._perform()

    def _queue(self, payload: bytes, opcode: int) -> None:
        del opcode
        frame = decode(payload, "a frame of this client")
        event, request_id = frame.get("event"), str(frame.get("id"))
        if event == "subscribe":
            self._subscribe(frame["topic"], request_id)
        elif event == "unsubscribe":
            with self._lock:
                self._places.pop(frame["topic"], None)
                self._asked.pop(frame["topic"], None)
            self._listener.unsubscribed(frame["topic"])
            self._answer({"id": request_id, "event": event, "success": True})
        elif event == "request" and self._link is not None:
            self._link.request(request_id, str(frame["params"].get("symbol")))
        elif event == "ping":
            self._answer({"event": "pong"})

    def _write(self) -> None:
        """Nothing is ever left to be written."""

    def _read(self) -> None:
        """What comes is given by the reading thread."""

    def _subscribe(self, topic: str, request_id: str) -> None:
        with self._lock:
            self._asked[topic] = request_id
        if self._link is not None:
            self._link.wake()

    def _answer(self, message: Mapping[str, object]) -> None:
        def answer(now: float) -> None:
            self._own_protocol.received(message, now)
            self._perform()

        self.submit(answer)

    # What the link brings, on the I/O thread -------------------------------------------------------------------------

    def take(self, link: _Link, entries: list[StreamEntry], states: list[RelayedState], now: float) -> None:
        """Entries, and the state if it was read anew behind them."""
        if link is not self._link:
            return
        self._own_protocol.heard(now)
        for state in states:
            self._listener.took_state(state)
        for entry in entries:
            with self._lock:
                if entry.topic not in self._places:
                    continue
                self._places[entry.topic] = entry.place
            try:
                self._listener.entry(entry, now)
            except RelayMismatch as exc:
                self._listener.announce(exc)
            except Exception as exc:  # noqa: BLE001 - whatever an entry does to its reader, the stream goes on
                self._owner.undecodable(exc)

    def acknowledge(self, link: _Link, topic: str, answer: str, at: StreamPlace | None) -> None:
        """What became of a topic that was asked for."""
        if link is not self._link:
            return
        with self._lock:
            request_id = self._asked.pop(topic, None)
            if request_id is None:
                return
            at = self._places.get(topic, at)
        message: dict[str, object] = {"id": request_id, "event": "subscribe", "topic": topic, "success": True}
        if answer == "ok" and at is not None:
            self._listener.subscribed(topic, at)  # before any of it is read
            with self._lock:
                self._places[topic] = at
        else:
            with self._lock:
                self._places.pop(topic, None)
            message = {**message, "success": False, "errorMsg": answer.removeprefix("refused: ")}
        self._answer(message)

    def answered(self, link: _Link, request_id: str, book: object) -> None:
        """A book that was asked for, or None."""
        if link is self._link:
            told = {"id": request_id, "event": "request", "success": book is not None}
            more = {"errorMsg": "the relay has no such book yet"} if book is None else {"data": book}
            self._answer({**told, **more})

    def fail(self, link: _Link, error: OrderlyError) -> None:
        """The link cannot be read any more."""
        if link is not self._link:
            return
        if isinstance(error, (GroupInUse, RelayMismatch)):
            self._listener.announce(error)
        self._lost(str(error))

    def _drop_socket(self) -> None:
        link, self._link = self._link, None
        self._socket = None
        self._outbound.clear()
        if link is not None:
            link.close()

    # What the link asks ----------------------------------------------------------------------------------------------

    def wanted(self) -> tuple[dict[str, str], set[str], set[str]]:
        """From where each topic is read, which are asked for, and which are to be wished for."""
        with self._lock:
            held, asked = self._places.copy(), set(self._asked)
        places = {topic: place.id for topic, place in held.items()}
        wished = (set(places) | asked) - self.always - {"session"}
        return places, asked, wished

    def about_to(self, entries: list[StreamEntry]) -> None:
        """These are given next."""
        self._listener.about_to(entries)


class _Link:
    """One thread that reads, from a dial until it fails or is closed."""

    def __init__(self, driver: RelayedDriver, reader: BotReader, state: RelayedState) -> None:
        self._driver, self._reads, self._state = driver, reader, state
        self._closed = Flag()
        self._work = Flag()
        self._requests: deque[tuple[str, str]] = deque()
        self._wished: set[str] | None = None  # not said yet
        self._record_due = 0.0
        self._is_quiet = True  # nothing came when it was last looked
        self._thread = Worker(self._run, f"orderly-{driver.name}-redis", self._broke)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """There is something to ask for."""
        self._work.set()

    def request(self, request_id: str, symbol: str) -> None:
        self._requests.append((request_id, symbol))
        self._work.set()

    def send(self, _: bytes) -> None:
        """A goodbye, which nobody reads here."""

    def close(self) -> None:
        self._closed.set()
        self._work.set()

    def _tell(self, call: Callable[[float], object]) -> None:
        self._driver.submit(call)

    def _broke(self, exc: BaseException) -> None:
        error = (
            exc if isinstance(exc, OrderlyError) else RelayError(f"the reading of Redis broke: {exc!r:.200}")
        )
        self._tell(lambda _: self._driver.fail(self, error))

    def _run(self) -> None:
        while not self._closed.is_set():
            self.look()

    def look(self) -> None:
        """Ask, write and read once what there is to."""
        self._work.clear()
        places, asked, wished = self._driver.wanted()
        self._ask(asked, wished)
        self._keep(time.monotonic())
        if not places:
            self._work.wait(_SOON if asked else _BLOCK)
            self._tell(self._heard)
            return
        busy = bool(asked or self._requests or self._work.is_set())
        entries = self._reads.wait_entries(places, _SOON if busy else _BLOCK)
        self._is_quiet = not entries
        if not self._closed.is_set():
            self._give(entries)

    def _heard(self, now: float) -> None:
        self._driver.take(self, [], [], now)

    def _give(self, entries: list[StreamEntry]) -> None:
        states = [self._reads.state()] if any(_is_state_read(entry) for entry in entries) else []
        self._driver.about_to(entries)
        done = Flag()

        def take(now: float) -> None:
            try:
                self._driver.take(self, entries, states, now)
            finally:
                done.set()

        self._tell(take)
        while self._driver.is_alive and not self._closed.is_set():
            if done.wait(_JOIN):
                return

    def _ask(self, asked: set[str], wished: set[str]) -> None:
        if wished != self._wished:
            self._reads.wish_as(self._driver.name, wished)
            self._wished = wished
        answers = dict.fromkeys(asked & self._driver.always, "ok")
        answers.update(self._reads.answers(asked - self._driver.always))
        for topic, answer in answers.items():
            at = None
            if answer == "ok":
                # What the state holds is told from there on, all else from now on.
                at = (
                    self._state.place_of(topic)
                    if topic in self._driver.always
                    else self._reads.place_now(topic)
                )
            self._tell(partial(self._acknowledge, topic, answer, at))
        while self._requests:
            request_id, symbol = self._requests.popleft()
            text = self._reads.book(symbol)
            book = None if text is None else decode(text, "a relay's book")
            self._tell(partial(self._answer, request_id, book))

    def _acknowledge(self, topic: str, answer: str, at: StreamPlace | None, _: float) -> None:
        self._driver.acknowledge(self, topic, answer, at)

    def _answer(self, request_id: str, book: object, _: float) -> None:
        self._driver.answered(self, request_id, book)

    def _keep(self, now: float) -> None:
        self._reads.renew(now)
        if self._is_quiet or now >= self._record_due:
            self._record_due = now + _RECORD
            self._reads.keep_record()


def _is_state_read(entry: StreamEntry) -> bool:
    return entry.topic == "session" and is_state_read(entry.fields)
