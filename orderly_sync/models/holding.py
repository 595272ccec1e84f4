"""Holdings: how much of each token an account has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, Rows, model, utc, wire
from orderly_sync.tables.shown import Tabular

__all__ = ["Holding", "Holdings"]


@model
class Holding(Model):
    """What the account has of one token, in the token's own units.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-current-holding
    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-aggregate-holding
    """

    shown = ("token", "holding", "frozen", "isolated_margin")
    always = ("holding",)

    token: str
    """The token, such as USDC."""
    holding: Decimal | None = None
    """All of it, in units of the token; below 0 is owed to the venue. PnL not yet settled is not in it."""
    frozen: Decimal | None = None
    """The part that withdrawals hold back, in units of the token, at least 0."""
    pending_short: Decimal | None = wire("pending_short", "pending_short_qty")
    """Not explained by the venue beyond a reserve for pending shorts, 0 or below in its examples; counts against
    USDC collateral."""
    pending_long: Decimal | None = wire("pending_long", "pending_long_qty")
    """The same for pending longs, in units of the token; sent by few hosts, None elsewhere."""
    isolated_margin: Decimal | None = None
    """The part inside isolated positions, in units of the token; None before March 2026."""
    isolated_order_frozen: Decimal | None = None
    """The part that open isolated orders hold back, in units of the token; its sign differs between hosts, so take
    the size of it."""
    account_id: str | None = None
    """Whose it is, where several accounts are listed."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time)


@model
class Holdings(Tabular, Model):
    """All holdings of an account; iterating goes over them.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-current-holding
    """

    holding: Rows[Holding] = Rows()
    """One row a token; tokens with an empty balance only where they were asked for."""

    def __iter__(self) -> Iterator[Holding]:
        return iter(self.holding)

    def __len__(self) -> int:
        return len(self.holding)

    def __getitem__(self, token: str) -> Holding:
        for row in self.holding:
            if row.token == token:
                return row
        raise KeyError(token)

    def _table(self) -> tuple[type | None, Iterable[Holding]]:
        return Holding, self.holding
