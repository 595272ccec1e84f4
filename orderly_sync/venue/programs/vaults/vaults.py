"""Strategy vaults: shares, deposits, withdrawals and the daily periods that carry them out.

What a share is worth is invented and the same each time for a seed; who holds shares, and what they paid, is kept. A
request waits until the period is over, or until the provider delivers it by hand, and is then carried out at the price
of that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.seeded import Seeded
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["LP", "SP", "Holder", "VaultRecord", "VaultRequest", "Vaults"]

_DAY = 86_400_000
_ZERO, _DIGITS = Decimal(0), 6
_FOUNDING_SHARES, _PROVIDER_SHARES = Decimal(100_000), Decimal(10_000)
LP, SP = "lp", "sp"
"""A depositor, and the strategy provider that runs the vault."""


@attrs.frozen(kw_only=True)
class VaultRecord:
    """One vault."""

    vault_id: str
    address: str
    kind: str
    name: str
    description: str
    status: str
    start: int
    fee_rate: Decimal = Decimal("0.1")
    """The part of a depositor's profit that goes to the provider at a withdrawal."""
    lock_ms: int = 2 * _DAY
    least_deposit: Decimal = Decimal(10)
    least_shares: Decimal = Decimal(1)


@attrs.define(kw_only=True)
class Holder:
    """Who holds shares of a vault, as depositor or provider. ``cost`` is what was paid for them."""

    vault_id: str
    role: str
    wallet: str
    shares: Decimal = _ZERO
    cost: Decimal = _ZERO
    withdrawing: Decimal = _ZERO
    """Shares that wait to be withdrawn."""
    fees: Decimal = _ZERO
    """Performance fees: a depositor's paid, the provider's earned."""
    realized: Decimal = _ZERO


