"""What a client can do to its paper venue: the control of ``ex.paper``, by shape alone.

The client never knows the venue's code; it knows this much of the object that ``connect("paper")`` hands it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

__all__ = ["PaperControl"]


class PaperControl(Protocol):
    """The control of a running paper venue; its methods may be called from any thread."""

    urls: dict[str, str]
    """``rest``, ``ws_public``, ``ws_private`` and ``control``."""

    @property
    def stale(self) -> tuple[str, ...]:
        """The symbols of a followed market whose source has fallen silent; nothing trades against old prices."""

    def on_source(self, listener: Callable[[tuple[str, ...], float], object]) -> None:
        """Have a function called when ``stale`` changes, with it and the age of the newest price in seconds."""

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> None:
        """Move a market's mark price, its symbol in any spelling; triggers fire before this returns.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """

    def advance(self, ms: int) -> None:
        """Let the venue's clock run ahead by so many milliseconds."""

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""

    def set_maintenance(self, status: int, start: int | None = None, end: int | None = None) -> None:
        """Begin maintenance (status 2) or end it (0); while it lasts trading is refused."""

    def tell(self, topic: str, data: Any, account_id: str | None = None) -> None:
        """Push any data of any topic: to all who listen, or to one account and into its ledger."""

    def drop_connections(self) -> int:
        """Cut every WebSocket; how many."""

    def faults(self, **wanted: Any) -> Mapping[str, Any]:
        """Have the venue misbehave; without arguments, what it is told to do."""

    def ledger(self, account_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Every private event ever emitted for an account, in order: ``{"seq", "ts", "topic", "data"}``."""

    def snapshot(self, account_id: str) -> dict[str, Any]:
        """The account as the venue holds it now: orders, algo orders, positions, holdings."""

    def health(self) -> dict[str, Any]:
        """``speed`` (``asked``, ``achieved``, ``slowed``) and ``source`` (``name``, ``age``, ``stale``, or None)."""

    def stop(self) -> None:
        """End the venue; idempotent."""
