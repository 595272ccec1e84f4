"""The thread that writes: takes or awaits the lead, and puts what was heard into Redis, each entry once.

Whatever fails is tried again with the very same words: an entry's id tells Redis whether it has it already. Redis out
of reach, out of memory or slow costs nothing but time, for what is heard waits in the outbox.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import Any

from orderly_sync.errors import StaleBook
from orderly_sync.live.book import Book
from orderly_sync.logs import log_of
from orderly_sync.models.base import Push
from orderly_sync.relay.entries import FIRST, entry_key
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.leadership import Leadership
from orderly_sync.relay.missed import MissedReports
from orderly_sync.relay.outbox import Item, Outbox
from orderly_sync.relay.published import Covered, Published
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.scripts import ACQUIRE, FENCED, PUBLISH, RELEASE, RENEW
from orderly_sync.relay.writing import EntryWriter, FencedBatch
from orderly_sync.relay_errors import RelayError
from orderly_sync.stream.events import RelayHealth
from orderly_sync.waiting import Flag, Worker
from orderly_sync.wire.json import encode
from orderly_sync.wire.topic import Topic

__all__ = ["EntryPublisher"]

log = log_of("orderly_sync.relay")

_BATCH = 250
"""Frames of one script: Redis does nothing else meanwhile."""
_IDLE = 0.5
_SLACK_MS = 15_000
"""How far the clocks of two relays, and what they have heard, may lie apart."""
_TRIM = 10.0
_BOOK = 0.5
_KEPT = 20_000
"""Frames that are kept after Redis has taken them, should it lose them: with ``appendfsync everysec`` it may, of a
second."""
_RETRY = 0.25
_UPDATES = "@orderbookupdate"


class EntryPublisher:
    """Writes for one relay.

    Args:
        server: The Redis.
        keys: The names of all keys.
        name: The relay's own, by which it holds the lease.
        outbox: What waits to be written.
        take_state: Has the whole state put into the outbox.
        leadership: Whether it may write.
        missed: Reads by REST what happened since a time, ms, save what is no news; whether that is all.
        book: The book of a symbol.
        announce: Tells the relay's own client how it stands.
        is_current: Whether that client has heard all until now.
        private: The topics whose events must not come twice.
        maxlen: About how many entries a stream keeps.
        keep_ms: How long, ms.
        ended: Told of the defect of this package by which the thread ends.
    """

    def __init__(
        self,
        server: RedisServer,
        keys: KeyLayout,
        name: str,
        *,
        outbox: Outbox,
        take_state: Callable[[], object],
        leadership: Leadership,
        missed: Callable[[int, Callable[[Any], bool]], tuple[list[Push], bool]],
        book: Callable[[str], Book],
        announce: Callable[[object], object],
        is_current: Callable[[], bool],
        private: Callable[[], Iterable[Topic[Any]]],
        maxlen: int,
        keep_ms: int,
        time_ms: Callable[[], int],
        venue_ms: Callable[[], int | None],
        ended: Callable[[BaseException], object],
    ) -> None:
        self.published = 0
        """Frames that Redis has taken."""
        self.refused = 0
        """Writes that it refused, for another led."""
        self.answers: dict[str, str] = {}
        """What became of topics on demand."""
        self.answers_changed = False
        self.trouble = ""
        """Why nothing can be written at the moment; empty while it can."""
        self.wakeup = Flag()
        self.changed = Flag()
        """Set whenever the lead changes."""
        self._server, self._keys, self._name = server, keys, name
        self._past = Published(server, keys, private, self._keep_lease)
        self._outbox, self._take_state, self._leadership = outbox, take_state, leadership
        self._missed = MissedReports(missed, private, time_ms)
        self._book, self._announce, self._is_current = book, announce, is_current
        self._keep_ms, self._time_ms, self._venue_ms = keep_ms, time_ms, venue_ms
        self._ttl_ms = int(leadership.ttl * 1000)
        self._writer = EntryWriter(keys, outbox, maxlen)
        self._head = FIRST
        self._sent: tuple[FencedBatch, list[Item]] | None = None  # whose answer is awaited, or was lost
        self._kept: deque[Item] = deque(maxlen=_KEPT)
        self._known: set[str] = set()  # ids of events that another relay has published
        self._early: set[str] = set()  # ids of events that REST told of before the client's stream
        self._covered_since = time_ms()
        self._is_caught_up = False  # what came before this relay's own hearing is in Redis
        self._written: set[str] = set()  # streams to be trimmed
        self._trim_due = 0.0
        self._books: dict[str, float] = {}  # when the next picture of each is due
        self._stopping = Flag()
        self._thread = Worker(self._run, "orderly-relay", ended)

    # From any thread -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout: float) -> bool:
        """Write what waits, give the lead back, end the thread; whether it has ended."""
        self._stopping.set()
        self.wakeup.set()
        return self._thread.join(timeout)

    def show_book(self, symbol: str) -> None:
        """Somebody wants a symbol's book: keep it in Redis, as long as its updates are heard."""
        self._book(symbol)
        self._books[symbol] = 0.0
        self.wakeup.set()

    # The thread ------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            due = self._leadership.due - time.monotonic()
            self.wakeup.wait(max(0.0, min(_IDLE, due)))
            self.wakeup.clear()
            try:
                self._step()
            except RelayError as exc:
                self._failed(exc)
        try:
            self._end()
        finally:
            self._outbox.close()

    def _end(self) -> None:
        try:
            if self._leadership.leads:
                self._publish()
                self._server.run(RELEASE, [self._keys.leader], [self._name])
        except RelayError as exc:
            log.warning("the relay ends while Redis is out of reach: %s", exc)
        self._outbox.secure()

    def _failed(self, exc: RelayError) -> None:
        now = time.monotonic()
        if str(exc).find(FENCED) >= 0:
            self.refused += 1
            self._lost_lead(str(exc))
            return
        led = self._leadership.leads
        self._leadership.unanswered(now)
        self._outbox.secure()
        if led and not self._leadership.leads:
            self.changed.set()
        if self.trouble != str(exc):
            self.trouble = str(exc)
            log.error("the relay cannot write: %s; %d frames wait", exc, self._outbox.waiting)
            self._announce(RelayHealth(publishing=False, waiting=self._outbox.waiting, reason=str(exc)))
        self._stopping.wait(_RETRY)

    def _recovered(self) -> None:
        if self.trouble:
            log.warning("the relay can write again; %d frames waited", self._outbox.waiting)
            self.trouble = ""
            self._announce(RelayHealth(publishing=True, waiting=self._outbox.waiting))

    def _lost_lead(self, why: str) -> None:
        log.warning("the relay %s leads no longer: %s", self._name, why)
        self._leadership.fenced(time.monotonic())
        self._sent = None
        self.changed.set()

    def _step(self) -> None:
        now = time.monotonic()
        if not self._keep_lease() and now >= self._leadership.due:
            self._ask_for_lead(now)
        self._publish()
        if self._leadership.leads:  # it may have lost the lead over that
            self._look_after(now)
        self._recovered()

    def _keep_lease(self) -> bool:
        """Renew the lease, if it is time to; whether it still leads."""
        now = time.monotonic()
        if not self._leadership.leads or now < self._leadership.due:
            return self._leadership.leads
        if self._server.run(RENEW, [self._keys.leader], [self._name, self._ttl_ms]):
            self._leadership.renewed(now)
        else:
            self._leadership.refused(now)
            self.changed.set()
            log.warning("the relay %s lost its lease", self._name)
        return self._leadership.leads

    def _ask_for_lead(self, now: float) -> None:
        token = self._server.run(ACQUIRE, [self._keys.leader, self._keys.fence], [self._name, self._ttl_ms])
        if not token:
            self._leadership.refused(now)
            self._follow()
            return
        self._leadership.acquired(int(token), now)
        try:
            self._begin_term()
        except BaseException:
            self._leadership.fenced(now)  # it is begun anew
            raise
        self.changed.set()

    def _follow(self) -> None:
        """Keep only what the leader may not have published yet."""
        before = self._past.covered().at - _SLACK_MS
        self._outbox.forget(before)
        self._covered_since = max(self._covered_since, before)

    # A term ----------------------------------------------------------------------------------------------------------

    def _begin_term(self) -> None:
        head, counts, covered = self._past.head(), self._past.counts(), self._past.covered()
        self._settle_sent(head)
        # What Redis has lost since is written anew, under the ids it had; what another has led since is not.
        lost = [item for item in self._kept if entry_key(item.entry_id or FIRST) > entry_key(head)]
        own = self._head
        self._writer.begin(head, counts, covered)
        self._head = head
        self._outbox.forget_names()
        if lost:
            log.error("Redis has lost %d frames that it had taken; they are written anew", len(lost))
        is_own = self._is_caught_up and own == head
        is_whole = is_own or (self._is_caught_up and bool(lost))
        is_whole = is_whole or self._covered_since <= covered.at - _SLACK_MS // 3
        # Where nobody else has written since, what others had is known already.
        told_to = 0 if is_own else self._look_back(covered, lost)
        self._outbox.put_first(lost)
        if self._outbox.earlier:
            self._outbox.forget_private(covered.at - _SLACK_MS)  # another has led since
        if self._outbox.earlier or lost:
            again = set(map(id, lost))
            self._publish(lambda item: id(item) in again or 0 < item.seq <= self._outbox.earlier)
            told_to = self._look_back(self._writer.covered, ())
        if head != FIRST and not is_whole and self._leadership.leads:
            self._fill_gap(told_to - _SLACK_MS, "no relay was there")
        if not self._leadership.leads:
            return  # what is left is begun anew, or another's
        self._is_caught_up = True
        self._take_state()
        self.answers_changed = True
        log.info("the relay %s leads, with token %s", self._name, self._leadership.token)

    def _settle_sent(self, head: str) -> None:
        """What was sent and never answered is done if it is there; else it is sent under another term."""
        sent, self._sent = self._sent, None
        if sent is not None and sent[0].head == head:
            self._took(*sent)

    def _look_back(self, covered: Covered, lost: Iterable[Item]) -> int:
        """Learn what Redis has of the last moments; the venue's time until which it has all of the account's, ms."""
        head = entry_key(self._head)[0]  # stands for both where nobody knows better
        told_to = min(self._past.told_to() or head, covered.ts or head)
        self._known = self._past.ids_since((covered.at or head) - 2 * _SLACK_MS, told_to - _SLACK_MS)
        self._known -= {event.event_id for item in lost for event in item.events}
        return told_to

    def _fill_gap(self, since: int, reason: str) -> None:
        """What neither Redis nor the outbox has heard is read by REST, from that time of the venue's on, ms."""
        items, self._early = self._missed.read(since, reason, self._known, self._outbox.ids, time.monotonic())
        self._outbox.put_first(items)

    # Writing ---------------------------------------------------------------------------------------------------------

    def _publish(self, wants: Callable[[Item], bool] | None = None) -> None:
        """Write all that waits, or what is wanted of it up to the first that is not."""
        while self._keep_lease():
            if self._sent is not None:
                self._send(*self._sent)
            elif not self._write_next(wants):
                return

    def _write_next(self, wants: Callable[[Item], bool] | None) -> bool:
        """Make the next batch; whether there was anything."""
        waiting = self._outbox.first(_BATCH)
        if wants is not None:
            waiting = list(takewhile(wants, waiting))
        items = self._news(waiting)
        if not items and (waiting or wants is not None or not self.answers_changed):
            return bool(waiting) or (wants is None and self._fill_overflow())
        batch = self._batch()
        self._writer.write(batch, items, is_current=self._is_current())
        if self.answers_changed:
            self.answers_changed = False
            self._writer.write_answers(batch, self.answers)
        self._sent = batch, items
        return True

    def _fill_overflow(self) -> bool:
        """All that found room is written: what found none is read by REST; whether there was any."""
        if self._outbox.lost_since is None:
            return False
        self._outbox.lost_since = None  # first: what comes from now on waits behind it
        try:
            told_to = self._look_back(self._writer.covered, ())
            self._fill_gap(told_to - _SLACK_MS, "more waited than could be kept")
        except BaseException:
            self._outbox.lost_since = self._time_ms()
            raise
        self._take_state()
        return True

    def _send(self, batch: FencedBatch, items: list[Item]) -> None:
        self._server.run(PUBLISH, batch.keys, batch.args)
        self._took(batch, items)

    def _took(self, batch: FencedBatch, items: list[Item]) -> None:
        """Redis has taken a batch."""
        self._sent, self._head = None, batch.head
        self._outbox.done(items)
        self.published += len(items)
        if self._early:
            self._known |= self._early.intersection(one.event_id for item in items for one in item.events)
        for item in items:
            if item.is_private and item.snapshot is None:
                self._kept.append(item)
            self._written.add(item.name)

    def _news(self, items: list[Item]) -> list[Item]:
        """Those that no other relay has published; the others are done."""
        if not self._known:
            return items
        news: list[Item] = []
        for item in items:
            if item.is_private and item.events and all(one.event_id in self._known for one in item.events):
                if news:
                    break  # those before it are written first, then it is looked at again
                self._outbox.done([item])
            else:
                news.append(item)
        return news

    def _batch(self) -> FencedBatch:
        token = self._leadership.token
        assert token is not None  # it leads
        return FencedBatch(self._keys, token, self._head)

    def _look_after(self, now: float) -> None:
        """Trim what is old, and show the books that somebody wants."""
        batch = self._batch()
        if now >= self._trim_due:
            self._trim_due = now + _TRIM
            until = Covered(self._time_ms(), self._venue_ms() or 0)  # read before what waits is looked at
            if self._is_current() and not self._outbox.waiting:
                self._writer.cover(batch, until)
            oldest = f"{max(0, self._time_ms() - self._keep_ms)}-0"
            for name in self._written:
                key = self._keys.session if name == "session" else self._keys.events(name)
                batch.add("XTRIM", key, "MINID", "~", oldest)
            self._written.clear()
        for symbol, due in list(self._books.items()):
            if now >= due:
                self._show_book(batch, symbol, now)
        if batch.count:
            self._server.run(PUBLISH, batch.keys, batch.args)

    def _show_book(self, batch: FencedBatch, symbol: str, now: float) -> None:
        self._books[symbol] = now + _BOOK
        if f"{symbol}{_UPDATES}" not in self.answers:
            self._books.pop(symbol, None)
            return
        try:
            book = self._book(symbol)
        except StaleBook:
            return  # whoever wants it is told that there is none now
        said = {"symbol": symbol, "ts": book.ts, "asks": list(book.asks), "bids": list(book.bids)}
        batch.add("SET", self._keys.book(symbol), encode(said), "EX", 60)
