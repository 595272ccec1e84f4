"""Where vaults meet the exchange: deposits leave the account at once, withdrawals come back when they are carried out.

The money lies in an account of the venue's own. Requests of a period that is over are carried out when somebody next
looks at vaults. The provider of the vaults is the first account of the venue; what it trades is what the vaults show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from typing_extensions import Self

from orderly_sync.venue.engine.commands import Transfer
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.vaults.vaults import LP, SP, Holder, VaultRecord, VaultRequest, Vaults
from orderly_sync.venue.server.ports import CommandSubmitter
from orderly_sync.venue.server.registry import Member, Nonces
from orderly_sync.wire.error_codes import UNAUTHORIZED

__all__ = ["VAULT_ACCOUNT_ID", "VaultService"]

VAULT_ACCOUNT_ID = "paper-vaults"
"""The account id of what lies in the vaults."""
_STRONGBOX_FUNDS = Decimal(10**9)
_PURPOSE = "vault"


class VaultService:
    """The vaults of one venue and their money.

    Args:
        vaults: Who holds what.
        members: The accounts of the venue, the provider first.
        nonces: The numbers that signatures use up, by purpose.
        trading: Moves the money.
        now: The venue's time, ms.
    """

    def __init__(
        self,
        vaults: Vaults,
        members: Mapping[str, Member],
        nonces: dict[str, Nonces],
        trading: CommandSubmitter,
        now: Callable[[], int],
    ) -> None:
        self.vaults = vaults
        self.now = now
        self.nonces = nonces.setdefault(_PURPOSE, Nonces())
        """The numbers that requests use up."""
        self._members = members
        self._trading = trading

    def open(self, found: Callable[[str, Decimal], None]) -> None:
        """Open the account that the vaults' money lies in, once, when the venue opens; its first account provides.

        Args:
            found: Opens an account with so much USDC.
        """
        if self._members:
            self.vaults.provider_wallet = self.provider.address
        found(VAULT_ACCOUNT_ID, _STRONGBOX_FUNDS)

    def up_to_date(self) -> Self:
        """Itself, once the requests of all periods that are over are carried out; whoever looks at vaults asks so."""
        for request in list(self.vaults.due(self.now())):
            end = self.vaults.period_times(self.vaults.get(request.vault_id), request.period)[1]
            self._carry_out(request, end, by_hand=False)
        return self

    @property
    def provider(self) -> Member:
        """The account that runs the vaults."""
        return next(iter(self._members.values()))

    def demand_provider(self, member: Member) -> None:
        """Refuse with -1002 whoever is not the provider."""
        if member.account_id != self.provider.account_id:
            raise Refused(UNAUTHORIZED, "only the strategy provider may call this")

    def ask(self, request: VaultRequest) -> VaultRequest:
        """Take a request; a deposit's money leaves the account.

        Raises:
            Refused: As ``Vaults.ask`` and as the exchange refuses a transfer; nothing has happened then.
        """
        vaults = self.vaults
        vaults.check(request)
        if request.is_deposit:
            assert request.amount is not None
            self._send(request.account_id, VAULT_ACCOUNT_ID, request.amount)
        return vaults.ask(request)

    def deliver(self, request_id: int) -> VaultRequest:
        """Carry out a waiting request now; raises Refused -1006."""
        request = self.vaults.waiting(request_id)
        return self._carry_out(request, self.now(), by_hand=True)

    def _carry_out(self, request: VaultRequest, moment: int, *, by_hand: bool) -> VaultRequest:
        done = self.vaults.carry_out(request, moment, by_hand=by_hand)
        if not done.is_deposit and done.amount:
            self._send(VAULT_ACCOUNT_ID, done.account_id, done.amount)
        return done

    def _send(self, sender: str, receiver: str, amount: Decimal) -> None:
        self._trading.submit(sender, Transfer(receivers=((receiver, amount),)))

    # Figures.

    def price(self, vault: VaultRecord) -> Decimal:
        """What a share is worth now, USDC."""
        return self.vaults.price(vault, self.now())

    def worth(self, vault: VaultRecord) -> Decimal:
        """What all shares are worth now, USDC."""
        return self.vaults.total_shares(vault) * self.price(vault)

    def waiting(self, vault: VaultRecord, kind: str, **wanted: object) -> list[VaultRequest]:
        """Requests of a kind that wait for the end of their period."""
        return self.vaults.requests(vault, kind=kind, executed=None, **wanted)

    def deposits(self, vault: VaultRecord, **wanted: object) -> Decimal:
        """USDC that waits to become shares."""
        return sum(
            (each.amount or Decimal(0) for each in self.waiting(vault, "deposit", **wanted)), Decimal(0)
        )

    def leaving(self, vault: VaultRecord, **wanted: object) -> Decimal:
        """Shares that wait to be withdrawn."""
        return sum(
            (each.shares or Decimal(0) for each in self.waiting(vault, "withdrawal", **wanted)), Decimal(0)
        )

    def tvl(self, vault: VaultRecord) -> Decimal:
        """What lies in a vault: shares at their present price, and deposits that wait."""
        return self.worth(vault) + self.deposits(vault)

    def gain(self, vault: VaultRecord, since: int) -> Decimal:
        """What all present shares gained since a moment, USDC."""
        vaults = self.vaults
        return vaults.total_shares(vault) * (self.price(vault) - vaults.price(vault, since))

    def holder(self, vault: VaultRecord, role: str, wallet: str) -> Holder:
        """A wallet's shares of a vault."""
        return self.vaults.holder(vault, role, wallet)

    def depositors(self, vault: VaultRecord) -> int:
        """How many hold shares but the provider."""
        vaults = self.vaults
        return vaults.founders(vault) + len(vaults.holders(vault, LP))

    def fees(self, vault: VaultRecord) -> Decimal:
        """Performance fees the provider has earned."""
        return self.holder(vault, SP, self.provider.address).fees
