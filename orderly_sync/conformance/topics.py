"""The checks of topics: each is subscribed to once, its frames held against the typed events, its cadence measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

from orderly_sync.conformance.capture import CapturedFrame
from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
)
from orderly_sync.conformance.comparison import Comparison
from orderly_sync.conformance.raw_json import json_kind
from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import SubscriptionRefused
from orderly_sync.wire import topics
from orderly_sync.wire.topic import Topic

__all__ = ["Cadence", "cadence_of", "listen", "pattern_topics", "topic_checks", "wait_for_cadences"]

_CALL = re.compile(r"topics\.(\w+)\((.*)\)")
_INSIDE: Mapping[str, str] = {"position": "positions", "balance": "balances", "account": "accountDetail"}
"""Topics whose events stand one level down, and under which name."""
_STAMPED_OTHERWISE = frozenset({"settle", "wallet"})
"""Topics whose frames say ``timestamp`` where all others say ``ts``."""
_SOONER = frozenset({"openinterest"})
"""Topics that also push when something changes: their cadence is the longest silence."""
_SLOWEST, _FASTEST = 1.6, 0.5
"""How far a cadence may be off, as a factor: frames are bunched and late on their way."""
_MANY, _QUICK = 8, 2.0
_STILL = 0.05
"""The share of the time that passed here which the venue's own must have passed at least."""
_SEVERAL, _SLOW = 4, 20.0
"""Frames that tell a cadence of at most 2 s, and of at most 20 s; of slower topics two must do."""


def pattern_topics(access: VenueAccess, *, private: bool) -> dict[str, Topic[Any]]:
    """A topic for each pattern of the list, for the market that is looked at."""
    given = {"symbol": access.symbol, "interval": "1m", "broker": access.kept.get("broker_id", "woofi_pro")}
    made = {}
    for row in topics.ALL:
        found = _CALL.fullmatch(row["call"])
        if found is None or (row["access"] == "private") is not private:
            continue
        named = [one.partition("=") for one in found[2].split(", ") if one]
        if private:
            named = [one for one in named if one[2]]  # of all symbols
        values = {name: int(value) if value else given[name] for name, _, value in named}
        made[row["topic"]] = getattr(topics, found[1])(**values)
    return made


def listen(access: VenueAccess, *, private: bool) -> None:
    """Subscribe to all topics; which were refused is kept for their checks."""
    refused = access.kept.setdefault("refused topics", {})
    made = pattern_topics(access, private=private)
    access.kept["topics"] = {**access.kept.get("topics", {}), **made}
    for topic in made.values():
        said = _refusal(access, topic)
        if said is not None:
            refused[topic.name] = said


def _refusal(access: VenueAccess, topic: Topic[Any]) -> str | None:
    """Subscribe to a topic; what the venue says if it refuses."""
    try:
        access.stream.on(topic, _heard)
    except SubscriptionRefused as exc:
        return str(exc)
    return None


def _heard(_: object) -> None:
    """What is looked at are the frames, as they came."""


def topic_checks(group: CheckGroup) -> Iterator[ConformanceCheck]:
    """A check for each topic of the group."""
    wanted = {CheckGroup.PUBLIC: "public", CheckGroup.PRIVATE: "private"}[group]
    for row in topics.ALL:
        if row["access"] == wanted and _CALL.fullmatch(row["call"]):
            event = _event_of(row["topic"])
            yield ConformanceCheck(
                name=f"topic {row['topic']}",
                group=group,
                assumption=f"{row['topic']} is pushed when it should be, and {event} reads it without loss",
                rests="wire/market_topics.py" if wanted == "public" else "wire/account_topics.py",
                look=partial(_look, row["topic"]),
            )


@cache
def _event_of(pattern: str) -> str:
    calls = {row["topic"]: row["call"].removeprefix("topics.") for row in topics.ALL}
    return calls[pattern].partition("(")[0]


def _look(pattern: str, access: VenueAccess) -> CheckResult:
    topic: Topic[Any] | None = access.kept.get("topics", {}).get(pattern)
    if topic is None:
        return could_not_tell("it was not listened to")
    refused = access.kept.get("refused topics", {}).get(topic.name)
    if refused is not None:
        seen = access.aliases.sentence(refused)
        return differs(
            Difference(what="refused topic", where=pattern, expected="an acknowledgement", seen=seen)
        )
    frames = access.frames.of(topic.name)
    where = _where(topic.name, access.symbol)
    found, measured = _cadence(where, topic, frames, access)
    if not frames:
        return differs(found) if found else could_not_tell("nothing was pushed while it was listened to")
    comparison = Comparison(where, access.aliases)
    for frame in frames[:_MOST]:
        _envelope(comparison, frame)
        _compare(comparison, topic, frame)
    access.shapes[f"topic {pattern}"] = comparison.shapes()
    differences = [*comparison.differences, *([found] if found else ())]
    if differences:
        return differs(*differences, **measured)
    return agrees(f"{len(frames)} frames read without loss", **measured)


_MOST = 50


