"""A stream's counters, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderly_sync.clock_offset import LONE_MS
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.stream.audiences import Audiences
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.dispatch import Dispatcher, Hook
from orderly_sync.stream.routes import Route

__all__ = ["stats_of"]


def stats_of(
    audiences: Audiences, dispatcher: Dispatcher, connections: Mapping[str, Connection], clock: CorrectedClock
) -> dict[str, Any]:
    """Counters per connection, per topic, per hook, and of the hooks thread; ages, lags and durations in seconds.

    ``hooks_waiting`` counts frames whose hooks have not run yet, ``dropped`` private events for hooks that found no
    room (Overflow told so; reports of orders are handed over later, and ``owed`` of a topic counts the orders of which
    some still are), ``conflated`` market data that newer data replaced. A topic's ``lag`` is the time its last
    push was on the way, as far as the venue's clock and this machine's agree; None where it says no time, or a time of
    another week, as a paper venue's does that stands still. ``clock_offset`` is what this machine's
    clock must be set forward by to be right by the venue's, in ms, known within ``clock_error``; None while unknown.
    """
    now, time_ms, offset = clock.monotonic(), clock.time_ms(), clock.offset()
    with audiences.lock:
        routes, connections = dict(audiences.topics), dict(connections)
        everyone = [*routes.values(), *audiences.classes.values()]
    running = dispatcher.running
    return {
        "clock_offset": None if offset is None else offset.ms,
        "clock_error": None if offset is None else offset.error,
        "hooks_waiting": dispatcher.depth,
        "hook_running": None if running is None else running.name,
        "conflated": dispatcher.conflated,
        "dropped": dispatcher.dropped + sum(_withheld(route) for route in routes.values()),
        "connections": {name: _connection(one) for name, one in connections.items()},
        "topics": {name: _topic(route, now, time_ms) for name, route in routes.items()},
        "hooks": [_hook(hook) for audience in everyone for hook in audience.hooks],
    }


def _withheld(route: Route) -> int:
    return 0 if route.backlog is None else route.backlog.withheld


def _connection(one: Connection) -> dict[str, object]:
    return {
        "state": one.protocol.state.value,
        "dials": one.driver.dials,
        "reconnects": one.reconnects,
        "bytes": one.driver.received_bytes,
        "repeated": one.reader.repeated,
        "undecoded": one.undecoded,
        "last_ts": one.reader.last_ts or None,
    }


def _topic(route: Route, now: float, time_ms: int) -> dict[str, object]:
    consumers = route.live_consumers()
    life = now - route.began if route.began else 0.0
    age, ts = now - route.last_push, route.last_ts
    return {
        "pushes": route.count,
        "rate": route.count / life if life > 0 else 0.0,
        "age": age if route.count else None,
        "lag": None if ts is None or abs(time_ms - ts) > LONE_MS else (time_ms - ts) / 1000 - age,
        "waiting": sum(len(one) for one in consumers),
        "dropped": sum(one.dropped for one in consumers),
        "conflated": sum(one.conflated for one in consumers),
        "owed": sum(len(one.owed) for one in (route.backlog, *(other.backlog for other in consumers)) if one),
    }


def _hook(hook: Hook) -> dict[str, object]:
    return {
        "name": hook.name,
        "topic": hook.topic,
        "calls": hook.calls,
        "errors": hook.errors,
        "p50": hook.percentile(0.5),
        "p99": hook.percentile(0.99),
    }
