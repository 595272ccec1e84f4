"""The numbers of an order: each has one reader, whoever is given it: a class, an operation, a batch, a leg."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from orderly_sync.rest.request import Number, number, quantity

__all__ = ["NUMBERS", "Reader"]

Reader = Callable[[Number | None, str], Decimal | None]
"""Makes a number exact, or refuses it by the name under which it was given."""

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
