"""User API / Delegate Signer."""

from __future__ import annotations

from collections.abc import Mapping

from orderly_sync.models.asset import SettlePnlRequest, WithdrawRequest
from orderly_sync.models.delegate import DelegatedAccount
from orderly_sync.models.key import AddedKey
from orderly_sync.models.message import (
    DelegateAddOrderlyKeyMessage,
    DelegateSettlePnlMessage,
    DelegateSignerMessage,
    DelegateWithdrawMessage,
)
from orderly_sync.rest.group import Group
from orderly_sync.wire.typed_data import body

__all__ = ["Delegate"]


class Delegate(Group):
    """Wallets that sign for a smart contract wallet.

    https://orderly.network/docs/build-on-omnichain/user-flows/delegate-signer
    """

    def register(
        self, *, message: DelegateSignerMessage | Mapping[str, object], signature: str, user_address: str
    ) -> DelegatedAccount:
        """Let the wallet that signed ``message`` sign for the contract.

        ``POST /v1/delegate_signer``, public; 1 request a second.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/delegate-signer
        """
        return self._public.post(
            "/v1/delegate_signer",
            DelegatedAccount,
            message=body(message),
            signature=signature,
            userAddress=user_address,
        )

    def add_key(
        self,
        *,
        message: DelegateAddOrderlyKeyMessage | Mapping[str, object],
        signature: str,
        user_address: str,
    ) -> AddedKey:
        """Add an Orderly key to the contract's account.

        ``POST /v1/delegate_orderly_key``, public; 1 request a second.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/add-delegate-signer-orderly-key
        """
        return self._public.post(
            "/v1/delegate_orderly_key",
            AddedKey,
            message=body(message),
            signature=signature,
            userAddress=user_address,
        )

    def withdraw(
        self,
        *,
        message: DelegateWithdrawMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> WithdrawRequest:
        """Withdraw to the contract.

        ``POST /v1/delegate_withdraw_request``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/delegate-signer-withdraw-request
        """
        return self._signed.post(
            "/v1/delegate_withdraw_request",
            WithdrawRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def settle_pnl(
        self,
        *,
        message: DelegateSettlePnlMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> SettlePnlRequest:
        """Settle the PnL of the contract's account.

        ``POST /v1/delegate_settle_pnl``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/delegate-signer-settle-pnl
        """
        return self._signed.post(
            "/v1/delegate_settle_pnl",
            SettlePnlRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )
