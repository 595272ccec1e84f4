"""Which markets the venue has, so that a symbol that does not exist is told at once instead of waited for."""

from __future__ import annotations

import logging
import threading
from difflib import get_close_matches

from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.rest import Rest

__all__ = ["Markets"]

log = logging.getLogger("orderly_sync.client")

REREAD = 10.0
"""Seconds after which the list is read again for a symbol that it lacks: markets are added while clients run."""
PATIENCE = 3.0
"""Seconds to wait for the list at most; a symbol of which nothing can be known is taken as it is."""
_SLICE = 0.5


class Markets:
    """The venue's list of symbols, read by REST when first asked for, on a thread of its own so that waits are bounded.

    Args:
        rest: Where it is read.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._changed = threading.Condition()
        self._known: frozenset[str] = frozenset()
        self._read_at: float | None = None
        self._reading = False

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
        until = now() + timeout
        with self._changed:
            if self._read_at is not None and now() - self._read_at < REREAD:
                return True
            began = now()
            if not self._reading:
                self._reading = True
                threading.Thread(target=self._fetch, name="orderly-markets", daemon=True).start()
            while self._reading and now() < until:
                self._changed.wait(min(_SLICE, max(0.0, until - now())))
            return self._read_at is not None and self._read_at >= began

    def _fetch(self) -> None:
        names: frozenset[str] = frozenset()
        try:
            names = frozenset(row.symbol for row in self._rest.market.symbols() if row.symbol)
        except OrderlyError as exc:
            log.info("the list of markets cannot be read: %s", exc)
        finally:
            with self._changed:
                self._reading = False
                if names:
                    self._known, self._read_at = names, self._rest.clock.monotonic()
                self._changed.notify_all()
