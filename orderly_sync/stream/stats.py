"""A stream's counters, as plain values."""

from __future__ import annotations

from typing import Any

from orderly_sync.stream.connection import Connection
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.hub import Hub
from orderly_sync.stream.routes import Route

__all__ = ["stats_of"]


def stats_of(hub: Hub) -> dict[str, Any]:
    """Counters per connection, per topic, per hook, and of the hooks thread; ages and durations in seconds."""
    now = hub.options.clock.monotonic()
    with hub.lock:
        routes, connections = dict(hub.routes), dict(hub.connections)
    running = hub.dispatcher.running
    return {
        "hooks_waiting": hub.dispatcher.depth,
        "hook_running": None if running is None else running.name,
        "conflated": hub.dispatcher.conflated,
        "connections": {name: _connection(one) for name, one in connections.items()},
        "topics": {name: _topic(route, now) for name, route in routes.items()},
        "hooks": [_hook(hook) for route in routes.values() for hook in route.hooks],
    }


def _connection(one: Connection) -> dict[str, Any]:
    return {
        "state": one.protocol.state.value,
        "dials": one.driver.dials,
        "reconnects": one.reconnects,
        "bytes": one.driver.received_bytes,
        "repeated": one.reader.repeated,
        "undecoded": one.undecoded,
        "last_ts": one.reader.last_ts or None,
    }


def _topic(route: Route, now: float) -> dict[str, Any]:
    consumers = route.live_consumers()
    life = now - route.began if route.began else 0.0
    return {
        "pushes": route.count,
        "rate": route.count / life if life > 0 else 0.0,
        "age": now - route.last_push if route.count else None,
        "waiting": sum(len(one) for one in consumers),
        "dropped": sum(one.dropped for one in consumers),
        "conflated": sum(one.conflated for one in consumers),
    }


def _hook(hook: Hook) -> dict[str, Any]:
    return {
        "name": hook.name,
        "topic": hook.topic,
        "calls": hook.calls,
        "errors": hook.errors,
        "p50": hook.percentile(0.5),
        "p99": hook.percentile(0.99),
    }
