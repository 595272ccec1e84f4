"""Accounts as wallets see them: registration and look-up."""

from __future__ import annotations

from orderly_sync.models.account_enums import ChainType, UserType
from orderly_sync.models.base import Model, model

__all__ = ["AccountOwner", "RegisteredAccount", "RegistrationNonce", "WalletAccount", "WalletBrokers"]


@model
class RegistrationNonce(Model):
    """A number for one registration signature; it lives two minutes and works once.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-registration-nonce
    """

    registration_nonce: int
    """The number to sign; sent as text."""


@model
class WalletAccount(Model):
    """An account that belongs to a wallet.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-account-details-of-an-address
    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-wallet-is-registered
    """

    account_id: str
    """0x and 64 hexadecimal digits, derived from wallet and builder; a sub-account's is issued by the venue."""
    user_id: int | None = None
    """The venue's own number for it."""
    broker_id: str | None = None
    """The builder; None where one builder was asked about."""
    chain_type: ChainType | None = None
    """The family of the wallet's chain; None where the venue leaves it out."""
    user_type: UserType | None = None
    """Main account, sub-account or part of a vault; None where the venue leaves it out."""


@model
class WalletBrokers(Model):
    """The builders a wallet has registered with.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-address-is-registered
    """

    broker_id: tuple[str, ...] = ()
    """One id a builder; empty for a wallet that has registered with none."""


@model
class RegisteredAccount(Model):
    """The account a registration made.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/register-account
    """

    account_id: str
    """0x and 64 hexadecimal digits, derived from wallet and builder."""


@model
class AccountOwner(Model):
    """The wallet and the builder an account belongs to.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/check-if-account-exists
    """

    address: str
    """The wallet."""
    broker_id: str | None = None
    """The builder."""
