"""What a running paper venue lets be done to it, in this process or apart, by shape alone: ``ex.paper`` stands on it.

The client never knows the venue's code; it knows this much of the object that ``connect("paper")`` hands it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

__all__ = ["VenueControl"]


class VenueControl(Protocol):
    """The control as a venue hands it over; its methods may be called from any thread."""

    urls: dict[str, str]
    """``rest``, ``ws_public``, ``ws_private``, ``ws_oracle`` and ``control``."""

    at_stop: list[Callable[[], object]]
    """Called first when a venue of this process stops; one served apart runs on."""

    in_process: bool
    """Whether the venue runs in this process, so that asking it costs nothing; else each call is a request."""

    @property
    def console(self) -> str | None:
        """Where a browser finds the venue's page, the control token in its fragment; None unless one was asked for."""

    @property
    def stale(self) -> tuple[str, ...]:
        """The symbols of a followed market whose source has fallen silent; nothing trades against old prices."""

    def on_source(self, listener: Callable[[tuple[str, ...], float], object]) -> None:
        """Have a function called when ``stale`` changes, with it and the age of the newest price in seconds."""

    def line(self) -> str:
        """The JSON line that says all a client needs, secrets too."""

    def now(self) -> int:
        """The venue's time, ms since 1970."""

    def mark_price(self, symbol: str) -> Decimal:
        """A market's mark price, USDC."""

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> int:
        """Move a market's mark price, its symbol in any spelling; triggers fire and PnL follows before this returns.

        Returns:
            The venue's time at which it stands there, ms.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """

    def set_market(self, prices: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Take markets from elsewhere: by symbol, those of ``mark``, ``index``, ``bid`` and ``ask`` that are known."""

    def advance(self, ms: int) -> int:
        """Let the venue's clock run ahead by so many milliseconds; the time then."""

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""

    def set_maintenance(self, status: int, start: int | None = None, end: int | None = None) -> None:
        """Begin maintenance (status 2) or end it (0); while it lasts trading is refused."""

    def tell(self, topic: str, data: object, account_id: str | None = None) -> None:
        """Push any data of any topic: to all who listen, or to one account and into its ledger."""

    def drop_connections(self) -> int:
        """Cut every WebSocket; how many."""

    def ledger(self, account_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Every private event ever emitted for an account, in order: ``{"seq", "ts", "topic", "data"}``."""

    def snapshot(self, account_id: str) -> dict[str, Any]:
        """The account as the venue holds it now: orders, algo orders, positions, holdings."""

    def health(self) -> dict[str, Any]:
        """``speed`` (``asked``, ``achieved``, ``slowed``) and ``source`` (``name``, ``age``, ``stale``, or None)."""

    def stop(self) -> None:
        """End the venue; idempotent."""

    def close(self) -> None:
        """The same as ``stop()``."""

    def faults(self, **wanted: object) -> Mapping[str, Any]:
        """Have the venue misbehave, by what ``POST /venue/faults`` takes; what it is told to do."""
