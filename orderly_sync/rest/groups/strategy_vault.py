"""Strategy Vault API: the calls of an account, of a strategy provider and of its fund."""

from __future__ import annotations

from collections.abc import Mapping

from orderly_sync.models.base import Acknowledged, Page
from orderly_sync.models.message import AddSpOrderlyKeyMessage, SettleSpPnlMessage, VaultRequestMessage
from orderly_sync.models.vault import (
    VaultNonce,
    VaultTransaction,
)
from orderly_sync.models.vault_enums import VaultTransactionType
from orderly_sync.models.vault_fund import (
    VaultInternalTransfer,
    VaultRevenue,
    VenueTransfer,
    VenueWithdrawal,
)
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import VaultTransactionTypeLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.typed_data import body

__all__ = ["StrategyVault"]


class StrategyVault(Group):
    """Money into strategy vaults and out of them, and the books of a provider's fund.

    https://orderly.network/docs/introduction/orderly-omniVault/overview
    """

    def nonce(self) -> VaultNonce:
        """A number to sign a vault request with, once.

        ``GET /v1/public/sv_nonce``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-strategy-vault-nonce-for-account-transaction
        """
        return self._public.get("/v1/public/sv_nonce", VaultNonce)

    def transactions(
        self,
        *,
        vault_id: str | None = None,
        type: VaultTransactionTypeLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 60,
    ) -> Page[VaultTransaction]:
        """Deposits into vaults and withdrawals by this account.

        ``GET /v1/account_sv_transaction_history``, signed, scope ``read``;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account%E2%80%99s-strategy-vault-transaction-history
        """
        return self._signed.get(
            "/v1/account_sv_transaction_history",
            Page[VaultTransaction],
            vault_id=vault_id,
            **window(start, end),
            page=page,
            size=size,
            type=one_of(VaultTransactionType, type, "type"),
        )

    def request(
        self,
        *,
        message: VaultRequestMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> Acknowledged:
        """Deposit into a vault or withdraw from it, as the wallet signed.

        ``POST /v1/sv_operation_request``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/create-strategy-vault-depositwithdrawal-request-with-account
        """
        return self._public.post(
            "/v1/sv_operation_request",
            Acknowledged,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def add_provider_key(
        self, *, message: AddSpOrderlyKeyMessage | Mapping[str, object], signature: str, user_address: str
    ) -> Acknowledged:
        """Add an Orderly key to a provider's account.

        ``POST /v1/sv/sp_orderly_key``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/add-sp-orderly-key
        """
        return self._public.post(
            "/v1/sv/sp_orderly_key",
            Acknowledged,
            message=body(message),
            signature=signature,
            userAddress=user_address,
        )

    def settle_provider_pnl(
        self,
        *,
        message: SettleSpPnlMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> Acknowledged:
        """Settle the PnL of a provider's account.

        ``POST /v1/sv/sp_settle_pnl``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/request-sp-pnl-settlement
        """
        return self._signed.post(
            "/v1/sv/sp_settle_pnl",
            Acknowledged,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def deliver_period(self, *, plan_id: str) -> Acknowledged:
        """Deliver a period of the fund now.

        ``POST /v1/sv/manual_period_delivery``, signed, scope not documented; 1 request a second per account.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/trigger-manual-period-delivery
        """
        return self._signed.post("/v1/sv/manual_period_delivery", Acknowledged, plan_id=plan_id)

    def venue_transfers(
        self, *, period_number: int | None = None, page: int = 1, size: int = 25
    ) -> Page[VenueTransfer]:
        """How the fund's inflow was allocated.

        ``GET /v1/sv/venue_transfer_history``, signed, scope ``read``; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-fund-inflow-allocation
        """
        return self._signed.get(
            "/v1/sv/venue_transfer_history",
            Page[VenueTransfer],
            period_number=period_number,
            page=page,
            size=size,
        )

    def venue_withdrawals(
        self, *, period_number: int | None = None, page: int = 1, size: int = 25
    ) -> Page[VenueWithdrawal]:
        """How the fund's outflow was allocated.

        ``GET /v1/sv/venue_withdrawal_history``, signed, scope ``read``; 10 requests a second per account.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-fund-outflow-allocation
        """
        return self._signed.get(
            "/v1/sv/venue_withdrawal_history",
            Page[VenueWithdrawal],
            period_number=period_number,
            page=page,
            size=size,
        )

    def protocol_revenue(self, *, page: int = 1, size: int = 25) -> Page[VaultRevenue]:
        """The fund's shares of protocol revenue.

        ``GET /v1/sv/protocol_revenue_share_history``, signed, scope ``read``; 10 requests a second per account.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-orderly-protocol-revenue-sharing-history
        """
        return self._signed.get(
            "/v1/sv/protocol_revenue_share_history", Page[VaultRevenue], page=page, size=size
        )

    def liquidation_fees(self, *, page: int = 1, size: int = 25) -> Page[VaultRevenue]:
        """The fund's shares of liquidation fees.

        ``GET /v1/sv/liquidation_fees_share_history``, signed, scope ``read``; 10 requests a second per account.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-liquidation-fees-sharing-history
        """
        return self._signed.get(
            "/v1/sv/liquidation_fees_share_history", Page[VaultRevenue], page=page, size=size
        )

    def internal_transfers(self, *, page: int = 1, size: int = 25) -> Page[VaultInternalTransfer]:
        """Transfers to the fund.

        ``GET /v1/sv/internal_transfer_history``, signed, scope ``read``; 10 requests a second per account.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-internal-transfer-history
        """
        return self._signed.get(
            "/v1/sv/internal_transfer_history", Page[VaultInternalTransfer], page=page, size=size
        )
