"""A paper venue started for a client: what ``connect("paper")`` does. Imported only then, since a server is heavy.

Above client and venue alike, it is the one place that knows both; they still speak over loopback sockets.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orderly_sync.config import Network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.extras import lacking
from orderly_sync.paper.follow import follow as follow_market
from orderly_sync.paper.follow import play
from orderly_sync.stream.events import Resynced, Stale

if TYPE_CHECKING:
    from orderly_sync.control.venue_control import VenueControl
    from orderly_sync.venue.server.serve import Venue

__all__ = ["announce_source", "open_venue", "start_paper"]

_CHAIN_ID = 421614


def start_paper(
    *, venue_rate_limits: bool = True, proxy: str | None = None, **options: Any
) -> tuple[Venue, Network, Credentials]:
    """Start a venue in the background of this process; it ends with the process, or by its ``stop()``.

    Args:
        venue_rate_limits: Whether the venue keeps the API's rate limits.
        proxy: An HTTP proxy on the way to the market that is followed.
        options: As of ``orderly_sync.venue.server.Venue``: ``seed``, ``market``, ``speed``, ``accounts``, ``port`` …;
            ``follow`` or ``replay`` name where its market comes from, see ``open_venue``.

    Returns:
        The venue (its control: ``set_mark_price``, ``advance``, ``faults``, ``drop_connections``, ``ledger``,
        ``snapshot``), where it listens, and its first account.

    Raises:
        UsageError: aiohttp is not installed, or an option makes no sense.
    """
    try:
        venue = open_venue(rate_limits=venue_rate_limits, proxy=proxy, **options)
    except ModuleNotFoundError as exc:
        if exc.name != "aiohttp":
            raise
        raise UsageError(lacking("paper", "the paper venue")) from None
    except TypeError as exc:
        raise UsageError(f"the paper venue: {exc}") from None
    atexit.register(venue.stop)
    # What the end of the process would stop is kept until then; a venue that has stopped need not be.
    venue.at_stop.append(lambda: atexit.unregister(venue.stop))
    return venue, _network(venue), _first_account(venue)


def open_venue(
    *,
    follow: str | Network | None = None,
    replay: str | os.PathLike[str] | None = None,
    proxy: str | None = None,
    **options: Any,
) -> Venue:
    """Start a paper venue, its market its own or taken from elsewhere; with the latter, it has prices when it returns.

    Args:
        follow: ``"mainnet"``, ``"testnet"``, a Network, or the URL of a public stream (a venue's ``ws_public``).
        replay: A recording; played at the venue's ``speed``, and at its end prices stand still.
        proxy: An HTTP proxy on the way to the market that is followed.
        options: As of ``orderly_sync.venue.server.Venue``.

    Raises:
        UsageError: An option makes no sense, the recording cannot be read, or no price came from there.
    """
    from orderly_sync.venue.server.serve import Venue

    if follow is None and replay is None:
        return Venue(**options)
    if follow is not None and replay is not None:
        raise UsageError("a market is either followed or replayed; name one of the two")
    if options.setdefault("market", "followed") != "followed":
        raise UsageError(
            f"market={options['market']!r} moves by itself; leave it out to follow or replay another"
        )
    venue = Venue(**options)
    try:
        if replay is not None:
            play(venue, replay, options.get("speed", 1.0))
        else:
            assert follow is not None
            follow_market(venue, follow, proxy)
    except BaseException:
        venue.stop()
        raise
    return venue


def announce_source(venue: VenueControl, announce: Callable[[object], object]) -> None:
    """Tell a client's hooks when the market that its venue follows falls silent, and when it comes back."""
    known: set[str] = set()

    def changed(stale: tuple[str, ...], age: float) -> None:
        name = "follow " + str((venue.health()["source"] or {}).get("name"))
        if not known.issuperset(stale):
            announce(Stale(topic=name, age=age, symbols=stale))
        elif not stale:
            announce(Resynced(reason=f"{name} tells prices again"))
        known.clear()
        known.update(stale)

    venue.on_source(changed)


def _network(venue: Venue) -> Network:
    from orderly_sync.venue.server.constants import LEDGER_CONTRACT

    return Network(
        name="paper",
        rest=venue.urls["rest"],
        ws_public=venue.urls["ws_public"],
        ws_private=venue.urls["ws_private"],
        chain_id=_CHAIN_ID,
        ledger_contract=LEDGER_CONTRACT,
        faucet=venue.urls["rest"],
        ws_oracle=venue.urls["ws_oracle"],
    )


def _first_account(venue: Venue) -> Credentials:
    first = venue.accounts[0]
    return Credentials(
        account_id=first.account_id,
        secret=first.orderly_secret,
        key=first.orderly_key,
        broker_id=first.broker_id,
    )
