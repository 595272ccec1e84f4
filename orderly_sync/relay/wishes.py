"""The thread that hears what bots want, and has the relay's client subscribe it while anybody does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from orderly_sync.errors import Disconnected, OrderlyError, SubscriptionRefused, UsageError
from orderly_sync.logs import log_of
from orderly_sync.relay.demand import Demand
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay_errors import RelayError
from orderly_sync.waiting import Flag, Worker
from orderly_sync.wire.topic import Topic
from orderly_sync.wire.topic_names import topic_named

__all__ = ["WISH_SECONDS", "HearsTopics", "Wishes"]

log = log_of("orderly_sync.relay")

WISH_SECONDS = 15
"""How long a bot's wishes last without being renewed."""
_BLOCK_MS = 500
_LOOK = 2.0
"""Seconds between two looks for bots that are gone."""
_SCAN = 30.0
"""Seconds between two looks for bots whose word was not heard."""
_PAUSE = 0.5


class HearsTopics(Protocol):
    """What hears topics for a relay."""

    def hear(self, topic: Topic[Any]) -> None:
        """Hear a topic, if it is not heard yet; does not wait for the venue's word."""

    def leave(self, name: str) -> None:
        """Hear a topic no longer."""


class Wishes:
    """Keeps what is subscribed to what is wanted.

    Args:
        server: The Redis.
        keys: The names of all keys.
        capture: What hears topics.
        always: The topics that are heard whether anybody wants them or not.
        acked: Waits until the venue has acknowledged a topic.
        show_book: Begins to keep a symbol's book.
        answers: Where it is noted what became of each topic.
        answered: Called when that changed.
        ended: Told of the defect of this package by which the thread ends.
    """

    def __init__(
        self,
        server: RedisServer,
        keys: KeyLayout,
        *,
        capture: HearsTopics,
        always: Iterable[str],
        acked: Callable[[Topic[Any]], object],
        show_book: Callable[[str], object],
        answers: dict[str, str],
        answered: Callable[[], object],
        ended: Callable[[BaseException], object],
    ) -> None:
        self.demand = Demand()
        self._server, self._keys, self._capture = server, keys, capture
        self._always = frozenset(always)
        self._acked, self._show_book = acked, show_book
        self._answers, self._answered = answers, answered
        self._at = "$"
        self._look_due = self._scan_due = 0.0
        self._trouble = ""
        self._stopping = Flag()
        self._thread = Worker(self._run, "orderly-wishes", ended)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Have the thread end; returns at once."""
        self._stopping.set()

    def join(self, timeout: float) -> None:
        """Wait for its end."""
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._try()

    def _try(self) -> None:
        try:
            self._step()
            self._trouble = ""
        except RelayError as exc:
            if self._trouble != str(exc):
                self._trouble = str(exc)
                log.warning("what bots want cannot be read: %s", exc)
            self._stopping.wait(_PAUSE)

    def _step(self) -> None:
        if self._at == "$":
            self._at = self._last_ask()
            self._scan_due = 0.0
        told = self._asks()
        now = time.monotonic()
        if now >= self._scan_due:
            self._scan_due = now + _SCAN
            told |= self._scan()
        if now >= self._look_due:
            self._look_due = now + _LOOK
            told |= set(self.demand.bots)
        fresh: set[str] = set()
        for bot, topics in self._wishes_of(sorted(told)).items():
            fresh |= self.demand.told(bot, topics - self._always, now)
        self._subscribe(fresh - self._answers.keys())
        gone = self.demand.over(now)
        for name in gone:
            self._capture.leave(name)
            self._answers.pop(name, None)
        if gone:
            self._answered()

    # Reading ---------------------------------------------------------------------------------------------------------

    def _last_ask(self) -> str:
        with self._server.asking():
            rows: Any = self._server.client.xrevrange(self._keys.asks, count=1)
        return rows[0][0].decode() if rows else "0-0"

    def _asks(self) -> set[str]:
        with self._server.asking():
            told: Any = self._server.client.xread({self._keys.asks: self._at}, count=1000, block=_BLOCK_MS)
        names: set[str] = set()
        for _, rows in told or ():
            for entry_id, fields in rows:
                self._at = entry_id.decode()
                names.add(fields.get(b"bot", b"").decode("ascii", "replace"))
        return names

    def _scan(self) -> set[str]:
        start = self._keys.wishes("")
        with self._server.asking():
            return {
                key.decode().removeprefix(start)
                for key in self._server.client.scan_iter(match=f"{start}*", count=1000)
            }

    def _wishes_of(self, bots: list[str]) -> dict[str, frozenset[str]]:
        if not bots:
            return {}
        with self._server.asking(), self._server.client.pipeline(transaction=False) as pipeline:
            for bot in bots:
                pipeline.hkeys(self._keys.wishes(bot))
            replies: Any = pipeline.execute()
        return {
            bot: frozenset(name.decode("ascii", "replace") for name in names)
            for bot, names in zip(bots, replies, strict=True)
        }

    # Subscribing -----------------------------------------------------------------------------------------------------

    def _subscribe(self, names: Iterable[str]) -> None:
        asked: list[Topic[Any]] = []
        for name in sorted(names):
            topic = self._heard(name)
            if topic is not None:
                asked.append(topic)
        for topic in asked:
            self._answers[topic.name] = self._answer_of(topic)
            self._answered()

    def _heard(self, name: str) -> Topic[Any] | None:
        """Begin to hear a topic; None, and why, if that cannot be."""
        try:
            topic = topic_named(name)
            self._capture.hear(topic)
        except (UsageError, Disconnected) as exc:
            self._answers[name] = f"refused: {exc}"
            self._answered()
            return None
        return topic

    def _answer_of(self, topic: Topic[Any]) -> str:
        try:
            self._acked(topic)
            symbol, at, kind = topic.name.partition("@")
            if at and kind == "orderbookupdate":
                self._answers[topic.name] = "ok"
                self._show_book(symbol)
        except SubscriptionRefused as exc:
            self._capture.leave(topic.name)
            return f"refused: {exc.message or exc}"
        except (OrderlyError, TimeoutError) as exc:
            log.warning("the topic %r, which a bot wants, is not there yet: %s", topic.name, exc)
        return "ok"
