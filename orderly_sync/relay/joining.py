"""A bot's two halves over a relay: where its frames come from, what becomes of each, and how it begins and ends."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import attrs

from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import DecodingError, OrderlyError, UsageError
from orderly_sync.logs import log_of
from orderly_sync.relay.driver import RelayedDriver
from orderly_sync.relay.entries import FIRST, entry_key, is_state_read, number_of_entry, session_event_of
from orderly_sync.relay.gap_reports import reports_since
from orderly_sync.relay.group import StreamPlace
from orderly_sync.relay.keys import KeyLayout, checked_name
from orderly_sync.relay.rate_limits import SharedRateLimits
from orderly_sync.relay.reading import BotReader, RelayedState
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay.relay import ALWAYS, network_of
from orderly_sync.relay.session import RelayedSession
from orderly_sync.relay.stream_entry import FilledGap, StreamEntry
from orderly_sync.relay.telling import OVERLAP_MS, Telling
from orderly_sync.relay_errors import RelayError, RelayGap, RelayMismatch
from orderly_sync.reports.deduplicator import is_report_topic
from orderly_sync.rest import Rest
from orderly_sync.stream.backoff import full_jitter
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.events import GapClosed, GapOpened
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.options import Options
from orderly_sync.stream.stream import Stream
from orderly_sync.wire.moments import TimeLike, milliseconds

__all__ = ["Via", "join_relay"]

log = log_of("orderly_sync.relay")

_ALWAYS = frozenset(topic.name for topic in ALWAYS)
_BEFORE_MS = 1
_DELAYS = partial(full_jitter, longest=1.0)
"""A Redis of one's own, unlike the venue, need not be spared: whoever is away longer has the more to catch up."""


@attrs.frozen(kw_only=True)
class Via:
    """Which relay, and as which bot."""

    url: str = attrs.field(repr=False)
    prefix: str = "orderly"
    group: str | None = None
    since: TimeLike | None = None


