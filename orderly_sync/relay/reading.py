"""What a bot asks of Redis: the state, entries from a place on, its wishes, its group's record. No thread of its own.

A bot reads what the relay writes, and writes its own wishes, its group's record and its lease only.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.errors import DecodingError
from orderly_sync.relay.entries import FIRST, entry_key, events_of_entry
from orderly_sync.relay.group import GroupRecord, StreamPlace
from orderly_sync.relay.keys import TABLES, KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.scripts import KEEP, RELEASE, RENEW
from orderly_sync.relay.state_rows import rows_of_table
from orderly_sync.relay.stream_entry import StreamEntry
from orderly_sync.relay.wishes import WISH_SECONDS
from orderly_sync.relay_errors import GroupInUse, RelayMismatch, RelayUnreachable
from orderly_sync.waiting import Flag
from orderly_sync.wire.topic import Topic
from orderly_sync.wire.topic_names import topic_named

__all__ = ["LEASE_SECONDS", "BotReader", "RelayedState"]

LEASE_SECONDS = 6.0
"""How long a group is one process's without its word."""
_ASKS = 1_000
_COUNT = 500
_LOOK = 0.1
_LEADERLESS = 2.0
"""Seconds for which a takeover is waited for, while what is in Redis is read on."""
_LOOK_FOR_LEADER = 0.5


@attrs.frozen
class RelayedState:
    """The state, and the place in all streams at which it is that."""

    head: str
    counts: Mapping[str, int]
    rows: Mapping[str, list[Any]]

    def place_of(self, topic: str) -> StreamPlace:
        """The place in one stream."""
        return StreamPlace(self.head, self.counts.get(topic, 0))


