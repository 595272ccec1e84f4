"""The keys of one relay in Redis, and which of them are whose. Pure.

All of a prefix lie in one slot of a Redis Cluster, for the prefix is their hash tag. A prefix is one account's.

=========================  ======  ====================================================================================
key                        type    what it holds
=========================  ======  ====================================================================================
``{p}:meta``               hash    ``format``, ``network``, ``account``: whose prefix this is
``{p}:leader``             string  which relay leads; gone some seconds after it is
``{p}:fence``              string  the fencing token of the last leader: whoever writes with another one is refused
``{p}:head``               string  id of the last entry that was written
``{p}:covered``            string  until when all that was heard is there, ms, and the venue's time of the last of it
``{p}:counts``             hash    by topic, how many entries were ever written
``{p}:events:TOPIC``       stream  the events of a topic; of market data a stream for each symbol
``{p}:session``            stream  gaps, and what else the relay's own connection went through
``{p}:state:TABLE``        hash    positions, holdings, orders, algo orders and the account as they stand
``{p}:book:SYMBOL``        string  an order book that somebody wants, not older than half a second
``{p}:topics``             hash    by topic on demand, ``ok`` or why the venue refuses it
``{p}:wishes:BOT``         hash    the topics that a bot wants; gone some seconds after the bot is
``{p}:asks``               stream  names of bots whose wishes have changed
``{p}:group:NAME``         hash    by topic, what a group has taken
``{p}:reader:NAME``        string  which process reads in a group; gone some seconds after it is
``{p}:rate:OPERATION``     zset    what was sent within the present window of a rate limit
=========================  ======  ====================================================================================

Bots write the last five only; all others are the relay's.
"""

from __future__ import annotations

import re

import attrs

from orderly_sync.errors import UsageError

__all__ = ["TABLES", "KeyLayout", "checked_name"]

TABLES = ("positions", "holdings", "orders", "algo_orders", "account")
"""What is kept of the state, by table."""

_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


def checked_name(value: object, what: str) -> str:
    """A prefix, a group's or a bot's name.

    Raises:
        UsageError: It is none.
    """
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise UsageError(f"{what}={value!a:.70}: pass 1 to 64 letters, digits, dots, dashes or underscores")
    return value


def _prefix(value: object) -> str:
    return checked_name(value, "prefix")


@attrs.frozen
class KeyLayout:
    """The names of all keys under one prefix."""

    prefix: str = attrs.field(converter=_prefix)

    def _key(self, rest: str) -> str:
        return f"{{{self.prefix}}}:{rest}"

    @property
    def meta(self) -> str:
        """Whose prefix it is."""
        return self._key("meta")

    @property
    def leader(self) -> str:
        """Which relay leads."""
        return self._key("leader")

    @property
    def fence(self) -> str:
        """The fencing token."""
        return self._key("fence")

    @property
    def head(self) -> str:
        """The last entry's id."""
        return self._key("head")

    @property
    def covered(self) -> str:
        """Until when all that was heard is there."""
        return self._key("covered")

    @property
    def counts(self) -> str:
        """How many entries there were, by topic."""
        return self._key("counts")

    @property
    def session(self) -> str:
        """The stream of session events."""
        return self._key("session")

    @property
    def topics(self) -> str:
        """What became of topics on demand."""
        return self._key("topics")

    @property
    def asks(self) -> str:
        """The stream of bots whose wishes have changed."""
        return self._key("asks")

    def events(self, topic: str) -> str:
        """The stream of a topic's events."""
        return self._key(f"events:{topic}")

    def topic_of(self, key: str) -> str:
        """The topic of a stream of events; of the stream of session events, ``session``."""
        return key.partition(":")[2].removeprefix("events:")

    def state(self, table: str) -> str:
        """One of ``TABLES``."""
        return self._key(f"state:{table}")

    def book(self, symbol: str) -> str:
        """A symbol's book."""
        return self._key(f"book:{symbol}")

    def wishes(self, bot: str) -> str:
        """What a bot wants."""
        return self._key(f"wishes:{bot}")

    def group(self, name: str) -> str:
        """What a group has taken."""
        return self._key(f"group:{name}")

    def reader(self, name: str) -> str:
        """Which process reads in a group."""
        return self._key(f"reader:{name}")

    def rate(self, operation: str) -> str:
        """What was sent of an operation."""
        return self._key(f"rate:{operation}")