class Bot:
    """What becomes of each entry: state and session events on the I/O thread, hooks and queues by ``Telling``.

    Args:
        reader: The way to Redis.
        hub: The streaming half's machinery.
        session: The state.
        since: Where topics begin that nobody has heard, as an entry's id.
    """

    def __init__(self, reader: BotReader, hub: Hub, session: RelayedSession, since: str | None) -> None:
        self._reads, self._hub, self._session = reader, hub, session
        self._state_at = FIRST  # the state holds what came up to there
        self._is_stale = False  # entries are missing that the state never had
        self._trouble = ""
        self._numbers: dict[str, int] = {}
        self.telling = Telling(hub, self, reader.record, since)
        session.is_behind = lambda: self.telling.is_behind
        if reader.record is not None:
            hub.deliveries = self

    def connection(self, home: Any, options: Options, name: str) -> Connection:
        """The ``"private"`` or the ``"public"`` connection, over Redis."""
        connection = Connection(
            name,
            f"redis at {self._reads.server.place}",
            home,
            login=None,
            delays=_DELAYS if options.delays is full_jitter else options.delays,
            clock=options.clock,
            timeouts=options.timeouts,
            make_driver=partial(RelayedDriver, reader=self._reads, listener=self, always=_ALWAYS),
        )
        if name == "private":
            connection.watchers.append(self.telling)
        return connection

    # What is read, on the I/O threads --------------------------------------------------------------------------------

    def opened(self, state: RelayedState, topics: Mapping[str, StreamPlace]) -> None:
        """The private connection stands: the state as it is, which may be newer than what is read next."""
        del topics
        self.took_state(state)

    def took_state(self, state: RelayedState) -> None:
        """The relay read it anew, or this bot has lost sight of it."""
        self._state_at = state.head
        self._session.seed(state.rows)
        self._is_stale = False
        if self._reads.record is not None:  # another Redis may answer, or one that has lost something
            self._reads.record.all_again()
        self.telling.look_again(state.head)

    def subscribed(self, topic: str, at: StreamPlace) -> None:
        """A topic is read from there on."""
        self._numbers[topic] = at.number
        if topic in _ALWAYS or self._is_private(topic):
            self.telling.begin(topic, at)

    def unsubscribed(self, topic: str) -> None:
        """A topic is read no more."""
        self._numbers.pop(topic, None)
        self.telling.left(topic)

    def announce(self, event: object) -> None:
        """Tell hooks of a session event."""
        self._hub.announce(event)

    def about_to(self, entries: list[StreamEntry]) -> None:
        """A group's record says what may have been handed on before that is."""
        record = self._reads.record
        if record is None:
            return
        last = {entry.topic: entry.id for entry in entries if self.telling.wants(entry.topic)}
        news = [topic for topic, entry_id in last.items() if record.about_to_hand(topic, entry_id)]
        if news:
            self._reads.keep_record()

    def entry(self, entry: StreamEntry, now: float) -> None:
        """One entry: state first, then hooks and queues."""
        if entry.topic == "session":
            event = None if is_state_read(entry.fields) else session_event_of(entry.fields)
            if event is not None:
                self._hub.announce(event)
            return
        route = self._hub.routes.get(entry.topic)
        if route is None:
            return
        self._note_number(entry)
        if self._is_stale:
            self._take_state_anew()
        if entry.error is not None:
            if route.topic.private:
                self.telling.tell(route, entry)  # it counts as told
            raise entry.error
        route.count += 1
        route.last_push, route.last_ts = now, entry.events[0].ts if entry.events else None
        connection = self._hub.connections["private" if route.topic.private else "public"]
        if route.last_ts is not None:
            connection.reader.watermark.pushed(route.last_ts, now)
        if not route.topic.private:
            route.deliver(entry.events, self._hub.dispatcher)
            return
        broken = route.observe(entry.events) if entry_key(entry.id) > entry_key(self._state_at) else None
        self.telling.tell(route, entry)
        if broken is not None:
            raise broken

    def _is_private(self, topic: str) -> bool:
        route = self._hub.routes.get(topic)
        return route is not None and route.topic.private

    def _note_number(self, entry: StreamEntry) -> None:
        """Where entries are missing, the state is taken over anew; market data goes on behind the hole."""
        number = number_of_entry(entry.fields)
        last = self._numbers.get(entry.topic, number)
        self._numbers[entry.topic] = number
        if number <= last + 1:
            return
        if self._is_private(entry.topic):
            self._is_stale = True
        else:
            self._hub.announce(RelayGap(entry.topic, number - last - 1))

    def _take_state_anew(self) -> None:
        try:
            self.took_state(self._reads.state())
        except (RelayError, DecodingError) as exc:
            log.warning("the state cannot be taken over anew: %s; it will be tried again", exc)

    # What a group has taken, told by hooks and queues ----------------------------------------------------------------

    def handing(self, event: Any, until: float = 0.0, /) -> bool:
        """It is on record already that it may be handed on."""
        del event, until
        return True

    def taken(self, event: Any, taker: Any = None, /) -> None:
        """Its hooks, or its queue's reader, are done with it."""
        record = self._reads.record
        if record is not None:
            record.taken(event, taker)

    # Reading again, on the catching-up thread ------------------------------------------------------------------------

    def read(self, topic: str, after: str, most: int) -> list[StreamEntry] | None:
        """The entries of a topic behind an id; None while Redis is out of reach."""
        try:
            entries = self._reads.read(topic, after, most)
        except RelayError as exc:
            self._will_try_again("what is behind cannot be read", exc)
            return None
        self._trouble = ""
        return entries

    def _will_try_again(self, what: str, exc: RelayError) -> None:
        """Say so, once: it is tried many times a second."""
        said = f"{what}: {exc}"
        if said != self._trouble:
            self._trouble = said
            log.warning("%s; it will be tried again", said)

    def last_of_lost(self, topic: str, at: StreamPlace) -> int | None:
        """The number of the last entry, if the stream was deleted, or trimmed to its end, behind a place."""
        if at.number < 0:
            return 0
        try:
            last = self._reads.number_of_last(topic)
            return 0 if last <= at.number or self._reads.read(topic, at.id, 1) else last
        except RelayError as exc:
            self._will_try_again("whether anything is missing cannot be read", exc)
            return None

    def may_hand(self, topic: str, entry_id: str) -> bool:
        """Have a group's record name what is handed on next; whether it could be written."""
        record = self._reads.record
        try:
            if record is not None and record.about_to_hand(topic, entry_id):
                self._reads.keep_record()
        except RelayError as exc:
            self._will_try_again("what is told next cannot be written down", exc)
            return False
        return True

    def fill(self, topic: str, at: StreamPlace, missed: int, until: int | None, told: set[str]) -> FilledGap:
        """What REST tells of a hole; announced as a gap whether it can tell or not."""
        gap = RelayGap(topic, missed, entry_key(at.id)[0])
        log.warning("%s", gap)
        self._hub.announce(gap)
        reason = str(gap)
        self._hub.announce(GapOpened(since=at.ts or None, reason=reason))
        events, whole = self._from_rest(topic, at, until, told)
        closed = GapClosed(
            since=at.ts or None,
            until=until,
            recovered=len(events),
            looks=1,
            gap_complete=whole,
            reason=reason,
        )
        return FilledGap(events, closed)

    def _from_rest(
        self, topic: str, at: StreamPlace, until: int | None, told: set[str]
    ) -> tuple[list[Any], bool]:
        told_to = at.ts or entry_key(at.id)[0]  # what came behind it happened later than the relay wrote it
        if self._session.rest.credentials is None or not is_report_topic(topic) or not told_to:
            return [], False
        try:
            since = max(1, told_to - OVERLAP_MS)
            reports, whole = reports_since(
                self._session.rest.orders,
                since,
                lambda report: report.topic == topic and (until is None or (report.timestamp or 0) <= until),
            )
            # After that: the relay may have written some meanwhile.
            known = told | self._reads.ids_behind(topic, at.id)
        except OrderlyError as exc:
            log.warning("what was trimmed cannot be read by REST: %s", exc)
            return [], False
        return [report for report in reports if report.event_id not in known], whole

    def end(self, timeout: float) -> None:
        """Tell nothing more, note what was taken, and let the group go."""
        self.telling.stop(timeout)
        try:
            self._reads.leave()
        except RelayError as exc:
            log.warning("the bot ends while Redis is out of reach: %s", exc)
        self._reads.server.close()


