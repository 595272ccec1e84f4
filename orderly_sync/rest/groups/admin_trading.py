"""Builder Admin API / User Data: what a builder's users trade."""

from __future__ import annotations

from orderly_sync.models.admin import (
    AdminAlgoOrder,
    AdminFill,
    AdminLiquidation,
    AdminOrder,
    OrderSource,
)
from orderly_sync.models.base import Page
from orderly_sync.models.enums import (
    AlgoType,
    LiquidationSort,
    MarginMode,
    OrderSide,
    OrderStatusFilter,
    OrderType,
)
from orderly_sync.models.funding import FundingFee
from orderly_sync.models.position import OpenPositions, Position
from orderly_sync.rest.arguments import window
from orderly_sync.rest.choices import Algo, Margin, Side, Status
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import LiquidationSortLike, OrderSourceLike, OrderTypeLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike

__all__ = ["AdminTrading"]


class AdminTrading(Group):
    """The part of ``Admin`` that reads orders, fills, positions, funding and liquidations of a builder's users."""

    def orders(
        self,
        *,
        symbol: str | None = None,
        side: Side | None = None,
        order_type: OrderTypeLike | None = None,
        status: Status | None = None,
        order_tag: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        update_start: TimeLike | None = None,
        update_end: TimeLike | None = None,
        source_type: OrderSourceLike | None = None,
        sort_by: str | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminOrder]:
        """Orders, newest first; the key needs the trading scope.

        ``GET /v1/admin/orders``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-orders

        Args:
            symbol: One symbol.
            side: BUY or SELL.
            order_type: One type.
            status: One status, or INCOMPLETE or COMPLETED.
            order_tag: Orders with this whole tag.
            start: Created from then on.
            end: Created until then.
            update_start: Changed from then on.
            update_end: Changed until then.
            source_type: ORDINARY or ALL.
            sort_by: Another order, such as ``CREATED_TIME_ASC``.
            user_account: The user's account.
            user_address: The user's wallet.
            page: From 1.
            size: Rows a page, at most 500.
        """
        return self._signed.get(
            "/v1/admin/orders",
            Page[AdminOrder],
            symbol=symbol,
            side=one_of(OrderSide, side, "side"),
            order_type=one_of(OrderType, order_type, "order_type"),
            status=one_of(OrderStatusFilter, status, "status"),
            order_tag=order_tag,
            **window(start, end),
            **window(update_start, update_end, ("update_start_t", "update_end_t")),
            source_type=one_of(OrderSource, source_type, "source_type"),
            page=page,
            size=size,
            sort_by=sort_by,
            user_account=user_account,
            user_address=user_address,
        )

    def position(
        self,
        symbol: str,
        *,
        margin_mode: Margin | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
    ) -> Position:
        """A user's position in one symbol.

        ``GET /v1/admin/position/{symbol}``, signed, scope ``read``; 30 requests in 10 s per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-position
        """
        return self._signed.get(
            "/v1/admin/position/{symbol}",
            Position,
            at={"symbol": symbol},
            margin_mode=one_of(MarginMode, margin_mode, "margin_mode"),
            user_account=user_account,
            user_address=user_address,
        )

    def positions(self, *, user_account: str | None = None, user_address: str | None = None) -> OpenPositions:
        """A user's positions and margin figures.

        ``GET /v1/admin/positions``, signed, scope ``read``; 30 requests in 10 s per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-positions
        """
        return self._signed.get(
            "/v1/admin/positions", OpenPositions, user_account=user_account, user_address=user_address
        )

    def funding_fee_history(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 60,
    ) -> Page[FundingFee]:
        """A user's funding payments, USDC.

        ``GET /v1/admin/funding_fee/history``, signed, scope ``read``; 20 requests a minute per user.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-funding-fee-history
        """
        return self._signed.get(
            "/v1/admin/funding_fee/history",
            Page[FundingFee],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
            user_account=user_account,
            user_address=user_address,
        )

    def liquidations(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        sort_by: LiquidationSortLike | None = None,
        liquidation_id: int | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminLiquidation]:
        """Liquidated positions.

        ``GET /v1/admin/liquidations``, signed, scope ``read``; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/admin-liquidations
        """
        return self._signed.get(
            "/v1/admin/liquidations",
            Page[AdminLiquidation],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
            sort_by=one_of(LiquidationSort, sort_by, "sort_by"),
            liquidation_id=liquidation_id,
            user_account=user_account,
            user_address=user_address,
        )

    def algo_orders(
        self,
        *,
        symbol: str | None = None,
        order_type: OrderTypeLike | None = None,
        status: Status | None = None,
        order_tag: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        side: Side | None = None,
        algo_type: Algo | None = None,
        is_triggered: bool | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminAlgoOrder]:
        """Algo orders with their children, created between ``start`` and ``end``.

        ``GET /v1/admin/algo/orders``, signed, scope ``read``; 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-orders-admin
        """
        return self._signed.get(
            "/v1/admin/algo/orders",
            Page[AdminAlgoOrder],
            symbol=symbol,
            order_type=one_of(OrderType, order_type, "order_type"),
            status=one_of(OrderStatusFilter, status, "status"),
            order_tag=order_tag,
            **window(start, end, ("created_time_start", "created_time_end")),
            page=page,
            size=size,
            side=one_of(OrderSide, side, "side"),
            algo_type=one_of(AlgoType, algo_type, "algo_type"),
            is_triggered=is_triggered,
            user_account=user_account,
            user_address=user_address,
        )

    def trades(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        user_account: str | None = None,
        user_address: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[AdminFill]:
        """Fills, the latest 500 only.

        ``GET /v1/admin/trades``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-trades-admin
        """
        return self._signed.get(
            "/v1/admin/trades",
            Page[AdminFill],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
            user_account=user_account,
            user_address=user_address,
        )
