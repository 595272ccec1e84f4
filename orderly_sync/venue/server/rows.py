"""Snapshots of the exchange as rows of REST answers, spelt as on the wire."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import AccountState, Fill
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.server.encoding import ZERO, number

__all__ = [
    "algo_row",
    "algo_trade_row",
    "algo_tree_row",
    "fill_row",
    "holding_row",
    "margin_ratios",
    "market_names",
    "number",
    "order_row",
    "position_row",
    "ratio",
]

_RATIO_DIGITS = 8


def ratio(value: Decimal) -> object:
    """A computed number, to eight decimals."""
    return number(round(value, _RATIO_DIGITS))


def margin_ratios(state: AccountState) -> dict[str, object]:
    """The ratios and totals that positions and account info share."""
    return {
        "current_margin_ratio_with_orders": ratio(state.margin_ratio_with_orders),
        "free_collateral": ratio(state.free_collateral),
        "initial_margin_ratio": ratio(state.initial_margin_ratio),
        "initial_margin_ratio_with_orders": ratio(state.initial_margin_ratio_with_orders),
        "maintenance_margin_ratio": ratio(state.maintenance_margin_ratio),
        "maintenance_margin_ratio_with_orders": ratio(state.maintenance_margin_ratio_with_orders),
        "margin_ratio": ratio(state.margin_ratio),
        "open_margin_ratio": ratio(state.margin_ratio_with_orders),
        "total_collateral_value": ratio(state.total_collateral),
    }


def order_row(order: Order, user_id: int) -> dict[str, object]:
    """A row of ``GET /v1/orders``."""
    executed = number(order.executed_quantity)
    return {
        "order_id": order.order_id,
        "user_id": user_id,
        "price": number(order.price),
        "type": order.type.value,
        "quantity": number(order.quantity),
        "amount": number(order.amount),
        "executed_quantity": executed,
        "total_executed_quantity": executed,
        "visible_quantity": number(order.visible_quantity),
        "visible": number(order.visible),
        "symbol": order.symbol,
        "side": order.side.value,
        "status": order.status.value,
        "total_fee": number(order.total_fee),
        "fee_asset": order.fee_asset,
        "client_order_id": order.client_order_id,
        "average_executed_price": number(order.average_executed_price),
        "created_time": order.created_time,
        "updated_time": order.updated_time,
        "realized_pnl": number(order.realized_pnl),
        "executed": executed,
        "reduce_only": order.reduce_only,
        "order_tag": order.order_tag,
        "margin_mode": order.margin_mode.value,
    }


def fill_row(fill: Fill) -> dict[str, object]:
    """A row of ``GET /v1/trades``."""
    return {
        "id": fill.trade_id,
        "symbol": fill.symbol,
        "fee": number(fill.fee),
        "fee_asset": fill.fee_asset,
        "side": fill.side.value,
        "order_id": fill.order_id,
        "executed_price": number(fill.price),
        "executed_quantity": number(fill.quantity),
        "executed_timestamp": fill.ts,
        "is_maker": int(fill.is_maker),
        "realized_pnl": number(fill.realized_pnl),
        "match_id": fill.match_id,
        "margin_token": fill.fee_asset,
        "margin_change_qty": ZERO,
        "margin_mode": str(fill.margin_mode),
        "order_enum_fee": number(fill.tag_fee),
        "order_enum_fee_rate": number(fill.tag_fee_rate),
    }


def algo_trade_row(fill: Fill) -> dict[str, object]:
    """A row of ``GET /v1/algo/order/{order_id}/trades``; its match_id is a text."""
    row = fill_row(fill)
    for name in ("realized_pnl", "margin_token", "margin_change_qty", "margin_mode"):
        del row[name]
    row["match_id"] = str(fill.match_id)
    return row


def algo_row(
    node: AlgoNode, children: dict[int, list[AlgoNode]], parent: AlgoNode | None = None
) -> dict[str, object]:
    """A row of ``GET /v1/algo/orders`` with its children nested; ``children`` by the parent's id."""
    executed = number(node.executed_quantity)
    return {
        "algo_order_id": node.algo_order_id,
        "algo_status": node.algo_status.value,
        "algo_type": node.algo_type.value,
        "fee_asset": node.fee_asset,
        "is_triggered": node.is_triggered,
        "order_tag": node.order_tag,
        "parent_algo_order_id": node.parent_algo_order_id,
        "parent_algo_type": None if parent is None else parent.algo_type.value,
        "quantity": number(node.quantity),
        "root_algo_order_id": node.root_algo_order_id,
        "root_algo_order_status": node.root_algo_status.value,
        "side": node.side.value,
        "symbol": node.symbol,
        "margin_mode": node.margin_mode.value,
        "executed_quantity": executed,
        "total_executed_quantity": executed,
        "average_executed_price": number(node.average_executed_price),
        "total_fee": number(node.total_fee),
        "trigger_price": number(node.trigger_price),
        "trigger_price_type": node.trigger_price_type,
        "trigger_status": node.trigger_status.value,
        "trigger_time": node.trigger_time,
        "trigger_trade_price": number(node.trigger_trade_price),
        "type": node.type.value if node.type is not None else None,
        "price": number(node.price),
        "reduce_only": node.reduce_only,
        "client_order_id": node.client_order_id,
        "is_activated": node.is_activated,
        **_trail(node),
        "created_time": node.created_time,
        "updated_time": node.updated_time,
        "visible_quantity": number(node.visible_quantity),
        "realized_pnl": number(node.realized_pnl),
        "child_orders": [algo_row(child, children, node) for child in children.get(node.algo_order_id, ())],
    }


