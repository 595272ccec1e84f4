"""User API / Sub-account."""

from __future__ import annotations

from orderly_sync.models.asset import SettlePnlRequest
from orderly_sync.models.base import Acknowledged, Rows
from orderly_sync.models.holding import Holding
from orderly_sync.models.sub_account import AggregatePosition, SubAccount, SubAccountList
from orderly_sync.rest.group import Group

__all__ = ["SubAccounts"]


class SubAccounts(Group):
    """Sub-accounts of this account; all but ``settle_pnl`` are for the main account only.

    https://orderly.network/docs/build-on-omnichain/user-flows/accounts
    """

    def add(self, *, description: str | None = None) -> SubAccount:
        """Make a sub-account.

        ``POST /v1/client/add_sub_account``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/add-sub-account
        """
        return self._signed.post("/v1/client/add_sub_account", SubAccount, description=description)

    def get(self) -> SubAccountList:
        """The sub-accounts.

        ``GET /v1/client/sub_account``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-sub-account-list
        """
        return self._signed.get("/v1/client/sub_account", SubAccountList)

    def update(self, *, sub_account_id: str, description: str | None = None) -> Acknowledged:
        """Describe a sub-account anew.

        ``POST /v1/client/update_sub_account``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/update-sub-account
        """
        return self._signed.post(
            "/v1/client/update_sub_account",
            Acknowledged,
            sub_account_id=sub_account_id,
            description=description,
        )

    def positions(self) -> Rows[AggregatePosition]:
        """Positions of all accounts together.

        ``GET /v1/client/aggregate/positions``, signed, scope ``read``; 1 request a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-aggregate-positions
        """
        return self._signed.get("/v1/client/aggregate/positions", Rows[AggregatePosition])

    def holding(self) -> Rows[Holding]:
        """Holdings of all accounts together.

        ``GET /v1/client/aggregate/holding``, signed, scope ``read``; 1 request a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-aggregate-holding
        """
        return self._signed.get("/v1/client/aggregate/holding", Rows[Holding])

    def settle_pnl(self, *, settle_nonce: int, sub_account_id: str | None = None) -> SettlePnlRequest:
        """Settle a sub-account's PnL, by key alone.

        The main account's key may do it for the sub-account named; without a name it is the asking account itself.

        ``POST /v1/sub_account_settle_pnl``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/settle-sub-account-pnl
        """
        headers = {"orderly-account-id": sub_account_id}
        return self._signed.post(
            "/v1/sub_account_settle_pnl", SettlePnlRequest, headers=headers, settle_nonce=settle_nonce
        )
