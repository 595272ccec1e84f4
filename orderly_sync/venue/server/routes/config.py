"""Account configuration."""

from __future__ import annotations

from typing import Any

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import AddMargin, ReduceMargin, SetLeverage, SetMarginMode
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.encoding import values
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, trading
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_STEPS = (1, 2, 3, 4, 5, 10, 15, 20, 25, 50, 100)
_WAYS: dict[str, type[AddMargin | ReduceMargin]] = {"ADD": AddMargin, "REDUCE": ReduceMargin}


def _leverage_of(call: Call, symbol: str, mode: MarginMode) -> int:
    return call.exchange.account(call.account_id).leverages[symbol, mode]


def _leverage(call: Call) -> Any:
    symbol = call.symbol(required=True)
    assert symbol is not None
    mode = call.query.choice("margin_mode", MarginMode) or MarginMode.CROSS
    return {"symbol": symbol, "margin_mode": mode.value, "leverage": _leverage_of(call, symbol, mode)}


def _leverages(call: Call) -> Any:
    settings = call.exchange.account(call.account_id).leverages
    return {
        "rows": [
            {"symbol": symbol, "margin_mode": str(mode), "leverage": value}
            for (symbol, mode), value in settings.items()
        ]
    }


def _set_leverage(call: Call) -> Any:
    leverage = call.body.whole("leverage")
    if leverage is None:
        raise missing("leverage")
    symbol = call.body.text("symbol")
    if symbol is not None:
        call.markets.symbol(symbol)
    mode = call.body.choice("margin_mode", MarginMode) or MarginMode.CROSS
    return values(
        call.trading.submit(call.account_id, SetLeverage(leverage=leverage, symbol=symbol, margin_mode=mode))
    )


def _most_leverage(call: Call) -> Any:
    return {"max_futures_leverage": str(max(rules.max_leverage for rules in call.exchange.rules.values()))}


def _config(call: Call) -> Any:
    most = max(rules.max_leverage for rules in call.exchange.rules.values())
    return {"available_futures_leverage": ",".join(str(step) for step in _STEPS if step <= most)}


def _set_margin_mode(call: Call) -> Any:
    symbol = call.markets.symbol(call.body.required_text("symbol"))
    mode = call.body.required_choice("default_margin_mode", MarginMode)
    call.trading.submit(call.account_id, SetMarginMode(symbol=symbol, margin_mode=mode))


def _margin_modes(call: Call) -> Any:
    modes = call.exchange.account(call.account_id).default_margin_modes
    return rows(modes.items(), lambda row: {"symbol": row[0], "default_margin_mode": row[1].value})


def _position_margin(call: Call) -> Any:
    symbol, way = call.markets.symbol(call.body.required_text("symbol")), call.body.required_text("type")
    amount = call.body.number("amount")
    if amount is None:
        raise missing("amount")
    if way not in _WAYS:
        raise Refused(INVALID_PARAM, "type must be ADD or REDUCE")
    call.trading.submit(call.account_id, _WAYS[way](symbol=symbol, amount=amount))


def _maintenance(call: Call) -> Any:
    wanted = call.body.flag("maintenance_cancel_order_flag")
    if wanted is None:
        raise missing("maintenance_cancel_order_flag")
    call.notices.set_maintenance_cancel(call.account_id, wanted=wanted)
    return {"success_alter": "Success! Your change has been saved!"}


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/client/leverage"): read(_leverage),
    ("GET", "/v1/client/leverages"): read(_leverages),
    ("POST", "/v1/client/leverages"): read(_set_leverage),
    # No longer in the published API, but still called by three clients in use.
    ("POST", "/v1/client/leverage"): read(_set_leverage),
    ("GET", "/v1/public/leverage"): public(_most_leverage),
    ("POST", "/v1/client/margin_mode"): read(_set_margin_mode),
    ("POST", "/v1/position_margin"): trading(_position_margin),
    ("GET", "/v1/client/margin_modes"): read(_margin_modes),
    ("GET", "/v1/public/config"): public(_config),
    ("POST", "/v1/client/maintenance_config"): read(_maintenance),
}
