"""Staking, vesting and VALOR: a data set. Nobody stakes on a paper venue, so nothing here can be changed.

Wallets of the venue's accounts have invented stakes that follow from the seed; any other wallet has none.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from orderly_sync.venue.programs.seeded import Seeded

__all__ = ["ORDER_PRICE", "REVENUE_RATE", "Batch", "Redemption", "Stake", "StakingService", "Vesting"]

_DAY = 86_400_000
_ZERO = Decimal(0)
ORDER_PRICE = Decimal("0.12")
"""What an ORDER costs, USDC."""
_OTHERS_STAKE = Decimal(48_000_000)
"""ORDER staked by all the world besides."""
_BATCH_DAYS, _EARLIER_BATCHES, _CLAIM_DELAY = 14, 3, 1
_VEST_DAYS = 90
_VALOR_EMITTED = Decimal(420_000_000)
_TREASURY = Decimal(900_000)
REVENUE_RATE = Decimal("0.6")
"""The part of the venue's fees that flows into the treasury."""


class Stake(NamedTuple):
    """What a wallet has staked, in tokens."""

    order: Decimal
    esorder: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.order + self.esorder


class Vesting(NamedTuple):
    """One vesting of esORDER; times in ms."""

    request_id: int
    start: int
    end: int
    amount: Decimal
    status: str


class Batch(NamedTuple):
    """Two weeks of VALOR redemptions; times in ms."""

    batch_id: int
    start: int
    end: int


class Redemption(NamedTuple):
    """VALOR that a wallet gave back in one batch, and what it gets for it, if the batch is over."""

    batch: Batch
    valor: Decimal
    value: Decimal
    is_claimable: bool


class StakingService:
    """The stakes of wallets.

    Args:
        seeded: Where figures come from.
        opening: When the venue opened, ms.
    """

    def __init__(self, seeded: Seeded, opening: int) -> None:
        self._seeded = seeded
        self._opening = opening

    def stake(self, address: str) -> Stake:
        """What one of the venue's wallets has staked."""
        name = address.lower()
        return Stake(
            self._seeded.amount(1_000, 50_000, "order", name),
            self._seeded.amount(100, 5_000, "esorder", name),
        )

    def unstaking(self, address: str, now: int) -> tuple[Decimal, int]:
        """ORDER that a wallet is unstaking and when it is free, ms; nothing once it is."""
        end = self._opening + 7 * _DAY
        amount = self._seeded.amount(10, 900, "unstaking", address.lower())
        return (amount, end) if now < end else (_ZERO, 0)

    def vestings(self, address: str) -> list[Vesting]:
        """A wallet's vestings: one under way, one claimed."""
        name = address.lower()
        plan = ((-20, "vesting"), (-150, "claimed"))
        return [
            Vesting(
                self._seeded.whole(1_000, 9_000, "vesting", name) + number,
                self._opening + day * _DAY,
                self._opening + (day + _VEST_DAYS) * _DAY,
                self._seeded.amount(50, 500, "vested", name, number),
                status,
            )
            for number, (day, status) in enumerate(plan)
        ]

    def total(self, addresses: Iterable[str]) -> Decimal:
        """ORDER and esORDER staked by the venue's wallets and everybody else."""
        return _OTHERS_STAKE + sum((self.stake(each).total for each in set(addresses)), _ZERO)

    def usd_reward(self, day: str) -> Decimal:
        """What stakers got on one day, USD."""
        return self._seeded.amount(4_000, 9_000, "reward", day)

    # VALOR.

    def batches(self, now: int) -> list[Batch]:
        """All batches that have begun, oldest first; three were over before the venue opened."""
        length = _BATCH_DAYS * _DAY
        first = self._opening - self._opening % _DAY - _EARLIER_BATCHES * length
        count = max(1, (now - first) // length + 1)
        return [
            Batch(number + 1, first + number * length, first + (number + 1) * length)
            for number in range(count)
        ]

    def treasury(self, now: int, programme: int) -> Decimal:
        """What the treasury holds of one programme: USDC of the first, esORDER of the second."""
        grown = sum(
            (self.inflow(batch, programme) for batch in self.batches(now)[:-1]),
            _TREASURY if programme == 1 else _TREASURY / ORDER_PRICE,
        )
        return grown - self.redeemed(now, programme) * grown / _VALOR_EMITTED

    def price(self, now: int, programme: int) -> Decimal:
        """What a VALOR is worth of the treasury."""
        left = _VALOR_EMITTED - self.redeemed(now, programme)
        return round(self.treasury(now, programme) / left, 8)

    def inflow(self, batch: Batch, programme: int) -> Decimal:
        """What a batch that is over brought in: USDC, or esORDER bought for it."""
        usdc = self.revenue(batch)
        return usdc if programme == 1 else round(usdc / ORDER_PRICE, 2)

    def revenue(self, batch: Batch) -> Decimal:
        """USDC a batch that is over brought in."""
        return self._seeded.amount(20_000, 60_000, "inflow", batch.batch_id)

    def redeemed(self, now: int, programme: int) -> Decimal:
        """VALOR given back in all batches that are over."""
        return sum(
            (
                self._seeded.amount(100_000, 400_000, "redeemed", programme, batch.batch_id)
                for batch in self.batches(now)[:-1]
            ),
            _ZERO,
        )

    def redemptions(self, address: str, now: int, programme: int) -> list[Redemption]:
        """What a wallet has given back: in the batch before last and in the last one before the opening."""
        found = []
        for batch in self.batches(self._opening)[1:_EARLIER_BATCHES]:
            valor = self._seeded.amount(100, 900, "valor", programme, address.lower(), batch.batch_id)
            value = round(valor * self.price(batch.end, programme), 6)
            found.append(Redemption(batch, valor, value, now >= batch.end + _CLAIM_DELAY * _DAY))
        return found
