"""What strategy vaults trade: positions, orders and fills of the provider's account, shown to everyone."""

from __future__ import annotations

from typing import Any

import attrs

from orderly_sync.venue.engine.ledger import Position
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.server.call import Call, paged, rows
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.rows import fill_row, ratio
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_EXCHANGE = "orderly"
_SORTS = ("CREATED_TIME_DESC", "CREATED_TIME_ASC", "UPDATED_TIME_DESC", "UPDATED_TIME_ASC")


def _provider(call: Call) -> str:
    """The account behind the vault asked for; of a vault that is not live, one without trades."""
    call.programs.vaults.get(call.query.required_text("vault_id"))
    return call.vaults.up_to_date().provider.account_id


def _positions(call: Call) -> Any:
    def row(position: Position) -> dict[str, Any]:
        return {
            "exchange": _EXCHANGE,
            "symbol": position.symbol,
            "position_qty": number(position.position_qty),
            "average_open_price": number(position.average_open_price),
            "mark_price": number(position.mark_price),
            "est_liq_price": ratio(position.est_liq_price),
        }

    found = call.exchange.positions(_provider(call))
    return rows([each for each in found if each.position_qty], row)


def _order_row(order: Order) -> dict[str, Any]:
    executed = number(order.executed_quantity)
    return {
        "order_id": order.order_id,
        "created_time": order.created_time,
        "updated_time": order.updated_time,
        "type": order.type.value,
        "symbol": order.symbol,
        "side": order.side.value,
        "quantity": number(order.quantity),
        "price": number(order.price),
        "amount": number(order.amount),
        "executed_quantity": executed,
        "total_executed_quantity": executed,
        "average_executed_price": number(order.average_executed_price),
        "status": order.status.value,
        "child_orders": [],
    }


def _orders(call: Call, *, done: bool) -> list[Order]:
    symbol, sort_by = call.symbol(), call.query.text("sort_by") or _SORTS[0]
    if sort_by.upper() not in _SORTS:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_SORTS)}")
    found = [
        order
        for order in call.exchange.orders(_provider(call))
        if order.is_done is done and symbol in {None, order.symbol}
    ]
    name = "updated_time" if sort_by.upper().startswith("UPDATED") else "created_time"
    return sorted(
        found,
        key=lambda order: (getattr(order, name), order.order_id),
        reverse=sort_by.upper().endswith("DESC"),
    )


def _open(call: Call) -> Any:
    """The flag is a text here and a boolean in the history, as the real host has it."""
    return paged(
        call,
        _orders(call, done=False),
        lambda order: {"exchange": _EXCHANGE, **_order_row(order), "is_triggered": "false"},
    )


def _history(call: Call) -> Any:
    return paged(call, _orders(call, done=True), lambda order: {**_order_row(order), "is_triggered": False})


_FILL = (
    "id",
    "symbol",
    "fee",
    "fee_asset",
    "side",
    "order_id",
    "executed_price",
    "executed_quantity",
    "executed_timestamp",
    "is_maker",
    "realized_pnl",
    "match_id",
)


def _fills(call: Call) -> Any:
    symbol, sort_by = call.symbol(), (call.query.text("sort_by") or _SORTS[0]).upper()
    if sort_by not in _SORTS[:2]:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_SORTS[:2])}")

    def row(fill: Fill) -> dict[str, Any]:
        whole = fill_row(fill)
        return {"exchange": _EXCHANGE, **{name: whole[name] for name in _FILL}}

    found = [each for each in call.exchange.fills(_provider(call)) if symbol in {None, each.symbol}]
    return paged(call, found if sort_by == _SORTS[0] else found[::-1], row)


_TAKEN = (
    "abs_liquidator_fee",
    "cost_position_transfer",
    "liquidator_fee",
    "position_qty",
    "symbol",
    "transfer_price",
)


def _liquidations(call: Call) -> Any:
    """What the provider's account took over."""
    provider = call.accounts.get(_provider(call))
    own = {name: value for name, value in call.query.all().items() if name != "vault_id"}
    page: Any = call.operations["GET", "/v1/client/liquidator_liquidations"](
        attrs.evolve(call, account=provider, query=Fields(own))
    )
    shown = [
        {
            "liquidation_id": row["liquidation_id"],
            "timestamp": row["timestamp"],
            "type": row["type"],
            "assigned": 0,
            "positions_by_perp": [
                {name: each.get(name) for name in _TAKEN} for each in row["positions_by_perp"]
            ],
        }
        for row in page["rows"]
    ]
    return {**page, "rows": shown}


_PAGE = ("vault_id", "symbol", "page", "size")
_HOST = "/v1/public/strategy_vault/vault"
ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", f"{_HOST}/positions"): public(known(_positions, "vault_id")),
    ("GET", f"{_HOST}/open_orders"): public(known(_open, *_PAGE, "sort_by")),
    ("GET", f"{_HOST}/order_history"): public(known(_history, *_PAGE, "sort_by")),
    ("GET", f"{_HOST}/trade_history"): public(known(_fills, *_PAGE, "sort_by")),
    ("GET", f"{_HOST}/liquidator_history"): public(known(_liquidations, *_PAGE)),
}
