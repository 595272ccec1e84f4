"""Order Management, the half of it that is algo orders; ``orders.py`` has the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from orderly_sync.models.algo import AlgoOrder, CreatedAlgoOrder
from orderly_sync.models.base import Page, Rows
from orderly_sync.models.enums import (
    AlgoType,
    OrderSide,
    OrderStatusFilter,
    OrderType,
    TriggerPriceType,
)
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import Sent
from orderly_sync.rest import bodies
from orderly_sync.rest.arguments import window
from orderly_sync.rest.choices import Algo, Listed, Margin, Side, Status
from orderly_sync.rest.group import Group
from orderly_sync.rest.rows import AlgoLeg, AlgoLegEdit
from orderly_sync.wire.client_order_id import client_order_id as checked_client_order_id
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number

__all__ = ["AlgoOrders"]


class AlgoOrders(Group):
    """STOP, TP_SL, POSITIONAL_TP_SL, BRACKET and TRAILING_STOP orders: trees of nodes under one root.

    https://orderly.network/docs/build-on-omnichain/user-flows/algo-order-samples
    """

    def create_algo(
        self,
        *,
        symbol: str,
        algo_type: Algo,
        quantity: Number | None = None,
        side: Side | None = None,
        type: Listed | None = None,
        price: Number | None = None,
        trigger_price: Number | None = None,
        trigger_price_type: TriggerPriceType | Literal["MARK_PRICE"] | None = None,
        client_order_id: str | None = None,
        child_orders: Iterable[AlgoLeg] | None = None,
        activated_price: Number | None = None,
        callback_rate: Number | None = None,
        callback_value: Number | None = None,
        reduce_only: bool | None = None,
        visible_quantity: Number | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
        recv_window: int | None = None,
    ) -> CreatedAlgoOrder:
        """Place an algo order; its reports arrive by the stream.

        ``POST /v1/algo/order``, signed, scope ``trading``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-algo-order

        Args:
            symbol: ``PERP_ETH_USDC``.
            algo_type: STOP, TP_SL, POSITIONAL_TP_SL, BRACKET or TRAILING_STOP.
            quantity: Base units; not for POSITIONAL_TP_SL.
            side: Not for TP_SL and POSITIONAL_TP_SL, whose legs have their own.
            type: LIMIT or MARKET; as ``side``.
            price: Limit price, quote units.
            trigger_price: Mark price at which a STOP fires.
            trigger_price_type: MARK_PRICE, the only one there is.
            client_order_id: As for ``create``.
            child_orders: The legs, with these same arguments; a leg's ``type`` may be CLOSE_POSITION.
            activated_price: TRAILING_STOP: the mark price from which on it trails.
            callback_rate: TRAILING_STOP: the distance as a fraction, 0.1 = 10 %.
            callback_value: TRAILING_STOP: the distance in quote units.
            reduce_only: Whether it may only shrink a position.
            visible_quantity: What the book shows of it, base units; 0 hides it.
            order_tag: Up to 128 characters.
            margin_mode: CROSS or ISOLATED.
            recv_window: Milliseconds after which the venue must not take it any more.

        Raises:
            UsageError: An argument cannot be right; nothing was sent.
            OrderOutcomeUnknown: It was sent and its answer lost.
        """
        client_order_id = checked_client_order_id(client_order_id)
        root = bodies.algo_node(
            symbol=symbol,
            algo_type=algo_type,
            quantity=quantity,
            side=side,
            type=type,
            price=price,
            trigger_price=trigger_price,
            trigger_price_type=trigger_price_type,
            child_orders=child_orders,
            activated_price=activated_price,
            callback_rate=callback_rate,
            callback_value=callback_value,
            reduce_only=reduce_only,
            visible_quantity=visible_quantity,
            order_tag=order_tag,
            margin_mode=margin_mode,
        )
        return self._signed.post(
            "/v1/algo/order",
            CreatedAlgoOrder,
            headers=bodies.recv_window(recv_window),
            client_order_id_asked=client_order_id,
            client_order_id=client_order_id,
            **root,
        )

    def edit_algo(
        self,
        *,
        order_id: int | str,
        price: Number | None = None,
        quantity: Number | None = None,
        trigger_price: Number | None = None,
        trigger_price_type: TriggerPriceType | Literal["MARK_PRICE"] | None = None,
        child_orders: Iterable[AlgoLegEdit] | None = None,
    ) -> Sent:
        """Change an open algo order; EDIT_SENT.

        ``PUT /v1/algo/order``, signed, scope ``trading``; 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-algo-order

        Args:
            order_id: The root's id.
            price: New limit price.
            quantity: New size; of a TP_SL both legs must be given the same, or the venue refuses.
            trigger_price: New trigger.
            trigger_price_type: MARK_PRICE.
            child_orders: Legs to change, each with its own ``order_id``; ``is_activated: False`` switches a leg off
                until it is given a new ``trigger_price``.
        """
        return self._signed.put(
            "/v1/algo/order",
            Sent,
            **bodies.algo_edit(
                order_id=order_id,
                price=price,
                quantity=quantity,
                trigger_price=trigger_price,
                trigger_price_type=trigger_price_type,
                child_orders=child_orders,
            ),
        )

    def cancel_algo(self, *, symbol: str, order_id: int | str) -> Sent:
        """Cancel an algo order by its root's or a leg's id; CANCEL_SENT.

        ``DELETE /v1/algo/order``, signed, scope ``trading`` (assumed); 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-algo-order
        """
        return self._signed.delete("/v1/algo/order", Sent, symbol=symbol, order_id=bodies.order_id(order_id))

    def cancel_algo_by_client_order_id(self, *, symbol: str, client_order_id: str) -> Sent:
        """Cancel an algo order by the id you gave it.

        ``DELETE /v1/algo/client/order``, signed, scope ``trading`` (assumed); 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-algo-order-by-client_order_id
        """
        return self._signed.delete(
            "/v1/algo/client/order",
            Sent,
            client_order_id_asked=client_order_id,
            symbol=symbol,
            client_order_id=client_order_id,
        )

    def cancel_all_algo(self, *, symbol: str | None = None, algo_type: Algo | None = None) -> Sent:
        """Cancel all open algo orders, of one symbol or type.

        STOP takes TAKE_PROFIT and STOP_LOSS with it.

        ``DELETE /v1/algo/orders``, signed, scope ``trading`` (assumed); 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-pending-algo-orders
        """
        return self._signed.delete(
            "/v1/algo/orders", Sent, symbol=symbol, algo_type=one_of(AlgoType, algo_type, "algo_type")
        )

    def get_algo(self, order_id: int | str) -> AlgoOrder:
        """One algo order with its legs.

        ``GET /v1/algo/order/{order_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-order-by-order_id
        """
        return self._signed.get(
            "/v1/algo/order/{order_id}", AlgoOrder, at={"order_id": bodies.order_id(order_id)}
        )

    def get_algo_by_client_order_id(self, client_order_id: str) -> AlgoOrder:
        """One algo order by the id you gave it.

        ``GET /v1/algo/client/order/{client_order_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-order-by-client_order_id
        """
        return self._signed.get(
            "/v1/algo/client/order/{client_order_id}", AlgoOrder, at={"client_order_id": client_order_id}
        )

    def list_algo(
        self,
        *,
        symbol: str | None = None,
        order_type: Listed | None = None,
        status: Status | None = None,
        order_tag: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
        side: Side | None = None,
        algo_type: Algo | None = None,
        is_triggered: bool | None = None,
    ) -> Page[AlgoOrder]:
        """Algo orders with their legs, newest first; arguments as for ``list``.

        ``GET /v1/algo/orders``, signed, scope ``read``; 5 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-algo-orders
        """
        return self._signed.get(
            "/v1/algo/orders",
            Page[AlgoOrder],
            symbol=symbol,
            order_type=one_of(OrderType, order_type, "order_type", bodies.LISTED),
            status=one_of(OrderStatusFilter, status, "status"),
            order_tag=order_tag,
            **window(start, end),
            page=page,
            size=size,
            side=one_of(OrderSide, side, "side"),
            algo_type=one_of(AlgoType, algo_type, "algo_type"),
            is_triggered=is_triggered,
        )

    def algo_fills_of(self, order_id: int | str) -> Rows[Fill]:
        """All fills of one algo order.

        ``GET /v1/algo/order/{order_id}/trades``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-trades-of-specific-algo-order
        """
        return self._signed.get(
            "/v1/algo/order/{order_id}/trades", Rows[Fill], at={"order_id": bodies.order_id(order_id)}
        )
