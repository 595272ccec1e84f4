"""What a client can do to its paper venue: the control of ``ex.paper``, by shape alone.

The client never knows the venue's code; it knows this much of the object that ``connect("paper")`` hands it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol

from orderly_sync.control.faults import FaultControl

__all__ = ["Following", "PaperControl", "VenueControl"]


class _Control(Protocol):
    """What the control of a running paper venue has in any case."""

    urls: dict[str, str]
    """``rest``, ``ws_public``, ``ws_private``, ``ws_oracle`` and ``control``."""

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

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> int:
        """Move a market's mark price, its symbol in any spelling; triggers fire and PnL follows before this returns.

        Returns:
            The venue's time at which it stands there, ms.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """

    def advance(self, ms: int) -> None:
        """Let the venue's clock run ahead by so many milliseconds."""

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

    def now(self) -> int:
        """The venue's time, ms."""

    def stop(self) -> None:
        """End the venue; idempotent."""

    def close(self) -> None:
        """The same as ``stop()``."""


class VenueControl(_Control, Protocol):
    """The control as a venue hands it over: its faults are one function, taking what ``POST /venue/faults`` takes."""

    def faults(self, **wanted: object) -> Mapping[str, Any]:
        """Have the venue misbehave; what it is told to do."""


class PaperControl(_Control, Protocol):
    """The control of a running paper venue, ``ex.paper``; its methods may be called from any thread."""

    faults: FaultControl
    """Has the venue misbehave, for tests of your own bots."""


class Following:
    """The control of the venue a client trades on: what is set there shows in the client at once.

    Args:
        control: The venue's.
        mark: Takes a mark price that was set: symbol, price, the venue's time in ms; None where no live state is kept.
    """

    def __init__(
        self, control: VenueControl, mark: Callable[[str, Decimal | str | float, int | None], None] | None
    ) -> None:
        self._control = control
        self._mark = mark
        self.faults = FaultControl(control.faults)
        """Has the venue misbehave; see ``FaultControl``."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._control, name)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._control)})

    def __repr__(self) -> str:
        return repr(self._control)

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> int:
        """Move a market's mark price; triggers fire and PnL follows before this returns. The venue's time of it, ms."""
        ts = self._control.set_mark_price(symbol, price)
        # The push comes within a second; who sets a price and reads a PnL means this price.
        if self._mark is not None:
            self._mark(symbol, price, ts)
        return ts
