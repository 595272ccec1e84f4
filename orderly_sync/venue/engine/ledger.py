"""What accounts own: the bookkeeping of positions and balances, exact to the last digit.

Fees enter ``cost`` only, so that the sum of balances, unsettled PnL and fees over all accounts never changes by a
trade; that the average open price stays free of them is assumed.
"""

from __future__ import annotations

from decimal import Decimal

import attrs

from orderly_sync.models.enums import MarginMode

__all__ = ["FLAT", "Entry", "Holding", "Position", "settle", "trade"]

_ZERO = Decimal(0)
_PRICE_STEP = Decimal("0.00000001")


@attrs.frozen(kw_only=True)
class Entry:
    """One row of the ledger: what is kept of a position between trades."""

    quantity: Decimal = _ZERO
    """Signed: long above 0."""
    cost: Decimal = _ZERO
    """Signed: what was paid for it, fees included."""
    average_open_price: Decimal = _ZERO
    last_sum_unitary_funding: Decimal = _ZERO
    funded: Decimal = _ZERO
    """Funding since it was opened that has entered the cost or the balance; above 0 was owed."""
    settle_price: Decimal = _ZERO
    margin: Decimal = _ZERO
    """Its own collateral if isolated."""
    opened_time: int = 0
    updated_time: int = 0
    version: int = 0

    def funding(self, sum_unitary_funding: Decimal) -> Decimal:
        """Funding owed since it last entered the cost."""
        return self.quantity * (sum_unitary_funding - self.last_sum_unitary_funding)

    def accrued(self, sum_unitary_funding: Decimal) -> Decimal:
        """All funding since it was opened; adding, reducing and settling do not reset it."""
        return self.funded + self.funding(sum_unitary_funding)

    def unsettled_pnl(self, mark: Decimal, sum_unitary_funding: Decimal) -> Decimal:
        """What settling now would add to the balance, USDC."""
        return self.quantity * mark - self.cost - self.funding(sum_unitary_funding)

    @property
    def is_listed(self) -> bool:
        """Whether there is something to show: a quantity, or PnL that waits for its settlement."""
        return bool(self.quantity or self.cost or self.margin)


FLAT = Entry()
"""A position that never was."""


@attrs.frozen(kw_only=True)
class Position:
    """A position with everything that follows from the mark price; fields as the API names them."""

    symbol: str
    margin_mode: MarginMode
    position_qty: Decimal
    cost_position: Decimal
    average_open_price: Decimal
    last_sum_unitary_funding: Decimal
    sum_unitary_funding: Decimal
    settle_price: Decimal
    mark_price: Decimal
    pending_long_qty: Decimal
    pending_short_qty: Decimal
    """0 or below."""
    unsettled_pnl: Decimal
    unrealized_pnl: Decimal
    imr: Decimal
    mmr: Decimal
    imr_with_orders: Decimal
    mmr_with_orders: Decimal
    est_liq_price: Decimal
    """0 when the mark price cannot liquidate it."""
    leverage: int
    margin: Decimal
    pnl_24h: Decimal
    fee_24h: Decimal
    accrued_funding_fee: Decimal
    """Funding since the position was opened, settled or not; above 0 is or was owed."""
    version: int
    created_time: int
    updated_time: int


@attrs.frozen(kw_only=True)
class Holding:
    """The balance of one token; unsettled PnL is not in it."""

    token: str
    holding: Decimal
    frozen: Decimal = _ZERO
    pending_short: Decimal = _ZERO
    isolated_margin: Decimal = _ZERO
    isolated_order_frozen: Decimal = _ZERO
    mark_price: Decimal = Decimal(1)
    version: int = 0
    updated_time: int = 0


def trade(
    entry: Entry, quantity: Decimal, price: Decimal, *, fee: Decimal, sum_unitary_funding: Decimal, now: int
) -> tuple[Entry, Decimal]:
    """The entry after a trade of signed ``quantity`` and the PnL the trade realises, fee not deducted.

    Funding owed on the old quantity moves into the cost, so that the new quantity owes only from here on.
    """
    old, new = entry.quantity, entry.quantity + quantity
    begins = old * new <= 0
    reduces = old * quantity < 0
    closed = -min(abs(quantity), abs(old)) * (1 if quantity > 0 else -1) if reduces else _ZERO
    realized = closed * (price - entry.average_open_price)
    if not new:
        average = _ZERO
    elif not reduces:
        average = ((abs(old) * entry.average_open_price + abs(quantity) * price) / abs(new)).quantize(
            _PRICE_STEP
        )
    else:
        average = price if old * new < 0 else entry.average_open_price
    return (
        attrs.evolve(
            entry,
            quantity=new,
            cost=entry.cost + quantity * price + fee + entry.funding(sum_unitary_funding),
            average_open_price=average,
            last_sum_unitary_funding=sum_unitary_funding,
            funded=_ZERO if begins else entry.accrued(sum_unitary_funding),
            opened_time=now if not old or old * new < 0 else entry.opened_time,
            updated_time=now,
            version=entry.version + 1,
        ),
        realized,
    )


def settle(entry: Entry, mark: Decimal, sum_unitary_funding: Decimal, now: int) -> tuple[Entry, Decimal]:
    """The entry after its PnL went to the balance, and that PnL. A flat entry has no settle price (assumed)."""
    pnl = entry.unsettled_pnl(mark, sum_unitary_funding)
    return (
        attrs.evolve(
            entry,
            cost=entry.quantity * mark,
            last_sum_unitary_funding=sum_unitary_funding,
            funded=entry.accrued(sum_unitary_funding),
            settle_price=mark if entry.quantity else _ZERO,
            updated_time=now,
            version=entry.version + 1,
        ),
        pnl,
    )
