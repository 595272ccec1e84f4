"""Trading API / Assets, Withdraw, Settle PnL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderly_sync.models.asset import (
    AssetRecord,
    InternalTransfer,
    InternalTransferRequest,
    PnlSettlement,
    ReceiverAddress,
    ReceiverEvent,
    SettleNonce,
    SettlePnlRequest,
    TransferNonce,
    TransferReceiver,
    WithdrawNonce,
    WithdrawRequest,
)
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferSide, InternalTransferStatus
from orderly_sync.models.holding import Holdings
from orderly_sync.models.message import InternalTransferMessage, SettlePnlMessage, WithdrawMessage
from orderly_sync.rest.caller import Caller
from orderly_sync.rest.request import TimeLike, milliseconds, one_of
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.typed_data import body

__all__ = ["Assets"]


class Assets:
    """What the account holds, and money in, out and between accounts."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def holding(self, *, all: bool | None = None) -> Holdings:
        """What the account holds; ``all=True`` lists tokens it holds none of too (``GET /v1/client/holding``)."""
        return self._signed.get("/v1/client/holding", Holdings, all=all)

    def history(
        self,
        *,
        token: str | None = None,
        side: AssetSide | str | None = None,
        status: AssetStatus | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AssetRecord]:
        """Deposits and withdrawals of this account, newest first (``GET /v1/asset/history``)."""
        return self._signed.get(
            "/v1/asset/history",
            Page[AssetRecord],
            token=token,
            side=one_of(AssetSide, side, "side"),
            status=one_of(AssetStatus, status, "status"),
            start_t=milliseconds(start, "start"),
            end_t=milliseconds(end, "end"),
            page=page,
            size=size,
        )

    def receiver_address(self, *, chain_id: int, token: str | None = None) -> ReceiverAddress:
        """Where to send a token (USDC unless named) as a deposit (``GET /v1/client/asset/receiver_address``)."""
        return self._signed.get(
            "/v1/client/asset/receiver_address", ReceiverAddress, chain_id=chain_id, token=token
        )

    def receiver_events(self) -> Rows[ReceiverEvent]:
        """What arrived at the receiver address (``GET /v1/client/asset/receiver_events``)."""
        return self._signed.get("/v1/client/asset/receiver_events", Rows[ReceiverEvent])

    def withdraw_nonce(self) -> WithdrawNonce:
        """A number to sign a withdrawal with, once (``GET /v1/withdraw_nonce``)."""
        return self._signed.get("/v1/withdraw_nonce", WithdrawNonce)

    def settle_nonce(self) -> SettleNonce:
        """A number to sign a PnL settlement with, once (``GET /v1/settle_nonce``)."""
        return self._signed.get("/v1/settle_nonce", SettleNonce)

    def withdraw(
        self,
        *,
        message: WithdrawMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> WithdrawRequest:
        """Withdraw what the wallet signed in ``message`` (``POST /v1/withdraw_request``)."""
        return self._signed.post(
            "/v1/withdraw_request",
            WithdrawRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def settle_pnl(
        self,
        *,
        message: SettlePnlMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> SettlePnlRequest:
        """Move unsettled PnL into the balance (``POST /v1/settle_pnl``)."""
        return self._signed.post(
            "/v1/settle_pnl",
            SettlePnlRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def settlements(
        self, *, start: TimeLike | None = None, end: TimeLike | None = None, page: int = 1, size: int = 25
    ) -> Page[PnlSettlement]:
        """PnL settlements of this account, newest first (``GET /v1/pnl_settlement/history``)."""
        return self._signed.get(
            "/v1/pnl_settlement/history",
            Page[PnlSettlement],
            start_t=milliseconds(start, "start"),
            end_t=milliseconds(end, "end"),
            page=page,
            size=size,
        )

    def transfer(
        self, *, token: str | None = None, receiver_list: Sequence[TransferReceiver] | None = None
    ) -> InternalTransferRequest:
        """Send a token to up to 50 accounts of the same wallet, by key alone (``POST /v1/internal_transfer``)."""
        receivers = None if receiver_list is None else to_wire(receiver_list)
        return self._signed.post(
            "/v1/internal_transfer", InternalTransferRequest, token=token, receiver_list=receivers
        )

    def transfer_signed(
        self,
        *,
        message: InternalTransferMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> InternalTransferRequest:
        """Send what the wallet signed in ``message`` to any account (``POST /v2/internal_transfer``)."""
        return self._signed.post(
            "/v2/internal_transfer",
            InternalTransferRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def transfer_nonce(self) -> TransferNonce:
        """A number to sign a transfer with, once (``GET /v1/transfer_nonce``)."""
        return self._signed.get("/v1/transfer_nonce", TransferNonce)

    def transfers(
        self,
        *,
        side: InternalTransferSide | str,
        status: InternalTransferStatus | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        from_account_id: str | None = None,
        to_account_id: str | None = None,
        main_sub_only: bool | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[InternalTransfer]:
        """Transfers into this account or out of it, newest first (``GET /v1/internal_transfer_history``)."""
        return self._signed.get(
            "/v1/internal_transfer_history",
            Page[InternalTransfer],
            side=one_of(InternalTransferSide, side, "side"),
            status=one_of(InternalTransferStatus, status, "status"),
            start_t=milliseconds(start, "start"),
            end_t=milliseconds(end, "end"),
            page=page,
            size=size,
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            main_sub_only=main_sub_only,
        )
