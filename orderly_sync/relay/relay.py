"""The relay: one process owns the venue's connections, recovery and state, and publishes what it hears over Redis.

It lives beside a client::

    ex = connect("mainnet", credentials=Credentials.from_env())
    with Relay(ex, "redis://127.0.0.1:6379") as relay:
        ex.run_forever()

Several relays of one account under one prefix: one leads and publishes, the others hear the same and stand by.
"""

from __future__ import annotations

import os
import secrets
import time
import weakref
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from orderly_sync.config import Network, file_path, seconds
from orderly_sync.errors import UsageError
from orderly_sync.journal.store import fingerprint
from orderly_sync.live.book import Book
from orderly_sync.live.session import Session
from orderly_sync.logs import log_of
from orderly_sync.relay.capture import Capture
from orderly_sync.relay.entries import FORMAT
from orderly_sync.relay.gap_reports import reports_since
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.leadership import Leadership
from orderly_sync.relay.outbox import Outbox
from orderly_sync.relay.publisher import EntryPublisher
from orderly_sync.relay.rate_limits import SharedRateLimits
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.spool import SpoolFile
from orderly_sync.relay.wishes import Wishes
from orderly_sync.relay_errors import RelayMismatch
from orderly_sync.rest import Rest
from orderly_sync.stream.hub import Hub
from orderly_sync.values.printing import printable
from orderly_sync.wire import topics
from orderly_sync.wire.json import decode, encode
from orderly_sync.wire.topic import Topic

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["ALWAYS", "Relay", "RelayedClient", "network_of"]

log = log_of("orderly_sync.relay")

ALWAYS: tuple[Topic[Any], ...] = (
    topics.execution_report(),
    topics.algo_execution_report(),
    topics.position(),
    topics.balance(),
    topics.account(),
)
"""What every relay publishes; all else on demand."""
_STOP = 3.0


class RelayedClient(Protocol):
    """What a relay publishes for: a client of ``connect``."""

    @property
    def rest(self) -> Rest:
        """Its REST half."""

    @property
    def status(self) -> str:
        """How it stands."""

    def book(self, symbol: str) -> Book:
        """A symbol's book."""


class Relay:
    """Publishes what one client hears, for bots that ``connect(via=...)``. It ends with ``stop()`` or its ``with``.

    Args:
        ex: A connected client with credentials. It is not stopped with the relay.
        url: ``redis://user:password@host:port/0``, or ``rediss://`` for TLS.
        prefix: Begins the names of all keys; one account each.
        keep: Seconds that events are kept for bots that come late.
        maxlen: About how many entries each stream keeps at most.
        topics: Topics that are published whether a bot wants them or not, besides the account's.
        lease: Seconds without a word after which another relay leads.
        journal: A file of this relay's own, where what Redis does not take waits: as long as that lasts, and over the
            end of this process. Without it 200,000 frames wait in memory, and beyond that reports are read by REST.

    Raises:
        JournalError: The journal is in use, another account's, or cannot be written.
        UsageError: The client has no credentials or was stopped, or the extra ``redis`` is not installed.
        RelayUnreachable: No Redis answers.
        RelayRefused: It refused the password, or its ACL this user.
        RelayMismatch: It is too old, or the prefix is another account's.
    """

    def __init__(
        self,
        ex: RelayedClient,
        url: str,
        *,
        prefix: str = "orderly",
        keep: float = 3600.0,
        maxlen: int = 100_000,
        topics: Iterable[Topic[Any]] = (),
        lease: float = 5.0,
        journal: str | os.PathLike[str] | None = None,
    ) -> None:
        hub, session = _parts_of(ex)
        self.keys = KeyLayout(prefix)
        self.name = secrets.token_hex(8)
        """By which it holds the lease."""
        if type(maxlen) is not int or maxlen < 1:
            raise UsageError(f"maxlen={maxlen!r}: pass a whole number of entries from 1 on")
        keep_ms = int(seconds(keep, "keep", least=1.0) * 1000)
        self._always = {topic.name: topic for topic in (*ALWAYS, *topics)}
        self._leadership = Leadership(seconds(lease, "lease", least=0.2))
        self._server = RedisServer(url)
        # Last of what may be refused: it holds the file.
        self._outbox = Outbox(spool=None if journal is None else _open_spool(journal, hub))
        self._capture = capture = Capture(
            hub, session, self._outbox, self._wake, hub.options.clock.machine.time_ms
        )
        self._publisher = publisher = self._make_publisher(ex, hub, maxlen, keep_ms)
        self._wishes = self._make_wishes(hub)
        self._end = weakref.finalize(
            self, _stop, publisher, self._wishes, capture, self._server, self._outbox
        )
        try:
            self._start(hub, ex.rest)
        except BaseException:
            self.stop()
            raise

    def _make_publisher(self, ex: RelayedClient, hub: Hub, maxlen: int, keep_ms: int) -> EntryPublisher:
        return EntryPublisher(
            self._server,
            self.keys,
            self.name,
            outbox=self._outbox,
            take_state=partial(_take_over, self._server, self.keys, hub, self._capture),
            leadership=self._leadership,
            missed=partial(reports_since, ex.rest.orders),
            book=ex.book,
            announce=hub.announce,
            is_current=lambda: ex.status == "ready",
            private=lambda: [one for one in self._always.values() if one.private],
            maxlen=maxlen,
            keep_ms=keep_ms,
            time_ms=hub.options.clock.machine.time_ms,
            venue_ms=hub.options.clock.venue_ms,
            ended=partial(hub.thread_ended, "relay"),
        )

    def _make_wishes(self, hub: Hub) -> Wishes:
        return Wishes(
            self._server,
            self.keys,
            capture=self._capture,
            always=self._always,
            acked=hub.wait_acked,
            show_book=self._publisher.show_book,
            answers=self._publisher.answers,
            answered=self._answered,
            ended=partial(hub.thread_ended, "relay"),
        )

    def _wake(self) -> None:
        self._publisher.wakeup.set()

    def _answered(self) -> None:
        self._publisher.answers_changed = True
        self._publisher.wakeup.set()

    def _start(self, hub: Hub, rest: Rest) -> None:
        self._server.check()
        _claim(self._server, self.keys, hub)
        rest.share_rate_limits(SharedRateLimits(self._server, self.keys, hub.options.clock.machine.time_ms))
        self._capture.begin()
        for topic in self._always.values():
            self._capture.hear(topic)
            self._publisher.answers[topic.name] = "ok"
        self._publisher.start()
        self._wishes.start()

    @printable
    def __repr__(self) -> str:
        return f"Relay({self._server.place!r}, {self.status}, published={self._publisher.published})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def status(self) -> str:
        """``leading``, ``standby``, ``degraded`` (Redis takes no writes) or ``stopped``."""
        if not self._end.alive:
            return "stopped"
        return "degraded" if self._publisher.trouble else self._leadership.state.value

    @property
    def leads(self) -> bool:
        """Whether it publishes, as far as it knows."""
        return self._end.alive and self._leadership.leads

    def wait_leading(self, timeout: float) -> None:
        """Wait until it leads.

        Raises:
            TimeoutError: Another did for so many seconds.
        """
        until = time.monotonic() + seconds(timeout)
        while not self.leads:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"the relay did not lead within {timeout:g} s; another may")
            self._publisher.changed.clear()
            self._publisher.changed.wait(min(left, 0.1))

    def stats(self) -> dict[str, Any]:
        """How it stands.

        ``status``, ``token`` and ``terms`` of its lead; frames ``published`` and ``waiting``, writes ``refused`` for
        want of the lead, market data ``dropped``; ``topics`` on demand, and how many ``bots`` want any.
        """
        publisher, demand = self._publisher, self._wishes.demand
        return {
            "status": self.status,
            "token": self._leadership.token,
            "terms": self._leadership.terms,
            "published": publisher.published,
            "waiting": self._outbox.waiting,
            "refused": publisher.refused,
            "dropped": self._outbox.dropped,
            "topics": sorted(demand.topics),
            "bots": len(demand.bots),
        }

    def stop(self) -> None:
        """Write what waits, give the lead back and end the threads; idempotent, bounded. The client goes on."""
        self._end()

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()


