"""The part of ``Orderly`` that is for notebooks."""

from __future__ import annotations

from collections.abc import Callable, Sized
from decimal import Decimal

from orderly_sync.errors import OrderlyError
from orderly_sync.live.account_margin import Margin
from orderly_sync.live.live_state import LiveState
from orderly_sync.live.session import Session
from orderly_sync.stream.stream import Stream
from orderly_sync.tables.html import pairs

__all__ = ["NotebookClient"]


class NotebookClient(LiveState):
    """What a notebook shows of a client."""

    _stream: Stream
    _session: Session | None
    _margin: Margin | None

    @property
    def status(self) -> str:
        """Where the client stands."""
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return pairs("Orderly", self._state())

    def _state(self) -> list[tuple[str, object]]:
        """What is known without asking anybody, or a figure's absence where it would take that."""
        told: list[tuple[str, object]] = [("network", self._stream.network.name), ("status", self.status)]
        held, margin = self._session, self._margin
        if held is None or margin is None:
            return [*told, ("account", "none, market data only")]
        for name, figure in (
            ("total collateral", margin.total_collateral),
            ("free collateral", margin.free_collateral),
            ("margin ratio", margin.margin_ratio),
            ("unsettled PnL", margin.unsettled_pnl),
        ):
            told.append((name, _figure(figure)))
        counts: dict[str, Sized] = {
            "positions": held.positions,
            "orders": held.orders,
            "algo orders": held.algo_orders,
            "holdings": held.holdings,
        }
        return [*told, *((name, len(table)) for name, table in counts.items())]


def _figure(read: Callable[[], Decimal]) -> object:
    try:
        return read()
    except OrderlyError as exc:
        return f"unknown: {exc}"
