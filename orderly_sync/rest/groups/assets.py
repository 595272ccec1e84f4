"""Trading API / Assets, Withdraw, Settle PnL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from orderly_sync.models.account_enums import InternalTransferSide
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
from orderly_sync.models.base import Acknowledged, Page, Rows
from orderly_sync.models.conversion import AutoConvertThreshold, Conversion, ConversionStatus, SwapQuote
from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferStatus
from orderly_sync.models.holding import Holdings
from orderly_sync.models.message import InternalTransferMessage, SettlePnlMessage, WithdrawMessage
from orderly_sync.rest import conversion
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import (
    AssetSideLike,
    AssetStatusLike,
    ConversionStatusLike,
    InternalTransferSideLike,
    InternalTransferStatusLike,
)
from orderly_sync.wire.converter import to_wire
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number, number
from orderly_sync.wire.typed_data import body

__all__ = ["Assets"]


class Assets(Group):
    """What the account holds, and money in, out and between accounts.

    https://orderly.network/docs/build-on-omnichain/user-flows/withdrawal-deposit
    https://orderly.network/docs/build-on-omnichain/user-flows/settle-pnl
    https://orderly.network/docs/build-on-omnichain/user-flows/internal-transfer
    """

    def holding(self, *, all: bool | None = None) -> Holdings:
        """What the account holds; ``all=True`` lists tokens it holds none of too.

        ``GET /v1/client/holding``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-current-holding
        """
        return self._signed.get("/v1/client/holding", Holdings, all=all)

    def history(
        self,
        *,
        token: str | None = None,
        side: AssetSideLike | None = None,
        status: AssetStatusLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AssetRecord]:
        """Deposits and withdrawals of this account, newest first.

        ``GET /v1/asset/history``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-history
        """
        return self._signed.get(
            "/v1/asset/history",
            Page[AssetRecord],
            token=token,
            side=one_of(AssetSide, side, "side"),
            status=one_of(AssetStatus, status, "status"),
            **window(start, end),
            page=page,
            size=size,
        )

    def manual_convert(
        self,
        *,
        converted_asset: str,
        amount: Number,
        slippage: Number,
        received_asset: str | None = None,
    ) -> Acknowledged:
        """Convert one token of the collateral into another.

        What became of it ``convert_history`` tells; what else the venue answers is not documented and stands in
        ``extra``. The scope that its key needs is not documented either.

        ``POST /v1/asset/manual_convert``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.

        Args:
            converted_asset: The token given, such as ``USDT``.
            amount: Of the token given, above 0.
            slippage: How much less may come out, a fraction: 0.01 is 1 %.
            received_asset: The token wanted, USDC where absent. One of the two must be USDC.

        Raises:
            UsageError: Neither or both of the tokens are USDC, or a number cannot be right; nothing was sent.
        """
        conversion.check_tokens(converted_asset, received_asset)
        return self._signed.post(
            "/v1/asset/manual_convert",
            Acknowledged,
            slippage=conversion.slippage(slippage),
            amount=conversion.amount(amount),
            converted_asset=converted_asset,
            received_asset=received_asset,
        )

    def convert_history(
        self,
        *,
        converted_asset: str | None = None,
        status: ConversionStatusLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[Conversion]:
        """Conversions of this account's collateral, manual and automatic.

        ``GET /v1/asset/convert_history``, signed, scope not documented;
        limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._signed.get(
            "/v1/asset/convert_history",
            Page[Conversion],
            converted_asset=converted_asset,
            status=one_of(ConversionStatus, status, "status"),
            **window(start, end),
            page=page,
            size=size,
        )

    def auto_convert_threshold(self) -> AutoConvertThreshold:
        """What may be owed before collateral is converted; public.

        ``GET /v1/public/auto_convert_threshold``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.
        """
        return self._public.get("/v1/public/auto_convert_threshold", AutoConvertThreshold)

    def swap_quote(self, *, from_token: str, to_token: str, amount: Number, slippage: Number) -> SwapQuote:
        """What a swap would bring; it moves nothing.

        Uncertain: the verb, and whether the host is that of the API at all, are read from the venue's own web client,
        no page has them. It is sent unsigned to the API's host; ``NotFound`` is to be expected.

        ``POST /v1/swap/quote``, public; limit not documented, 10 requests a second kept.
        On no page of the API; the JS SDK 3.2 calls it.

        Args:
            from_token: The token given; the answer names tokens by contract address.
            to_token: The token wanted.
            amount: Of the token given, above 0.
            slippage: How much less may come out, in the unit that the host wants: not documented.
        """
        return self._public.post(
            "/v1/swap/quote",
            SwapQuote,
            fromToken=from_token,
            toToken=to_token,
            amount=conversion.amount(amount),
            slippage=number(slippage, "slippage"),
        )

    def receiver_address(self, *, chain_id: int, token: str | None = None) -> ReceiverAddress:
        """Where to send a token (USDC unless named) as a deposit.

        ``GET /v1/client/asset/receiver_address``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-receiver-address
        """
        return self._signed.get(
            "/v1/client/asset/receiver_address", ReceiverAddress, chain_id=chain_id, token=token
        )

    def receiver_events(self) -> Rows[ReceiverEvent]:
        """What arrived at the receiver address.

        ``GET /v1/client/asset/receiver_events``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-receiver-events
        """
        return self._signed.get("/v1/client/asset/receiver_events", Rows[ReceiverEvent])

    def withdraw_nonce(self) -> WithdrawNonce:
        """A number to sign a withdrawal with, once.

        ``GET /v1/withdraw_nonce``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-withdrawal-nonce
        """
        return self._signed.get("/v1/withdraw_nonce", WithdrawNonce)

    def settle_nonce(self) -> SettleNonce:
        """A number to sign a PnL settlement with, once.

        ``GET /v1/settle_nonce``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-settle-pnl-nonce
        """
        return self._signed.get("/v1/settle_nonce", SettleNonce)

    def withdraw(
        self,
        *,
        message: WithdrawMessage | Mapping[str, object],
        signature: str,
        user_address: str,
        verifying_contract: str,
    ) -> WithdrawRequest:
        """Withdraw what the wallet signed in ``message``.

        ``POST /v1/withdraw_request``, signed, scope not documented; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-withdraw-request
        """
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
        """Move unsettled PnL into the balance.

        ``POST /v1/settle_pnl``, signed, scope not documented; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/request-pnl-settlement
        """
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
        """PnL settlements of this account, newest first.

        ``GET /v1/pnl_settlement/history``, signed, scope ``read``; 20 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-pnl-settlement-history
        """
        return self._signed.get(
            "/v1/pnl_settlement/history",
            Page[PnlSettlement],
            **window(start, end),
            page=page,
            size=size,
        )

    def transfer(
        self, *, token: str | None = None, receiver_list: Sequence[TransferReceiver] | None = None
    ) -> InternalTransferRequest:
        """Send a token to up to 50 accounts of the same wallet, by key alone.

        ``POST /v1/internal_transfer``, signed, scope ``asset`` (assumed); 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer
        """
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
        """Send what the wallet signed in ``message`` to any account.

        ``POST /v2/internal_transfer``, signed, scope not documented; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-internal-transfer-with-wallet-signature
        """
        return self._signed.post(
            "/v2/internal_transfer",
            InternalTransferRequest,
            message=body(message),
            signature=signature,
            userAddress=user_address,
            verifyingContract=verifying_contract,
        )

    def transfer_nonce(self) -> TransferNonce:
        """A number to sign a transfer with, once.

        ``GET /v1/transfer_nonce``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-transfer-nonce
        """
        return self._signed.get("/v1/transfer_nonce", TransferNonce)

    def transfers(
        self,
        *,
        side: InternalTransferSideLike,
        status: InternalTransferStatusLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        from_account_id: str | None = None,
        to_account_id: str | None = None,
        main_sub_only: bool | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[InternalTransfer]:
        """Transfers into this account or out of it, newest first.

        ``GET /v1/internal_transfer_history``, signed, scope ``asset``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-internal-transfer-history
        """
        return self._signed.get(
            "/v1/internal_transfer_history",
            Page[InternalTransfer],
            side=one_of(InternalTransferSide, side, "side"),
            status=one_of(InternalTransferStatus, status, "status"),
            **window(start, end),
            page=page,
            size=size,
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            main_sub_only=main_sub_only,
        )
