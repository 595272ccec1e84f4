"""How a stream behaves: what ``Stream`` takes, in one value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.clock import Clock, SystemClock
from orderly_sync.config import Network, Timeouts
from orderly_sync.credentials import Credentials
from orderly_sync.signing import login_message
from orderly_sync.stream.backoff import full_jitter

__all__ = ["ANYBODY", "Options", "Recorder", "login_frame"]

ANYBODY = "OqdphuyCtYWxwzhxyLLjOWNdFP7sQt8RPWzmb5xY"
"""The account id in the public path when there is no account; the one that every client of the field sends."""

Recorder = Callable[[str, int, bytes], None]
"""Given each raw frame: the connection's name, the receive time in ms, the text."""


@attrs.frozen(kw_only=True)
class Options:
    """How a stream behaves; see ``Stream``."""

    network: Network
    credentials: Credentials | None = None
    timeouts: Timeouts = attrs.field(factory=Timeouts)
    numbers: type = Decimal
    strict: bool = False
    clock: Clock = attrs.field(factory=SystemClock)
    delays: Callable[[], Iterator[float]] = full_jitter
    ca_file: str | None = None
    proxy: str | None = attrs.field(default=None, repr=False)
    record: Recorder | None = None


def login_frame(options: Options, request_id: str) -> Mapping[str, Any]:
    """What logs a private connection in, signed now: the venue refuses a stale one."""
    credentials = options.credentials
    assert credentials is not None
    timestamp = options.clock.time_ms()
    sign = credentials.secret.sign(login_message(timestamp))
    params = {"orderly_key": credentials.key, "sign": sign, "timestamp": timestamp}
    return {"id": request_id, "event": "auth", "params": params}