class BotReader:
    """One bot's way to Redis; its methods may be called by several threads, each error is a RelayError.

    Args:
        server: The Redis.
        keys: The names of all keys.
        bot: The bot's name.
        instance: This process's own, by which it holds its group.
        numbers: ``Decimal`` or ``float``.
        group: The group's name.
    """

    def __init__(
        self,
        server: RedisServer,
        keys: KeyLayout,
        *,
        bot: str,
        instance: str,
        numbers: type = Decimal,
        group: str | None = None,
    ) -> None:
        self.server, self.keys, self.bot, self.group = server, keys, bot, group
        self.record: GroupRecord | None = None
        """What the group has taken; None without one."""
        self._client: Any = server.client
        self._instance = instance
        self._numbers = numbers
        self._topics: dict[str, Topic[Any]] = {}
        self._wishes: dict[str, set[str]] = {}
        self._said: set[str] = set()
        self._renewal_due = 0.0
        self._leaderless_since: float | None = None
        self._keeping = threading.Lock()  # so that no older record is written over a newer one
        self._wishing = threading.Lock()  # two connections wish

    # The relay -------------------------------------------------------------------------------------------------------

    def meta(self) -> dict[str, str]:
        """Whose prefix it is; empty if no relay ever was there."""
        with self.server.asking():
            told = self._client.hgetall(self.keys.meta)
        return {key.decode(): value.decode() for key, value in told.items()}

    def _has_leader(self) -> bool:
        with self.server.asking():
            return bool(self._client.exists(self.keys.leader))

    def require_leader(self) -> None:
        """Raises RelayUnreachable if no relay leads."""
        if not self._has_leader():
            raise RelayUnreachable(
                f"no relay leads under the prefix {self.keys.prefix!r} at {self.server.place}; "
                "start one: orderly-sync relay --redis URL"
            )

    def state(self) -> RelayedState:
        """All of it, at one moment."""
        with self.server.asking(), self._client.pipeline(transaction=True) as pipeline:
            pipeline.get(self.keys.head)
            pipeline.hgetall(self.keys.counts)
            for table in TABLES:
                pipeline.hgetall(self.keys.state(table))
            head, counts, *tables = pipeline.execute()
        return RelayedState(
            FIRST if head is None else head.decode(),
            {key.decode(): int(value) for key, value in counts.items()},
            {
                table: rows_of_table(table, told, self._numbers)
                for table, told in zip(TABLES, tables, strict=True)
            },
        )

    def place_now(self, topic: str) -> StreamPlace:
        """The end of a topic's stream."""
        with self.server.asking(), self._client.pipeline(transaction=True) as pipeline:
            pipeline.get(self.keys.head)
            pipeline.hget(self.keys.counts, topic)
            head, count = pipeline.execute()
        return StreamPlace(FIRST if head is None else head.decode(), int(count or 0))

    def answers(self, topics: Iterable[str]) -> dict[str, str]:
        """What became of topics on demand, of those that there is an answer to."""
        names = list(topics)
        if not names:
            return {}
        with self.server.asking():
            told = self._client.hmget(self.keys.topics, names)
        return {name: text.decode() for name, text in zip(names, told, strict=True) if text is not None}

    def book(self, symbol: str) -> bytes | None:
        """A symbol's book as JSON; None if the relay shows none."""
        with self.server.asking():
            told: bytes | None = self._client.get(self.keys.book(symbol))
        return told

    # Entries ---------------------------------------------------------------------------------------------------------

    def wait_entries(self, places: Mapping[str, str], block: float) -> list[StreamEntry]:
        """The entries behind these places, by topic, in their order; waits for one up to ``block`` seconds."""
        streams = {self._stream(topic): at for topic, at in places.items()}
        with self.server.asking():
            told = self._client.xread(streams, count=_COUNT, block=max(1, int(block * 1000)))
        entries: list[StreamEntry] = []
        for key, rows in told or ():
            topic = self.keys.topic_of(key.decode())
            entries += [self._entry(topic, *row) for row in rows]
        if len(told or ()) > 1:
            entries = self._in_order(entries, told)
        return entries

    @staticmethod
    def _in_order(entries: list[StreamEntry], told: Any) -> list[StreamEntry]:
        """By id over all streams, up to where each has been read: ids ascend as things happened."""
        ends = [entry_key(rows[-1][0].decode()) for _, rows in told if len(rows) >= _COUNT]
        entries.sort(key=lambda entry: entry_key(entry.id))
        if not ends:
            return entries
        end = min(ends)
        return [entry for entry in entries if entry_key(entry.id) <= end]

    def read(self, topic: str, after: str, most: int) -> list[StreamEntry]:
        """The entries of a topic behind an id, which may be there already."""
        with self.server.asking():
            rows = self._client.xrange(self._stream(topic), f"({after}", "+", most)
        entries = [self._entry(topic, *row) for row in rows]
        if entries and self.record is not None and self.record.about_to_hand(topic, entries[-1].id):
            self.keep_record()
        return entries

    def number_of_last(self, topic: str) -> int:
        """How many entries a topic ever had."""
        with self.server.asking():
            return int(self._client.hget(self.keys.counts, topic) or 0)

    def ids_behind(self, topic: str, after: str, most: int = 50_000) -> set[str]:
        """The ids of the events that are there behind an id."""
        known: set[str] = set()
        at, left = after, most
        while left > 0:
            with self.server.asking():
                rows = self._client.xrange(self._stream(topic), f"({at}", "+", min(left, 5_000))
            if not rows:
                break
            known.update(name for _, fields in rows for name in fields.get(b"id", b"").decode().split())
            at, left = rows[-1][0].decode(), left - len(rows)
        return known

    def _stream(self, topic: str) -> str:
        return self.keys.session if topic == "session" else self.keys.events(topic)

    def _entry(self, topic: str, entry_id: bytes, fields: dict[bytes, bytes]) -> StreamEntry:
        name = entry_id.decode()
        if topic == "session":
            return StreamEntry(topic, name, fields, ())
        found = self._topics.get(topic)
        if found is None:
            found = self._topics[topic] = topic_named(topic)
        again = self.record is not None and self.record.may_be_known(topic, name)
        try:
            events = events_of_entry(found, fields, self._numbers, redelivered=again)
        except (DecodingError, RelayMismatch) as exc:
            return StreamEntry(topic, name, fields, (), exc)
        return StreamEntry(topic, name, fields, events)

    # Wishes ----------------------------------------------------------------------------------------------------------

    def wish_as(self, part: str, topics: set[str]) -> None:
        """One part of the bot wants exactly these topics."""
        self._wishes[part] = set(topics)
        self._say_wishes()

    def _say_wishes(self) -> None:
        with self._wishing:
            self._write_wishes()

    def _write_wishes(self) -> None:
        topics: set[str] = set().union(*self._wishes.values())
        key = self.keys.wishes(self.bot)
        gone, fresh = self._said - topics, topics - self._said
        if not topics and not gone:
            return
        with self.server.asking(), self._client.pipeline(transaction=True) as pipeline:
            if gone:
                pipeline.hdel(key, *gone)
            if topics:
                pipeline.hset(key, mapping=dict.fromkeys(topics, "1"))
                pipeline.expire(key, WISH_SECONDS)
            if gone or fresh:
                pipeline.xadd(self.keys.asks, {"bot": self.bot}, maxlen=_ASKS, approximate=True)
            pipeline.execute()
        self._said = topics

    def renew(self, now: float) -> None:
        """Say again, where it is time to, that this bot is there.

        Raises:
            RelayUnreachable: No relay has led for a while, longer than a takeover lasts.
        """
        if now < self._renewal_due:
            return
        self._renewal_due = now + LEASE_SECONDS / 3
        if self._has_leader():
            self._leaderless_since = None
        elif self._leaderless_since is None:
            self._leaderless_since = now
        if self._leaderless_since is not None:
            self._renewal_due = now + _LOOK_FOR_LEADER
            if now - self._leaderless_since >= _LEADERLESS:
                self.require_leader()
        self.keep_lease()
        self._say_wishes()

    # The group -------------------------------------------------------------------------------------------------------

    def join(self, timeout: float, *, sleep: Callable[[float], object] | None = None) -> None:
        """Take the group's lease, waiting for a process that was killed, and read its record.

        Raises:
            GroupInUse: Another process holds it still.
        """
        if self.group is None:
            return
        pause = sleep or Flag().wait
        until = time.monotonic() + timeout
        key, mine = self.keys.reader(self.group), int(LEASE_SECONDS * 1000)
        while True:
            with self.server.asking():
                taken = self._client.set(key, self._instance, nx=True, px=mine)
            if taken:
                break
            if time.monotonic() >= until:
                raise GroupInUse(self.group)
            pause(_LOOK)
        self.record = GroupRecord(self._told_record(self.group))

    def _told_record(self, group: str) -> dict[str, str]:
        with self.server.asking():
            told = self._client.hgetall(self.keys.group(group))
        return {key.decode(): value.decode() for key, value in told.items()}

    def keep_lease(self) -> None:
        """Prolong the lease.

        Raises:
            GroupInUse: Another process has taken it, for this one was not heard of; or it did, and has read on.
        """
        if self.group is None:
            return
        key, ms = self.keys.reader(self.group), int(LEASE_SECONDS * 1000)
        if self.server.run(RENEW, [key], [self._instance, ms]):
            return
        with self.server.asking():
            if not self._client.set(key, self._instance, nx=True, px=ms):
                raise GroupInUse(self.group)
        if self.record is not None and self.record.is_overtaken(self._told_record(self.group)):
            self.server.run(RELEASE, [key], [self._instance])
            raise GroupInUse(self.group, has_ended=True)

    def keep_record(self) -> None:
        """Write what has changed in the group's record; nothing where another process reads in it by now."""
        if self.record is not None and self.group is not None:
            with self._keeping:
                self._keep(self.record, self.group)

    def _keep(self, record: GroupRecord, group: str) -> None:
        changes = record.changes()
        if not changes:
            return
        try:
            self._write_record(group, changes)
        except BaseException:
            record.again(changes)
            raise
        record.kept(changes)

    def _write_record(self, group: str, changes: Mapping[str, str]) -> None:
        keys = [self.keys.reader(group), self.keys.group(group)]
        words = [self._instance, *(word for pair in changes.items() for word in pair)]
        if not self.server.run(KEEP, keys, words):
            self.keep_lease()
            if not self.server.run(KEEP, keys, words):
                raise GroupInUse(group)

    def leave(self) -> None:
        """Give back what is this bot's."""
        self.keep_record()
        with self.server.asking():
            self._client.delete(self.keys.wishes(self.bot))
        if self.group is not None:
            self.server.run(RELEASE, [self.keys.reader(self.group)], [self._instance])
