"""Holdings: how much of each token an account has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, Rows, model, utc, wire

__all__ = ["Holding", "Holdings"]


@model
class Holding(Model):
    """What the account has of one token, in the token's own units."""

    shown = ("token", "holding", "frozen", "isolated_margin")
    always = ("holding",)

    token: str
    holding: Decimal | None = None
    """All of it; negative is owed."""
    frozen: Decimal | None = None
    """The part that withdrawals hold back."""
    pending_short: Decimal | None = wire("pending_short", "pending_short_qty")
    pending_long: Decimal | None = wire("pending_long", "pending_long_qty")
    isolated_margin: Decimal | None = None
    """The part inside isolated positions."""
    isolated_order_frozen: Decimal | None = None
    """The part that open isolated orders hold back; its sign differs between hosts."""
    account_id: str | None = None
    """Whose it is, where several accounts are listed."""
    updated_time: int | None = None
    """ms."""

    @property
    def time(self) -> datetime | None:
        """When it last changed, UTC."""
        return utc(self.updated_time)


@model
class Holdings(Model):
    """All holdings of an account; iterating goes over them."""

    holding: Rows[Holding] = Rows()

    def __iter__(self) -> Iterator[Holding]:
        return iter(self.holding)

    def __len__(self) -> int:
        return len(self.holding)

    def __getitem__(self, token: str) -> Holding:
        for row in self.holding:
            if row.token == token:
                return row
        raise KeyError(token)
