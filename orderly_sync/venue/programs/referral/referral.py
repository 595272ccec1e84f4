"""Referral codes and who is bound to which. Rates are fractions of what a builder earns by a trade."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.seeded import Seeded
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM

__all__ = ["AutoReferralTerms", "Binding", "Code", "Referrals", "UnknownCode", "check_rate"]

_FORM = re.compile(r"[A-Za-z0-9_]{2,32}")
_DESCRIPTION = re.compile(r"[A-Za-z0-9_@, -]*")
_LONGEST_DESCRIPTION = 50
_LETTERS = 8


class UnknownCode(Refused):
    """No such referral code."""

    def __init__(self, code: str) -> None:
        super().__init__(INVALID_PARAM, f"referral code {code} is not valid")


def check_rate(name: str, rate: Decimal) -> Decimal:
    """A rate between 0 and 1, or Refused."""
    if not 0 <= rate <= 1:
        raise Refused(INVALID_PARAM, f"{name} {rate} must be 0 to 1")
    return rate


@attrs.frozen(kw_only=True)
class Code:
    """One code. Those of the multilevel programme have no rates: they follow from their owner's."""

    code: str
    owner: str
    """The referrer's account id."""
    broker_id: str
    created_time: int
    is_multilevel: bool = False
    is_automatic: bool = False
    max_rate: Decimal = Decimal(0)
    referrer_rate: Decimal = Decimal(0)
    referee_rate: Decimal = Decimal(0)

    def checked(self) -> Code:
        """Itself, or Refused -1005."""
        if not _FORM.fullmatch(self.code):
            raise Refused(INVALID_PARAM, "a referral code holds 2 to 32 letters, digits and underscores")
        for name in ("max", "referrer", "referee"):
            check_rate(f"bonus_{name}_rebate_rate", getattr(self, f"{name}_rate"))
        if self.referrer_rate + self.referee_rate > self.max_rate:
            raise Refused(
                INVALID_PARAM, "the rates of referrer and referees exceed bonus_max_rebate_rate together"
            )
        return self


@attrs.frozen(kw_only=True)
class Binding:
    """An account is bound to a code."""

    referee: str
    code: str
    since: int


@attrs.frozen(kw_only=True)
class AutoReferralTerms:
    """What earns a builder's users a code of their own."""

    required_trading_volume: Decimal = Decimal(10_000)
    max_rebate: Decimal = Decimal("0.2")
    referrer_rebate: Decimal = Decimal("0.1")
    referee_rebate: Decimal = Decimal("0.1")
    enable: bool = True
    description: str = "A code for active traders"