def _where(name: str, symbol: str) -> str:
    """A topic for any symbol: what is so of one market is so of all."""
    return name.replace(symbol, "*").replace(symbol.replace("PERP_", "SPOT_"), "*")


def _envelope(comparison: Comparison, frame: CapturedFrame) -> None:
    stamp = "timestamp" if frame.topic in _STAMPED_OTHERWISE else "ts"
    for name in (stamp, "data"):
        if name not in frame.value:
            comparison.add("envelope", name, f"{name} in the frame", "absent", kind="remove", field=name)
    for name in sorted(frame.value.keys() - {"topic", "data", "ts", "timestamp"}):
        comparison.add(
            "unknown field",
            name,
            "no such field",
            json_kind(frame.value[name]),
            kind="add",
            field=name,
            value=7,
        )
    said = frame.value.get(stamp)
    if said is not None and len(str(said)) != len("1700000000000"):
        comparison.add("envelope", stamp, "ms since 1970", f"{len(str(said))} digits")


def _compare(comparison: Comparison, topic: Topic[Any], frame: CapturedFrame) -> None:
    data, path = frame.data, "data"
    inside = _INSIDE.get(topic.name)
    if inside is not None:
        data, path = (data.get(inside) if isinstance(data, dict) else None), f"data.{inside}"
        if data is None:
            comparison.add("shape", path, "what changed", "absent", kind="rename", field=path, to="changed")
    if topic.name == "balance" and isinstance(data, dict):
        data, path = [{"token": token, **row} for token, row in data.items()], "data.balances"
    for row in data if isinstance(data, list) else [data]:
        comparison.compare(row, topic.event, f"{path}[]" if isinstance(data, list) else path)


class Cadence(NamedTuple):
    """What lies between the frames of a topic, ms by their own times: a quarter of the gaps is below, a quarter above.

    A machine or a network that is late makes some gaps long and those after them short: a venue that pushes too rarely
    or too often makes nearly all of them so.
    """

    low: float
    middle: float
    high: float


def cadence_of(frames: Sequence[CapturedFrame], every: float) -> Cadence | None:
    """The cadence of a topic that should push every so many seconds; None where there are too few frames to tell.

    The first says what is so when a subscription begins, and comes at once; of a slow topic the last gap counts,
    though that be the first: it is a bound all the same.
    """
    times = [one.ts for one in frames if one.ts is not None]
    gaps = [after - before for before, after in pairwise(times)]
    if every > _SLOW:
        return Cadence(gaps[-1], gaps[-1], gaps[-1]) if gaps else None
    told = sorted(gaps[1:])
    if len(told) < (_MANY if every <= _QUICK else _SEVERAL) - 2:
        return None
    return Cadence(told[len(told) // 4], median(told), told[3 * len(told) // 4])


def _stands_still(seen: Cadence, frames: Sequence[CapturedFrame], speed: float) -> bool:
    """Whether frames come and go while the venue's own time does not."""
    gaps = [1000 * speed * (after.at - before.at) for before, after in pairwise(frames)]
    return bool(gaps) and seen.middle < _STILL * median(gaps)


def _cadence(
    where: str, topic: Topic[Any], frames: Sequence[CapturedFrame], access: VenueAccess
) -> tuple[Difference | None, dict[str, object]]:
    every = topic.cadence
    if every is None:
        return None, {"frames": len(frames)}
    expected, seen = f"a frame every {every:g} s", cadence_of(frames, every)
    measured: dict[str, object] = {"frames": len(frames)}
    if seen is not None:
        measured |= {"cadence_ms": round(seen.middle), "expected_ms": round(1000 * every), "topic": where}
    if seen is not None and _stands_still(seen, frames, access.options.speed):
        return None, {"frames": len(frames), "clock": "the venue's time stands still"}
    if not frames or seen is None:
        waited = access.kept.get("listened", 0.0) * access.options.speed
        if waited < _SEVERAL * every and not access.kept.get("told enough"):
            return None, measured
        found = f"{len(frames) or 'no'} frames in {waited:.0f} s"
        silent = {"kind": "silent", "where": where} if not frames else None
        return Difference(
            what="cadence", where=where, expected=expected, seen=found, deviation=silent
        ), measured
    wanted = 1000 * every
    low = 0.0 if topic.name.rpartition("@")[2] in _SOONER or every > _SLOW else _FASTEST
    if low * wanted <= seen.high and seen.low <= _SLOWEST * wanted:
        return None, measured
    slower = {"kind": "cadence", "where": where, "ms": round(seen.middle)} if seen.low > wanted else None
    told = f"every {seen.middle / 1000:.1f} s"
    return Difference(what="cadence", where=where, expected=expected, seen=told, deviation=slower), measured


def wait_for_cadences(access: VenueAccess, seconds: float) -> bool:
    """Wait until all topics have told their cadence, so many seconds at most; whether they have."""
    wanted = [
        one
        for one in access.kept.get("topics", {}).values()
        if one.cadence is not None and one.name not in access.kept.get("refused topics", {})
    ]

    def all_told() -> bool:
        return all(cadence_of(access.frames.of(one.name), one.cadence or 0) is not None for one in wanted)

    return access.frames.wait_for(all_told, seconds)
