"""The accounts of a venue as its operations see them: who there is, with which keys, and how one more is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from orderly_sync.venue.engine.fees import FeeRates
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.auth import KeyTable, RegisteredKey
from orderly_sync.venue.server.registry import Member, Nonces, Registry, nonces
from orderly_sync.wire.error_codes import UNAUTHORIZED

__all__ = ["Accounts"]


class Accounts:
    """Who has an account, and what opens one.

    Args:
        keys: The keys that are known at the opening.
        clocks: What a timestamp may be near: the wall clock and the venue's own time, ms.
        fund: Gives a new account its money and its fees at the exchange.
        charge: Has the exchange charge an account other fees from now on.
    """

    def __init__(
        self,
        keys: Iterable[RegisteredKey],
        *,
        clocks: Callable[[], tuple[int, int]],
        fund: Callable[[Member, Decimal], None],
        charge: Callable[[str, FeeRates], None],
    ) -> None:
        registry = self._registry = Registry()
        self.members: dict[str, Member] = registry.members
        """By account id in lower case, in the order of their making."""
        self.of_wallet = registry.of_wallet
        self.subs = registry.subs
        self.main_of = registry.main_of
        self.get = registry.get
        self.keys = KeyTable(keys, registry.main_of)
        self.nonces: dict[str, Nonces] = nonces()
        """The numbers that signatures use up, by purpose."""
        self.clocks = clocks
        self.set_fees = charge
        self.on_key_removed: Callable[[RegisteredKey], object] = lambda _: None
        """Called with a key that is accepted no more, to close its connections."""
        self._fund = fund

    def known(self, account_id: str) -> str:
        """The id as the ledger spells it, whatever its spelling in hex; raises Refused -1006."""
        return self.get(account_id).account_id

    def open(
        self,
        account_id: str,
        *,
        address: str,
        broker_id: str,
        usdc: Decimal = Decimal(0),
        main_id: str | None = None,
        description: str = "",
        delegate: str | None = None,
    ) -> Member:
        """Make an account that may trade from now on; its fields are those of ``registry.Member``.

        Raises:
            Refused: -1007, it exists.
        """
        member = self._registry.add(
            account_id,
            address=address,
            broker_id=broker_id,
            now=self.clocks()[1],
            main_id=main_id,
            description=description,
            delegate=delegate,
        )
        self._fund(member, usdc)
        return member

    def remove_key(self, key: RegisteredKey) -> None:
        """Accept a key of an account no more, and close the connections that it opened."""
        self.keys.remove(key.public, key.account_id)
        self.on_key_removed(key)

    def login(self, account_id: str, params: Mapping[str, object], who: str) -> RegisteredKey:
        """The key of a WebSocket login from an address; raises Refused."""
        stamp, sign = params.get("timestamp"), params.get("sign")
        key = self.keys.check_login(
            account_id, params.get("orderly_key"), stamp, sign, self.clocks(), who=who
        )
        if "read" not in key.scopes and "trading" not in key.scopes:
            raise Refused(UNAUTHORIZED, "this key may not read")
        return key
