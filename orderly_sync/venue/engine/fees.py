"""What a trade costs."""

from __future__ import annotations

from decimal import Decimal

import attrs

__all__ = ["STANDARD", "FeeRates"]

_BPS = Decimal("0.0001")


@attrs.frozen(kw_only=True)
class FeeRates:
    """Rates of one account in basis points (10 is 0.1 %). A negative maker rate is a rebate."""

    taker: Decimal
    maker: Decimal

    def fee(self, price: Decimal, quantity: Decimal, *, maker: bool) -> Decimal:
        """The fee of one fill in USDC; negative if it is a rebate."""
        return price * quantity * (self.maker if maker else self.taker) * _BPS


STANDARD = FeeRates(taker=Decimal(6), maker=Decimal(3))
"""What accounts pay unless told otherwise."""
