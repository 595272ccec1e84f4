"""Which markets the venue has, so that a symbol that does not exist is refused at once instead of waited for."""

from __future__ import annotations

import time
from difflib import get_close_matches

from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.logs import log_of
from orderly_sync.rest import Rest
from orderly_sync.waiting import WaitQueue, Worker

__all__ = ["Markets"]

log = log_of("orderly_sync.client")

REREAD = 10.0
"""Seconds after which the list is read again for a symbol that it lacks: markets are added while clients run."""
PATIENCE = 3.0
"""Seconds to wait for the list at most; a symbol of which nothing can be known is taken as it is."""


class Markets:
    """The venue's list of symbols, read by REST when first asked for, on a thread of its own so that waits are bounded.

    Args:
        rest: Where it is read.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._changed = WaitQueue()
        self._known: frozenset[str] = frozenset()
        self._read_at: float | None = None
        self._reading: Worker | None = None

    def check(self, symbol: str, timeout: float = PATIENCE) -> None:
        """Refuse a native symbol that the venue does not list.

        Those of one builder only, which may end in lower case, are taken as they are: they need not be listed.

        Raises:
            UsageError: It is not there; the message names those that look like it.
        """
        if symbol in self._known or not symbol.isupper() or not self._read(min(timeout, PATIENCE)):
            return
        if symbol not in self._known:
            alike = get_close_matches(symbol, sorted(self._known), 3, 0.8)
            advice = f"did you mean {' or '.join(alike)}?" if alike else "rest.market.symbols() lists all"
            raise UsageError(f"there is no {symbol} on {self._rest.network.name}; {advice}")

    def _read(self, timeout: float) -> bool:
        """Whether the list is no older than ``REREAD`` seconds, having waited for that."""
        now = self._rest.clock.monotonic
        if self._read_at is not None and now() - self._read_at < REREAD:
            return True
        began = now()
        reading = self._reading
        if reading is None:
            reading = self._reading = Worker(self._fetch, "orderly-markets")
        reading.start()
        self._changed.wait_for(lambda: self._reading is not reading, time.monotonic() + timeout)
        return self._read_at is not None and self._read_at >= began

    def _fetch(self) -> None:
        names: frozenset[str] = frozenset()
        try:
            names = frozenset(row.symbol for row in self._rest.market.symbols() if row.symbol)
        except OrderlyError as exc:
            log.info("the list of markets cannot be read: %s", exc)
        finally:
            if names:
                self._known, self._read_at = names, self._rest.clock.monotonic()
            self._reading = None
            self._changed.wake_all()
