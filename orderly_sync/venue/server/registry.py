"""Who has an account: wallets, builders, sub-accounts, delegate signers, and the numbers that signatures use up."""

from __future__ import annotations

import attrs

from orderly_sync.models.account_enums import UserType
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["Member", "Nonces", "Registry", "nonces"]

_FIRST_USER_ID = 10_001
_REGISTRATION_MS = 120_000
_STRIDE, _MODULUS = 48_271, 899_999_999_981


@attrs.define(kw_only=True)
class Member:
    """One account as the books know it; what it holds the exchange knows."""

    account_id: str
    user_id: int
    broker_id: str
    address: str
    """The wallet that owns it, or the contract for which a delegate signs."""
    registered: int
    """When it was made, the venue's time in ms."""
    main_id: str | None = None
    """The main account of a sub-account."""
    description: str = ""
    delegate: str | None = None
    """The wallet that signs for the contract, of delegated accounts."""
    faucet_claims: int = 0
    """How often it took test money."""

    @property
    def user_type(self) -> UserType:
        """MAIN or SUB."""
        return UserType.MAIN if self.main_id is None else UserType.SUB

    @property
    def signer(self) -> str:
        """The wallet whose signature counts."""
        return self.delegate or self.address


class Registry:
    """All accounts. Ids and addresses are compared without regard to the case of their digits."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        """By account id in lower case, in the order of their making."""

    def get(self, account_id: str) -> Member:
        """The account of that id.

        Raises:
            Refused: -1006, there is none.
        """
        member = self.members.get(account_id.lower())
        if member is None:
            raise Refused(RESOURCE_NOT_FOUND, f"account {account_id} does not exist")
        return member

    def main_of(self, account_id: str) -> str | None:
        """The id of a sub-account's main account; None for a main account or an unknown one."""
        member = self.members.get(account_id.lower())
        return None if member is None else member.main_id

    def of_wallet(self, address: str, broker_id: str | None = None) -> list[Member]:
        """The accounts of a wallet, main ones before their sub-accounts."""
        found = [
            member
            for member in self.members.values()
            if member.address.lower() == address.lower() and broker_id in {None, member.broker_id}
        ]
        return sorted(found, key=lambda member: member.main_id is not None)

    def subs(self, main_id: str) -> list[Member]:
        """The sub-accounts of a main account, oldest first."""
        return [member for member in self.members.values() if member.main_id == main_id]

    def add(
        self,
        account_id: str,
        *,
        address: str,
        broker_id: str,
        now: int,
        main_id: str | None = None,
        description: str = "",
        delegate: str | None = None,
    ) -> Member:
        """Write down a new account.

        Raises:
            Refused: -1007, it exists.
        """
        if account_id.lower() in self.members:
            raise Refused(DUPLICATE_REQUEST, f"account {account_id} exists already")
        member = Member(
            account_id=account_id,
            user_id=_FIRST_USER_ID + len(self.members),
            broker_id=broker_id,
            address=address,
            registered=now,
            main_id=main_id,
            description=description,
            delegate=delegate,
        )
        self.members[account_id.lower()] = member
        return member


class Nonces:
    """Numbers to sign with, each good once and for whom it was made; they follow from the order of asking.

    Args:
        life_ms: How long a number is good; None for ever.
        first: The first one; None for numbers that do not look like a count.
    """

    def __init__(self, life_ms: int | None = None, first: int | None = None) -> None:
        self._life_ms = life_ms
        self._first = first
        self._count = 0
        self._living: dict[tuple[str, int], int] = {}

    def issue(self, owner: str, now: int) -> int:
        """A new number for an owner; ``now`` in ms."""
        if self._life_ms is not None:
            oldest = now - self._life_ms
            self._living = {key: made for key, made in self._living.items() if made >= oldest}
        self._count += 1
        number = (
            self._first + self._count - 1
            if self._first is not None
            else (self._count * _STRIDE * _STRIDE * _STRIDE) % _MODULUS + _MODULUS // 9
        )
        self._living[owner, number] = now
        return number

    def use(self, owner: str, number: int, now: int) -> None:
        """Use a number up.

        Raises:
            Refused: -1005, it was never issued to this owner, was used before, or is too old.
        """
        made = self._living.pop((owner, number), None)
        if made is None or (self._life_ms is not None and now - made > self._life_ms):
            raise Refused(
                INVALID_PARAM, f"the nonce {number} was never issued, is used up or too old; ask for another"
            )


def nonces() -> dict[str, Nonces]:
    """The nonces of a venue by purpose; those for a registration are good for two minutes of the wall clock."""
    counted = {purpose: Nonces(first=1) for purpose in ("withdraw", "settle", "transfer")}
    return {"registration": Nonces(life_ms=_REGISTRATION_MS), **counted}
