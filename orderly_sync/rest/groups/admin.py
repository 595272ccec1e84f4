"""Builder Admin API / User Data."""

from __future__ import annotations

from orderly_sync.models.account import AccountInfo, LeverageSetting, VolumeStatistics
from orderly_sync.models.account_enums import InternalTransferSide
from orderly_sync.models.admin import (
    AdminAssetRecord,
    AdminConversion,
)
from orderly_sync.models.asset import InternalTransfer
from orderly_sync.models.base import Page
from orderly_sync.models.enums import AssetSide, AssetStatus, InternalTransferStatus, MarginMode
from orderly_sync.models.holding import Holdings
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.arguments import window
from orderly_sync.rest.choices import Margin
from orderly_sync.rest.group_choices import (
    AssetSideLike,
    AssetStatusLike,
    InternalTransferSideLike,
    InternalTransferStatusLike,
)
from orderly_sync.rest.groups.admin_trading import AdminTrading
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike

__all__ = ["Admin"]


class Admin(AdminTrading):
    """What a builder's admin reads about the builder's users.

    Every call takes the user as ``user_account`` or ``user_address``, never both. The lists of orders, algo orders,
    fills, liquidations, assets and conversions also answer for all users together: without either, but with ``start``
    and ``end`` at most 180 days apart (liquidations 90).
    """

    def client_info(self, *, user_account: str | None = None, user_address: str | None = None) -> AccountInfo:
        """What a user may do and pays; rates in basis points.

        ``GET /v1/admin/client/info``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-client-info
        """
        return self._signed.get(
            "/v1/admin/client/info", AccountInfo, user_account=user_account, user_address=user_address
        )

    def holding(
        self, *, all: bool | None = None, user_account: str | None = None, user_address: str | None = None
    ) -> Holdings:
        """A user's holdings; ``all`` includes empty ones.

        ``GET /v1/admin/client/holding``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-client-holding
        """
        return self._signed.get(
            "/v1/admin/client/holding",
            Holdings,
            all=all,
            user_account=user_account,
            user_address=user_address,
        )

    def internal_transfer_history(
        self,
        *,
        side: InternalTransferSideLike,
        status: InternalTransferStatusLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        from_account_id: str | None = None,
        to_account_id: str | None = None,
        main_sub_only: bool | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[InternalTransfer]:
        """Transfers between accounts.

        ``GET /v1/admin/internal_transfer_history``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-internal-transfer-history

        Args:
            side: ``IN`` or ``OUT``, as the user sees it.
            status: Those that stand so.
            start: From then on.
            end: Until then.
            from_account_id: Of one sender.
            to_account_id: Of one receiver.
            main_sub_only: Only between a main account and its sub-accounts.
            user_account: The user's account.
            user_address: The user's wallet.
            page: From 1.
            size: Rows a page.
        """
        return self._signed.get(
            "/v1/admin/internal_transfer_history",
            Page[InternalTransfer],
            status=one_of(InternalTransferStatus, status, "status"),
            **window(start, end),
            page=page,
            size=size,
            side=one_of(InternalTransferSide, side, "side"),
            from_account_id=from_account_id,
            to_account_id=to_account_id,
            main_sub_only=main_sub_only,
            user_account=user_account,
            user_address=user_address,
        )

    def asset_history(
        self,
        *,
        token: str | None = None,
        side: AssetSideLike | None = None,
        status: AssetStatusLike | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminAssetRecord]:
        """Deposits and withdrawals.

        ``GET /v1/admin/asset/history``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-asset-history
        """
        return self._signed.get(
            "/v1/admin/asset/history",
            Page[AdminAssetRecord],
            token=token,
            side=one_of(AssetSide, side, "side"),
            status=one_of(AssetStatus, status, "status"),
            **window(start, end),
            page=page,
            size=size,
            user_account=user_account,
            user_address=user_address,
        )

    def convert_history(
        self,
        *,
        start: TimeLike,
        end: TimeLike,
        cursor: int | str | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 20,
    ) -> CursorPage[AdminConversion]:
        """Conversions of collateral.

        ``each()`` follows the cursor; the total of a page's meta is of one moment and no end to rely on.

        ``GET /v1/admin/asset/convert_history``, signed, scope ``read``;
        limit not documented, 10 requests a second kept.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-asset-conversion-history

        Args:
            start: From then on.
            end: Until then.
            cursor: After this ``convert_id``; a page beside it counts for nothing.
            user_account: The user's account.
            user_address: The user's wallet.
            page: From 1; rows that arrive meanwhile may repeat or hide others.
            size: Rows a page, at most 100.
        """
        return self._signed.get(
            "/v1/admin/asset/convert_history",
            CursorPage[AdminConversion],
            page=page,
            size=size,
            cursor=cursor,
            **window(start, end),
            user_address=user_address,
            user_account=user_account,
        )

    def leverage(
        self,
        symbol: str,
        *,
        margin_mode: Margin | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
    ) -> LeverageSetting:
        """A user's leverage in a symbol, cross where no mode is given.

        ``GET /v1/admin/client/leverage``, signed, scope ``read``; 1 request a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-client-leverage
        """
        return self._signed.get(
            "/v1/admin/client/leverage",
            LeverageSetting,
            symbol=symbol,
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
            user_account=user_account,
            user_address=user_address,
        )

    def volume_stats(
        self,
        *,
        broker_id: str | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
    ) -> VolumeStatistics:
        """A user's volumes, USDC.

        ``GET /v1/admin/volume/user/stats``, signed, scope ``read``; 10 requests a minute per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-volume-user-stats
        """
        return self._signed.get(
            "/v1/admin/volume/user/stats",
            VolumeStatistics,
            broker_id=broker_id,
            user_account=user_account,
            user_address=user_address,
        )
