"""Accounts as wallets see them: registration and look-up."""

from __future__ import annotations

from orderly_sync.models.base import Model, model
from orderly_sync.models.enums import ChainType, UserType

__all__ = ["AccountOwner", "RegisteredAccount", "RegistrationNonce", "WalletAccount", "WalletBrokers"]


@model
class RegistrationNonce(Model):
    """A number for one registration signature; it lives two minutes and works once."""

    registration_nonce: int


@model
class WalletAccount(Model):
    """An account that belongs to a wallet."""

    account_id: str
    user_id: int | None = None
    broker_id: str | None = None
    chain_type: ChainType | None = None
    user_type: UserType | None = None


@model
class WalletBrokers(Model):
    """The builders a wallet has registered with."""

    broker_id: tuple[str, ...] = ()


@model
class RegisteredAccount(Model):
    """The account a registration made."""

    account_id: str


@model
class AccountOwner(Model):
    """The wallet and the builder an account belongs to."""

    address: str
    broker_id: str | None = None
