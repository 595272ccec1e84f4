"""Fills, pushes and snapshots of one position in every order: none is hidden, none counts twice."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from orderly_sync.live.fills import CountedTrade
from orderly_sync.live.marks import LEDGER_LAG_MS
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.pushes.account import PositionUpdate
from tests.unit.live.position_values import fill, push, row

D = Decimal
SOL = "PERP_SOL_USDC"
CROSS = MarginMode.CROSS


class _Venue:
    """A ledger of one position whose words can be sent late, twice, never and in any order."""

    def __init__(self, seed: int, *, seqs: bool, steps: tuple[int, ...]) -> None:
        self.chance = random.Random(seed)
        self.seqs, self.steps = seqs, steps
        self.now = self.count = self.seq = 0
        self.size = self.cost = D(0)
        self.fills: list[CountedTrade] = []
        self.pushes: list[tuple[int, PositionUpdate]] = []

    def trade(self) -> CountedTrade:
        """One more fill, and the push of it."""
        self.now += self.chance.choice(self.steps)
        self.count, self.seq = self.count + 1, self.seq + 2
        size = D(self.chance.randrange(1, 9)) * self.chance.choice([1, -1])
        if self.size and self.chance.random() < 0.3:
            size = -self.size
        self.size += size
        fee = D(self.count) / 1000
        told = fill(self.count, str(size), fee=str(fee), ts=self.now, seq=self.seq - 1 if self.seqs else None)
        self.fills.append(told)
        seq = self.seq if self.seqs else None
        self.cost += told.cost
        more = {"version": self.count, "cost_position": self.cost, "average_open_price": D(100)}
        self.pushes.append((self.count, push(str(self.size), self.now, seq=seq, **more)))
        return told

    def after(self, count: int) -> Decimal:
        """The position after so many fills."""
        return sum((one.quantity for one in self.fills[:count]), D(0))


CLOSE = (0, 0, 1)
APART = (LEDGER_LAG_MS + 1, 1000)


@pytest.mark.parametrize(
    ("seqs", "steps", "overtaking"),
    [(True, CLOSE, True), (True, APART, True), (False, APART, True), (False, CLOSE, False)],
)
@pytest.mark.parametrize("seed", range(60))
def test_no_order_of_pushes_hides_a_fill_or_counts_one_twice(
    seed: int, seqs: bool, steps: tuple[int, ...], overtaking: bool
):
    """After each report the position is that of the report, or of a later word that came already; never another.

    Fills of one millisecond are told apart by their numbers; without numbers by the quantity, if reports come first.
    """
    venue = _Venue(seed, seqs=seqs, steps=steps)
    chance, positions, seen = venue.chance, LivePositions(), 0
    positions.asked_at(0)
    positions.seed_rows([])
    venue.now = 1
    waiting: list[tuple[int, PositionUpdate]] = []
    for told in range(1, 40):
        while len(venue.fills) < told or (overtaking and chance.random() < 0.2):
            venue.trade()
            waiting += venue.pushes[-1:] * chance.choice([0, 1, 1, 2])
        while waiting and chance.random() < 0.5:
            count, late = waiting.pop(chance.randrange(len(waiting)))
            if overtaking or count < told:
                positions.apply(late)
                seen = max(seen, count)
        if overtaking and chance.random() < 0.1:
            positions.begin()
            size, marks = venue.size, {"updated_time": venue.now, "seq": venue.seq + 1 if seqs else None}
            positions.asked_at(venue.now)
            positions.seed_rows([row(str(size), **marks)] if size else [])
            venue.seq, venue.now, seen = venue.seq + 2, venue.now + 1, len(venue.fills)
        positions.fill(venue.fills[told - 1])
        held = positions.get(SOL)
        assert (D(0) if held is None else held.quantity) == venue.after(max(told, seen))
