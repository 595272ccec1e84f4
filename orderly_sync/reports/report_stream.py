"""What recovery asks of the stream that brings the reports: the seam between reading by REST and delivering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from orderly_sync.reports.deduplicator import Deduplicator
from orderly_sync.reports.schedule import Gap
from orderly_sync.reports.sequencer import ReportSequencer

__all__ = ["EventStream", "ReportStream"]


class EventStream(Protocol):
    """What the rebuilding of any private topic asks of the stream."""

    def watermark(self) -> int | None:
        """The greatest venue time seen, ms; None before the first."""

    def hears(self, name: str, /) -> bool:
        """Whether anybody hears a topic."""

    def deliver_recovered(
        self, name: str, batches: Sequence[Sequence[object]], is_news: Callable[[Any], bool], /
    ) -> int:
        """Deliver those events of a topic, a batch an order, that ``is_news`` says are news, in their places.

        Returns:
            How many were.
        """


class ReportStream(EventStream, Protocol):
    """What recovery asks of the stream that brings the reports."""

    def restarts(self) -> int:
        """How often the venue's own time went back."""

    def deduplicator(self, name: str, /) -> Deduplicator | None:
        """What lets each report of a topic through once; None if nobody hears the topic."""

    def settle(self, sequencers: Mapping[str, ReportSequencer], is_over: Callable[[], bool], /) -> bool:
        """Let out what waits only because of a gap, if that gap ``is_over``; whether it was."""

    def forget_all(self, forget: Callable[[], object], /) -> None:
        """The venue began anew: no report counts as seen, and ``forget`` is called with nothing in between."""

    def gap_opened(self, since: int | None, reason: str, /) -> None:
        """Announce that reports may be missing from now on."""

    def resynced(self, since: int | None, until: int | None, recovered: int, reason: str, /) -> None:
        """Announce that a gap has been read over."""

    def gap_closed(self, gap: Gap, until: int | None, seconds: float, *, complete: bool) -> None:
        """Announce that a gap has been read over for the last time."""

    def restarted(self, reason: str, /) -> None:
        """Announce that the venue began anew."""