def _trail(node: AlgoNode) -> dict[str, object]:
    """What only a trailing stop has."""
    return {
        "activated_price": number(node.activated_price),
        "callback_rate": number(node.callback_rate),
        "callback_value": number(node.callback_value),
        "extreme_price": number(node.extreme_price),
    }


def algo_tree_row(nodes: tuple[AlgoNode, ...], of: int | None = None) -> dict[str, object]:
    """The row of a whole tree, or of one of its nodes."""
    children: dict[int, list[AlgoNode]] = {}
    for node in nodes:
        children.setdefault(node.parent_algo_order_id, []).append(node)
    top = next((node for node in nodes if node.algo_order_id == of), nodes[0])
    parent = next((node for node in nodes if node.algo_order_id == top.parent_algo_order_id), None)
    return algo_row(top, children, parent)


def position_row(position: Position, seq: int, now: int) -> dict[str, object]:
    """A row of ``GET /v1/positions``; the two odd names are the wire's."""
    return {
        "IMR_withdraw_orders": ratio(position.imr_with_orders),
        "MMR_with_orders": ratio(position.mmr_with_orders),
        "average_open_price": number(position.average_open_price),
        "cost_position": number(position.cost_position),
        "est_liq_price": ratio(position.est_liq_price),
        "fee_24_h": number(position.fee_24h),
        "imr": ratio(position.imr),
        "last_sum_unitary_funding": number(position.last_sum_unitary_funding),
        "mark_price": number(position.mark_price),
        "mmr": ratio(position.mmr),
        "pending_long_qty": number(position.pending_long_qty),
        "pending_short_qty": number(position.pending_short_qty),
        "pnl_24_h": number(position.pnl_24h),
        "position_qty": number(position.position_qty),
        "settle_price": number(position.settle_price),
        "symbol": position.symbol,
        "seq": seq,
        "timestamp": now,
        "updated_time": position.updated_time,
        "unsettled_pnl": number(position.unsettled_pnl),
        "leverage": position.leverage,
        "margin_mode": position.margin_mode.value,
        "margin": number(position.margin),
        "margin_token": "USDC",
        "accrued_funding_fee": number(position.accrued_funding_fee),
    }


def market_names(rules: SymbolRules) -> dict[str, object]:
    """What rows of ``/v1/public/info`` and ``/v1/public/futures`` share; all markets here are the venue's own."""
    return {
        "display_symbol_name": rules.base,
        "broker_id": None,
        "is_pretge": False,
        "status": rules.status.value,
    }


def holding_row(holding: Holding) -> dict[str, object]:
    """A row of ``GET /v1/client/holding``."""
    return {
        "updated_time": holding.updated_time,
        "token": holding.token,
        "holding": number(holding.holding),
        "frozen": number(holding.frozen),
        "pending_short": number(holding.pending_short),
        "isolated_margin": number(holding.isolated_margin),
        "isolated_order_frozen": number(holding.isolated_order_frozen),
    }
