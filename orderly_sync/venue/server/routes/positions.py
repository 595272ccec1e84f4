"""Positions."""

from __future__ import annotations

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.routes.route import HttpRoute, read
from orderly_sync.venue.server.rows import margin_ratios, number, position_row, ratio

__all__ = ["ROUTES"]

_LITE = frozenset({"seq", "accrued_funding_fee"})


def _all(call: Call) -> object:
    state = call.exchange.account(call.account_id)
    positions = call.exchange.positions(call.account_id)
    return {
        **margin_ratios(state),
        "total_pnl_24_h": number(state.total_pnl_24h),
        "account_value": ratio(state.total_account_value),
        "rows": [position_row(position, call.reports.next_seq(), call.now) for position in positions],
    }


def _lite(call: Call) -> object:
    full = (position_row(position, 0, call.now) for position in call.exchange.positions(call.account_id))
    return {"rows": [{name: value for name, value in row.items() if name not in _LITE} for row in full]}


def _one(call: Call) -> object:
    symbol = call.markets.symbol(call.slots["symbol"])
    mode = call.query.choice("margin_mode", MarginMode) or MarginMode.CROSS
    position = call.exchange.position(call.account_id, symbol, mode.value)
    return position_row(position, call.reports.next_seq(), call.now)


def _history(call: Call) -> object:
    symbol = call.symbol()
    limit = call.query.required_whole("limit")
    found = [
        row for row in call.reports.closed.of(call.account_id) if symbol is None or row["symbol"] == symbol
    ]
    return rows(found[: max(limit, 0)], dict)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/positions"): read(_all),
    ("GET", "/v1/positions_lite"): read(_lite),
    ("GET", "/v1/position/{symbol}"): read(_one),
    ("GET", "/v1/position_history"): read(_history),
}
