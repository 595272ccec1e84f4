"""Getting out: every order cancelled, every position closed, and looked after until it is so.

What is sent may be sent again, unlike any other write: a second cancel does no more than the first, and an order that
is reduce-only cannot turn a position round, however many of them arrive.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import attrs

from orderly_sync.config import deadline
from orderly_sync.errors import AuthenticationError, Disconnected, DryRun, OrderlyError, UsageError
from orderly_sync.live.positions import position_key
from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.models.position import Position
from orderly_sync.rest.call_deadline import CALL, call_by, pause
from orderly_sync.wire.symbols import symbol as native_symbol

if TYPE_CHECKING:
    from orderly_sync.live.live_state import HoldsState, LiveState
    from orderly_sync.rest import Rest

    _Base = LiveState
else:
    _Base = object  # the client, which this is mixed into, is a LiveState

__all__ = ["FlatteningClient", "NotFlat", "Remainder"]

T = TypeVar("T")

_ROUND = 0.25
"""Seconds between two looks at what is left; limits of the venue allow each of them several times a second."""
_PAGE = 500
_RECV_WINDOW = 5_000
"""Milliseconds after which the venue takes no closing order of ours any more."""


@attrs.frozen
class Remainder:
    """What keeps an account from being flat."""

    positions: tuple[Position, ...] = ()
    """Those that are open."""
    orders: tuple[int, ...] = ()
    """The ids of open ordinary orders."""
    algo_orders: tuple[int, ...] = ()
    """The root ids of open algo orders."""

    @property
    def is_flat(self) -> bool:
        """Whether it is nothing."""
        return not (self.positions or self.orders or self.algo_orders)

    def __str__(self) -> str:
        held = [
            f"{row.position_qty} {position_key(str(row.symbol), row.margin_mode)}" for row in self.positions
        ]
        for what, ids in (("order", self.orders), ("algo order", self.algo_orders)):
            if ids:
                held.append(f"{what}{'s' if len(ids) > 1 else ''} {', '.join(map(str, ids))}")
        return "; ".join(held) or "nothing"


class NotFlat(OrderlyError):
    """``ex.flatten`` could not do it in time; ``__cause__`` is the last thing that failed, None where nothing did.

    Args:
        left: What is left by the last look; None if there was none that succeeded.
        timeout: The seconds it had.
    """

    def __init__(self, left: Remainder | None, timeout: float) -> None:
        super().__init__(left, timeout)
        self.left = left
        self.timeout = timeout

    def __str__(self) -> str:
        known = self.left is not None
        what = f"left: {self.left}" if known else "what is left is not known, for the venue does not tell"
        return f"not flat within {self.timeout:g} s; {what}; call flatten again, or close it by hand"


class _Flattening:
    """One run of it.

    Args:
        rest: Cancels, closes and looks.
        symbol: One market alone, native; None for all.
        shown: The live state, or None while nothing keeps it true.
        until: The monotonic second by which it ends.
    """

    def __init__(
        self, rest: Rest, symbol: str | None, shown: Callable[[], HoldsState | None], until: float
    ) -> None:
        self._rest = rest
        self._symbol = symbol
        self._shown = shown
        self._until = until
        self.error: OrderlyError | None = None
        """What failed last in the last round."""

    def run(self) -> Remainder | None:
        """Do it, and what is left in the end; None if that is not known."""
        left: Remainder | None = None
        while True:
            self.error = None
            if left is None or left.algo_orders:  # first, for they send others
                self._attempt(self._cancel_algos)
            if left is None or left.orders or left.algo_orders:
                self._attempt(self._cancel_orders)
            left = self._attempt(self._look)
            if left is not None and left.is_flat:
                return left
            for row in () if left is None else left.positions:
                self._attempt(self._close, row)
            if time.monotonic() + _ROUND >= self._until:
                return left
            pause(self._rest.clock, _ROUND)

    def _attempt(self, call: Callable[..., T], *args: object) -> T | None:
        """Do one thing; what fails is tried again with the next round, save where no round could do better."""
        try:
            return call_by(self._until, call, *args)
        except (AuthenticationError, DryRun, UsageError):
            raise
        except OrderlyError as exc:
            self.error = exc
            return None

    def _cancel_algos(self) -> None:
        self._rest.orders.cancel_all_algo(symbol=self._symbol)

    def _cancel_orders(self) -> None:
        self._rest.orders.cancel_all(symbol=self._symbol)

    def _look(self) -> Remainder:
        # Orders first: one that fills between two reads is in the positions that are read after it.
        orders, symbol = self._rest.orders, self._symbol
        algo_rows = orders.list_algo(symbol=symbol, status="INCOMPLETE", size=_PAGE)
        order_rows = orders.list(symbol=symbol, status="INCOMPLETE", size=_PAGE)
        rows = {position_key(row.symbol, row.margin_mode): row for row in self._rest.positions.list().rows}
        open_orders = {row.order_id for row in order_rows}
        open_algos = {row.root_algo_order_id or row.algo_order_id for row in algo_rows}
        shown = self._shown()
        if shown is not None:  # REST lags behind the stream, and the stream may lack what REST shows
            rows = {**rows, **shown.positions}
            open_orders |= {key for key, row in shown.orders.items() if symbol in {None, row.symbol}}
            open_algos |= {key for key, row in shown.algo_orders.items() if symbol in {None, row.symbol}}
        held = [row for row in rows.values() if row.quantity and symbol in {None, row.symbol}]
        return Remainder(tuple(held), tuple(sorted(open_orders)), tuple(sorted(open_algos)))

    def _close(self, row: Position) -> None:
        most = self._rest.market.rules(row.symbol).base_max
        quantity = abs(row.quantity)
        self._rest.orders.create(
            symbol=row.symbol,
            order_type=OrderType.MARKET,
            side=OrderSide.SELL if row.quantity > 0 else OrderSide.BUY,
            order_quantity=quantity if most is None else min(quantity, most),
            reduce_only=True,
            margin_mode=row.margin_mode,
            recv_window=_RECV_WINDOW,
        )


class FlatteningClient(_Base):
    """The part of ``Orderly`` that gets out of the market."""

    @property
    def status(self) -> str:
        """Where the client stands."""
        raise NotImplementedError

    @property
    def rest(self) -> Rest:
        """All operations of the API."""
        raise NotImplementedError

    def flatten(self, symbol: str | None = None, *, timeout: float = CALL) -> None:
        """Cancel every order, algo orders too, close every position, and return when the account is flat.

        Positions of both margin modes are closed by market orders that are reduce-only, which ``max_notional`` lets
        pass. What fails is tried again: neither a second cancel nor a second reduce-only order does harm. The account
        counts as flat when REST shows it and, while the stream stands, ``positions``, ``orders`` and
        ``algo_orders`` do. It works while the stream is down, too, and from a hook. Orders that other programs, or your
        own hooks, place meanwhile are not kept out: have them place none first.

        ``DELETE /v1/algo/orders``, ``DELETE /v1/orders`` and ``POST /v1/order``, signed, scope ``trading``.

        Args:
            symbol: This market alone; all of the account if absent.
            timeout: Seconds for all of it.

        Raises:
            NotFlat: It was not flat in time; ``.left`` names what is open still, ``__cause__`` is what failed last.
            DryRun: This client sends nothing.
            AuthenticationError: The key may not trade.
            UsageError: There are no credentials, or the client was stopped; nothing was sent.
        """
        self._use()
        self.rest.require_open("a cancel of all orders")
        run = _Flattening(
            self.rest,
            None if symbol is None else native_symbol(symbol),
            self._shown_now,
            deadline(timeout, time.monotonic()),
        )
        left = run.run()
        if left is None or not left.is_flat:
            raise NotFlat(left, timeout) from run.error

    def _shown_now(self) -> HoldsState | None:
        """The live state, None while nothing keeps it true."""
        if self.status not in {"ready", "stale"}:
            return None
        try:
            return self._require_live("what is open")
        except Disconnected:
            return None
