"""The numbers of an order: each has one reader, whoever is given it: a class, an operation, a batch, a leg."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, Decimal

from orderly_sync.errors import UsageError
from orderly_sync.values.arithmetic import EXACT, places
from orderly_sync.wire.numbers import Number, number

__all__ = ["NUMBERS", "Reader", "quantity"]

_DECIMALS = 8
"""More decimals than this a quantity cannot have."""
_SMALLEST = Decimal("1E-8")

Reader = Callable[[Number | None, str], Decimal | None]
"""Makes a number exact, or refuses it by the name under which it was given."""


def quantity(value: Number | None, name: str) -> Decimal | None:
    """A number with at most eight decimals, as the venue demands of quantities.

    Raises:
        UsageError: As ``number``; or it has more than eight decimals.
    """
    exact = number(value, name)
    if exact is not None and places(exact) > _DECIMALS:
        rounded = exact.quantize(_SMALLEST, rounding=ROUND_DOWN, context=EXACT)
        nearest = (
            f"the next below is {format(rounded, 'f')}"
            if rounded
            else f"the smallest is {format(_SMALLEST, 'f')}"
        )
        raise UsageError(f"{name}={format(exact, 'f')} has more than {_DECIMALS} decimals; {nearest}")
    return exact


NUMBERS: Mapping[str, Reader] = {
    "price": number,
    "trigger_price": number,
    "activated_price": number,
    "quantity": quantity,
    "visible_quantity": quantity,
    "callback_rate": number,
    "callback_value": number,
    "amount": number,
    "slippage": number,
}
"""By the wire's name; ``POST /v1/order`` writes some of them with ``order_`` before."""
