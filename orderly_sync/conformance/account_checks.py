"""Checks of what an account's reads promise beyond their fields: pages, filters, order of rows, sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from orderly_sync.conformance.capture import FrameCapture
from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    checks_of,
    could_not_tell,
    differs,
    judged,
)
from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import DecodingError, OrderlyError, RateLimited, TransportError
from orderly_sync.models.base import Page
from orderly_sync.rest import Rest, Retries
from orderly_sync.wire import topics

__all__ = ["ACCOUNT_CHECKS", "RATE_LIMIT_CHECK"]

_MOST_ROWS = 500
"""Rows of a page at most, as documented; recovery asks for as many."""
_DAY_MS = 86_400_000
_BURST = 25
"""Requests in a row, of which one should be refused: the limit of what is asked is 10 a second."""


def _lists(access: VenueAccess, name: str) -> Callable[..., Page[Any]]:
    method: Callable[..., Page[Any]] = getattr(access.rest.orders, name)
    return method


def _meta(access: VenueAccess) -> dict[str, object]:
    value = access.latest().value
    data = value.get("data") if isinstance(value, dict) else None
    meta = data.get("meta") if isinstance(data, dict) else None
    return meta if isinstance(meta, dict) else {}


def _page_limit(name: str, path: str, access: VenueAccess) -> CheckResult:
    """A page has as many rows as were asked for, 500 at most, and says the length of the whole list."""
    whole = _lists(access, name)(size=_MOST_ROWS)
    meta = _meta(access)
    said, total = str(meta.get("records_per_page", "")), whole.meta.total
    found = []
    if said != str(_MOST_ROWS):
        cap = {"kind": "page_cap", "where": path, "size": int(said)} if said.isdigit() else None
        found.append(
            Difference(
                what="page limit",
                where="data.meta.records_per_page",
                expected=str(_MOST_ROWS),
                seen=said or "absent",
                deviation=cap,
            )
        )
    rows = len(whole)
    if rows != min(total, _MOST_ROWS) and not found:
        found.append(
            Difference(
                what="page total",
                where="data.meta.total",
                expected="the number of rows there are",
                seen="fewer" if total < rows else "more",
                deviation={"kind": "shift", "where": path, "field": "data.meta.total", "by": total - rows},
            )
        )
    return judged(found, f"{rows} rows of {total}", records_per_page=said)


def _newest_first(name: str, path: str, field: str, access: VenueAccess) -> CheckResult:
    """Rows come newest first: recovery reads on until it meets what it knows."""
    rows = _lists(access, name)(size=_MOST_ROWS).rows
    times = [getattr(row, field) for row in rows if getattr(row, field) is not None]
    if len(set(times)) < 2:  # noqa: PLR2004 - an order needs two
        return could_not_tell(f"{len(times)} rows; an order needs two of different times")
    if list(times) != sorted(times, reverse=True):
        return differs(
            Difference(
                what="order of rows",
                where=f"data.rows[].{field}",
                expected="newest first",
                seen="another order",
                deviation={"kind": "reverse", "where": path, "field": "data.rows"},
            )
        )
    return agrees(f"{len(times)} rows newest first")


def _window(name: str, path: str, field: str, access: VenueAccess) -> CheckResult:
    """What is asked from a moment on holds no row from before."""
    rows = _lists(access, name)(size=_MOST_ROWS).rows
    times: Sequence[int] = sorted(getattr(row, field) for row in rows if getattr(row, field) is not None)
    if len(set(times)) < 2:  # noqa: PLR2004 - a window needs something outside
        return could_not_tell(f"{len(times)} rows; a window needs two of different times")
    since = times[len(times) // 2]
    before = [
        row for row in _lists(access, name)(size=_MOST_ROWS, start=since) if getattr(row, field) < since
    ]
    if before and since != times[0]:
        seen = f"{len(before)} rows from before"
        return differs(Difference(what="time window", where=path, expected="rows since then", seen=seen))
    return agrees("no row from before")


def _retention(name: str, field: str, access: VenueAccess) -> CheckResult:
    """REST remembers at least a day: a gap is read from what it shows."""
    first = _lists(access, name)(size=_MOST_ROWS)
    pages = -(-first.meta.total // _MOST_ROWS)
    last = first if pages <= 1 else _lists(access, name)(size=_MOST_ROWS, page=pages)
    times = [getattr(row, field) for row in last if getattr(row, field) is not None]
    if not times:
        return could_not_tell("there is no row whose age could be told")
    days = (access.rest.clock.time_ms() - min(times)) / _DAY_MS
    said = f"the oldest of {first.meta.total} rows is {days:.1f} days old"
    return agrees(said, oldest_days=round(days, 2)) if days > 1 else could_not_tell(said)


def _known_orders(access: VenueAccess) -> CheckResult:
    """Each fill names an order that can be asked for by its id."""
    fills = access.rest.orders.fills(size=1).rows
    if not fills:
        return could_not_tell("there is no fill")
    order = access.rest.orders.get(fills[0].order_id)
    if order.order_id != fills[0].order_id or order.symbol != fills[0].symbol:
        return differs(
            Difference(
                what="ids", where="GET /v1/trades", expected="an id of its order", seen="another order's"
            )
        )
    return agrees("a fill's order is found by its id")


def _second_session(access: VenueAccess) -> CheckResult:
    """Two sessions of one key live side by side: a bot and a notebook may run on one account."""
    access.stream.wait_ready()
    before, frames = access.frames.connections("private"), FrameCapture()
    other = access.new_stream(frames)
    try:
        other.on(topics.balance(), _heard, timeout=access.options.wait)
        other.wait_ready(access.options.wait)
        access.frames.wait_for(lambda: access.frames.connections("private") > before, 1.0)
        access.stream.wait_ready(access.options.wait)
    except (OrderlyError, TimeoutError) as exc:
        said = access.aliases.sentence(f"{type(exc).__name__}: {exc}")
        return differs(
            Difference(what="second session", where="auth", expected="both live", seen=f"refused: {said}")
        )
    finally:
        other.stop()
    if access.frames.connections("private") > before:
        return differs(
            Difference(
                what="second session",
                where="auth",
                expected="both live",
                seen="the first was ended",
                deviation={"kind": "one_session", "where": "auth"},
            )
        )
    return agrees("both sessions live")


def _heard(_: object) -> None:
    """What is looked at are the frames, as they came."""


def _rejected(access: VenueAccess) -> CheckResult:
    """Orders that the venue took and then rejected are listed as REJECTED, or leave no row."""
    rows = access.rest.orders.list(status="REJECTED", size=1).rows
    if not rows:
        return could_not_tell("no order of this account was ever rejected after it was taken")
    return agrees("rejected orders are listed")


def _rate_limit(access: VenueAccess) -> CheckResult:
    """Too many requests are refused with 429 and a number of seconds to wait."""
    with Rest(access.network, retries=Retries(tries=1), rate_limits=False, transport=access.answers) as hasty:
        try:
            for _ in range(_BURST):
                hasty.system.info()
        except RateLimited as exc:
            answer = access.latest()
            said = answer.headers.get("retry-after")
            measured: dict[str, object] = {"status": answer.status, "code": exc.code, "retry_after": said}
            if answer.status == _TOO_MANY:
                return agrees("refused with 429", **measured)
            seen = f"status {answer.status}"
            late = Difference(what="refusal", where="rate limit", expected="status 429", seen=seen)
            return differs(late, **measured)
        except (TransportError, DecodingError) as exc:
            return could_not_tell(access.aliases.sentence(str(exc)))
    return could_not_tell(f"{_BURST} requests in a row were answered")


_TOO_MANY = 429
_ORDERS, _FILLS, _ALGOS = "GET /v1/orders", "GET /v1/trades", "GET /v1/algo/orders"
_OLDEST = "reports/reading.py"

_ROWS: tuple[tuple[str, str, str, Callable[[VenueAccess], CheckResult]], ...] = (
    *(
        (
            f"page limit of {name}",
            f"{path} gives pages of up to 500 rows, and meta.total counts the whole list",
            _OLDEST,
            partial(_page_limit, name, path),
        )
        for name, path in (("list", _ORDERS), ("fills", _FILLS), ("list_algo", _ALGOS))
    ),
    *(
        (
            f"order of rows of {name}",
            f"{path} lists newest first",
            _OLDEST,
            partial(_newest_first, name, path, field),
        )
        for name, path, field in (
            ("list", _ORDERS, "created_time"),
            ("fills", _FILLS, "executed_timestamp"),
            ("list_algo", _ALGOS, "created_time"),
        )
    ),
    *(
        (
            f"time window of {name}",
            f"{path} from a moment on holds nothing from before",
            _OLDEST,
            partial(_window, name, path, field),
        )
        for name, path, field in (("list", _ORDERS, "created_time"), ("fills", _FILLS, "executed_timestamp"))
    ),
    *(
        (
            f"retention of {name}",
            f"{path} remembers at least a day",
            _OLDEST,
            partial(_retention, name, field),
        )
        for name, path, field in (
            ("list", _ORDERS, "created_time"),
            ("fills", _FILLS, "executed_timestamp"),
            ("list_algo", _ALGOS, "created_time"),
        )
    ),
    ("order of a fill", "a fill's order_id finds its order", "reports/from_rest.py", _known_orders),
    (
        "rejected orders",
        "an order that was taken and rejected is listed as REJECTED",
        "reports/rebuild.py",
        _rejected,
    ),
    (
        "second session",
        "two sessions of one key live side by side",
        "stream/protocol.py",
        _second_session,
    ),
)


ACCOUNT_CHECKS: tuple[ConformanceCheck, ...] = checks_of(CheckGroup.PRIVATE, _ROWS)
"""In the order in which they are run."""

RATE_LIMIT_CHECK = ConformanceCheck(
    name="rate limit refusal",
    group=CheckGroup.PUBLIC,
    assumption="too many requests are refused with status 429; Retry-After says how long to wait, or nothing does",
    rests="wire/envelope.py",
    look=_rate_limit,
)
"""The very last: what comes after it might be refused, too."""
