"""Money in, out and between accounts, and the numbers its signatures need."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferStatus

__all__ = [
    "AssetRecord",
    "InternalTransfer",
    "InternalTransferRequest",
    "PnlSettlement",
    "ReceiverAddress",
    "ReceiverEvent",
    "SettleNonce",
    "SettlePnlRequest",
    "SymbolSettlement",
    "TransferNonce",
    "TransferReceiver",
    "WithdrawNonce",
    "WithdrawRequest",
]


@model
class AssetRecord(Model):
    """A deposit or a withdrawal."""

    id: str
    tx_id: str | None = None
    side: AssetSide | None = None
    token: str | None = None
    amount: Decimal | None = None
    fee: Decimal | None = None
    trans_status: AssetStatus | None = None
    created_time: int | None = None
    updated_time: int | None = None
    chain_id: str | None = None

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class ReceiverAddress(Model):
    """Where a plain token transfer becomes a deposit of this account."""

    receiver_address: str | None = None
    token_address: str | None = None
    minimum_deposit: Decimal | None = None


@model
class ReceiverEvent(Model):
    """A token transfer seen at the receiver address."""

    tx_id: str | None = None
    chain_id: str | None = None
    token: str | None = None
    amount: Decimal | None = None
    created_time: int | None = None
    updated_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was seen, UTC."""
        return utc(self.created_time)


@model
class WithdrawNonce(Model):
    """The number the next withdrawal signs; it works once."""

    withdraw_nonce: int


@model
class SettleNonce(Model):
    """The number the next PnL settlement signs; it works once."""

    settle_nonce: int


@model
class TransferNonce(Model):
    """The number the next signed transfer signs; it works once."""

    transfer_nonce: int


@model
class WithdrawRequest(Model):
    """A withdrawal under way."""

    withdraw_id: int


@model
class SettlePnlRequest(Model):
    """A PnL settlement under way."""

    settle_pnl_id: int


@model
class SymbolSettlement(Model):
    """What one symbol contributed, in USDC."""

    symbol: str
    settled_amount: Decimal | None = None


@model
class PnlSettlement(Model):
    """A PnL settlement: the balance before and after, in USDC."""

    id: int
    old_balance: Decimal | None = None
    new_balance: Decimal | None = None
    settled_amount: Decimal | None = None
    requested_time: int | None = None
    settled_time: int | None = None
    symbols: tuple[SymbolSettlement, ...] = ()

    @property
    def time(self) -> datetime | None:
        """When it was settled, UTC."""
        return utc(self.settled_time)


@model
class TransferReceiver(Model):
    """Who gets how much of an internal transfer."""

    account_id: str
    amount: Decimal


@model
class InternalTransferRequest(Model):
    """An internal transfer under way."""

    internal_transfer_request_id: int | None = None


@model
class InternalTransfer(Model):
    """A transfer between two accounts."""

    id: str
    internal_transfer_request_id: int | None = None
    token: str | None = None
    amount: Decimal | None = None
    from_account_id: str | None = None
    to_account_id: str | None = None
    status: InternalTransferStatus | None = None
    created_time: int | None = None
    updated_time: int | None = None

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)
