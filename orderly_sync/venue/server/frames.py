"""Facts of the exchange as the data of private frames, spelt as on the wire."""

from __future__ import annotations

from typing import Any

from orderly_sync.venue.engine.facts import (
    AccountChanged,
    AlgoReported,
    BalanceChanged,
    OrderReported,
    PositionChanged,
)
from orderly_sync.venue.engine.orders import AlgoNode
from orderly_sync.venue.engine.records import AccountState, Fill
from orderly_sync.venue.server.encoding import ZERO, number
from orderly_sync.venue.server.rows import ratio

__all__ = ["of_account", "of_algo", "of_balance", "of_order", "of_position"]


def of_order(fact: OrderReported, seq: int) -> tuple[str, dict[str, object]]:
    """``executionreport``: symbol, and the order as it stood with the fill that brought it there."""
    order, fill = fact.order, fact.fill
    average = number(order.average_executed_price)
    visible = number(order.visible_quantity)
    return order.symbol, {
        "symbol": order.symbol,
        "clientOrderId": order.client_order_id or "",
        "orderId": order.order_id,
        "type": order.type.value,
        "side": order.side.value,
        "quantity": number(order.quantity),
        "price": number(order.price) or ZERO,
        **_fill(fill),
        "feeAsset": order.fee_asset,
        "totalExecutedQuantity": number(order.executed_quantity),
        "avgExecutedPrice": average,
        "averageExecutedPrice": average,
        "avgPrice": average,
        "status": fact.status,
        "reason": fact.reason or order.reason,
        "totalFee": number(order.total_fee),
        "visibleQuantity": visible,
        "visible": visible,
        "timestamp": fact.ts,
        "orderTag": order.order_tag or "default",
        "createdTime": order.created_time,
        "reduceOnly": order.reduce_only,
        "marginMode": order.margin_mode.value,
        "maker": fill is not None and fill.is_maker,
        "match_id": str(fill.match_id) if fill else None,
        "seq": seq,
    }


def _fill(fill: Fill | None) -> dict[str, object]:
    if fill is None:
        return {"tradeId": 0, "executedPrice": ZERO, "executedQuantity": ZERO, "fee": ZERO}
    return {
        "tradeId": fill.trade_id,
        "executedPrice": number(fill.price),
        "executedQuantity": number(fill.quantity),
        "fee": number(fill.fee),
    }


def _node(fact: AlgoReported, node: AlgoNode) -> dict[str, object]:
    """What both algo topics say of a node."""
    fill = fact.fill if fact.filled == node.algo_order_id else None
    data: dict[str, object] = {
        "algoOrderId": node.algo_order_id,
        "clientOrderId": node.client_order_id or "",
        "rootAlgoOrderId": node.root_algo_order_id,
        "parentAlgoOrderId": node.parent_algo_order_id,
        "symbol": node.symbol,
        "orderTag": node.order_tag or "default",
        "algoType": node.algo_type.value,
        "side": node.side.value,
        "quantity": number(node.quantity),
        "triggerPrice": number(node.trigger_price),
        "triggerStatus": node.trigger_status.value,
        "status": node.algo_status.value,
        "rootAlgoStatus": node.root_algo_status.value,
        "algoStatus": node.algo_status.value,
        "triggerPriceType": node.trigger_price_type,
        "price": number(node.price) or ZERO,
        "triggerTradePrice": number(node.trigger_trade_price),
        "triggerTime": node.trigger_time,
        "totalExecutedQuantity": number(node.executed_quantity),
        "visibleQuantity": number(node.visible_quantity),
        "averageExecutedPrice": number(node.average_executed_price),
        "totalFee": number(node.total_fee),
        "feeAsset": node.fee_asset,
        "reduceOnly": node.reduce_only,
        "createdTime": node.created_time,
        "timestamp": node.updated_time or fact.ts,
        "isActivated": node.is_activated,
        **_trail(node),
        **_fill(fill),
        "isMaker": fill is not None and fill.is_maker,
    }
    if node.type is not None:  # Containers have none, on the real wire too.
        data["type"] = node.type.value
    if node.reason:
        data["reason"] = node.reason
    return data


def _trail(node: AlgoNode) -> dict[str, object]:
    """What only a trailing stop has; null on all others."""
    return {
        "callbackRate": number(node.callback_rate),
        "callbackValue": number(node.callback_value),
        "extremePrice": number(node.extreme_price),
        "activatedPrice": number(node.activated_price),
    }


