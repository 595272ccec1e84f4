"""Connecting: the two halves joined, or nothing left running."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderly_sync.client import Orderly
from orderly_sync.config import Network, Timeouts, file_path, number_type, timeouts_of
from orderly_sync.credentials import Credentials
from orderly_sync.dialling.trust import check_way
from orderly_sync.ending import stop_all
from orderly_sync.errors import Disconnected, UsageError
from orderly_sync.live.cancel_on_silence import checked_silence, refuse_silence
from orderly_sync.live.session import Session
from orderly_sync.rest import Rest
from orderly_sync.rest.call_deadline import call_within
from orderly_sync.stream.stream import Stream
from orderly_sync.values.sentences import PAPER_STOPPED
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number

if TYPE_CHECKING:
    from orderly_sync.control.venue_control import VenueControl
    from orderly_sync.live.journalling import GapReader, Journalling
    from orderly_sync.recording.record import Recorder
    from orderly_sync.stream.hub import Hub

__all__ = ["connect", "from_env"]

_TRUE = frozenset({"1", "true", "yes", "on"})
_PAPER = frozenset(
    {
        *("seed", "market", "speed", "accounts", "host", "port", "connections", "clock", "follow", "replay"),
        "console",
    }
)
"""Keywords that only the paper venue has."""


def connect(
    network: str | Network | Mapping[str, object] = "paper",
    *,
    credentials: Credentials | None = None,
    timeouts: Timeouts | None = None,
    numbers: type = Decimal,
    strict: bool = False,
    rate_limits: bool = True,
    ca_file: str | None = None,
    proxy: str | None = None,
    record: str | os.PathLike[str] | None = None,
    check: bool = True,
    max_notional: Number | None = None,
    dry_run: bool = False,
    cancel_on_silence: float | None = None,
    journal: str | os.PathLike[str] | None = None,
    via: str | None = None,
    prefix: str = "orderly",
    group: str | None = None,
    since: TimeLike | None = None,
    **paper: object,
) -> Orderly:
    """Connect and return when ready: dialled, logged in, every subscription acknowledged, the state read.

    Args:
        network: ``"paper"`` starts a venue inside this process; ``"testnet"``, ``"mainnet"`` or a Network names a
            real one; the JSON line of ``orderly-sync venue``, or a URL in it, one that is served apart.
        credentials: The account; on paper the venue's first account is taken. Without any, only market data can be had.
        timeouts: How long to wait for what.
        numbers: ``Decimal``, or ``float`` for legacy code.
        strict: Whether the first error of a hook is raised by the next blocking call.
        rate_limits: Whether the venue's rate limits are kept by waiting (and, on paper, whether the venue has any).
        ca_file: Certificates to trust instead of certifi's.
        proxy: An HTTP proxy, ``http://host:port`` or ``http://user:word@host:port``, for both halves: REST and streams
            go through its tunnel. The environment's proxies are never used, and a venue in this process needs none.
        record: A new file that every raw frame is written to, for ``Replay``; gzipped if it ends in ``.gz``.
        check: Without credentials: whether to dial the public stream now, so that a venue out of reach is noticed here.
            ``False`` dials when the first topic is wanted; until then the status is ``idle``.
        max_notional: USDC that one order may be worth at most, however it is placed or edited, InvalidOrder else. An
            order without a price is worth what it is at the mark price; what only reduces a position always passes.
        dry_run: Whether no write is sent: each is checked and then raises DryRun, which shows it.
        cancel_on_silence: Seconds, 5 to 900, after which the venue cancels all orders of the account, algo orders too,
            should this process hang, die or lose the venue; see ``CancelOnSilence``. None leaves orders alone.
        journal: A file that keeps reports of orders from before a hook sees them until it has returned, so that a
            process that was killed is told by the next one: see ``Journal``. Made if it is not there, mode 0600;
            one file for each account, one client at a time.
        via: The Redis of a relay (``redis://host:6379``, extra ``redis``): the account's events and market data come
            from there, orders go straight to the venue. The network is the relay's; without credentials it is read
            only.
        prefix: With ``via``, the relay's.
        group: With ``via``, a name under which it is remembered what was taken of the account's events, so that the
            next process of that group goes on behind it; one process at a time.
        since: With ``via``, from when on events are told that no group has taken; from now on without it.
        **paper: Options of the paper venue: ``seed``, ``market`` (``"calm"``, ``"volatile"``, ``"frozen"``), ``speed``,
        or where its prices come from: ``follow`` (a network or the URL of a public stream) or ``replay`` (a recording).

    Raises:
        RelayError: The relay of ``via`` cannot be heard; its kinds say why, and what to do.
        JournalError: The journal is in use, of another account, of a newer release, or cannot be written.
        UsageError: The network or a keyword is unknown, ``proxy`` or ``ca_file`` cannot be used, or the ``paper`` extra
            is not installed.
        LoginRefused: The venue refused the login.
        Disconnected: It could not be reached within ``Timeouts.ready``.
        TransportError: It was, and its state could not be read within that time.
    """
    _refuse_unknown(paper, is_paper=network == "paper")
    number_type(numbers)
    timeouts_of(timeouts)
    check_way(proxy, ca_file)
    silence = _silence(cancel_on_silence, dry_run=dry_run)
    options = {"timeouts": timeouts, "numbers": numbers, "ca_file": ca_file, "proxy": proxy}
    guards = {"max_notional": max_notional, "dry_run": dry_run, "rate_limits": rate_limits}
    relay = {"url": via, "prefix": prefix, "group": group, "since": since}
    if via is not None:
        refused = {"record": record, "journal": journal, **paper}
        halves: dict[str, dict[str, Any]] = {
            "for_rest": {**options, **guards},
            "for_stream": {**options, "strict": strict},
        }
        return _over_relay(relay, network, credentials, silence=silence, refused=refused, halves=halves)
    if group is not None or since is not None:
        raise UsageError(
            "group= and since= are for connect(via='redis://...'); pass that, too, or leave them out"
        )
    is_new_venue = network == "paper"
    venue, network, own = _begun_venue(network, rate_limits, proxy, paper)
    options["proxy"] = None if is_new_venue else proxy
    credentials = credentials or own
    try:
        return _join(
            network,
            credentials,
            venue,
            None if record is None else _recorder(record),
            check=check,
            silence=silence,
            journal=_path_of(journal, credentials),
            is_new_venue=is_new_venue,
            for_rest={**options, **guards},
            for_stream={**options, "strict": strict},
        )
    except BaseException:
        if venue is not None:
            venue.stop()
        raise


def _silence(cancel_on_silence: float | None, *, dry_run: bool) -> float | None:
    silence = checked_silence(cancel_on_silence)
    if silence is not None and dry_run:
        raise UsageError(
            "cancel_on_silence= sets a timer at the venue, and dry_run=True sends nothing; leave out one"
        )
    return silence


def _begun_venue(
    network: str | Network | Mapping[str, object], rate_limits: bool, proxy: str | None, paper: dict[str, Any]
) -> tuple[VenueControl | None, str | Network, Credentials | None]:
    """The control of a paper venue, started or served apart, its network and its first account."""
    if network == "paper":
        from orderly_sync.paper.start import start_paper

        return start_paper(venue_rate_limits=rate_limits, proxy=proxy, **paper)
    if isinstance(network, Mapping) or (isinstance(network, str) and ("://" in network or "{" in network)):
        from orderly_sync.control.served import attach

        return attach(network)
    return None, network, None


def _over_relay(
    relay: dict[str, Any],
    network: str | Network | Mapping[str, object],
    credentials: Credentials | None,
    *,
    silence: float | None,
    refused: Mapping[str, object],
    halves: Mapping[str, Mapping[str, Any]],
) -> Orderly:
    """A client that hears its account from a relay."""
    from orderly_sync.relay.joining import Via, join_relay

    named = [name for name, value in refused.items() if value is not None]
    if named:
        raise UsageError(
            f"{named[0]}= is not for connect(via=...), where the relay hears the venue; leave it out"
        )
    if credentials is None:
        refuse_silence(silence)
    place = Network.from_venue(network) if isinstance(network, Mapping) else network
    ready = timeouts_of(halves["for_stream"]["timeouts"]).ready
    known = None if place == "paper" else place
    rest, stream, session = join_relay(Via(**relay), known, credentials, ready=ready, **halves)
    try:
        call_within(ready, partial(session.start, cancel_on_silence=silence))
    except BaseException as exc:
        stop_all(stream.hub, session, rest, None, None)
        if isinstance(exc, TimeoutError):
            raise Disconnected(str(exc), final=True) from None
        raise
    return Orderly(rest, stream, session)


def _refuse_unknown(keywords: Iterable[str], *, is_paper: bool) -> None:
    """Name a keyword that does not exist, or not here, and the nearest that does."""
    general = [
        name
        for name, parameter in inspect.signature(connect).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]
    for name in keywords:
        if name in _PAPER:
            if is_paper:
                continue
            raise UsageError(f"{name}= is only for connect('paper')")
        near = get_close_matches(name.lower(), sorted({*general, *(_PAPER if is_paper else ())}), n=1)
        meant = f"did you mean {near[0]}=?" if near else f"it knows {', '.join(general)}"
        raise UsageError(f"connect() knows no keyword {name}=; {meant}")


def _join(
    network: str | Network,
    credentials: Credentials | None,
    venue: VenueControl | None,
    recorder: Recorder | None,
    *,
    check: bool,
    silence: float | None,
    journal: Path | None,
    is_new_venue: bool,
    for_rest: dict[str, Any],
    for_stream: dict[str, Any],
) -> Orderly:
    """Join the two halves; whatever fails, nothing is left running."""
    rest = Rest(network, credentials, **for_rest)
    for_stream["clock"] = rest.clock  # what the venue tells one half of its time serves both
    stream = Stream(network, credentials, record=None if recorder is None else recorder.frame, **for_stream)
    record = None if recorder is None else recorder.state
    session: Session | None = None
    if venue is not None and is_new_venue:
        venue.at_stop.append(
            partial(rest.refuse_all, PAPER_STOPPED)
        )  # whoever reads then shall not wait for nobody
    try:
        if credentials is not None:
            kept = _open_journal(journal, stream, credentials, anew=is_new_venue)
            session = Session(rest, stream.hub, record, journal=kept)
        if session is not None:
            # A paper venue's keys are made for the day; a real one's end, at the latest after a year.
            key = credentials.key if credentials and venue is None else None
            start = partial(session.start, cancel_on_silence=silence, key=key)
            call_within(stream.hub.options.timeouts.ready, start)
        else:
            refuse_silence(silence)
            stream.start()
            if check:
                stream.hub.dial()
                stream.wait_ready()
    except BaseException as exc:
        stop_all(stream.hub, session, rest, None, recorder)
        if isinstance(exc, TimeoutError):
            # Nothing dials on behind a connect that raises.
            raise Disconnected(str(exc), final=True) from None
        raise
    if venue is not None:
        from orderly_sync.paper.start import announce_source

        announce_source(venue, stream.hub.announce)
    return Orderly(rest, stream, session, venue, recorder)


def _path_of(journal: str | os.PathLike[str] | None, credentials: Credentials | None) -> Path | None:
    if journal is None:
        return None
    if credentials is None:
        raise UsageError(
            "journal= keeps an account's reports; pass credentials=Credentials.from_env() or the like"
        )
    return file_path(journal, "journal")


def _open_journal(
    path: Path | None, stream: Stream, credentials: Credentials, *, anew: bool
) -> Callable[[Hub, GapReader], Journalling] | None:
    """Opens the journal; what starts it. A venue in this process is a new one, whatever an old file tells."""
    if path is None:
        return None
    from orderly_sync.journal.journal import Journal
    from orderly_sync.journal.store import JournalFile
    from orderly_sync.live.journalling import Journalling

    options, account_id = stream.hub.options, credentials.account_id
    machine = options.clock.machine
    store = JournalFile(path, stream.network.name, account_id, now=machine.time_ms() / 1000, anew=anew)
    return partial(Journalling, Journal(store, numbers=options.numbers, time_ms=machine.time_ms))


def _recorder(path: str | os.PathLike[str]) -> Recorder:
    from orderly_sync.recording.record import Recorder

    return Recorder(path)


def from_env(**options: Any) -> Orderly:
    """``connect`` as the environment says: ``ORDERLY_NETWORK`` and the credentials there.

    Without ``ORDERLY_NETWORK``, ``ORDERLY_TESTNET=true`` means the testnet. That it is false names no network: real
    money is traded where ``ORDERLY_NETWORK=mainnet`` says so, and nowhere else.

    Raises:
        UsageError: No network is named, or a credential is missing.
    """
    name = os.environ.get("ORDERLY_NETWORK")
    testnet = os.environ.get("ORDERLY_TESTNET")
    if name is None and testnet is not None:
        if testnet.strip().lower() not in _TRUE:
            raise UsageError(
                f"ORDERLY_TESTNET={testnet!a:.20} names no network; set ORDERLY_NETWORK to mainnet, testnet or paper"
            )
        name = "testnet"
    if name is None:
        raise UsageError("set ORDERLY_NETWORK to mainnet, testnet or paper")
    if name == "paper":
        return connect("paper", **options)
    return connect(name, credentials=Credentials.from_env(), **options)
