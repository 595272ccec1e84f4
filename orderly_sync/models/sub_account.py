"""Sub-accounts and what the main account sees of all of them together."""

from __future__ import annotations

from collections.abc import Iterator

from orderly_sync.models.base import Model, Rows, model
from orderly_sync.models.position import Position

__all__ = ["AggregatePosition", "SubAccount", "SubAccountList"]


@model
class SubAccount(Model):
    """A sub-account; its id is issued by the venue, not derived from the wallet.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-sub-account-list
    https://orderly.network/docs/build-on-omnichain/restful-api/private/add-sub-account
    """

    sub_account_id: str
    """The sub-account's account id; the answer of creating one draws it as a number."""
    description: str | None = None
    """The owner's own name for it; None or empty where it has none."""


@model
class SubAccountList(Model):
    """The main account with its sub-accounts; iterating goes over these.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-sub-account-list
    """

    main_account_id: str | None = None
    """The main account's id; None where the venue leaves it out."""
    rows: Rows[SubAccount] = Rows()
    """In the venue's order; empty if there are none."""

    def __iter__(self) -> Iterator[SubAccount]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


@model
class AggregatePosition(Position):
    """A position with the account that has it.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-aggregate-positions
    """

    account_id: str | None = None
    """The main account or one of its sub-accounts."""