def of_algo(fact: AlgoReported) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Symbol, the flat list of ``algoexecutionreport`` (root first), the nested object of ``algoexecutionreportv2``."""
    flat: list[dict[str, Any]] = []
    nested: dict[int, dict[str, Any]] = {}
    for node in fact.nodes:
        common = _node(fact, node)
        flat.append(
            {
                **common,
                "triggered": node.is_triggered,
                "activated": node.is_activated,
                "maker": common["isMaker"],
                "marginMode": node.margin_mode.value,
            }
        )
        tree = {**common, "isTriggered": node.is_triggered}
        if node.is_root:  # Only the root says it on the real wire.
            tree["marginMode"] = node.margin_mode.value
        tree["childOrders"] = []
        nested[node.algo_order_id] = tree
        if not node.is_root:
            nested[node.parent_algo_order_id]["childOrders"].append(tree)
    root = flat[0]
    return root["symbol"], flat, nested[root["algoOrderId"]]


def of_position(fact: PositionChanged, seq: int) -> tuple[str, dict[str, object]]:
    """``position``: symbol, and the one position that changed."""
    position = fact.position
    row = {
        "symbol": position.symbol,
        "positionQty": number(position.position_qty),
        "costPosition": number(position.cost_position),
        "lastSumUnitaryFunding": number(position.last_sum_unitary_funding),
        "sumUnitaryFundingVersion": 0,
        "pendingLongQty": number(position.pending_long_qty),
        "pendingShortQty": number(position.pending_short_qty),
        "settlePrice": number(position.settle_price),
        "averageOpenPrice": number(position.average_open_price),
        "unsettledPnl": number(position.unsettled_pnl),
        "pnl24H": number(position.pnl_24h),
        "fee24H": number(position.fee_24h),
        "markPrice": number(position.mark_price),
        "estLiqPrice": ratio(position.est_liq_price),
        "version": position.version,
        "imrwithOrders": ratio(position.imr_with_orders),
        "mmrwithOrders": ratio(position.mmr_with_orders),
        "mmr": ratio(position.mmr),
        "imr": ratio(position.imr),
        "seq": seq,
        "timestamp": position.created_time,
        # The page has one name, the venue's own web client reads the other.
        "updated_time": position.updated_time,
        "updatedTime": position.updated_time,
        "accruedFundingFee": number(position.accrued_funding_fee),
        "leverage": position.leverage,
        "marginMode": position.margin_mode.value,
        "margin": number(position.margin),
        "marginToken": "USDC",
    }
    return position.symbol, {"positions": [row]}


def of_balance(fact: BalanceChanged) -> dict[str, object]:
    """``balance``: the token that changed."""
    holding = fact.holding
    short = holding.pending_short
    row = {
        "holding": number(holding.holding),
        "frozen": number(holding.frozen),
        "interest": ZERO,
        "pendingShortQty": number(short),
        "pendingExposure": number(short),
        "pendingLongQty": ZERO,
        "pendingLongExposure": ZERO,
        "isolatedMargin": number(holding.isolated_margin),
        "isolatedOrderFrozen": number(holding.isolated_order_frozen),
        "version": holding.version,
        "staked": ZERO,
        "unbonding": ZERO,
        "vault": ZERO,
        "averageOpenPrice": ZERO,
        "pnl24H": ZERO,
        "fee24H": ZERO,
        "markPrice": number(holding.mark_price),
    }
    return {"balances": {holding.token: row}}


def of_account(
    fact: AccountChanged, state: AccountState, *, maintenance_cancel: bool = False
) -> dict[str, object]:
    """``account``: settings and totals; fee rates in basis points."""
    taker, maker = number(state.taker_fee_rate), number(state.maker_fee_rate)
    detail: dict[str, object] = {
        "marginMode": "SPOT_FUTURES",
        "futuresLeverage": state.max_leverage,
        "takerFeeRate": taker,
        "makerFeeRate": maker,
        "futuresTakerFeeRate": taker,
        "futuresMakerFeeRate": maker,
        "rwaFuturesTakerFeeRate": taker,
        "rwaFuturesMakerFeeRate": maker,
        "maintenanceCancelFlag": maintenance_cancel,
        "totalCollateralValue": ratio(state.total_collateral),
        "freeCollateral": ratio(state.free_collateral),
        "accountValue": ratio(state.total_account_value),
    }
    if fact.leverage is not None:
        detail["symbolLeverage"] = {
            "leverage": fact.leverage,
            "symbol": fact.symbol,
            "marginMode": fact.margin_mode or "CROSS",
        }
    return {"accountDetail": detail}
