"""Positions, as fills, pushes and REST rows tell of them. Pure.

A fill counts at once (see ``fills``); what the venue then says of the position or the balance replaces what was
reckoned. Which fills a statement of the venue's holds already is told by its marks: the sequence number where both
have one, else the times [assumed: a position's ``seq`` and ``updated_time`` run with those of the execution reports],
and where times cannot tell, by the quantity it names. So an old statement undoes no fill, a new one counts none twice,
and a lost one costs nothing.
"""

from __future__ import annotations

import re
import threading
from bisect import insort
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.live.fills import CountedTrade, Move, booked, exact
from orderly_sync.live.marks import MarkedPosition, Marks, holds, is_older, outlives, split, when
from orderly_sync.live.position_rows import marked, merged, priced
from orderly_sync.live.table import FEEDS, Table
from orderly_sync.models.base import made
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import AccountUpdate, PositionUpdate
from orderly_sync.values.arithmetic import owned
from orderly_sync.wire.numbers import finite
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["DEFAULT_LEVERAGE", "LivePositions", "position_key"]

_ISOLATED = ":ISOLATED"
_SHORT = re.compile(r"^PERP_(\w+)_USDC\b")
_REMEMBERED = 20_000
"""Fills of which it is known that they were counted."""
_MOST_PENDING = 128
"""Fills of a position that wait for the venue's word on it."""
DEFAULT_LEVERAGE = 10
"""The venue's, where none was set."""


def position_key(symbol: str, margin_mode: MarginMode | None) -> str:
    """The key of a position: its symbol, with ``:ISOLATED`` behind it for the isolated one."""
    return f"{symbol}{_ISOLATED}" if margin_mode == MarginMode.ISOLATED else symbol


