"""Where a decoded frame belongs, pure: topic, time and data, whatever the venue left out or spelt differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Routed", "route"]


class Routed(NamedTuple):
    """A push: the topic it belongs to, its time in ms as sent (None where it has none), its data."""

    topic: str
    ts: int | None
    data: Any


def route(message: Mapping[str, object]) -> Routed | None:
    """The push that a decoded frame is; None for all others: acks, answers, pings, strangers.

    Two topics write ``timestamp`` for ``ts``. The account's push may come without topic and time, or without any
    envelope: it is known by its ``accountDetail``.
    """
    topic = message.get("topic")
    data = message.get("data")
    if topic.__class__ is str and "data" in message:
        return Routed(topic, _ts(message), data)
    if message.get("event") is not None:
        return None
    if isinstance(data, Mapping) and "accountDetail" in data:
        return Routed("account", _ts(message), data)
    if "accountDetail" in message:
        return Routed("account", _ts(message), message)
    return None


_DIGITS = 19
"""Of a time in any unit; what is longer is none, and Python refuses to read thousands."""


def _ts(message: Mapping[str, object]) -> int | None:
    ts = message.get("ts")
    if ts.__class__ is int:
        return ts
    for name in ("ts", "timestamp"):
        value = message.get(name)
        if value.__class__ is int:
            return value
        if value.__class__ is str and value.isdecimal() and value.isascii() and len(value) <= _DIGITS:
            return int(value)
    return None
