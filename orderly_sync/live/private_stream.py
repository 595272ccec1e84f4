"""The streaming half as recovery sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from orderly_sync.reports.deduplicator import Deduplicator
from orderly_sync.reports.schedule import Gap
from orderly_sync.reports.sequencer import ReportSequencer
from orderly_sync.stream.events import GapClosed, GapOpened, Resynced, VenueRestarted
from orderly_sync.stream.hub import Hub

__all__ = ["PrivateStream"]


class PrivateStream:
    """The private connection of a hub, and what is announced of its gaps.

    Args:
        hub: The stream's machinery.
        forget: Has everything else forget what was known of a venue that began anew.
    """

    def __init__(self, hub: Hub, forget: Callable[[], object]) -> None:
        self._hub = hub
        self._forget = forget
        self.watermark = hub.watermark
        self.deliver_recovered = hub.deliver_recovered

    def restarts(self) -> int:
        """How often the venue's own time went back."""
        connection = self._hub.connections.get("private")
        return 0 if connection is None else connection.reader.watermark.restarts

    def hears(self, name: str) -> bool:
        """Whether anybody hears a topic."""
        route = self._hub.routes.get(name)
        return route is not None and not route.is_empty

    def deduplicator(self, name: str) -> Deduplicator | None:
        """What lets each report of a topic through once; None if nobody hears the topic."""
        route, connection = self._hub.routes.get(name), self._hub.connections.get("private")
        return None if route is None or connection is None else connection.reader.deduplicator(route)

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool]) -> bool:
        """Let out what waits only because of a gap, if that gap ``is_over``; whether it was."""
        return self._hub.connections["private"].settle(sequencers, is_over)

    def forget_all(self, forget: Callable[[], object]) -> None:
        """The venue began anew: no report counts as seen, and ``forget`` is called with nothing in between."""
        connection = self._hub.connections["private"]

        def act(_: float) -> None:
            connection.reader.forget_all()
            forget()
            self._forget()

        connection.between_frames(act)

    def gap_opened(self, since: int | None, reason: str) -> None:
        """Announce that reports may be missing from now on, behind what has just been announced."""
        event = GapOpened(since=since, reason=reason)
        self._hub.connections["private"].driver.submit(lambda _: self._hub.announce(event))

    def resynced(self, since: int | None, until: int | None, recovered: int, reason: str) -> None:
        """Announce that a gap has been read over."""
        self._hub.announce(Resynced(since=since, until=until, recovered=recovered, reason=reason))

    def gap_closed(self, gap: Gap, until: int | None, seconds: float, *, complete: bool) -> None:
        """Announce that a gap has been read over for the last time."""
        event = GapClosed(
            since=gap.since,
            until=until,
            recovered=gap.recovered,
            looks=gap.looks,
            seconds=round(seconds, 3),
            gap_complete=complete,
            reason=gap.reason,
        )
        self._hub.announce(event)

    def restarted(self, reason: str) -> None:
        """Announce that the venue began anew."""
        self._hub.announce(VenueRestarted(reason=reason))
