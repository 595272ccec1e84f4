"""Holdings, as fills, pushes and REST rows tell of them. Pure.

What a fill in isolated margin moves in the balance counts at once; what the venue then says of the balance replaces it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from decimal import Decimal

from orderly_sync.live.fills import Move, exact
from orderly_sync.live.table import FEEDS, Table
from orderly_sync.models.base import changed, made
from orderly_sync.models.holding import Holding
from orderly_sync.models.pushes.account import BalanceUpdate
from orderly_sync.values.arithmetic import owned

__all__ = ["LiveHoldings"]

_USDC = "USDC"


class LiveHoldings(Table[str, Holding]):
    """Holdings by token, in units of the token. Unsettled PnL is not part of them."""

    _row_type = Holding
    _internal = FEEDS | {"move"}

    def __init__(self, numbers: type = Decimal) -> None:
        super().__init__("holdings")
        self._numbers = numbers
        self._versions: dict[str, int] = {}
        self._bases: dict[str, tuple[Holding, int | None]] = {}
        self._moves: list[Move] = []
        self._pushed: set[str] = set()
        self._ledger = threading.RLock()

    def forget_all(self) -> None:
        """Hold no rows; what is told from now on is news."""
        with self._ledger:
            self._versions, self._bases, self._moves, self._pushed = {}, {}, [], set()
            super().forget_all()

    def apply(self, update: BalanceUpdate) -> bool:
        """Take one push; whether it was news. An update of a lower version than the one held is older."""
        with self._ledger:
            version = update.version
            if version is not None:
                if version < self._versions.get(update.token, version):
                    return False
                self._versions[update.token] = version
            base, _ = self._bases.get(update.token) or (made(Holding, token=update.token), None)
            new = {
                "holding": update.holding,
                "frozen": update.frozen,
                "pending_short": update.pending_short_qty,
                "pending_long": update.pending_long_qty,
                "isolated_margin": update.isolated_margin,
                "isolated_order_frozen": update.isolated_order_frozen,
                "updated_time": update.ts,
            }
            row = changed(base, **_told(new))
            self._stand(row, update.ts)
            self._pushed.add(update.token)
            self.put(update.token, self._shown(row, update.ts))
        return True

    def move(self, move: Move) -> None:
        """Take what a fill in isolated margin moved, unless the balance is known to hold it."""
        with self._ledger:
            base, ts = self._bases.get(_USDC) or (made(Holding, token=_USDC), None)
            if move.ts is not None and ts is not None and move.ts <= ts:
                return
            self._moves.append(move)
            self.put(_USDC, self._shown(base, ts))

    def begin(self) -> None:
        """A REST snapshot is about to be asked for."""
        with self._ledger:
            self._pushed.clear()
            super().begin()

    def seed_rows(self, rows: Iterable[Holding]) -> None:
        """Take the holdings as REST lists them."""
        fresh = {row.token: row for row in rows}
        with self._ledger:
            self._seed_fresh(fresh)

    def _seed_fresh(self, fresh: Mapping[str, Holding]) -> None:
        if self._touched is None:
            self._pushed.clear()
        for token, row in fresh.items():
            if token not in self._pushed:
                self._versions.pop(token, None)
                self._stand(row, row.updated_time)
        for token in self._bases.keys() - fresh.keys() - self._pushed:
            del self._bases[token]
            self._versions.pop(token, None)
        super().begin()  # what stands is decided here, row by row
        self.seed({token: self._shown(row, ts) for token, (row, ts) in self._bases.items()})
        self._pushed.clear()

    def _stand(self, row: Holding, ts: int | None) -> None:
        self._bases[row.token] = (row, ts)
        if row.token == _USDC:
            self._moves = [one for one in self._moves if ts is not None and one.ts and one.ts > ts]

    @owned
    def _shown(self, base: Holding, ts: int | None) -> Holding:
        """The balance with what fills moved since."""
        if base.token != _USDC or not self._moves:
            return base
        holding, margin = exact(base.holding), exact(base.isolated_margin)
        frozen = exact(base.isolated_order_frozen)
        sign = -1 if frozen < 0 else 1  # hosts differ
        for one in self._moves:
            holding += one.holding
            margin += one.isolated_margin
            if one.created is not None and ts is not None and one.created <= ts:
                # The order rested, so the balance told of before holds back what the fill took.
                frozen = sign * max(Decimal(0), abs(frozen) - one.freed)
        values = {"holding": holding, "isolated_margin": margin, "isolated_order_frozen": frozen}
        if self._numbers is float:
            return changed(base, **{name: float(value) for name, value in values.items()})
        return changed(base, **values)

    def _missing(self, key: object) -> str:
        return f"no holding of {key!s:.40}"


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """Those that the venue told."""
    return {name: value for name, value in values.items() if value is not None}
