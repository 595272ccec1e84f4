"""Edits whose answer was lost: the order itself tells what became of them.

Nothing is taken for refused that may have happened: a cut connection, an answer that cannot be read, a fault of the
server's, and HTTP 409, which says that it was sent before. An edit is never sent again.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from orderly_sync.errors import NotFound, OrderOutcomeUnknown, RequestError

__all__ = ["LOOKS", "settle"]

LOOKS = (0.0, 0.5, 1.0, 2.0)
"""Seconds before each look at the order."""


def settle(send: Callable[[], object], happened: Callable[[], bool | None]) -> None:
    """Send an edit; where its answer is lost, find out what became of it.

    Args:
        send: Sends it.
        happened: Looks at the order by REST and says whether it happened; None if that shows not yet.

    Raises:
        NotFound: It cannot happen any more: the order is done.
        OrderOutcomeUnknown: It cannot be told within the last look.
    """
    try:
        send()
    except OrderOutcomeUnknown as exc:
        lost = exc
    else:
        return
    for pause in LOOKS:
        time.sleep(pause)
        verdict = _looked(happened)
        if verdict:
            return
        if verdict is False:
            raise NotFound(None, "the order is done, and ended otherwise", path=lost.request)
    raise lost


def _looked(happened: Callable[[], bool | None]) -> bool | None:
    try:
        return happened()
    except RequestError:
        return None  # the next look