def _stop(
    publisher: EntryPublisher, wishes: Wishes, capture: Capture, server: RedisServer, outbox: Outbox
) -> None:
    capture.end()
    wishes.stop()
    if publisher.stop(_STOP):
        outbox.close()
    wishes.join(_STOP)
    server.close()


def _open_spool(journal: str | os.PathLike[str], hub: Hub) -> SpoolFile:
    options = hub.options
    assert options.credentials is not None  # a session has an account
    now = options.clock.machine.time_ms() / 1000
    account = fingerprint(options.network.name, options.credentials.account_id)
    path = file_path(journal, "journal")
    return SpoolFile(path, account, numbers=options.numbers, now=now, told=hub.announce)


def _parts_of(ex: Any) -> tuple[Hub, Session]:
    if not hasattr(ex, "_require_live"):
        raise UsageError(
            f"a relay publishes for a client, such as connect('mainnet', credentials=...), not {ex!a:.60}"
        )
    session: Session = ex._require_live("a relay")  # noqa: SLF001 - it publishes what that holds
    return session.hub, session


def _claim(server: RedisServer, keys: KeyLayout, hub: Hub) -> None:
    """Note whose prefix it is, or refuse one that is another's."""
    options = hub.options
    assert options.credentials is not None  # a session has an account
    own: dict[Any, Any] = {
        "format": str(FORMAT),
        "account": options.credentials.account_id,
        "network": encode(attrs.asdict(options.network)).decode(),
    }
    with server.asking():
        told: Any = server.client.hgetall(keys.meta)
        found = {key.decode(): value.decode() for key, value in told.items()}
        if not found or found.get("account") == own["account"]:
            server.client.hset(keys.meta, mapping=own)
            return
    raise RelayMismatch(
        f"the prefix {keys.prefix!r} at {server.place} is of another account; give each account a prefix= of its own"
    )


def _take_over(server: RedisServer, keys: KeyLayout, hub: Hub, capture: Capture) -> None:
    """A term begins, perhaps at a Redis that holds nothing any more: note whose prefix it is, and the whole state."""
    _claim(server, keys, hub)
    capture.take_state()


def network_of(text: str) -> Network:
    """The network that a relay noted."""
    said = decode(text, "a relay's network")
    return Network(**said)
