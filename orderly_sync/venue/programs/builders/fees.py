"""The trading fees that builders ask of their users. Rates are decimal fractions: 0.0001 is one basis point."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.fees import STANDARD, FeeRates
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["BASE_MAKER", "BASE_TAKER", "STANDARD_RATES", "FeeSettings", "UserRates", "base_fee"]

_BPS = Decimal(10_000)
_STEP = Decimal("0.00001")
_HIGHEST = Decimal("0.01")
BASE_MAKER, BASE_TAKER = Decimal(0), Decimal(1)
"""What the venue itself keeps of each trade, in basis points; the rest is the builder's."""


@attrs.frozen(kw_only=True)
class UserRates:
    """What a user pays. The two for real world assets are kept and shown; no such market is listed here."""

    maker: Decimal
    taker: Decimal
    rwa_maker: Decimal
    rwa_taker: Decimal

    @property
    def trading(self) -> FeeRates:
        """What the exchange charges."""
        return FeeRates(taker=self.taker * _BPS, maker=self.maker * _BPS)

    def checked(self) -> UserRates:
        """Itself.

        Raises:
            Refused: -1005, a rate is outside 0 to 0.01 (the upper bound is assumed) or off the step of 0.00001.
        """
        for name, rate in attrs.asdict(self).items():
            if not 0 <= rate <= _HIGHEST or rate % _STEP:
                raise Refused(
                    INVALID_PARAM, f"{name}_fee_rate {rate} must be 0 to {_HIGHEST} in steps of 0.00001"
                )
        return self


STANDARD_RATES = UserRates(
    maker=STANDARD.maker / _BPS,
    taker=STANDARD.taker / _BPS,
    rwa_maker=STANDARD.maker / _BPS,
    rwa_taker=STANDARD.taker / _BPS,
)


def base_fee(notional: Decimal, *, maker: bool) -> Decimal:
    """The part of a trade's fee that is not the builder's, USDC."""
    return notional * (BASE_MAKER if maker else BASE_TAKER) / _BPS


class FeeSettings:
    """The rates of every builder's users: a default, and the rates of those who have their own."""

    def __init__(self) -> None:
        self._defaults: dict[str, UserRates] = {}
        self._own: dict[str, UserRates] = {}

    def default(self, broker_id: str) -> UserRates:
        """What a builder's users pay who have no rates of their own."""
        return self._defaults.get(broker_id, STANDARD_RATES)

    def rates(self, account_id: str, broker_id: str) -> UserRates:
        """What an account pays."""
        return self._own.get(account_id) or self.default(broker_id)

    def is_default(self, account_id: str) -> bool:
        """Whether an account has no rates of its own."""
        return account_id not in self._own

    def set_default(self, broker_id: str, rates: UserRates) -> None:
        """Set what users without rates of their own pay; raises Refused."""
        self._defaults[broker_id] = rates.checked()

    def set_own(self, account_ids: Iterable[str], rates: UserRates) -> None:
        """Give accounts rates of their own; raises Refused."""
        checked = rates.checked()
        self._own.update(dict.fromkeys(account_ids, checked))

    def reset(self, account_ids: Iterable[str]) -> None:
        """Take their own rates from accounts."""
        for account_id in account_ids:
            self._own.pop(account_id, None)
