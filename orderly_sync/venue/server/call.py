"""One request as a handler sees it: who asks, its parameters, read by type, and the services it may use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import attrs

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.programs import Programs
from orderly_sync.venue.programs.vaults.vault_service import VaultService
from orderly_sync.venue.server.account_service import Accounts
from orderly_sync.venue.server.auth import RegisteredKey
from orderly_sync.venue.server.faults import Faults
from orderly_sync.venue.server.fields import Fields, digits, missing
from orderly_sync.venue.server.limits import Budget
from orderly_sync.venue.server.market_data import MarketData
from orderly_sync.venue.server.notices import Notices
from orderly_sync.venue.server.ports import CommandSubmitter, ExchangeReader
from orderly_sync.venue.server.publisher import Publisher
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.reports import Reports
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["Bare", "Call", "Declined", "Handler", "Services", "paged", "rows"]

_DEFAULT_SIZE, _MOST_SIZE = 25, 500
T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Services:
    """Narrow services; a handler takes those it needs from its ``Call``."""

    exchange: ExchangeReader
    """Orders, fills, positions, prices: to read."""
    trading: CommandSubmitter
    """Commands of accounts."""
    markets: MarketData
    accounts: Accounts
    reports: Reports
    """What is reported to accounts, and what was."""
    notices: Notices
    """The venue's own words: maintenance and announcements."""
    programs: Programs
    vaults: VaultService
    faults: Faults
    publisher: Publisher


@attrs.frozen(kw_only=True)
class Call:
    """One request, admitted: signed where it must be, within its limits."""

    services: Services
    method: str
    path: str
    now: int
    """The venue's time, ms."""
    slots: Mapping[str, str] = attrs.field(factory=dict)
    """Values of the ``{…}`` in the path template."""
    query: Fields = attrs.field(factory=lambda: Fields({}))
    body: Fields = attrs.field(factory=lambda: Fields({}))
    account: Member | None = None
    """Whose account it is about: the key's own, or a sub-account of it."""
    key: RegisteredKey | None = None
    who: str = ""
    """The caller's address."""
    operations: Mapping[tuple[str, str], Handler] = attrs.field(factory=dict, repr=False)
    """The handlers of all operations by method and path template, for those that answer as another one would."""
    budget: Budget = attrs.field(factory=lambda: Budget(None, "", 0.0))
    """What the caller may still ask."""

    @property
    def operation(self) -> str:
        """``"GET /v1/orders"``, as limits name it."""
        return f"{self.method} {self.path}"

    @property
    def exchange(self) -> ExchangeReader:
        """What can be read of the exchange."""
        return self.services.exchange

    @property
    def trading(self) -> CommandSubmitter:
        """Carries out commands of accounts."""
        return self.services.trading

    @property
    def markets(self) -> MarketData:
        """What is true of the markets."""
        return self.services.markets

    @property
    def accounts(self) -> Accounts:
        """Who has an account, with which keys."""
        return self.services.accounts

    @property
    def reports(self) -> Reports:
        """What is reported to accounts, and was."""
        return self.services.reports

    @property
    def notices(self) -> Notices:
        """Maintenance and announcements."""
        return self.services.notices

    @property
    def programs(self) -> Programs:
        """What surrounds the exchange: fees and tags of builders, referral, points, staking and the like."""
        return self.services.programs

    @property
    def vaults(self) -> VaultService:
        """The vaults and their money."""
        return self.services.vaults

    def too_young(self, ts: int) -> bool:
        """Whether a read does not show something of that time yet, because a fault makes reads lag."""
        lag = self.services.faults.lag_ms("" if self.account is None else self.account.account_id)
        return lag > 0 and ts > self.markets.now() - lag

    @property
    def member(self) -> Member:
        """The account that asks; private operations only."""
        assert self.account is not None
        return self.account

    @property
    def account_id(self) -> str:
        """The id of the account that asks; private operations only."""
        return self.member.account_id

    def slot_id(self, name: str) -> int:
        """A path slot that holds an id."""
        number = digits(self.slots[name])
        if number is None:
            raise Refused(INVALID_PARAM, f"{name} must be a whole number")
        return number

    def symbol(self, *, required: bool = False) -> str | None:
        """The ``symbol`` of the query, checked."""
        name = self.query.text("symbol")
        if name is None:
            if required:
                raise missing("symbol")
            return None
        return self.markets.symbol(name)


Handler = Callable[[Call], object]
"""A route: takes a call, gives the ``data`` of the answer or None, raises Refused."""


@attrs.frozen
class Bare:
    """An answer that is not wrapped in the usual envelope."""

    value: object
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)


class Declined(Exception):
    """A refusal whose envelope is not the usual one.

    Args:
        answer: What to answer instead.
    """

    def __init__(self, answer: Bare) -> None:
        super().__init__(answer)
        self.answer = answer


def rows(items: Iterable[T], shape: Callable[[T], object]) -> dict[str, object]:
    """``data`` with all rows."""
    return {"rows": [shape(item) for item in items]}


def paged(
    call: Call, items: list[T], shape: Callable[[T], object], default: int = _DEFAULT_SIZE
) -> dict[str, object]:
    """``data`` with one page of rows and its meta; pages count from 1, a page holds 500 at most."""
    size = call.query.whole("size") or default
    page = call.query.whole("page") or 1
    if size < 1 or page < 1:
        raise Refused(INVALID_PARAM, "page and size count from 1")
    size = min(size, _MOST_SIZE)
    part = items[(page - 1) * size : page * size]
    return {
        "meta": {"total": len(items), "records_per_page": size, "current_page": page},
        "rows": [shape(item) for item in part],
    }
