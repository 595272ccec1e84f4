"""What counts as delivered: the seam between a stream and whoever keeps account of what has reached the user.

A report passes three points. ``reports/`` lets it through once and in order, and live state has it then. A queue takes
it for hooks or for a consumer, or has no room and notes that it is owed. And the user takes it: only that is delivery.
Whatever must survive the end of the process, or may not count a report that nobody has seen, listens at the third.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from orderly_sync.logs import log_of

__all__ = ["PRIVATE_MAXLEN", "DeliveryListener", "ReportKeeper", "tell_taken"]

log = log_of("orderly_sync.stream")

PRIVATE_MAXLEN = 10_000
"""How many events may wait in a consumer, or frames of private events for hooks, before Overflow."""


class DeliveryListener(Protocol):
    """Told of each private event that the user has taken; set as ``Hub.deliveries`` before hooks and streams are made.

    What is told may be marked as done for good: each event that was let through and not told is the user's still, and
    is to be delivered anew after a crash.
    """

    def handing(self, event: Any, until: float = math.inf, /) -> bool:
        """The user is about to be handed this event, in this thread; what must be done before is done on return.

        False if it could not be done until then, by ``time.monotonic``: the event is not handed over yet.
        """

    def taken(self, event: Any, taker: object = None, /) -> None:
        """The user has taken this event: by the consumer ``taker``, or by hooks if that is None.

        Hooks have when all of them that want it have returned or raised (an error is told as ``HookError`` and does
        not bring the event again): this is called on the hooks thread then, before the next event. A consumer's event
        is taken when the next one is asked for, or the consumer is closed, in the thread that does so: until then it
        may not have been looked at. Where there are several takers of one topic, each tells for itself. It must
        be quick, and may be called by several threads at once. What it raises is logged, and goes no further.
        """


class ReportKeeper(DeliveryListener, Protocol):
    """Keeps reports from before they are handed over until they were taken, over the end of the process."""

    def keeps(self, topic: str, /) -> bool:
        """Whether a topic's reports are kept."""

    def admit(self, reports: Sequence[Any], /) -> Sequence[Any]:
        """Those that no process was told of before; on the I/O thread, before live state has them."""

    def withhold(self, topic: str, reports: Sequence[Any], /, *, is_heard: bool) -> bool:
        """Whether these wait: nobody hears the topic yet, or others wait before them."""


def tell_taken(listener: DeliveryListener, event: object, taker: object = None) -> None:
    """Tell it, whatever it does."""
    try:
        listener.taken(event, taker)
    except Exception:
        log.exception("what keeps account of deliveries failed; the event may be delivered anew")
