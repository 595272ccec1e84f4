"""When a read is tried again, and when that ends. Writes never come here."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import cache, partial
from importlib import import_module
from typing import Any, TypeVar

import attrs

from orderly_sync import errors
from orderly_sync.clock import Clock
from orderly_sync.config import seconds
from orderly_sync.dialling.cancellation import is_cancelled
from orderly_sync.rest.call_deadline import call_by, call_deadline, pause
from orderly_sync.rest.rate_share import may_wait
from orderly_sync.rest.request import Request
from orderly_sync.waiting import Worker
from orderly_sync.wire.rate_limits import rate_limit

__all__ = ["Retries", "is_passing", "try_again"]

T = TypeVar("T")

_SERVER_FAULT = 500


def _read(value: object, field: attrs.Attribute[Any]) -> float:
    return seconds(value, field.name)


def _length(default: float) -> float:
    length: float = attrs.field(default=default, converter=attrs.Converter(_read, takes_field=True))
    return length


@attrs.frozen(kw_only=True)
class Retries:
    """How stubborn reads are. Each try is signed anew; writes are never repeated.

    Raises:
        UsageError: A length of time or the number of tries is none.
    """

    tries: int = attrs.field(default=4)
    """All in all, the first included; 1 switches retrying off."""
    total: float = _length(30.0)
    """Seconds from the first try in which all is over: further tries and the waits between them. The first has
    ``Timeouts.request`` whatever stands here."""
    first: float = _length(0.2)
    """Seconds to wait before the second try; doubled each time, with jitter."""
    longest: float = _length(5.0)
    """Seconds no wait exceeds, unless the venue asks for more (60 at most)."""

    @tries.validator
    def _whole(self, _: object, value: object) -> None:
        if type(value) is not int or value < 1:
            raise errors.UsageError(f"tries={ascii(value)[:60]}: pass a whole number from 1 on")


def is_passing(error: BaseException) -> bool:
    """Whether asking again may help: no connection, no answer in time, too many requests, a fault of the server's."""
    if isinstance(error, errors.RateLimited):
        return may_wait()
    if isinstance(error, (errors.TransportError, errors.Maintenance)):
        return True
    return isinstance(error, errors.ApiError) and error.status is not None and error.status >= _SERVER_FAULT


def _wait(request: Request, error: BaseException | None, attempt: int, policy: Retries) -> float:
    """Seconds before the next try: what the venue asks for, else its window, else growing with jitter."""
    if isinstance(error, errors.RateLimited):
        asked = error.retry_after
        window = rate_limit(request.method, request.path).seconds if asked is None else asked
        return window + random.uniform(0, policy.first)  # noqa: S311
    return float(min(policy.longest, policy.first * 2**attempt) * random.uniform(0.5, 1.0))  # noqa: S311


@cache
def _import_tenacity() -> None:
    """Import it on a thread in which no interrupt comes: half imported, it would fail every later call."""
    worker = Worker(lambda: import_module("tenacity"), "orderly-import")
    worker.start()
    worker.join(math.inf)


def try_again(
    call: Callable[[], T],
    request: Request,
    first: errors.OrderlyError,
    *,
    policy: Retries,
    clock: Clock,
    started: float,
) -> T:
    """The outcome of a read whose first try failed with ``first``.

    Raises:
        OrderlyError: The last failure, once tries or time are used up, or at once where asking again cannot help.
    """
    _import_tenacity()
    import tenacity  # imported where it is needed: nearly no call comes here

    pending: list[errors.OrderlyError] = [first]

    def attempt() -> T:
        if pending:
            raise pending.pop()
        return call()

    def wait(state: tenacity.RetryCallState) -> float:
        failed = state.outcome.exception() if state.outcome else None
        return _wait(request, failed, state.attempt_number - 1, policy)

    def is_over(state: tenacity.RetryCallState) -> bool:
        next_try = clock.monotonic() + state.upcoming_sleep
        is_late = next_try - started > policy.total or next_try >= call_deadline()
        return state.attempt_number >= policy.tries or is_late or is_cancelled()

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_passing),
        wait=wait,
        stop=is_over,
        sleep=partial(pause, clock),
        reraise=True,
    )
    tries: Callable[[], T] = partial(retrying, attempt)
    return call_by(started + policy.total, tries)  # each try, too, not its beginning alone
