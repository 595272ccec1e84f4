"""Conversions of collateral. USDC is the only token here, so none is ever carried out."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.conversion import ConversionStatus
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.programs.builders.builders import known
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.routes.route import HttpRoute, asset, public, read
from orderly_sync.venue.server.rows import ratio
from orderly_sync.venue.server.time_windows import in_window
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_USDC = "USDC"
_LTV, _NEGATIVE_USDC = Decimal("0.9"), Decimal(-50_000)
"""When the venue would convert by itself; the sign of the second is assumed."""
_QUOTE_MS = 30_000
_PERCENT = 100
_MOST_DECIMALS = 8


def _positive(fields: Fields, name: str) -> Decimal:
    value = fields.number(name)
    if value is None:
        raise missing(name)
    if value <= 0:
        raise Refused(INVALID_PARAM, f"{name} must be above 0")
    return value


def _slippage(fields: Fields) -> Decimal:
    value = fields.number("slippage")
    if value is None:
        raise missing("slippage")
    if not 0 <= value < 1:
        raise Refused(INVALID_PARAM, f"slippage {plain(value)} must be a fraction from 0 to below 1")
    return value


def _convert(call: Call) -> object:
    """Refused once its form is right: the account holds no other token, and none could be credited to it."""
    body = call.body
    _positive(body, "amount")
    _slippage(body)
    given, wanted = body.required_text("converted_asset"), body.text("received_asset") or _USDC
    if (given == _USDC) == (wanted == _USDC):
        raise Refused(INVALID_PARAM, "one of converted_asset and received_asset must be USDC")
    other = wanted if given == _USDC else given
    raise Refused(INVALID_PARAM, f"token {other} is not held here; only USDC is")


def _history(call: Call) -> object:
    """Empty, once its form is right: a refused conversion leaves no row."""
    call.query.text("converted_asset")
    call.query.choice("status", ConversionStatus)
    in_window(call)
    nothing: list[dict[str, object]] = []
    return paged(call, nothing, dict)


def _threshold(_call: Call) -> object:
    return {"ltv_threshold": number(_LTV), "negative_usdc_threshold": number(_NEGATIVE_USDC)}


def _price(call: Call, token: str) -> Decimal:
    if token == _USDC:
        return Decimal(1)
    symbol = f"PERP_{token}_USDC"
    if symbol not in call.markets.symbols:
        raise Refused(INVALID_PARAM, f"token {token} has no price here")
    return call.exchange.index(symbol)


def _quote(call: Call) -> object:
    """At the index prices, without fee or impact; tokens are named, since there is no chain to have contracts on."""
    body = call.body
    amount, slippage = _positive(body, "amount"), _slippage(body)
    given, wanted = body.required_text("fromToken"), body.required_text("toToken")
    if given == wanted:
        raise Refused(INVALID_PARAM, "fromToken and toToken must differ")
    value = amount * _price(call, given)
    received = round(value / _price(call, wanted), _MOST_DECIMALS)
    return {
        "pathId": call.programs.seeded.hexadecimal(16, f"path {given} {wanted} {call.now}"),
        "traceId": call.programs.seeded.hexadecimal(16, f"trace {given} {wanted} {call.now}"),
        "chainId": 421614,
        "fromToken": {"tokenAddress": given, "amount": number(amount), "value": ratio(value)},
        "toToken": {"tokenAddress": wanted, "amount": number(received), "value": ratio(value)},
        "valueCurrency": "USD",
        "netOutValue": ratio(value),
        "priceImpactPercent": 0,
        "slippageLimitPercent": number(slippage * _PERCENT),
        "gasEstimate": {"gas": 0},
        "expiresAt": call.now + _QUOTE_MS,
    }


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("POST", "/v1/asset/manual_convert"): asset(
        known(_convert, "slippage", "amount", "converted_asset", "received_asset")
    ),
    ("GET", "/v1/asset/convert_history"): read(
        known(_history, "page", "size", "start_t", "end_t", "status", "converted_asset")
    ),
    ("GET", "/v1/public/auto_convert_threshold"): public(known(_threshold)),
    ("POST", "/v1/swap/quote"): public(known(_quote, "fromToken", "toToken", "amount", "slippage")),
}
