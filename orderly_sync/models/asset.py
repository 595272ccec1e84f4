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
    """A deposit or a withdrawal.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
    """

    id: str
    """The venue's id, text because it exceeds what a float holds."""
    tx_id: str | None = None
    """Hash of the transaction on the chain; None or empty before there is one."""
    side: AssetSide | None = None
    """DEPOSIT or WITHDRAW; the amount carries no sign."""
    token: str | None = None
    """The token, such as USDC."""
    amount: Decimal | None = None
    """In units of the token, above 0."""
    fee: Decimal | None = None
    """What the venue keeps of it, in units of the token, at least 0."""
    trans_status: AssetStatus | None = None
    """Where it stands: PENDING, PROCESSING, COMPLETED, FAILED, or PENDING_REBALANCE while the chain lacks funds."""
    created_time: int | None = None
    """When it was asked for, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""
    chain_id: str | None = None
    """The EVM chain, text as on the wire: ``42161`` is Arbitrum."""

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)


@model
class ReceiverAddress(Model):
    """Where a plain token transfer becomes a deposit of this account.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-receiver-address
    """

    receiver_address: str | None = None
    """The address that is this account's alone on the chain asked for."""
    token_address: str | None = None
    """The contract of the token it takes there."""
    minimum_deposit: Decimal | None = None
    """The least that counts, in units of the token: less is dust, and lost."""


@model
class ReceiverEvent(Model):
    """A token transfer seen at the receiver address.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-receiver-events
    """

    tx_id: str | None = None
    """Hash of the transfer on the chain."""
    chain_id: str | None = None
    """The EVM chain, text as on the wire."""
    token: str | None = None
    """The token, such as USDC."""
    amount: Decimal | None = None
    """In units of the token, above 0."""
    created_time: int | None = None
    """When it was seen, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was seen, UTC."""
        return utc(self.created_time)


@model
class WithdrawNonce(Model):
    """The number the next withdrawal signs; it works once.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-withdrawal-nonce
    """

    withdraw_nonce: int
    """For one withdrawal of this account; the next call may give another."""


@model
class SettleNonce(Model):
    """The number the next PnL settlement signs; it works once.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-settle-pnl-nonce
    """

    settle_nonce: int
    """For one settlement of this account; the next call may give another."""


@model
class TransferNonce(Model):
    """The number the next signed transfer signs; it works once.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-transfer-nonce
    """

    transfer_nonce: int
    """For one transfer of this account; the next call may give another."""


@model
class WithdrawRequest(Model):
    """A withdrawal under way.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-withdraw-request
    """

    withdraw_id: int
    """The venue's id of it; what becomes of it shows in the asset history and the wallet topic."""


@model
class SettlePnlRequest(Model):
    """A PnL settlement under way.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/request-pnl-settlement
    """

    settle_pnl_id: int
    """The venue's id of it; what becomes of it shows in the settlement history and the settle topic."""


@model
class SymbolSettlement(Model):
    """What one symbol contributed, in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-pnl-settlement-history
    """

    symbol: str
    """The market, ``PERP_ETH_USDC``."""
    settled_amount: Decimal | None = None
    """What its PnL moved into the balance, USDC; below 0 is a loss."""


@model
class PnlSettlement(Model):
    """A PnL settlement: the balance before and after, in USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-pnl-settlement-history
    """

    id: int
    """The venue's id of it."""
    old_balance: Decimal | None = None
    """USDC before."""
    new_balance: Decimal | None = None
    """USDC after; ``old_balance`` plus ``settled_amount``, though the page's example does not add up."""
    settled_amount: Decimal | None = None
    """What moved into the balance, USDC; below 0 where a loss was settled."""
    requested_time: int | None = None
    """When it was asked for, ms."""
    settled_time: int | None = None
    """When it was done, ms; see ``time``."""
    symbols: tuple[SymbolSettlement, ...] = ()
    """What each market contributed; empty where the venue does not say."""

    @property
    def time(self) -> datetime | None:
        """When it was settled, UTC."""
        return utc(self.settled_time)


@model
class TransferReceiver(Model):
    """Who gets how much of an internal transfer.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer
    """

    account_id: str
    """The account that receives."""
    amount: Decimal
    """In units of the token (USDC), above 0."""


@model
class InternalTransferRequest(Model):
    """An internal transfer under way.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer
    https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer-with-wallet-signature
    """

    internal_transfer_request_id: int | None = None
    """The venue's id of the request; one request may make several transfers. None where it is not said."""


@model
class InternalTransfer(Model):
    """A transfer between two accounts.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-internal-transfer-history
    """

    id: str
    """The venue's id of this transfer, text because it exceeds what a float holds."""
    internal_transfer_request_id: int | None = None
    """The request it belongs to."""
    token: str | None = None
    """The token, such as USDC."""
    amount: Decimal | None = None
    """In units of the token, above 0; who gave and who received say the direction."""
    from_account_id: str | None = None
    """The account that gave."""
    to_account_id: str | None = None
    """The account that received."""
    status: InternalTransferStatus | None = None
    """CREATED, PENDING, COMPLETED or FAILED."""
    created_time: int | None = None
    """When it was asked for, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""

    @property
    def time(self) -> datetime | None:
        """When it was asked for, UTC."""
        return utc(self.created_time)