@attrs.frozen(kw_only=True)
class VaultRequest:
    """A deposit of ``amount`` USDC or a withdrawal of ``shares``; the other one is known when it is done."""

    id: int
    vault_id: str
    account_id: str
    wallet: str
    role: str
    kind: str
    created: int
    period: int
    nonce: str
    chain_id: str
    amount: Decimal | None = None
    shares: Decimal | None = None
    fee: Decimal = _ZERO
    executed: int | None = None
    by_hand: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it was carried out."""
        return self.executed is not None

    @property
    def is_deposit(self) -> bool:
        """Whether money goes into the vault."""
        return self.kind == "deposit"


class Vaults:
    """All vaults of a venue.

    Args:
        seeded: Where figures come from.
        opening: When the venue opened, ms.
    """

    def __init__(self, seeded: Seeded, opening: int) -> None:
        self._seeded = seeded
        self._opening = opening
        start = opening - opening % _DAY
        plan = (
            ("Paper Harbour Vault", "protocol", "live", -180),
            ("Paper Tide Vault", "community", "pre_launch", 30),
        )
        self._vaults = {}
        for number, (name, kind, status, day) in enumerate(plan):
            vault = VaultRecord(
                vault_id=seeded.hexadecimal(32, "vault", number),
                address=seeded.hexadecimal(20, "vault address", number),
                kind=kind,
                name=name,
                description="A vault of the paper venue: its value is invented.",
                status=status,
                start=start + day * _DAY,
            )
            self._vaults[vault.vault_id] = vault
        self._holders: dict[tuple[str, str, str], Holder] = {}
        self._requests: dict[int, VaultRequest] = {}
        self.provider_wallet = ""

    # Reads.

    def all(self) -> list[VaultRecord]:
        """The vaults."""
        return list(self._vaults.values())

    def get(self, vault_id: str) -> VaultRecord:
        """One vault; raises Refused -1006."""
        found = self._vaults.get(vault_id.lower())
        if found is None:
            raise Refused(RESOURCE_NOT_FOUND, f"vault {vault_id} does not exist")
        return found

    def price(self, vault: VaultRecord, moment: int) -> Decimal:
        """What a share was worth at the beginning of a moment's UTC day, USDC; 1 before the vault began."""
        days = (moment - vault.start) // _DAY
        if days <= 0:
            return Decimal(1)
        wave = self._seeded.amount(-30, 30, "wave", vault.vault_id, days, digits=0)
        return 1 + Decimal(days) * Decimal("0.0004") + wave * Decimal("0.0001")

    def period(self, vault: VaultRecord, now: int) -> int:
        """The number of the present period, a UTC day; 0 before the first."""
        return max(0, (now - vault.start) // _DAY + 1)

    def period_times(self, vault: VaultRecord, period: int) -> tuple[int, int]:
        """When a period begins and ends, ms."""
        return vault.start + (period - 1) * _DAY, vault.start + period * _DAY

    def founders_shares(self, vault: VaultRecord) -> Decimal:
        """Shares of the invented depositors from the beginning."""
        return _FOUNDING_SHARES if vault.status == "live" else _ZERO

    def founders(self, vault: VaultRecord) -> int:
        """How many they are."""
        return self._seeded.whole(8, 20, "founders", vault.vault_id) if vault.status == "live" else 0

    def holder(self, vault: VaultRecord, role: str, wallet: str) -> Holder:
        """A wallet's shares of a vault; one who holds none is made up, not kept."""
        key = (vault.vault_id, role, wallet.lower())
        known = self._holders.get(key)
        if known is not None:
            return known
        holder = Holder(vault_id=vault.vault_id, role=role, wallet=wallet)
        if role == SP and vault.status == "live" and wallet.lower() == self.provider_wallet.lower():
            holder.shares = holder.cost = _PROVIDER_SHARES
            self._holders[key] = holder
        return holder

    def holders(self, vault: VaultRecord, role: str) -> list[Holder]:
        """Everyone with shares of a vault but its founders."""
        self.holder(vault, SP, self.provider_wallet)
        return [
            each
            for each in self._holders.values()
            if each.vault_id == vault.vault_id and each.role == role and each.shares > 0
        ]

    def total_shares(self, vault: VaultRecord) -> Decimal:
        """All shares there are."""
        return sum(
            (each.shares for role in (LP, SP) for each in self.holders(vault, role)),
            self.founders_shares(vault),
        )

    def requests(self, vault: VaultRecord | None = None, **wanted: object) -> list[VaultRequest]:
        """Requests, newest first, whose fields have the values given."""
        return [
            each
            for each in reversed(self._requests.values())
            if (vault is None or each.vault_id == vault.vault_id)
            and all(getattr(each, name) == value for name, value in wanted.items())
        ]

    # Writes.

    def check(self, request: VaultRequest) -> None:
        """See whether a request can be taken.

        Raises:
            Refused: -1006 no such vault, -1005 it is not live or the amount is too small or more than there is.
        """
        vault = self.get(request.vault_id)
        if vault.status != "live":
            raise Refused(INVALID_PARAM, f"vault {vault.name} is not live")
        if request.role == SP and request.wallet.lower() != self.provider_wallet.lower():
            raise Refused(INVALID_PARAM, "only the strategy provider may ask for this")
        if request.is_deposit:
            if (request.amount or _ZERO) < vault.least_deposit:
                raise Refused(INVALID_PARAM, f"a deposit takes {vault.least_deposit} USDC at least")
            return
        holder = self.holder(vault, request.role, request.wallet)
        free = holder.shares - holder.withdrawing
        if not vault.least_shares <= (request.shares or _ZERO) <= free:
            raise Refused(
                INVALID_PARAM, f"a withdrawal takes {vault.least_shares} shares at least; {free} are free"
            )

    def ask(self, request: VaultRequest) -> VaultRequest:
        """Take a request; its id and period are given here. Raises Refused as ``check`` does."""
        self.check(request)
        vault = self.get(request.vault_id)
        if not request.is_deposit:
            holder = self._kept(self.holder(vault, request.role, request.wallet))
            holder.withdrawing += request.shares or _ZERO
        taken = attrs.evolve(request, id=len(self._requests) + 1, period=self.period(vault, request.created))
        self._requests[taken.id] = taken
        return taken

    def due(self, now: int) -> Iterator[VaultRequest]:
        """The requests of periods that are over."""
        for request in self._requests.values():
            if not request.is_done:
                vault = self.get(request.vault_id)
                if self.period_times(vault, request.period)[1] <= now:
                    yield request

    def waiting(self, request_id: int) -> VaultRequest:
        """A request that was not carried out yet; raises Refused -1006."""
        request = self._requests.get(request_id)
        if request is None or request.is_done:
            raise Refused(RESOURCE_NOT_FOUND, f"plan {request_id} does not wait for its delivery")
        return request

    def carry_out(self, request: VaultRequest, moment: int, *, by_hand: bool = False) -> VaultRequest:
        """Do what a request asked for, at the price of a moment; the request as it then stands."""
        vault = self.get(request.vault_id)
        holder = self._kept(self.holder(vault, request.role, request.wallet))
        price = self.price(vault, moment)
        if request.is_deposit:
            assert request.amount is not None
            shares, amount, fee = round(request.amount / price, _DIGITS), request.amount, _ZERO
            holder.shares += shares
            holder.cost += amount
        else:
            assert request.shares is not None
            shares = request.shares
            worth = round(shares * price, _DIGITS)
            cost = round(holder.cost * shares / holder.shares, _DIGITS)
            fee = self._performance_fee(vault, request.role, worth - cost)
            amount = worth - fee
            holder.shares -= shares
            holder.withdrawing -= shares
            holder.cost -= cost
            holder.realized += worth - cost
            holder.fees += fee
            if fee:
                self._kept(self.holder(vault, SP, self.provider_wallet)).fees += fee
        done = attrs.evolve(request, amount=amount, shares=shares, fee=fee, executed=moment, by_hand=by_hand)
        self._requests[done.id] = done
        return done

    def _performance_fee(self, vault: VaultRecord, role: str, profit: Decimal) -> Decimal:
        return round(profit * vault.fee_rate, _DIGITS) if role == LP and profit > 0 else _ZERO

    def _kept(self, holder: Holder) -> Holder:
        return self._holders.setdefault((holder.vault_id, holder.role, holder.wallet.lower()), holder)
