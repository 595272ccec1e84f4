"""How a stream behaves: what ``Stream`` takes, in one value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.config import Network, Timeouts
from orderly_sync.corrected_clock import CorrectedClock
from orderly_sync.credentials import Credentials
from orderly_sync.stream.backoff import full_jitter

__all__ = ["ANYBODY", "Options", "Recorder"]

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
    clock: CorrectedClock = attrs.field(factory=CorrectedClock)
    delays: Callable[[], Iterator[float]] = full_jitter
    ca_file: str | None = None
    proxy: str | None = attrs.field(default=None, repr=False)
    record: Recorder | None = None
    carrier: Callable[[Any, Options, str], Any] | None = attrs.field(default=None, repr=False)
    """Makes the connections where they do not lead to the venue itself; they carry private topics for anybody."""

    @property
    def hears_private(self) -> bool:
        """Whether private topics can be had."""
        return self.credentials is not None or self.carrier is not None
