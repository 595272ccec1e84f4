"""Order management: algo orders."""

from __future__ import annotations

from typing import Any

from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.venue.engine.commands import CancelAlgo, CancelAlgos
from orderly_sync.venue.engine.orders import AlgoNode
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import values
from orderly_sync.venue.server.forms import algo_edit, place_algo
from orderly_sync.venue.server.routes.orders import refuse_in_maintenance, status_filter
from orderly_sync.venue.server.routes.route import HttpRoute, read, trading
from orderly_sync.venue.server.rows import algo_trade_row, algo_tree_row
from orderly_sync.venue.server.time_windows import in_window
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND

__all__ = ["ROUTES"]

_TYPE_SPELLINGS = {"TPSL": "TP_SL", "POSITIONAL_TPSL": "POSITIONAL_TP_SL"}


def _create(call: Call) -> Any:
    refuse_in_maintenance(call)
    return values(call.trading.submit(call.account_id, place_algo(call.body)))


def _edit(call: Call) -> Any:
    refuse_in_maintenance(call)
    return values(call.trading.submit(call.account_id, algo_edit(call.body)))


def _cancel(call: Call) -> Any:
    order_id = call.query.required_whole("order_id")
    return values(call.trading.submit(call.account_id, CancelAlgo(symbol=call.symbol(), order_id=order_id)))


def _cancel_by_client_id(call: Call) -> Any:
    client_order_id = call.query.required_text("client_order_id")
    command = CancelAlgo(symbol=call.symbol(), client_order_id=client_order_id)
    return values(call.trading.submit(call.account_id, command))


def _algo_type(call: Call) -> AlgoType | None:
    """The filter, in the API page's spelling or in the wire's own."""
    text = call.query.text("algo_type")
    if text is None:
        return None
    kind = AlgoType(_TYPE_SPELLINGS.get(text.upper(), text.upper()))
    if not kind.known:
        raise Refused(
            INVALID_PARAM, f"algo_type {text!r} is none of {', '.join(each.value for each in AlgoType)}"
        )
    return kind


def _cancel_all(call: Call) -> Any:
    command = CancelAlgos(symbol=call.symbol(), algo_type=_algo_type(call))
    return values(call.trading.submit(call.account_id, command))


def _list(call: Call) -> Any:
    query = call.query
    symbol, side, tag = call.symbol(), query.choice("side", OrderSide), query.text("order_tag")
    kind, order_type, fired = _algo_type(call), query.text("order_type"), query.flag("is_triggered")
    status, window = status_filter(call), in_window(call)

    def wanted(nodes: tuple[AlgoNode, ...]) -> bool:
        root = nodes[0]
        return (
            (symbol is None or root.symbol == symbol)
            and (side is None or any(node.side is side for node in nodes))
            and (tag is None or root.order_tag == tag)
            and (kind is None or any(node.algo_type is kind for node in nodes))
            and (order_type is None or any(str(node.type) == order_type for node in nodes))
            and (fired is None or any(node.is_triggered for node in nodes) is fired)
            and status(root.root_algo_status)
            and window(root.created_time)
            and not call.too_young(max(node.updated_time for node in nodes))
        )

    trees = [nodes for nodes in call.exchange.algos(call.account_id) if wanted(nodes)]
    return paged(call, trees, algo_tree_row)


def _found(nodes: tuple[AlgoNode, ...], order_id: int | None = None) -> Any:
    if not nodes:
        raise Refused(RESOURCE_NOT_FOUND, "the algo order does not exist")
    return algo_tree_row(nodes, order_id)


def _one(call: Call) -> Any:
    order_id = call.slot_id("order_id")
    return _found(call.exchange.algo(call.account_id, order_id), order_id)


def _one_by_client_id(call: Call) -> Any:
    return _found(call.exchange.algo_by_client_id(call.account_id, call.slots["client_order_id"]))


def _trades(call: Call) -> Any:
    """The trades of all orders that a tree, or a node of it, sent."""
    order_id = call.slot_id("order_id")
    nodes = call.exchange.algo(call.account_id, order_id)
    if not nodes:
        raise Refused(RESOURCE_NOT_FOUND, "the algo order does not exist")
    whole = order_id == nodes[0].algo_order_id
    wanted = {node.algo_order_id for node in nodes if whole or node.algo_order_id == order_id}
    fills = call.exchange.fills(call.account_id)
    return rows(
        [fill for fill in fills if fill.algo_order_id in wanted and not call.too_young(fill.ts)],
        algo_trade_row,
    )


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/algo/order"): trading(_create),
    ("PUT", "/v1/algo/order"): trading(_edit),
    ("DELETE", "/v1/algo/order"): trading(_cancel),
    ("DELETE", "/v1/algo/client/order"): trading(_cancel_by_client_id),
    ("GET", "/v1/algo/orders"): read(_list),
    ("DELETE", "/v1/algo/orders"): trading(_cancel_all),
    ("GET", "/v1/algo/order/{order_id}"): read(_one),
    ("GET", "/v1/algo/client/order/{client_order_id}"): read(_one_by_client_id),
    ("GET", "/v1/algo/order/{order_id}/trades"): read(_trades),
}
