"""Writes whose answer was lost: how long they are looked for, and edits, of which the order itself tells.

Nothing is taken for refused that may have happened: a cut connection, an answer that cannot be read, a fault of the
server's, and HTTP 409, which says that it was sent before. An edit is never sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from orderly_sync.errors import NotFound, OrderOutcomeUnknown, RequestError
from orderly_sync.logs import log_of
from orderly_sync.rest.call_deadline import CALL, call_deadline, call_within
from orderly_sync.waiting import WaitQueue

__all__ = ["PAUSES", "WITHIN_A_CALL", "Patience", "settle"]

log = log_of("orderly_sync.state")

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds between two looks for what became of a write; the last goes on.

What was carried out is mostly shown within the first: REST is behind by tenths of a second. Each look takes a request
of the user's rate limit, so they grow as it becomes less likely that the next one shows more.
"""
WITHIN_A_CALL = PAUSES[:3]
"""Those that a call waits itself, 3.5 s in all, before it says that the outcome is unknown; ``resolve`` goes on."""


class Patience:
    """Lets time pass between the looks for one write, until the client is stopped or the time of the call is over.

    What was stopped before can still be asked what became of a write.

    Args:
        is_stopped: Whether it is.
        changed: Woken when it is stopped.
    """

    def __init__(
        self, is_stopped: Callable[[], bool] = lambda: False, changed: WaitQueue | None = None
    ) -> None:
        self._is_stopped = is_stopped
        self._changed = changed or WaitQueue()
        self._was_stopped = is_stopped()

    @property
    def is_over(self) -> bool:
        """Whether the client was stopped since, or the time of the call is over."""
        return (not self._was_stopped and self._is_stopped()) or time.monotonic() >= call_deadline()

    def wait(self, until: float) -> bool:
        """Wait until a monotonic second, or until it is over; whether to look again."""
        self._changed.wait_for(lambda: self.is_over, min(until, call_deadline()))
        return not self.is_over


def settle(send: Callable[[], object], happened: Callable[[], bool | None], patience: Patience) -> None:
    """Send an edit; where its answer is lost, find out what became of it.

    Args:
        send: Sends it.
        happened: Looks at the order by REST and says whether it happened; None if that shows not yet.
        patience: Lets time pass between the looks.

    Raises:
        NotFound: It cannot happen any more: the order is done.
        OrderOutcomeUnknown: It cannot be told within the last look, within ``CALL`` seconds, or before the client is
            stopped.
    """
    call_within(CALL, _settle, send, happened, patience)


def _settle(send: Callable[[], object], happened: Callable[[], bool | None], patience: Patience) -> None:
    try:
        send()
    except OrderOutcomeUnknown as exc:
        lost = exc
    else:
        return
    for pause in (0.0, *WITHIN_A_CALL):
        if not patience.wait(time.monotonic() + pause):
            break
        verdict = _looked(happened)
        if verdict:
            return
        if verdict is False:
            raise NotFound(None, "the order is done, and ended otherwise", path=lost.request)
    raise lost


def _looked(happened: Callable[[], bool | None]) -> bool | None:
    try:
        return happened()
    except RequestError as exc:
        log.info("looking for an edit whose answer was lost: %s", exc)
        return None  # the next look