class Referrals:
    """All codes and bindings of a venue, of both programmes."""

    def __init__(self, seeded: Seeded) -> None:
        self._seeded = seeded
        self._codes: dict[str, Code] = {}
        self._bindings: dict[str, Binding] = {}
        self._auto: dict[str, AutoReferralTerms] = {}
        self._descriptions: dict[tuple[str, str], str] = {}

    # Reads.

    def code(self, code: str) -> Code:
        """The code; raises UnknownCode."""
        found = self._codes.get(code)
        if found is None:
            raise UnknownCode(code)
        return found

    def exists(self, code: str) -> bool:
        """Whether there is such a code."""
        return code in self._codes

    def codes_of(self, owner: str) -> list[Code]:
        """The codes of a referrer, oldest first."""
        return [code for code in self._codes.values() if code.owner == owner]

    def multilevel_code(self, owner: str) -> Code | None:
        """The one code of an affiliate."""
        return next((code for code in self.codes_of(owner) if code.is_multilevel), None)

    def owners(self, broker_id: str) -> list[str]:
        """The referrers of a builder, in the order of their first code."""
        return list(dict.fromkeys(code.owner for code in self._codes.values() if code.broker_id == broker_id))

    def binding(self, account_id: str) -> Binding | None:
        """What an account is bound to."""
        return self._bindings.get(account_id)

    def bindings(self) -> Iterator[Binding]:
        """All bindings, oldest first."""
        yield from self._bindings.values()

    def upline(self, account_id: str) -> str | None:
        """The referrer of an account."""
        binding = self._bindings.get(account_id)
        return None if binding is None else self._codes[binding.code].owner

    def direct(self, owner: str) -> list[Binding]:
        """Who is bound to a referrer's codes."""
        return [each for each in self._bindings.values() if self._codes[each.code].owner == owner]

    def auto(self, broker_id: str) -> AutoReferralTerms:
        """A builder's automatic referral."""
        return self._auto.get(broker_id, AutoReferralTerms())

    def description(self, by: str, user_address: str) -> str | None:
        """What somebody noted of a user."""
        return self._descriptions.get((by, user_address.lower()))

    # Writes.

    def add(self, code: Code) -> Code:
        """Create a code; raises Refused -1007 if it exists, -1005 if it or its rates make no sense."""
        if code.checked().code in self._codes:
            raise Refused(DUPLICATE_REQUEST, f"referral code {code.code} exists already")
        self._codes[code.code] = code
        return code

    def change(self, code: Code) -> None:
        """Replace a code by one of the same name; raises UnknownCode, and Refused -1005 for senseless rates."""
        self.code(code.code)
        self._codes[code.code] = code.checked()

    def rename(self, owner: str, old: str, new: str) -> None:
        """Give an automatic code another name.

        Raises:
            Refused: -1005 it is not automatic or the new name makes no sense, -1007 somebody is bound to it or the
                new name is taken.
        """
        code = self.code(old)
        if code.owner != owner:
            raise UnknownCode(old)
        if not code.is_automatic:
            raise Refused(INVALID_PARAM, f"referral code {old} was not made automatically and keeps its name")
        if any(binding.code == old for binding in self._bindings.values()):
            raise Refused(DUPLICATE_REQUEST, f"referral code {old} is in use and keeps its name")
        self.add(attrs.evolve(code, code=new))
        del self._codes[old]

    def bind(self, account_id: str, broker_id: str, code: str, now: int) -> None:
        """Bind an account to a code.

        Raises:
            Refused: UnknownCode, -1007 it is bound already, -1005 the code is its own or of somebody below it.
        """
        found = self.code(code)
        if found.broker_id != broker_id:
            raise UnknownCode(code)
        if account_id in self._bindings:
            raise Refused(DUPLICATE_REQUEST, "this account is bound to a referral code already")
        above: str | None = found.owner
        while above is not None:
            if above == account_id:
                raise Refused(
                    INVALID_PARAM, "an account cannot be bound to its own code or to one of its referees"
                )
            above = self.upline(above)
        self._bindings[account_id] = Binding(referee=account_id, code=code, since=now)

    def set_auto(self, broker_id: str, settings: AutoReferralTerms) -> None:
        """Set what earns a builder's users a code; raises Refused -1005 for senseless rates."""
        for name in ("max_rebate", "referrer_rebate", "referee_rebate"):
            check_rate(name, getattr(settings, name))
        if settings.referrer_rebate + settings.referee_rebate > settings.max_rebate:
            raise Refused(INVALID_PARAM, "referrer_rebate and referee_rebate exceed max_rebate together")
        if settings.required_trading_volume < 0:
            raise Refused(INVALID_PARAM, "required_trading_volume must not be below 0")
        self._auto[broker_id] = settings

    def automatic(self, owner: str, broker_id: str, now: int) -> Code:
        """The automatic code of an account that has earned one; made when it is first asked for."""
        for code in self.codes_of(owner):
            if code.is_automatic and not code.is_multilevel:
                return code
        auto = self.auto(broker_id)
        return self.add(
            Code(
                code=self.free_name(owner, "auto"),
                owner=owner,
                broker_id=broker_id,
                created_time=now,
                is_automatic=True,
                max_rate=auto.max_rebate,
                referrer_rate=auto.referrer_rebate,
                referee_rate=auto.referee_rebate,
            )
        )

    def free_name(self, owner: str, purpose: str) -> str:
        """A name for a code that no other code has."""
        attempt = 0
        while True:
            name = self._seeded.letters(_LETTERS, "code", owner, purpose, attempt)
            if name not in self._codes:
                return name
            attempt += 1

    def describe(self, by: str, user_address: str, text: str | None) -> None:
        """Note something of a user, or forget the note; raises Refused -1005 for letters that are not allowed."""
        if text is None:
            self._descriptions.pop((by, user_address.lower()), None)
            return
        if len(text) > _LONGEST_DESCRIPTION or not _DESCRIPTION.fullmatch(text):
            raise Refused(INVALID_PARAM, "a description has at most 50 letters, digits, spaces and -_@,")
        self._descriptions[by, user_address.lower()] = text
