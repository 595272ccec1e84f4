"""Checks of what public market data promises beyond its fields: order of levels, chains of updates, one clock."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from orderly_sync.conformance.capture import CapturedFrame
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
from orderly_sync.conformance.comparison import Comparison
from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import SubscriptionRefused, TransportError
from orderly_sync.models.pushes import Trade
from orderly_sync.wire import topics
from orderly_sync.wire.topic import Topic

__all__ = ["MARKET_CHECKS"]

_SAME_CLOCK_MS = 3000
"""How far the times of REST and of the stream may lie apart, beside what lies between the two readings."""
_PING_S = 10.0
_HAS_HEADERS = "/v1/public/query"
"""The one operation that is documented to tell in headers what is left."""
_LIMIT_WORDS = ("ratelimit", "rate-limit")


def _levels(row: Mapping[str, object], side: str) -> list[float]:
    rows = row.get(side)
    return [float(one[0]) for one in rows if isinstance(one, list)] if isinstance(rows, list) else []


def _book_order(access: VenueAccess) -> CheckResult:
    """Asks ascend and bids descend in pushed books; those of REST are sorted here in any case."""
    topic = topics.orderbook(access.symbol).name
    looked, found = 0, dict[str, Difference]()
    for _, row in access.frames.rows(topic):
        for side, downwards in (("asks", False), ("bids", True)):
            prices = _levels(row, side)
            looked += len(prices) > 1
            if len(prices) > 1 and prices != sorted(prices, reverse=downwards):
                found[side] = Difference(
                    what="order of levels",
                    where=f"data.{side}",
                    expected="descending by price" if downwards else "ascending by price",
                    seen="ascending" if downwards else "descending, or in no order",
                    deviation={"kind": "reverse", "where": "*@orderbook", "field": f"data.{side}"},
                )
    if not looked:
        return could_not_tell("no book with two levels was pushed")
    return judged(list(found.values()), f"{looked} sides in order")


def _chain(access: VenueAccess) -> CheckResult:
    """Each update of a book names the one before it."""
    frames = access.frames.of(topics.orderbook_update(access.symbol).name)
    linked, broken = _links(frames)
    if not linked:
        return could_not_tell(f"{len(frames)} updates came; a chain needs two")
    off = [step for step in broken if step]
    if off:
        return differs(
            Difference(
                what="chain of updates",
                where="data.prevTs",
                expected="the ts of the update before",
                seen=f"another time in {len(off)} of {linked} updates",
                deviation={
                    "kind": "shift",
                    "where": "*@orderbookupdate",
                    "field": "data.prevTs",
                    "by": off[0],
                },
            )
        )
    return agrees(f"{linked} updates follow on each other")


def _links(frames: Sequence[CapturedFrame]) -> tuple[int, list[int]]:
    """How many pairs there are, and by how many ms each link misses."""
    broken = []
    for before, after in pairwise(frames):
        data = after.data if isinstance(after.data, dict) else {}
        said = str(data.get("prevTs", ""))
        if before.ts is not None and said.isdigit():
            broken.append(int(said) - before.ts)
    return len(broken), broken


def _request_book(access: VenueAccess) -> CheckResult:
    """The command that asks for a whole book is answered by its id, with a ts on the chain of updates."""
    access.stream.wait_ready()
    answers: list[Mapping[str, Any]] = []
    access.stream.request({"type": "orderbook", "symbol": access.symbol}, answers.append)
    raw = access.frames.wait_for(
        lambda: [one for one in tuple(access.frames.frames) if one.value.get("event") == "request"],
        access.options.wait,
    )
    if not raw:
        return differs(
            Difference(what="no answer", where="request orderbook", expected="an answer", seen="none in time")
        )
    comparison = Comparison("request", access.aliases)
    comparison.compare(raw[-1].data, topics.REQUEST_ORDERBOOK.event)
    access.shapes["request orderbook"] = comparison.shapes()
    if not isinstance(raw[-1].data, dict) or "ts" not in raw[-1].data:
        comparison.add(
            "missing field",
            "data.ts",
            "the ts of the last update",
            "absent",
            kind="remove",
            field="data.ts",
        )
    return judged(comparison.differences, "answered by its id, with the ts of a chain")


def _one_clock(access: VenueAccess) -> CheckResult:
    """REST and the stream tell the same time, in ms."""
    access.rest.system.info()
    answer = access.latest()
    value = answer.value
    rest = value.get("timestamp") if isinstance(value, dict) else None
    frames = [one for one in tuple(access.frames.frames)[-50:] if one.ts is not None and one.topic]
    if rest is None or not frames:
        return could_not_tell("REST or the stream tells no time")
    passed = 1000 * access.options.speed * (time.monotonic() - frames[-1].at)
    apart = round(int(str(rest)) - (frames[-1].ts or 0) - passed)
    measured: dict[str, object] = {"apart_ms": apart, "round_trip_ms": round(answer.took_ms)}
    offset = access.rest.clock.offset()
    if offset is not None:
        measured |= {"clock_offset_ms": round(offset.ms), "clock_error_ms": round(offset.error)}
    if abs(apart) > _SAME_CLOCK_MS * access.options.speed:
        return differs(
            Difference(
                what="clock",
                where="timestamp",
                expected="the time that frames tell",
                seen=f"{apart} ms apart",
                deviation={"kind": "shift", "where": "GET *", "field": "timestamp", "by": apart},
            ),
            **measured,
        )
    return agrees("REST and the stream tell one time", **measured)


def _limit_headers(access: VenueAccess) -> CheckResult:
    """No header tells how much of a rate limit is left: this package counts by itself."""
    told = sorted(
        {
            name.lower()
            for answer in access.answers.answers
            if not answer.target.startswith(_HAS_HEADERS)
            for name in answer.headers
            if any(word in name.lower() for word in _LIMIT_WORDS)
        }
    )
    if not access.answers.answers:
        return could_not_tell("nothing was answered")
    found = [
        Difference(
            what="rate-limit header",
            where=name,
            expected="none",
            seen="sent with answers",
            deviation={"kind": "header", "where": "GET *", "field": name, "value": "9"},
        )
        for name in told
    ]
    return judged(found, f"none in {len(access.answers.answers)} answers")


def _pings(access: VenueAccess) -> CheckResult:
    """The venue pings every ten seconds."""
    pings = [
        one
        for one in tuple(access.frames.frames)
        if one.value.get("event") == "ping" and one.connection == "public"
    ]
    gaps = [after.at - before.at for before, after in pairwise(pings)]
    if not gaps:
        return could_not_tell("fewer than two pings came while it was listened to")
    longest = max(gaps)
    measured = {"pings": len(pings), "longest_ms": round(1000 * longest)}
    if longest > 2 * _PING_S:
        seen = f"{longest:.0f} s between two"
        late = Difference(what="cadence", where="ping", expected="every 10 s", seen=seen)
        return differs(late, **measured)
    return agrees(f"{len(pings)} pings", **measured)


def _unknown_topic(access: VenueAccess) -> CheckResult:
    """A topic that does not exist is refused in words, not passed over in silence."""
    nothing: Topic[Any] = Topic(f"{access.symbol}@nothing", Trade, topics.trade(access.symbol).read)
    try:
        access.stream.on(nothing, _never, timeout=access.options.wait)
    except SubscriptionRefused as exc:
        return agrees(access.aliases.sentence(f"refused: {exc}"))
    except TimeoutError:
        seen = "no answer"
    else:
        seen = "acknowledged"
    return differs(
        Difference(what="refusal", where="subscribe", expected="success false and errorMsg", seen=seen)
    )


def _never(_: object) -> None:
    """Nothing is pushed of a topic that does not exist."""


def _acknowledgements(access: VenueAccess) -> CheckResult:
    """Acknowledgements echo the id and the event, and say success and ts."""
    frames = [one.value for one in tuple(access.frames.frames) if "success" in one.value]
    if not frames:
        return could_not_tell("nothing was acknowledged")
    comparison = Comparison("acknowledgement", access.aliases)
    for value in frames:
        event = str(value.get("event", ""))
        for name in ("id", "event", "success", "ts"):
            if name not in value:
                comparison.add(
                    "missing field", f"{event} {name}", name, "absent", kind="remove", field=name, where=event
                )
        for name in sorted(value.keys() - {"id", "event", "success", "ts", "errorMsg", "data", "topic"}):
            comparison.add("unknown field", f"{event} {name}", "no such field", "sent")
    return judged(comparison.differences, f"{len(frames)} acknowledgements as expected")


def _listed(access: VenueAccess) -> CheckResult:
    """The market that is looked at is listed, and trades."""
    try:
        rules = access.rest.market.rules(access.symbol)
    except TransportError as exc:
        return could_not_tell(access.aliases.sentence(str(exc)))
    status = rules.status
    if status is not None and str(status) not in {"ACTIVE", "NEW"}:
        return could_not_tell(f"{access.symbol} is {status}: orders that open a position are refused there")
    return agrees(f"{access.symbol} is listed", funding_hours=rules.funding_period)


_ROWS: tuple[tuple[str, str, str, Any], ...] = (
    ("market is open", "the market that is looked at is listed and trades", "trading/rules.py", _listed),
    (
        "one clock",
        "REST and the stream tell the same time, in ms; that time is what is signed",
        "corrected_clock.py",
        _one_clock,
    ),
    (
        "order of book sides",
        "asks ascend and bids descend in pushed books",
        "models/pushes/book.py",
        _book_order,
    ),
    (
        "chain of book updates",
        "prevTs of each update of a book is the ts of the one before",
        "live/book.py",
        _chain,
    ),
    (
        "request orderbook",
        "a whole book can be asked for over the socket, and its ts stands on the chain of updates",
        "live/live_book.py",
        _request_book,
    ),
    (
        "acknowledgements",
        "acknowledgements echo id and event and say success and ts",
        "stream/protocol.py",
        _acknowledgements,
    ),
    (
        "unknown topic",
        "a topic that does not exist is refused with success false",
        "stream/refusals.py",
        _unknown_topic,
    ),
    ("pings", "the venue pings every ten seconds", "stream/protocol.py", _pings),
    (
        "rate-limit headers",
        "no header tells what is left of a rate limit, save of the public query",
        "rest/rate_limiter.py",
        _limit_headers,
    ),
)


MARKET_CHECKS: tuple[ConformanceCheck, ...] = checks_of(CheckGroup.PUBLIC, _ROWS)
"""In the order in which they are run."""
