"""A bot's reader on a Redis in memory, and entries as the relay writes them."""

from __future__ import annotations

from typing import Any

from orderly_sync import topics
from orderly_sync.relay.entries import FIRST, entry_fields
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.reading import BotReader
from tests.support.memory_redis import MemoryRedis
from tests.support.reports import report

__all__ = ["KEYS", "NAME", "REPORTS", "begin", "joined", "reader_of", "write"]

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()
NAME = REPORTS.name


def reader_of(redis: MemoryRedis, *, instance: str = "one", group: str | None = None) -> BotReader:
    """A bot's; in a group it has not joined yet."""
    server: Any = redis
    return BotReader(server, KEYS, bot=group or "bot-1", instance=instance, group=group)


def joined(redis: MemoryRedis, *, instance: str = "one") -> BotReader:
    """One that has joined the group ``grid``."""
    found = reader_of(redis, instance=instance, group="grid")
    found.join(0.0)
    return found


def begin(bot: BotReader, at: str = FIRST) -> None:
    """Its group has taken a topic up to there."""
    assert bot.record is not None
    bot.record.place_of(NAME, StreamPlace(at, 0), None)
    bot.keep_record()


def write(redis: MemoryRedis, entry_id: str, number: int, topic: str = NAME) -> None:
    """A report of the order of that number, as an entry of some topic."""
    fields = {**entry_fields(REPORTS, [report(order_id=number)], number), "ts": number * 10, "t": topic}
    redis.add(KEYS.events(topic), entry_id, fields)
    redis.values.setdefault(KEYS.counts, {})[topic.encode()] = b"%d" % number
    redis.values[KEYS.head] = entry_id.encode()