def join_relay(
    via: Via,
    network: str | Network | None,
    credentials: Credentials | None,
    *,
    for_rest: Mapping[str, Any],
    for_stream: Mapping[str, Any],
    ready: float,
) -> tuple[Rest, Stream, RelayedSession]:
    """A bot's halves and its session, not started yet.

    Raises:
        UsageError: The URL, the prefix, the group or ``since`` is none.
        RelayUnreachable: No Redis answers, or no relay leads there.
        RelayRefused: Redis refused the password.
        RelayMismatch: It is too old, or the relay is of another account or network.
        GroupInUse: Another process reads in the group.
    """
    group = None if via.group is None else checked_name(via.group, "group")
    since = milliseconds(via.since, "since")
    instance = secrets.token_hex(8)
    server = RedisServer(via.url)
    try:
        reader = BotReader(
            server,
            KeyLayout(via.prefix),
            bot=group or f"bot-{instance}",
            instance=f"{instance}-{os.getpid()}",
            numbers=for_stream["numbers"],
            group=group,
        )
        server.check()
        place = _place(reader, network, credentials)
        reader.require_leader()
        reader.join(ready)
        rest = Rest(place, credentials, **for_rest)
        rest.share_rate_limits(SharedRateLimits(server, reader.keys, rest.clock.machine.time_ms))
        stream = Stream(place, credentials, **{**for_stream, "clock": rest.clock})
        session = RelayedSession(rest, stream.hub)
        bot = Bot(reader, stream.hub, session, None if since is None else f"{max(0, since - _BEFORE_MS)}-0")
        stream.hub.options = attrs.evolve(stream.hub.options, carrier=bot.connection)
        session.ending.append(bot.end)
    except BaseException:
        server.close()
        raise
    return rest, stream, session


def _place(reader: BotReader, network: str | Network | None, credentials: Credentials | None) -> Network:
    """The relay's network, if a key may be shown there."""
    meta = reader.meta()
    if not meta:
        raise RelayMismatch(
            f"no relay was ever there under the prefix {reader.keys.prefix!r} at {reader.server.place}; "
            "pass the prefix= that the relay has"
        )
    if credentials is not None and credentials.account_id != meta.get("account"):
        raise RelayMismatch(
            f"the relay under the prefix {reader.keys.prefix!r} is of another account; "
            "pass that account's credentials, or the prefix= of this account's relay"
        )
    told = network_of(meta["network"])
    if network is not None:
        named = network if isinstance(network, Network) else None
        if (named or told) != told or (named is None and network != told.name):
            raise RelayMismatch(
                f"the relay is of the network {told.name!r}; leave network= out, or pass that one"
            )
        return told
    hosts = {urlsplit(url).hostname or "" for url in (told.rest, told.ws_private)}
    if told.allow_untrusted_host and credentials is not None:
        raise UsageError(
            f"the relay says its venue is at {min(hosts)}, which is none of the venue's hosts; "
            "pass network= to say that it is meant"
        )
    return told
