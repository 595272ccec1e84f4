"""Bodies of requests as commands. Only their form is judged here; what the market allows the exchange decides."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import (
    AlgoType,
    MarginMode,
    OrderSide,
    OrderType,
)
from orderly_sync.venue.engine.commands import (
    AlgoEdit,
    AlgoNodeSpec,
    EditAlgo,
    EditOrder,
    PlaceAlgo,
    PlaceOrder,
)
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["algo_edit", "order_edit", "place_algo", "place_order"]

_DEEPEST = 3
_MOST_CHILDREN = 8
_TAG_LENGTH = 128


def _tag(fields: Fields) -> str | None:
    tag = fields.text("order_tag")
    if tag is not None and len(tag) > _TAG_LENGTH:
        raise Refused(INVALID_PARAM, "order_tag must have at most 128 characters")
    return tag


def place_order(fields: Fields, *, in_batch: bool = False) -> PlaceOrder:
    """POST /v1/order; a row of a batch has fewer fields, and its ``reduce_only`` is not honoured, as documented."""
    slippage = level = None
    adjust = reduce_only = False
    if not in_batch:
        slippage, level = fields.number("slippage"), fields.whole("level")
        adjust = bool(fields.flag("post_only_adjust"))
        reduce_only = bool(fields.flag("reduce_only"))
    kind = fields.required_choice("order_type", OrderType)
    return PlaceOrder(
        symbol=fields.required_text("symbol"),
        side=fields.required_choice("side", OrderSide),
        order_type=kind,
        price=_price(fields, kind),
        quantity=fields.number("order_quantity"),
        amount=fields.number("order_amount"),
        visible_quantity=fields.number("visible_quantity"),
        reduce_only=reduce_only,
        slippage=slippage,
        client_order_id=fields.text("client_order_id"),
        order_tag=_tag(fields),
        level=level,
        post_only_adjust=adjust,
        margin_mode=fields.choice("margin_mode", MarginMode),
    )


def _price(fields: Fields, kind: OrderType) -> Decimal | None:
    """The order's price; several clients send 0 or null with a market order."""
    price = fields.number("order_price")
    return None if kind in {OrderType.MARKET, OrderType.ASK, OrderType.BID} else price


def order_edit(fields: Fields) -> EditOrder:
    """PUT /v1/order."""
    return EditOrder(
        order_id=fields.required_whole("order_id"),
        price=fields.number("order_price"),
        quantity=fields.number("order_quantity"),
    )


def place_algo(fields: Fields) -> PlaceAlgo:
    """POST /v1/algo/order."""
    symbol = fields.required_text("symbol")
    fields.required_choice("algo_type", AlgoType)
    return PlaceAlgo(
        root=_node(fields, symbol, _DEEPEST),
        client_order_id=fields.text("client_order_id"),
        order_tag=_tag(fields),
        margin_mode=fields.choice("margin_mode", MarginMode),
    )


def _either(fields: Fields, snake: str, camel: str) -> Decimal | None:
    """The API page writes these three in camelCase, the venue's own web client in snake_case."""
    return fields.number(snake if snake in fields else camel)


def _node(fields: Fields, symbol: str, depth: int) -> AlgoNodeSpec:
    children = fields.objects("child_orders")
    if children and depth <= 1:
        raise Refused(INVALID_PARAM, "child_orders nest two levels deep at most")
    if len(children) > _MOST_CHILDREN:
        raise Refused(
            INVALID_PARAM, f"child_orders holds {len(children)} orders; two are the most that make sense"
        )
    visible = fields.raw("visible_quantity")
    return AlgoNodeSpec(
        algo_type=fields.required_choice("algo_type", AlgoType),
        symbol=fields.text("symbol") or symbol,
        side=fields.choice("side", OrderSide),
        type=fields.choice("type", OrderType),
        quantity=fields.number("quantity"),
        price=fields.number("price"),
        trigger_price=fields.number("trigger_price"),
        trigger_price_type=fields.text("trigger_price_type"),
        reduce_only=fields.flag("reduce_only"),
        # The API page types it boolean, clients send a number.
        visible_quantity=None if isinstance(visible, bool) else fields.number("visible_quantity"),
        activated_price=_either(fields, "activated_price", "activatedPrice"),
        callback_rate=_either(fields, "callback_rate", "callbackRate"),
        callback_value=_either(fields, "callback_value", "callbackValue"),
        client_order_id=fields.text("client_order_id"),
        children=tuple(_node(child, symbol, depth - 1) for child in children),
    )


def algo_edit(fields: Fields) -> EditAlgo:
    """PUT /v1/algo/order."""
    return EditAlgo(root=_edit(fields, _DEEPEST))


def _edit(fields: Fields, depth: int) -> AlgoEdit:
    children = fields.objects("child_orders")
    if children and depth <= 1:
        raise Refused(INVALID_PARAM, "child_orders nest two levels deep at most")
    order_id = fields.whole("order_id")
    if order_id is None:
        raise missing("order_id")
    return AlgoEdit(
        order_id=order_id,
        price=fields.number("price"),
        quantity=fields.number("quantity"),
        trigger_price=fields.number("trigger_price"),
        activated_price=_either(fields, "activated_price", "activatedPrice"),
        callback_rate=_either(fields, "callback_rate", "callbackRate"),
        callback_value=_either(fields, "callback_value", "callbackValue"),
        order_type=fields.choice("order_type", OrderType),
        is_activated=fields.flag("is_activated"),
        children=tuple(_edit(child, depth - 1) for child in children),
    )
