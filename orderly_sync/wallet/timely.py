"""Messages that bear a time: signed anew once if the venue refuses that time because this machine's clock is off."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from orderly_sync.errors import ApiError
from orderly_sync.logs import log_of
from orderly_sync.rest import Rest
from orderly_sync.wire.error_codes import GATEWAY_EXPIRED

__all__ = ["timely"]

F = TypeVar("F", bound=Callable[..., Any])

log = log_of("orderly_sync.wallet")


def timely(flow: F) -> F:
    """Have a flow done once more, nonce and signature anew, if its message was refused for a time that was wrong.

    Such a message was not carried out. The second time bears the venue's own time, which the refusal told; whatever
    the venue says then is raised.
    """

    @wraps(flow)
    def once_more(rest: Rest, *args: object, **options: object) -> object:
        stamp, made = rest.clock.time_ms(), rest.clock.monotonic()
        try:
            return flow(rest, *args, **options)
        except ApiError as exc:
            if exc.code != GATEWAY_EXPIRED or not rest.clock.refused(stamp, made):
                raise
            log.warning(
                "%s was refused for its time; the message is signed anew with the venue's", exc.request
            )
        return flow(rest, *args, **options)

    return cast("F", once_more)
