"""Delegate signers: externally owned wallets that sign for a smart contract wallet."""

from __future__ import annotations

from orderly_sync.models.base import Model, model

__all__ = ["DelegatedAccount"]


@model
class DelegatedAccount(Model):
    """The contract's account and the wallet that may now sign for it.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/delegate-signer
    """

    account_id: str | None = None
    """The contract's account."""
    user_id: int | None = None
    """The venue's number of its owner."""
    valid_signer: str | None = None
    """Address of the wallet that may sign for the contract."""