class LivePositions(Table[str, Position]):
    """Open positions by symbol; an isolated one stands under ``PERP_ETH_USDC:ISOLATED``.

    Any spelling of a symbol finds its position (``"ETH"``, ``"ETH/USDC:USDC"``, ``"ETH:ISOLATED"``). A position of
    quantity 0 is not listed; while its PnL is unsettled it stands in ``flat``.

    Args:
        numbers: ``Decimal`` or ``float``.
    """

    _row_type = Position
    _internal = FEEDS | {"asked_at", "counted", "fill", "mark", "note_leverage", "set_mark"}

    def __init__(self, numbers: type = Decimal) -> None:
        super().__init__("positions")
        self._numbers = numbers
        self._leverages: dict[str, int] = {}
        self._standings: dict[str, MarkedPosition] = {}
        self._counted: Mapping[str, Position] = {}
        self._seen: dict[object, None] = {}
        self._marks: dict[str, tuple[int | None, bool, Any]] = {}
        self._marked_since_begin: set[str] = set()
        self._read_at: int | None = None
        self._asked_at: int | None = None
        self._is_reading = False
        self._pending: frozenset[object] = frozenset()
        self._settled: frozenset[object] = frozenset()
        self._ledger = threading.RLock()

    def _ipython_key_completions_(self) -> list[str]:
        short = (_SHORT.sub(r"\1", key) for key in self._rows)
        return list(dict.fromkeys((*self._rows, *short)))

    @property
    def flat(self) -> Mapping[str, Position]:
        """Positions that are closed but whose PnL has not been settled into the balance yet."""
        return {key: row for key, row in self._counted.items() if not row.quantity}

    def counted(self) -> Mapping[str, Position]:
        """All that counts for the margin: open positions, and flat ones with unsettled PnL."""
        return self._counted

    @owned
    def apply(self, update: PositionUpdate) -> bool:
        """Take one push; whether it was news. One that is older than what is known changes nothing."""
        key = position_key(update.symbol, update.margin_mode)
        marks = Marks(version=update.version, seq=update.seq, time=update.updated_time or update.ts)
        with self._ledger:
            standing = self._standings.get(key)
            if standing is None:
                standing = self._standings[key] = MarkedPosition(
                    self._flat(update.symbol, update.margin_mode)
                )
                standing.marks = Marks(time=self._read_at, at_least=True)
            elif is_older(marks, standing.marks):
                return False
            held, left = split(
                standing.fills, marks, update.position_qty, update.cost_position, standing.base
            )
            before = self._booked(standing.base, held)
            row = merged(before, update)
            if not row.quantity and not row.unsettled_pnl:
                row = self._flat(update.symbol, update.margin_mode, leverage=row.leverage)
            self._rebase(standing, row, marks, before, left)
            standing.touched = True
            if update.mark_price is not None:
                self._price_of(update.symbol, update.mark_price, update.ts, by_position=True)
            self._remark(standing)
            self._show(key, standing)
        return True

    @owned
    def fill(self, trade: CountedTrade) -> Move | None:
        """Count a fill, once however often it is told; what it moved in the balance, if that is not known to be 0."""
        key = position_key(trade.symbol, trade.margin_mode)
        with self._ledger:
            if trade.id in self._seen:
                return None
            self._remember(trade)
            standing = self._standings.get(key)
            if standing is None:
                standing = self._standings[key] = MarkedPosition(self._flat(trade.symbol, trade.margin_mode))
                standing.marks = Marks(time=self._read_at, at_least=True)
            if holds(standing, trade):
                before, standing.before = standing.before, None
                if standing.surplus is not None:
                    standing.surplus -= trade.quantity
                if before is None or exact(before.position_qty) + trade.quantity != exact(
                    standing.base.position_qty
                ):
                    return None
                return self._book(before, trade)[1]
            others = self._added_up(standing)
            insort(standing.fills, trade, key=when)
            move = self._book(others, trade)[1]
            if len(standing.fills) > _MOST_PENDING:
                self._fold(standing)
            self._show(key, standing)
            return move

    @owned
    def mark(self, symbol: str, price: object, ts: int | None = None) -> bool:
        """Take a mark price; PnL follows it. One that is older than the one known changes nothing."""
        with self._ledger:
            if not self._price_of(symbol, price, ts):
                return False
            self._marked_since_begin.add(symbol)
            return self._remark_all(symbol, price)

    def _remark_all(self, symbol: str, price: object) -> bool:
        """Both positions of a symbol at a new mark price; whether either changed."""
        has_changed = False
        for key in (symbol, f"{symbol}{_ISOLATED}"):
            standing = self._standings.get(key)
            if standing is not None and standing.base.mark_price != price:
                self._remark(standing)
                has_changed = self._show(key, standing) or has_changed
        return has_changed

    def set_mark(self, symbol: str, price: Decimal | float | str, ts: int | None) -> None:
        """Take a mark price that was set by hand, in any form, of a symbol in any spelling, at that venue time."""
        self.mark(native_symbol(symbol), self._numbers(finite(price, "price")), ts)

    def note_leverage(self, update: AccountUpdate) -> None:
        """Remember the leverage of a symbol in isolated margin, if the account's settings tell of a new one."""
        told = update.symbol_leverage
        if told is not None and told.symbol and told.leverage and told.margin_mode == MarginMode.ISOLATED:
            self._leverages[told.symbol] = int(told.leverage)

    def begin(self) -> None:
        """A REST snapshot is about to be asked for."""
        with self._ledger:
            self._is_reading = True
            self._forget_touches()
            # What was told before the reading before this one is old enough for the ledger to have written it.
            told = (trade.id for standing in self._standings.values() for trade in standing.fills)
            self._settled, self._pending = self._pending, frozenset(told)

    def forget_all(self) -> None:
        """Hold no rows; what is told from now on is news."""
        with self._ledger:
            self._standings, self._counted, self._seen, self._marks = {}, {}, {}, {}
            self._marked_since_begin = set()
            self._read_at = self._asked_at = None
            self._is_reading, self._pending, self._settled = False, frozenset(), frozenset()
            super().forget_all()

    def asked_at(self, ts: int | None) -> None:
        """The venue's time that had come when the REST snapshot was asked for, ms."""
        self._asked_at = ts

    @owned
    def seed_rows(self, rows: Iterable[Position]) -> None:
        """Take the positions as REST lists them, all of them: what is not listed is flat."""
        listed = {position_key(row.symbol, row.margin_mode): row for row in rows}
        with self._ledger:
            self._seed_all(listed)

    def _seed_all(self, listed: Mapping[str, Position]) -> None:
        if not self._is_reading:
            self._forget_touches()
        at, self._asked_at = self._asked_at, None
        self._is_reading, self._read_at = False, at
        for key, row in listed.items():
            marks = Marks(seq=row.seq, time=row.updated_time or at)
            self._seed_one(key, row if row.quantity or row.unsettled_pnl else None, row, marks)
        for key in self._standings.keys() - listed.keys():
            base = self._standings[key].base
            self._seed_one(key, None, base, Marks(time=at, at_least=True))
        self.seeded = True

    # Inside
    # ------------------------------------------------------------------------------------------------------------

    def _forget_touches(self) -> None:
        self._marked_since_begin.clear()
        for standing in self._standings.values():
            standing.touched = False

    def _seed_one(self, key: str, row: Position | None, like: Position, marks: Marks) -> None:
        standing = self._standings.get(key)
        fresh = self._flat(like.symbol, like.margin_mode, leverage=like.leverage) if row is None else row
        if standing is None:
            standing = self._standings[key] = MarkedPosition(fresh, marks)
        elif outlives(standing, marks):
            return
        else:
            held, left = split(
                standing.fills,
                marks,
                fresh.quantity,
                fresh.cost_position,
                standing.base,
                settled=self._settled,
            )
            self._rebase(standing, fresh, marks, self._booked(standing.base, held), left)
        if like.symbol in self._marked_since_begin:
            self._remark(standing)
        else:
            self._marks.pop(like.symbol, None)
        standing.base = priced(standing.base)
        self._show(key, standing)

    @staticmethod
    def _rebase(
        standing: MarkedPosition, row: Position, marks: Marks, before: Position, left: list[CountedTrade]
    ) -> None:
        """Stand on the venue's word, with the fills it does not hold still to be counted."""
        unexplained = exact(row.position_qty) - exact(before.position_qty)
        if standing.surplus is not None:
            standing.surplus += unexplained
        elif standing.marks != Marks():
            standing.surplus = unexplained
        standing.before = before if unexplained else standing.before
        standing.base, standing.marks, standing.fills = row, marks, left

    def _fold(self, standing: MarkedPosition) -> None:
        """Take the older half of the fills for confirmed: a topic that has fallen silent must not cost ever more."""
        old, standing.fills = standing.fills[: _MOST_PENDING // 2], standing.fills[_MOST_PENDING // 2 :]
        standing.base = self._booked(standing.base, old)
        standing.marks = Marks(seq=old[-1].seq, time=old[-1].ts)

    def _show(self, key: str, standing: MarkedPosition) -> bool:
        row = self._added_up(standing)
        if self._counted.get(key) == row:
            return False
        if row.quantity or row.unsettled_pnl:
            self._counted = {**self._counted, key: row}
        elif key in self._counted:
            self._counted = {name: one for name, one in self._counted.items() if name != key}
        if row.quantity:
            self.put(key, row)
        else:
            self.drop(key)
        return True

    def _added_up(self, standing: MarkedPosition) -> Position:
        """The position with its fills, reckoned on from where it was last: a fill costs what one fill costs."""
        base, leverage = standing.base, self._leverages.get(standing.base.symbol)
        row, fills = base, standing.fills
        if standing.added_up is not None:
            before, at, told, after = standing.added_up
            if before is base and at == leverage and list(told) == fills[: len(told)]:
                row, fills = after, fills[len(told) :]
        row = self._booked(row, fills)
        standing.added_up = (base, leverage, tuple(standing.fills), row)
        return row

    def _booked(self, row: Position, fills: Iterable[CountedTrade]) -> Position:
        for trade in fills:
            row = self._book(row, trade)[0]
        return row

    def _book(self, row: Position, trade: CountedTrade) -> tuple[Position, Move | None]:
        leverage = row.leverage or self._leverages.get(trade.symbol) or DEFAULT_LEVERAGE
        after = booked(row, trade, leverage=leverage, kind=self._numbers)
        return after.row, after.move

    def _flat(self, symbol: str, margin_mode: MarginMode | None, *, leverage: int | None = None) -> Position:
        _, _, price = self._marks.get(symbol, (None, True, None))
        return made(Position, symbol=symbol, margin_mode=margin_mode, mark_price=price, leverage=leverage)

    def _price_of(self, symbol: str, price: object, ts: int | None, *, by_position: bool = False) -> bool:
        """Remember a mark price, unless a later one is known; of two of one moment the market's own counts.

        A position is told as a fill leaves it, which may be while the step that moves the price is still under way.
        """
        known, was_by_position, _ = self._marks.get(symbol, (None, True, None))
        if ts is not None and known is not None and (ts, was_by_position) < (known, by_position):
            return False
        self._marks[symbol] = (ts, by_position, price)
        return True

    def _remark(self, standing: MarkedPosition) -> None:
        _, _, price = self._marks.get(standing.base.symbol, (None, True, None))
        if price is not None and standing.base.mark_price != price:
            standing.base = marked(standing.base, price)

    def _remember(self, trade: CountedTrade) -> None:
        self._seen[trade.id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen = dict.fromkeys(list(self._seen)[_REMEMBERED // 2 :])

    def _key(self, key: object) -> str:
        # Native keys, all that the package itself uses, need no reading.
        return key if isinstance(key, str) and key in self._standings else _spelt(key)

    def _missing(self, key: object) -> str:
        try:
            return f"no open position in {_spelt(key)}"
        except UsageError as exc:
            return str(exc)


def _spelt(key: object) -> str:
    """The key under which a position stands; UsageError if it is no spelling of a symbol."""
    text: Any = key
    isolated = isinstance(text, str) and text.upper().endswith(_ISOLATED)
    return native_symbol(text[: -len(_ISOLATED)]) + _ISOLATED if isolated else native_symbol(text)
