"""Order management: ordinary orders and their trades."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orderly_sync.models.enums import OrderSide, OrderStatus
from orderly_sync.venue.engine.commands import CancelAfter, CancelOrder, CancelOrders, Command
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import values
from orderly_sync.venue.server.fields import Fields, digits, missing
from orderly_sync.venue.server.forms import order_edit, place_order
from orderly_sync.venue.server.routes.route import HttpRoute, read, trading
from orderly_sync.venue.server.rows import fill_row, order_row
from orderly_sync.venue.server.time_windows import in_window
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND, RPC_NOT_CONNECT

__all__ = ["ROUTES", "status_filter"]

_MOST_IN_BATCH = 10
_NEWEST_TRADES = 500
_OPEN = frozenset({OrderStatus.NEW, OrderStatus.PARTIAL_FILLED})
_CLOSED = frozenset({OrderStatus.CANCELLED, OrderStatus.FILLED})


def refuse_in_maintenance(call: Call) -> None:
    """Trading rests while the venue is under maintenance."""
    if call.notices.maintenance["status"]:
        raise Refused(RPC_NOT_CONNECT, "the system is under maintenance")


def _create(call: Call) -> Any:
    refuse_in_maintenance(call)
    return values(call.trading.submit(call.account_id, place_order(call.body)))


def _edit(call: Call) -> Any:
    refuse_in_maintenance(call)
    return values(call.trading.submit(call.account_id, order_edit(call.body)))


def _batch_create(call: Call) -> Any:
    refuse_in_maintenance(call)
    orders = call.body.objects("orders")
    if not 1 <= len(orders) <= _MOST_IN_BATCH:
        raise Refused(INVALID_PARAM, f"a batch holds 1 to {_MOST_IN_BATCH} orders")
    return {"rows": [_batch_row(call, order) for order in orders]}


def _batch_row(call: Call, order: Fields) -> dict[str, Any]:
    """Each order of a batch stands for itself: one refused does not stop the next."""
    try:
        row: dict[str, Any] = values(call.trading.submit(call.account_id, place_order(order, in_batch=True)))
    except Refused as exc:
        return {
            "order_id": None,
            "client_order_id": order.raw("client_order_id"),
            "order_type": order.raw("order_type"),
            "order_price": order.raw("order_price"),
            "order_quantity": order.raw("order_quantity"),
            "error_message": exc.message,
        }
    return row


def _cancel(call: Call) -> Any:
    order_id = call.query.required_whole("order_id")
    return values(call.trading.submit(call.account_id, CancelOrder(symbol=call.symbol(), order_id=order_id)))


def _cancel_by_client_id(call: Call) -> Any:
    client_order_id = call.query.required_text("client_order_id")
    command = CancelOrder(symbol=call.symbol(), client_order_id=client_order_id)
    return values(call.trading.submit(call.account_id, command))


def _cancel_all(call: Call) -> Any:
    return values(call.trading.submit(call.account_id, CancelOrders(symbol=call.symbol())))


def _ids(call: Call, name: str) -> list[str]:
    text = call.query.text(name)
    if text is None:
        raise missing(name)
    ids = [part.strip() for part in text.split(",") if part.strip()]
    if not 1 <= len(ids) <= _MOST_IN_BATCH:
        raise Refused(INVALID_PARAM, f"{name} holds 1 to {_MOST_IN_BATCH} ids")
    return ids


def _cancel_each(call: Call, commands: list[Command]) -> Any:
    """It counts as done if any of the ids was valid."""
    refusals = [refused for command in commands if (refused := _refused(call, command)) is not None]
    if len(refusals) == len(commands):
        raise refusals[0]
    return {"status": "CANCEL_ALL_SENT"}


def _refused(call: Call, command: Command) -> Refused | None:
    try:
        call.trading.submit(call.account_id, command)
    except Refused as exc:
        return exc
    return None


def _batch_cancel(call: Call) -> Any:
    ids = [digits(each) for each in _ids(call, "order_ids")]
    if None in ids:
        raise Refused(INVALID_PARAM, "order_ids are whole numbers, separated by commas")
    return _cancel_each(call, [CancelOrder(order_id=each) for each in ids])


def _batch_cancel_by_client_id(call: Call) -> Any:
    return _cancel_each(call, [CancelOrder(client_order_id=each) for each in _ids(call, "client_order_ids")])


def _cancel_all_after(call: Call) -> Any:
    answer = call.trading.submit(
        call.account_id, CancelAfter(after_ms=call.body.required_whole("trigger_after"))
    )
    # The API page shows this time as a text.
    return {"expected_trigger_time": str(answer["expected_trigger_time"])}


def _user_id(call: Call) -> int:
    assert call.account is not None
    return call.account.user_id


def _found(call: Call, order: Order | None) -> Any:
    if order is None or call.too_young(order.created_time):
        raise Refused(RESOURCE_NOT_FOUND, "the order does not exist")
    return order_row(order, _user_id(call))


def _one(call: Call) -> Any:
    return _found(call, call.exchange.order(call.account_id, call.slot_id("order_id")))


def _one_by_client_id(call: Call) -> Any:
    return _found(call, call.exchange.order_by_client_id(call.account_id, call.slots["client_order_id"]))


def status_filter(call: Call) -> Callable[[OrderStatus], bool]:
    """The test that ``status`` asks for: a status, INCOMPLETE or COMPLETED."""
    text = call.query.text("status")
    if text is None:
        return lambda _: True
    if text in {"INCOMPLETE", "COMPLETED"}:
        wanted = _OPEN if text == "INCOMPLETE" else _CLOSED
        return lambda status: status in wanted
    one = call.query.required_choice("status", OrderStatus)
    return lambda status: status is one


def _order_types(call: Call) -> frozenset[str] | None:
    """The filter knows LIMIT and MARKET only; LIMIT takes in all that have a price."""
    text = call.query.text("order_type")
    if text is None:
        return None
    if text == "LIMIT":
        return frozenset({"LIMIT", "IOC", "FOK", "POST_ONLY", "ASK", "BID"})
    return frozenset({text})


def _list(call: Call) -> Any:
    query = call.query
    symbol, side, tag = call.symbol(), query.choice("side", OrderSide), query.text("order_tag")
    kinds, status, window = _order_types(call), status_filter(call), in_window(call)
    found = [
        order
        for order in call.exchange.orders(call.account_id)
        if (symbol is None or order.symbol == symbol)
        and (side is None or order.side is side)
        and (tag is None or order.order_tag == tag)
        and (kinds is None or order.type.value in kinds)
        and status(order.status)
        and window(order.created_time)
        and not call.too_young(order.updated_time)
    ]
    sort_by = (query.text("sort_by") or "CREATED_TIME_DESC").upper()
    if sort_by.startswith("UPDATED_TIME"):
        found.sort(key=lambda order: (order.updated_time, order.order_id), reverse=True)
    if sort_by.endswith("_ASC"):
        found.reverse()
    return paged(call, found, lambda order: order_row(order, _user_id(call)))


def _trades(call: Call) -> Any:
    """The newest 500 of the window, and no more than that, however many there are."""
    symbol, window = call.symbol(), in_window(call)
    found = [
        fill
        for fill in call.exchange.fills(call.account_id)
        if (symbol is None or fill.symbol == symbol) and window(fill.ts) and not call.too_young(fill.ts)
    ]
    return paged(call, found[:_NEWEST_TRADES], fill_row)


def _fills_of(call: Call, order_id: int) -> list[Fill]:
    if call.exchange.order(call.account_id, order_id) is None:
        raise Refused(RESOURCE_NOT_FOUND, "the order does not exist")
    fills = call.exchange.fills(call.account_id)
    return [fill for fill in fills if fill.order_id == order_id and not call.too_young(fill.ts)]


def _order_trades(call: Call) -> Any:
    return rows(_fills_of(call, call.slot_id("order_id")), fill_row)


def _trade(call: Call) -> Any:
    trade_id = call.slot_id("trade_id")
    for fill in call.exchange.fills(call.account_id):
        if fill.trade_id == trade_id:
            return fill_row(fill)
    raise Refused(RESOURCE_NOT_FOUND, "the trade does not exist")


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/order"): trading(_create),
    ("PUT", "/v1/order"): trading(_edit),
    ("DELETE", "/v1/order"): trading(_cancel),
    ("GET", "/v1/order/{order_id}"): read(_one),
    ("GET", "/v1/trades"): read(_trades),
    ("GET", "/v1/orders"): read(_list),
    ("DELETE", "/v1/orders"): trading(_cancel_all),
    ("POST", "/v1/order/cancel_all_after"): trading(_cancel_all_after),
    ("POST", "/v1/batch-order"): trading(_batch_create),
    ("DELETE", "/v1/batch-order"): trading(_batch_cancel),
    ("DELETE", "/v1/client/order"): trading(_cancel_by_client_id),
    ("DELETE", "/v1/client/batch-order"): trading(_batch_cancel_by_client_id),
    ("GET", "/v1/client/order/{client_order_id}"): read(_one_by_client_id),
    ("GET", "/v1/order/{order_id}/trades"): read(_order_trades),
    ("GET", "/v1/trade/{trade_id}"): read(_trade),
}
