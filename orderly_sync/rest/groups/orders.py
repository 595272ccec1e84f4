"""Order Management: place, edit, cancel and read orders, algo orders and fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orderly_sync.models.base import Page, Rows
from orderly_sync.models.enums import OrderSide, OrderStatusFilter, OrderType
from orderly_sync.models.fill import Fill
from orderly_sync.models.order import CancelAllAfter, CreatedOrder, Order, Sent
from orderly_sync.rest import bodies
from orderly_sync.rest.arguments import window
from orderly_sync.rest.choices import Listed, Margin, Side, Status, Type
from orderly_sync.rest.groups.algo_orders import AlgoOrders
from orderly_sync.rest.rows import BatchOrder
from orderly_sync.wire.client_order_id import client_order_id as checked_client_order_id
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import Number

__all__ = ["Orders"]


class Orders(AlgoOrders):
    """Orders of the account, ordinary and algo; writes need the trading scope, reads the read scope.

    Every order carries a client order id: yours, or one made here. Should the answer of a write be lost,
    OrderOutcomeUnknown names it; no write is ever sent twice.

    https://orderly.network/docs/build-on-omnichain/user-flows/order-management
    """

    def create(
        self,
        *,
        symbol: str,
        order_type: Type,
        side: Side,
        order_price: Number | None = None,
        order_quantity: Number | None = None,
        order_amount: Number | None = None,
        client_order_id: str | None = None,
        visible_quantity: Number | None = None,
        reduce_only: bool | None = None,
        slippage: Number | None = None,
        order_tag: str | None = None,
        level: int | None = None,
        post_only_adjust: bool | None = None,
        margin_mode: Margin | None = None,
        recv_window: int | None = None,
    ) -> CreatedOrder:
        """Place an order. The answer says that it was taken; fills arrive by the stream.

        ``POST /v1/order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order

        Args:
            symbol: ``PERP_ETH_USDC``.
            order_type: LIMIT, MARKET, IOC, FOK, POST_ONLY, or ASK and BID, which follow the book at ``level``.
            side: BUY or SELL.
            order_price: Quote units; not for MARKET, ASK and BID.
            order_quantity: Base units, at most 8 decimals.
            order_amount: Quote units instead of ``order_quantity``, for MARKET, ASK and BID.
            client_order_id: Up to 36 letters, digits and hyphens, unique among open orders; made here if absent.
            visible_quantity: What the book shows of it, base units; 0 hides it.
            reduce_only: Whether it may only shrink a position.
            slippage: The most a MARKET order may slip, as a fraction.
            order_tag: Up to 128 characters; ``enum:<broker>:<id>`` carries a builder's fee.
            level: For ASK and BID: the book's level to follow, 0 to 4.
            post_only_adjust: For POST_ONLY: move the price rather than cancel.
            margin_mode: CROSS or ISOLATED.
            recv_window: Milliseconds after which the venue must not take it any more (``x-recv-window``).

        Raises:
            UsageError: An argument cannot be right; nothing was sent.
            InvalidOrder: Price, size or notional breaks the symbol's rules.
            InsufficientMargin: The account cannot carry it.
            OrderOutcomeUnknown: It was sent and its answer lost, or an order with this client order id is there already
                (-1007), which may be this one or another.
        """
        client_order_id = checked_client_order_id(client_order_id)
        return self._signed.post(
            "/v1/order",
            CreatedOrder,
            headers=bodies.recv_window(recv_window),
            client_order_id_asked=client_order_id,
            **bodies.order(
                symbol=symbol,
                client_order_id=client_order_id,
                order_type=order_type,
                order_price=order_price,
                order_quantity=order_quantity,
                order_amount=order_amount,
                visible_quantity=visible_quantity,
                side=side,
                reduce_only=reduce_only,
                slippage=slippage,
                order_tag=order_tag,
                level=level,
                post_only_adjust=post_only_adjust,
                margin_mode=margin_mode,
            ),
        )

    def edit(
        self,
        *,
        order_id: int | str,
        symbol: str,
        order_type: Type,
        side: Side,
        order_price: Number | None = None,
        order_quantity: Number | None = None,
        order_amount: Number | None = None,
        client_order_id: str | None = None,
        reduce_only: bool | None = None,
        visible_quantity: Number | None = None,
    ) -> Sent:
        """Change price or quantity of an open order; everything else must be repeated as it was.

        ``PUT /v1/order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/edit-order

        Args:
            order_id: The venue's id of the order.
            symbol: ``PERP_ETH_USDC``.
            order_type: As it was placed.
            side: As it was placed.
            order_price: New price, quote units; the old one to leave it.
            order_quantity: New size, what has traded included: base units, at most 8 decimals; the old one to leave it.
            order_amount: Quote units instead of ``order_quantity``, if it was placed by amount.
            client_order_id: As it was placed.
            reduce_only: As it was placed.
            visible_quantity: As it was placed, base units.

        Returns:
            EDIT_SENT; the result arrives by the stream.
        """
        return self._signed.put(
            "/v1/order",
            Sent,
            client_order_id_asked=client_order_id,
            order_id=bodies.order_id(order_id),
            client_order_id=client_order_id,
            **bodies.order(
                symbol=symbol,
                order_type=order_type,
                order_price=order_price,
                order_quantity=order_quantity,
                order_amount=order_amount,
                reduce_only=reduce_only,
                visible_quantity=visible_quantity,
                side=side,
            ),
        )

    def cancel(self, *, symbol: str, order_id: int | str) -> Sent:
        """Cancel an order; CANCEL_SENT.

        ``DELETE /v1/order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-order

        Raises:
            NotFound: There is no such order, or it is done already.
        """
        return self._signed.delete("/v1/order", Sent, symbol=symbol, order_id=bodies.order_id(order_id))

    def cancel_by_client_order_id(self, *, symbol: str, client_order_id: str) -> Sent:
        """Cancel an order by the id you gave it; CANCEL_SENT.

        ``DELETE /v1/client/order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-order-by-client_order_id
        """
        return self._signed.delete(
            "/v1/client/order",
            Sent,
            client_order_id_asked=client_order_id,
            symbol=symbol,
            client_order_id=client_order_id,
        )

    def cancel_all(self, *, symbol: str | None = None) -> Sent:
        """Cancel all open ordinary orders, of one symbol or of all; CANCEL_ALL_SENT. Algo orders: ``cancel_all_algo``.

        ``DELETE /v1/orders``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-pending-orders
        """
        return self._signed.delete("/v1/orders", Sent, symbol=symbol)

    def cancel_all_after(self, *, trigger_after: int) -> CancelAllAfter:
        """Cancel all orders, algo ones too, unless this is called again in time.

        ``POST /v1/order/cancel_all_after``, signed, scope ``trading`` (assumed); 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/cancel-all-after

        Args:
            trigger_after: Milliseconds, 5000 to 900000; 0 switches it off.
        """
        return self._signed.post(
            "/v1/order/cancel_all_after", CancelAllAfter, trigger_after=bodies.trigger_after(trigger_after)
        )

    def create_batch(
        self, *, orders: Iterable[BatchOrder], recv_window: int | None = None
    ) -> Rows[CreatedOrder]:
        """Place 1 to 10 orders in one request.

        ``POST /v1/batch-order``, signed, scope ``trading``; 1 request a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/batch-create-order

        Args:
            orders: Each with the arguments of ``create``. ``reduce_only`` is refused: the venue would drop it unsaid.
            recv_window: Milliseconds after which the venue must not take them any more.

        Returns:
            A row an order, in order; ask each ``.error``, for a row may be refused by itself.

        Raises:
            OrderOutcomeUnknown: Some or all may have been placed; ``client_order_id`` lists their ids, comma separated.
                Ask for each; an id that was used before may name an older order, which its terms and time tell.
        """
        rows = bodies.batch(orders)
        return self._signed.post(
            "/v1/batch-order",
            Rows[CreatedOrder],
            headers=bodies.recv_window(recv_window),
            client_order_id_asked=",".join(str(row["client_order_id"]) for row in rows),
            weight=len(rows),
            orders=rows,
        )

    def cancel_batch(self, *, order_ids: Sequence[int | str]) -> Sent:
        """Cancel 1 to 10 orders; refused only if none of the ids is valid.

        ``DELETE /v1/batch-order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/batch-cancel-orders
        """
        return self._signed.delete("/v1/batch-order", Sent, order_ids=bodies.ids(order_ids, "order_ids"))

    def cancel_batch_by_client_order_id(self, *, client_order_ids: Sequence[str]) -> Sent:
        """Cancel 1 to 10 orders by the ids you gave them.

        ``DELETE /v1/client/batch-order``, signed, scope ``trading``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/batch-cancel-orders-by-client_order_id
        """
        return self._signed.delete(
            "/v1/client/batch-order", Sent, client_order_ids=bodies.ids(client_order_ids, "client_order_ids")
        )

    def get(self, order_id: int | str) -> Order:
        """One order of this account, open or done, by its id.

        ``GET /v1/order/{order_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-order-by-order_id

        Raises:
            NotFound: There is no such order.
        """
        return self._signed.get("/v1/order/{order_id}", Order, at={"order_id": bodies.order_id(order_id)})

    def get_by_client_order_id(self, client_order_id: str) -> Order:
        """One order by the id you gave it.

        ``GET /v1/client/order/{client_order_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-order-by-client_order_id
        """
        return self._signed.get(
            "/v1/client/order/{client_order_id}", Order, at={"client_order_id": client_order_id}
        )

    def list(
        self,
        *,
        symbol: str | None = None,
        side: Side | None = None,
        order_type: Listed | None = None,
        status: Status | None = None,
        order_tag: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
        sort_by: str | None = None,
    ) -> Page[Order]:
        """Orders, newest first.

        ``GET /v1/orders``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orders

        Args:
            symbol: Of this symbol only.
            side: BUY or SELL only.
            order_type: LIMIT or MARKET only.
            status: One status, or INCOMPLETE (NEW, PARTIAL_FILLED) or COMPLETED (CANCELLED, FILLED).
            order_tag: With this tag only.
            start: Created from then on.
            end: Created until then.
            page: From 1.
            size: Up to 500.
            sort_by: ``CREATED_TIME_DESC``, ``CREATED_TIME_ASC``, ``UPDATED_TIME_DESC`` or ``UPDATED_TIME_ASC``.
        """
        return self._signed.get(
            "/v1/orders",
            Page[Order],
            symbol=symbol,
            side=one_of(OrderSide, side, "side"),
            order_type=one_of(OrderType, order_type, "order_type", bodies.LISTED),
            status=one_of(OrderStatusFilter, status, "status"),
            order_tag=order_tag,
            **window(start, end),
            page=page,
            size=size,
            sort_by=sort_by,
        )

    def fills(
        self,
        *,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[Fill]:
        """Fills of the account, newest first; the venue keeps to the newest 500 of a window.

        ``GET /v1/trades``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-trades
        """
        return self._signed.get(
            "/v1/trades",
            Page[Fill],
            symbol=symbol,
            **window(start, end),
            page=page,
            size=size,
        )

    def fills_of(self, order_id: int | str) -> Rows[Fill]:
        """All fills of one order.

        ``GET /v1/order/{order_id}/trades``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-all-trades-of-specific-order
        """
        return self._signed.get(
            "/v1/order/{order_id}/trades", Rows[Fill], at={"order_id": bodies.order_id(order_id)}
        )

    def fill(self, trade_id: int | str) -> Fill:
        """One fill of this account, by its trade id.

        ``GET /v1/trade/{trade_id}``, signed, scope ``read``; 10 requests a second per key.
        https://orderly.network/docs/build-on-omnichain/restful-api/private/get-trade
        """
        return self._signed.get(
            "/v1/trade/{trade_id}", Fill, at={"trade_id": bodies.order_id(trade_id, "trade_id")}
        )
