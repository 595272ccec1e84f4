"""What happens to a stream, as values that hooks can be registered for.

``Disconnected``, ``LoginRefused``, ``SubscriptionRefused``, ``Overflow``, ``StaleBook``, ``HookError``,
``JournalDegraded`` and ``DecodingError`` (all in ``orderly_sync.errors``) are events too:
``ex.on(Disconnected, alert)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from orderly_sync.clock_offset import Offset
from orderly_sync.errors import (
    DecodingError,
    Disconnected,
    HookError,
    JournalDegraded,
    LoginRefused,
    Overflow,
    StaleBook,
    SubscriptionRefused,
)
from orderly_sync.relay_errors import GroupInUse, RelayGap, RelayMismatch
from orderly_sync.tables.shown import Shown

__all__ = [
    "ANNOUNCED",
    "CancelTimer",
    "ClockSkew",
    "Connected",
    "GapClosed",
    "GapOpened",
    "RelayHealth",
    "Resynced",
    "SessionEvent",
    "Stale",
    "Unrouted",
    "VenueRestarted",
]


@attrs.frozen(kw_only=True)
class SessionEvent(Shown):
    """The base of the events of a session that are not errors."""


@attrs.frozen(kw_only=True)
class Connected(SessionEvent):
    """A connection is dialled, logged in (if private) and its subscriptions are acknowledged.

    Topics refused on a new dial are told by ``SubscriptionRefused`` and asked for again; when they are acknowledged
    after all, it comes once more.
    """

    connection: str
    """``"private"`` or ``"public"``."""
    resumed: bool = False
    """Whether there was a connection before, so that a gap lies behind it."""


@attrs.frozen(kw_only=True)
class Resynced(SessionEvent):
    """State has been read again by REST after a gap; trading can go on.

    ``since`` and ``until`` are the venue's times in ms between which the stream was not heard; ``recovered`` counts the
    reports that were rebuilt and delivered with ``recovered=True``. For one gap another follows whenever a later look
    finds something.
    """

    since: int | None = None
    until: int | None = None
    recovered: int = 0
    reason: str = ""


@attrs.frozen(kw_only=True)
class GapOpened(SessionEvent):
    """From now on private events may be missing: stop quoting. ``GapClosed`` follows when all has been read over.

    ``since`` is the venue's time in ms until which all was heard; None if nothing was yet.
    """

    since: int | None = None
    reason: str = ""


@attrs.frozen(kw_only=True)
class GapClosed(SessionEvent):
    """A gap was read over for the last time, and what it had hidden has been delivered.

    ``Resynced`` comes as soon as REST has been read once; what REST shows may lag, so it is read again, last a minute
    later, and then this comes.
    """

    since: int | None = None
    """The venue's time in ms at which the gap began."""
    until: int | None = None
    """The venue's time in ms until which all has been heard or read."""
    recovered: int = 0
    """Reports that were rebuilt and delivered with ``recovered=True``, the first reading's among them."""
    looks: int = 0
    """How often REST was read for it."""
    seconds: float = 0.0
    """From the connection's return until now."""
    gap_complete: bool = True
    """Whether nothing is known to be missing. False if REST has not shown all fills of some order, or could not be read
    to its end, or the gap was longer than a day."""
    reason: str = ""


@attrs.frozen(kw_only=True)
class VenueRestarted(SessionEvent):
    """The venue has begun anew: its clock went back, or an id that was known is another order's.

    What was known of its orders is dropped, and the state is read from the beginning.
    """

    reason: str = ""


@attrs.frozen(kw_only=True)
class Stale(SessionEvent):
    """A topic with a known cadence has been silent for too long though the connection lives; it is subscribed anew.

    On paper also: the market that is followed has fallen silent, and nothing is traded against its old prices.
    """

    topic: str
    """The topic's name, or ``"follow "`` and what is followed."""
    age: float
    """Seconds since its last push; of a followed market, since the newest price of ``symbols``."""
    symbols: tuple[str, ...] = ()
    """The symbols of a followed market whose prices are old; empty for a topic."""


@attrs.frozen(kw_only=True)
class CancelTimer(SessionEvent):
    """The venue's timer that cancels all orders (``cancel_on_silence=``) is not set anew, or is again.

    Said when it changes. While it is not set anew, the venue cancels every open order of the account once it runs out.
    """

    armed: bool
    """Whether it is being set anew."""
    reason: str
    """Why, in a clause."""


@attrs.frozen(kw_only=True)
class RelayHealth(SessionEvent):
    """A relay cannot write to its Redis, or can again; told to the client that it publishes for. Trading goes on."""

    publishing: bool
    """Whether it can write."""
    waiting: int = 0
    """Frames that wait to be written."""
    reason: str = ""
    """Why it cannot, in a clause."""


@attrs.frozen(kw_only=True)
class ClockSkew(SessionEvent):
    """This machine's clock is more than a second off the venue's, by more than before, or right again.

    What is signed bears the venue's time all the same, so trading goes on; set the clock.
    """

    offset: int
    """What the clock must be set forward by, ms: positive where it is behind the venue's, negative where ahead."""
    error: int
    """The offset is right within so many ms."""
    is_off: bool
    """Whether it is off by more than a second; False tells that it is right again."""

    @classmethod
    def of(cls, offset: Offset, is_off: bool) -> ClockSkew:
        """The event that tells of an offset."""
        return cls(offset=offset.ms, error=offset.error, is_off=is_off)


@attrs.frozen(kw_only=True)
class Unrouted(SessionEvent):
    """A frame that belongs to no topic anybody asked for, as decoded."""

    name: str
    message: Mapping[str, Any]


ANNOUNCED: tuple[type, ...] = (
    Connected,
    Disconnected,
    Resynced,
    GapOpened,
    GapClosed,
    VenueRestarted,
    Stale,
    StaleBook,
    Overflow,
    LoginRefused,
    SubscriptionRefused,
    HookError,
    DecodingError,
    JournalDegraded,
    CancelTimer,
    ClockSkew,
    RelayHealth,
    RelayGap,
    RelayMismatch,
    GroupInUse,
    Unrouted,
)
"""Every class that is ever announced; hooks may be registered for these, and for a base that they share."""
