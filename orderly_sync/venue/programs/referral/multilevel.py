"""The multilevel referral programme: its settings, and the rates that follow from them along the tree of referees.

An affiliate has a highest rate. It gives each direct referee a part of it, keeps the rest, and earns what it keeps
from that referee's own referees as well. What a referee is given is the highest rate it can give to others (assumed).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.referral.referral import Code, Referrals, check_rate
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["MultilevelTree", "Programme"]

_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class Programme:
    """How a builder runs the programme."""

    enable: bool = True
    required_volume: Decimal = Decimal(1_000)
    """What a user must trade before it may claim a code, USDC."""
    bonus_rate: Decimal = Decimal("0.4")
    """The highest rate of affiliates of the first level without one of their own."""
    base_rate: Decimal = Decimal("0.1")
    """What a direct referrer gets besides."""

    def checked(self) -> Programme:
        """Itself, or Refused -1005."""
        check_rate("default_bonus_rebate_rate", self.bonus_rate)
        check_rate("base_rebate_rate", self.base_rate)
        if self.bonus_rate + self.base_rate > 1:
            raise Refused(INVALID_PARAM, "default_bonus_rebate_rate and base_rebate_rate exceed 1 together")
        if self.required_volume < 0:
            raise Refused(INVALID_PARAM, "required_volume must not be below 0")
        return self


class MultilevelTree:
    """The programme of every builder, over the codes and bindings of ``referrals``."""

    def __init__(self, referrals: Referrals) -> None:
        self._referrals = referrals
        self._programmes: dict[str, Programme] = {}
        self._own_max: dict[str, Decimal] = {}
        self._defaults: dict[str, Decimal] = {}
        self._own_rates: dict[str, Decimal] = {}

    # Reads.

    def programme(self, broker_id: str) -> Programme:
        """How a builder runs it."""
        return self._programmes.get(broker_id, Programme())

    def level(self, account_id: str) -> int:
        """1 for affiliates whom nobody referred, one more for each referrer above."""
        level = 1
        above = self._above(account_id)
        while above is not None:
            level += 1
            above = self._above(above)
        return level

    def max_rate(self, account_id: str, broker_id: str) -> Decimal:
        """The most an account can give and keep."""
        if self._above(account_id) is not None:
            return self.referee_rate(account_id, broker_id)
        return self._own_max.get(account_id, self.programme(broker_id).bonus_rate)

    def default_referee_rate(self, owner: str, broker_id: str) -> Decimal:
        """What an affiliate gives referees without a rate of their own."""
        return min(self._defaults.get(owner, _ZERO), self.max_rate(owner, broker_id))

    def has_default_rate(self, referee: str) -> bool:
        """Whether a referee gets what its referrer gives by default."""
        return referee not in self._own_rates

    def referee_rate(self, referee: str, broker_id: str) -> Decimal:
        """What a referee gets back, by either programme; 0 for one who is not bound."""
        code = self._code_of(referee)
        if code is None:
            return _ZERO
        if not code.is_multilevel:
            return code.referee_rate
        own = self._own_rates.get(referee)
        if own is None:
            return self.default_referee_rate(code.owner, broker_id)
        return min(own, self.max_rate(code.owner, broker_id))

    def referrer_rate(self, referee: str, broker_id: str) -> Decimal:
        """What a referee's referrer keeps, by either programme; 0 for one who is not bound."""
        code = self._code_of(referee)
        if code is None:
            return _ZERO
        if not code.is_multilevel:
            return code.referrer_rate
        return self.max_rate(code.owner, broker_id) - self.referee_rate(referee, broker_id)

    def base_rate(self, referee: str, broker_id: str) -> Decimal:
        """What a referee's referrer gets besides; 0 in the older programme."""
        code = self._code_of(referee)
        is_paid = code is not None and code.is_multilevel
        return self.programme(broker_id).base_rate if is_paid else _ZERO

    # Writes.

    def configure(self, broker_id: str, programme: Programme) -> None:
        """Set a builder's programme; raises Refused -1005."""
        self._programmes[broker_id] = programme.checked()

    def claim(
        self, account_id: str, broker_id: str, *, rate: Decimal | None, volume: Decimal, now: int
    ) -> Code:
        """Give an account its code.

        Raises:
            Refused: -1005 the programme is off, the volume too small or the rate too high; -1007 it has a code.
        """
        programme = self.programme(broker_id)
        if not programme.enable:
            raise Refused(INVALID_PARAM, "the multilevel referral programme is not enabled")
        if self._referrals.multilevel_code(account_id) is not None:
            raise Refused(DUPLICATE_REQUEST, "this account has a multilevel referral code already")
        if volume < programme.required_volume:
            raise Refused(
                INVALID_PARAM, f"a code takes a volume of {programme.required_volume} USDC; {volume} are done"
            )
        given = self._within(account_id, broker_id, rate or _ZERO)
        code = self._add(account_id, broker_id, None, now)
        self._defaults[account_id] = given
        return code

    def create(self, account_id: str, broker_id: str, *, code: str | None, rate: Decimal, now: int) -> Code:
        """Create the code of a first-level affiliate for it.

        Raises:
            Refused: -1005 it has a referrer or the rate makes no sense; -1007 it has a code or the name is taken.
        """
        self._check_first_level(account_id)
        if self._referrals.multilevel_code(account_id) is not None:
            raise Refused(DUPLICATE_REQUEST, "this account has a multilevel referral code already")
        check_rate("bonus_max_rebate_rate", rate)
        made = self._add(account_id, broker_id, code, now)
        self._own_max[account_id] = rate
        return made

    def set_affiliates(self, account_ids: Iterable[str], rate: Decimal) -> None:
        """Give first-level affiliates a highest rate of their own; raises Refused -1005 for others."""
        check_rate("bonus_rebate_rate", rate)
        wanted = list(account_ids)
        for account_id in wanted:
            self._check_first_level(account_id)
        self._own_max.update(dict.fromkeys(wanted, rate))

    def reset_affiliates(self, account_ids: Iterable[str]) -> None:
        """Take first-level affiliates their own highest rate; raises Refused -1005 for others."""
        wanted = list(account_ids)
        for account_id in wanted:
            self._check_first_level(account_id)
        for account_id in wanted:
            self._own_max.pop(account_id, None)

    def set_referees(
        self, owner: str, broker_id: str, rate: Decimal, account_ids: Iterable[str] | None
    ) -> None:
        """Give direct referees a rate of their own, or set the default where none are named.

        Raises:
            Refused: -1005 the rate exceeds the owner's highest, -1006 an account is no direct referee.
        """
        self._within(owner, broker_id, rate)
        if account_ids is None:
            self._defaults[owner] = rate
            return
        wanted = self._own_referees(owner, account_ids)
        self._own_rates.update(dict.fromkeys(wanted, rate))

    def reset_referees(self, owner: str, account_ids: Iterable[str]) -> None:
        """Give direct referees the default rate again; raises Refused -1006 for others."""
        for account_id in self._own_referees(owner, account_ids):
            self._own_rates.pop(account_id, None)

    # Inside.

    def _code_of(self, account_id: str) -> Code | None:
        binding = self._referrals.binding(account_id)
        return None if binding is None else self._referrals.code(binding.code)

    def _above(self, account_id: str) -> str | None:
        code = self._code_of(account_id)
        return code.owner if code is not None and code.is_multilevel else None

    def _add(self, account_id: str, broker_id: str, code: str | None, now: int) -> Code:
        return self._referrals.add(
            Code(
                code=code or self._referrals.free_name(account_id, "multilevel"),
                owner=account_id,
                broker_id=broker_id,
                created_time=now,
                is_multilevel=True,
                is_automatic=code is None,
            )
        )

    def _check_first_level(self, account_id: str) -> None:
        if self._above(account_id) is not None:
            raise Refused(INVALID_PARAM, f"account {account_id} has a referrer and is not of the first level")

    def _within(self, owner: str, broker_id: str, rate: Decimal) -> Decimal:
        most = self.max_rate(owner, broker_id)
        if not 0 <= rate <= most:
            raise Refused(INVALID_PARAM, f"bonus_referee_rebate_rate {rate} must be 0 to {most}")
        return rate

    def _own_referees(self, owner: str, account_ids: Iterable[str]) -> list[str]:
        direct = {binding.referee for binding in self._referrals.direct(owner)}
        wanted = list(account_ids)
        for account_id in wanted:
            if account_id not in direct:
                raise Refused(RESOURCE_NOT_FOUND, f"account {account_id} is no direct referee")
        return wanted
