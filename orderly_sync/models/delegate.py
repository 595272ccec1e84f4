"""Delegate signers: externally owned wallets that sign for a smart contract wallet."""

from __future__ import annotations

from orderly_sync.models.base import Model, model

__all__ = ["DelegatedAccount"]


@model
class DelegatedAccount(Model):
    """The contract's account and the wallet that may now sign for it."""

    account_id: str | None = None
    user_id: int | None = None
    valid_signer: str | None = None
