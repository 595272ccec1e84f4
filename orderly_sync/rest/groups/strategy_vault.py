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
from orderly_sync.rest.caller import Caller
from orderly_sync.rest.request import TimeLike, milliseconds, one_of
from orderly_sync.wire.typed_data import body

__all__ = ["StrategyVault"]


class StrategyVault:
    """Money into strategy vaults and out of them, and the books of a provider's fund."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def nonce(self) -> VaultNonce:
        """A number to sign a vault request with, once (``GET /v1/public/sv_nonce``)."""
        return self._public.get("/v1/public/sv_nonce", VaultNonce)

    def transactions(
        self,
        *,
        vault_id: str | None = None,
        type: VaultTransactionType | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 60,
    ) -> Page[VaultTransaction]:
        """Deposits into vaults and withdrawals by this account (``GET /v1/account_sv_transaction_history``)."""
        return self._signed.get(
            "/v1/account_sv_transaction_history",
            Page[VaultTransaction],
            vault_id=vault_id,
            start_t=milliseconds(start, "start"),
            end_t=milliseconds(end, "end"),
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
        """Deposit into a vault or withdraw from it, as the wallet signed (``POST /v1/sv_operation_request``)."""
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
        """Add an Orderly key to a provider's account (``POST /v1/sv/sp_orderly_key``)."""
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
        """Settle the PnL of a provider's account (``POST /v1/sv/sp_settle_pnl``)."""
        return self._signed.post(
            "/v1/sv/sp_settle_pnl",
            Acknowledged,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def deliver_period(self, *, plan_id: str) -> Acknowledged:
        """Deliver a period of the fund now (``POST /v1/sv/manual_period_delivery``)."""
        return self._signed.post("/v1/sv/manual_period_delivery", Acknowledged, plan_id=plan_id)

    def venue_transfers(
        self, *, period_number: int | None = None, page: int = 1, size: int = 25
    ) -> Page[VenueTransfer]:
        """How the fund's inflow was allocated (``GET /v1/sv/venue_transfer_history``)."""
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
        """How the fund's outflow was allocated (``GET /v1/sv/venue_withdrawal_history``)."""
        return self._signed.get(
            "/v1/sv/venue_withdrawal_history",
            Page[VenueWithdrawal],
            period_number=period_number,
            page=page,
            size=size,
        )

    def protocol_revenue(self, *, page: int = 1, size: int = 25) -> Page[VaultRevenue]:
        """The fund's shares of protocol revenue (``GET /v1/sv/protocol_revenue_share_history``)."""
        return self._signed.get(
            "/v1/sv/protocol_revenue_share_history", Page[VaultRevenue], page=page, size=size
        )

    def liquidation_fees(self, *, page: int = 1, size: int = 25) -> Page[VaultRevenue]:
        """The fund's shares of liquidation fees (``GET /v1/sv/liquidation_fees_share_history``)."""
        return self._signed.get(
            "/v1/sv/liquidation_fees_share_history", Page[VaultRevenue], page=page, size=size
        )

    def internal_transfers(self, *, page: int = 1, size: int = 25) -> Page[VaultInternalTransfer]:
        """Transfers to the fund (``GET /v1/sv/internal_transfer_history``)."""
        return self._signed.get(
            "/v1/sv/internal_transfer_history", Page[VaultInternalTransfer], page=page, size=size
        )
