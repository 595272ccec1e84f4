"""User API / Registration."""

from __future__ import annotations

from collections.abc import Mapping

from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.base import Rows
from orderly_sync.models.message import RegistrationMessage
from orderly_sync.models.registration import (
    AccountOwner,
    RegisteredAccount,
    RegistrationNonce,
    WalletAccount,
    WalletBrokers,
)
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import ChainTypeLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.typed_data import body

__all__ = ["Registration"]


class Registration(Group):
    """Accounts of wallets: look them up, make one.

    https://orderly.network/docs/build-on-omnichain/user-flows/accounts
    """

    def nonce(self) -> RegistrationNonce:
        """A number to sign a registration with; two minutes, once.

        ``GET /v1/registration_nonce``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-registration-nonce
        """
        return self._public.get("/v1/registration_nonce", RegistrationNonce)

    def account(
        self, *, address: str, broker_id: str, chain_type: ChainTypeLike | None = None
    ) -> WalletAccount:
        """The wallet's account with this builder. Raises ApiError where there is none.

        ``GET /v1/get_account``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-wallet-is-registered
        """
        kind = one_of(ChainType, chain_type, "chain_type")
        return self._public.get(
            "/v1/get_account", WalletAccount, address=address, broker_id=broker_id, chain_type=kind
        )

    def accounts(
        self, *, address: str, broker_id: str, chain_type: ChainTypeLike | None = None
    ) -> Rows[WalletAccount]:
        """All accounts of the wallet with this builder, sub-accounts too.

        ``GET /v1/get_all_accounts``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/check-account-details-of-an-address
        """
        kind = one_of(ChainType, chain_type, "chain_type")
        return self._public.get(
            "/v1/get_all_accounts", Rows[WalletAccount], address=address, broker_id=broker_id, chain_type=kind
        )

    def brokers(self, *, address: str, chain_type: ChainTypeLike | None = None) -> WalletBrokers:
        """The builders the wallet is registered with.

        ``GET /v1/get_broker``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-address-is-registered
        """
        kind = one_of(ChainType, chain_type, "chain_type")
        return self._public.get("/v1/get_broker", WalletBrokers, address=address, chain_type=kind)

    def register(
        self, *, message: RegistrationMessage | Mapping[str, object], signature: str, user_address: str
    ) -> RegisteredAccount:
        """Register the wallet that signed ``message``.

        ``POST /v1/register_account``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/register-account
        """
        return self._public.post(
            "/v1/register_account",
            RegisteredAccount,
            message=body(message),
            signature=signature,
            userAddress=user_address,
        )

    def owner(self, *, account_id: str | None = None) -> AccountOwner:
        """The wallet and builder of an account.

        ``GET /v1/public/account``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-account-exists
        """
        return self._public.get("/v1/public/account", AccountOwner, account_id=account_id)
