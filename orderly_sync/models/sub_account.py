"""Sub-accounts and what the main account sees of all of them together."""

from __future__ import annotations

from collections.abc import Iterator

from orderly_sync.models.base import Model, Rows, model
from orderly_sync.models.position import Position

__all__ = ["AggregatePosition", "SubAccount", "SubAccountList"]


@model
class SubAccount(Model):
    """A sub-account; its id is issued by the venue, not derived from the wallet."""

    sub_account_id: str
    description: str | None = None


@model
class SubAccountList(Model):
    """The main account with its sub-accounts; iterating goes over these."""

    main_account_id: str | None = None
    rows: Rows[SubAccount] = Rows()

    def __iter__(self) -> Iterator[SubAccount]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@model
class AggregatePosition(Position):
    """A position with the account that has it."""

    account_id: str | None = None
