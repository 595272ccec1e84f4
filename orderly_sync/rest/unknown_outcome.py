"""A write that was sent and whose answer was lost: what is raised, and from when on silence is an answer.

An order may still be on its way for as long as the venue takes it: ``x-recv-window``, or, without one, for as long as
it takes a signature. Once that is over, and what REST lags, an order that is not to be seen never will be.
"""

from __future__ import annotations

from time import monotonic

from orderly_sync.errors import OrderOutcomeUnknown
from orderly_sync.rest.request import Request

__all__ = ["READ_LAG", "SIGNATURE_AGE", "certain_in", "unknown_outcome"]

READ_LAG = 5.0
"""Seconds by which what REST shows may be behind; the venue does not say, assumed."""
SIGNATURE_AGE = 300.0
"""Seconds after which the venue takes no signature any more."""


def certain_in(window: int | None, now_ms: int, heard_ms: int | None) -> float:
    """Seconds from the sending after which an order that is not to be seen was not placed, and never will be.

    As far as this machine's clock is ahead of the venue's, the window ends later; at most by how old the time heard is.

    Args:
        window: The order's ``x-recv-window``, ms; None for none.
        now_ms: This machine's time.
        heard_ms: The latest time of the venue's own that was heard; None before any.
    """
    if window is None:
        return 2 * SIGNATURE_AGE + READ_LAG
    ahead = SIGNATURE_AGE if heard_ms is None else max(0, now_ms - heard_ms) / 1000
    return window / 1000 + min(ahead, SIGNATURE_AGE) + READ_LAG


def unknown_outcome(request: Request, detail: str) -> OrderOutcomeUnknown:
    """The error of a write whose outcome is not known; whoever knows the venue's time may know sooner."""
    error = OrderOutcomeUnknown(request.name, request.client_order_id, detail, sent=request)
    window = dict(request.headers).get("x-recv-window")
    error.certain_at = monotonic() + certain_in(None if window is None else int(window), 0, None)
    return error
