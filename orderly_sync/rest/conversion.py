"""What a conversion of collateral may ask for."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.errors import UsageError
from orderly_sync.wire.numbers import Number, number

__all__ = ["amount", "check_tokens", "slippage"]

_USDC = "USDC"


def check_tokens(converted: str, received: str | None) -> None:
    """Hold the two tokens against each other.

    Raises:
        UsageError: Neither of them is USDC, or both are.
    """
    wanted = _USDC if received is None else received
    if (converted == _USDC) == (wanted == _USDC):
        raise UsageError(
            f"converted_asset={converted!r:.60} and received_asset={wanted!r:.60}: one of the two must be 'USDC'"
        )


def amount(value: Number) -> Decimal:
    """How much is given.

    Raises:
        UsageError: It is no plain number above 0.
    """
    exact = number(value, "amount")
    if not exact:
        raise UsageError(f"amount={value!r:.60} must be above 0")
    return exact


def slippage(value: Number) -> Decimal:
    """How much less may come out, as a fraction.

    Raises:
        UsageError: It is no plain number from 0 to below 1.
    """
    exact = number(value, "slippage")
    if exact is None or exact >= 1:
        raise UsageError(f"slippage={value!r:.60} is a fraction below 1: write 0.01 for 1 %")
    return exact
