"""The end of every run that placed something: no open orders, no position, whatever happened before."""

from __future__ import annotations

import signal
import threading
import time
from decimal import Decimal
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

from orderly_sync.conformance.venue_access import VenueAccess
from orderly_sync.errors import OrderlyError
from orderly_sync.waiting import Flag

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Interrupts", "left_clean"]

_PAUSE = 0.3
_TWICE = 2
"""So many looks in a row must find nothing: REST may lag."""


class Interrupts:
    """Ctrl-C and SIGTERM while a run goes on: the first ends the run, and none breaks the end itself off.

    In another thread than the main one nothing is changed: no signal comes there.
    """

    def __init__(self) -> None:
        self._before: dict[int, Any] = {}
        self._may_raise = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._heard)
            self._may_raise = True
        return self

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self._may_raise:
            self._may_raise = False
            raise KeyboardInterrupt

    def shut_out(self) -> None:
        """From now on nothing is broken off."""
        self._may_raise = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._may_raise = False
        for number, handler in self._before.items():
            signal.signal(number, handler)


def left_clean(access: VenueAccess) -> str:
    """Cancel all orders of the market and close its position, and look until nothing is there; what is left.

    Only what the run itself placed can be there: it begins on an account without open orders, and flat.
    """
    end, quiet, said = time.monotonic() + access.options.end_within, 0, "nothing was looked at"
    while time.monotonic() < end:
        try:
            said = _step(access)
        except OrderlyError as exc:
            said = access.aliases.sentence(f"not known: {exc}")
        quiet = quiet + 1 if not said else 0
        if quiet >= _TWICE:
            return "no open orders, no position"
        Flag().wait(_PAUSE / access.options.speed)
    return f"{said}; look with orderly-sync orders and orderly-sync positions, and cancel by hand"


def _step(access: VenueAccess) -> str:
    """Cancel and close what REST shows; what that was, empty if it shows nothing."""
    rest, symbol = access.rest, access.symbol
    if access.kept.pop("timer set", True):
        rest.orders.cancel_all_after(trigger_after=0)
    rest.orders.cancel_all(symbol=symbol)
    rest.orders.cancel_all_algo(symbol=symbol)
    access.kept["timer set"] = False
    there = []
    orders = rest.orders.list(symbol=symbol, status="INCOMPLETE", size=1).meta.total
    algos = rest.orders.list_algo(symbol=symbol, status="INCOMPLETE", size=1).meta.total
    if orders or algos:
        there.append(f"{orders + algos} open orders")
    held = [row for row in rest.positions.list().rows if row.symbol == symbol and row.position_qty]
    for row in held:
        there.append("a position")
        quantity = row.position_qty or Decimal(0)
        rest.orders.create(
            symbol=symbol,
            order_type="MARKET",
            side="SELL" if quantity > 0 else "BUY",
            order_quantity=abs(quantity),
            reduce_only=True,
            margin_mode=None if row.margin_mode is None else str(row.margin_mode),  # type: ignore[arg-type]
        )
    return " and ".join(there)
