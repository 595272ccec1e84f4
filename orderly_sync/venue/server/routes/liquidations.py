"""Liquidations: what is offered, what was lost and taken over, and claims."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.enums import LiquidationSort
from orderly_sync.venue.engine.commands import ClaimInsuranceFund, ClaimLiquidation
from orderly_sync.venue.engine.records import LiquidationRow
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call, paged
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.liquidation_rows import account_row, claim_row, lost_row, offer_row, taken_row
from orderly_sync.venue.server.routes.route import HttpRoute, public, read, trading
from orderly_sync.venue.server.time_windows import in_window
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_DEFAULT_SIZE = 60


def _offers(call: Call) -> object:
    window = in_window(call)
    found = [offer for offer in call.exchange.offers() if window(offer.timestamp)]
    return paged(call, found, lambda offer: offer_row(offer, call.exchange.rules), _DEFAULT_SIZE)


def _wanted(call: Call, found: list[LiquidationRow]) -> list[LiquidationRow]:
    symbol, window = call.symbol(), in_window(call)
    return [
        row
        for row in found
        if window(row.timestamp)
        and (symbol is None or any(position.symbol == symbol for position in row.positions))
    ]


def _liquidated(call: Call) -> object:
    found = _wanted(call, call.exchange.liquidated_positions())
    return paged(call, found, lambda row: lost_row(row, call.reports.next_seq()))


def _lost(call: Call) -> object:
    found = _wanted(call, call.exchange.liquidations(call.account_id))
    wanted = call.query.whole("liquidation_id")
    if wanted is not None:
        found = [row for row in found if row.liquidation_id == wanted]
    if call.query.choice("sort_by", LiquidationSort) is LiquidationSort.LIQUIDATION_ID:
        found.sort(key=lambda row: row.liquidation_id, reverse=True)
    return paged(call, found, account_row)


def _taken(call: Call) -> object:
    found = _wanted(call, call.exchange.liquidator_liquidations(call.account_id))
    return paged(call, found, taken_row)


def _limits(call: Call, *, required: bool) -> tuple[tuple[str, Decimal], ...]:
    """The worst price of each symbol; the page draws one symbol's, clients send a map of all."""
    value = call.body.raw("limit_price")
    if value is None and not required:
        return ()
    if not isinstance(value, dict):
        raise (
            missing("limit_price")
            if value is None
            else Refused(INVALID_PARAM, "limit_price must be an object")
        )
    prices = Fields(value)
    return tuple((call.markets.symbol(name), _number(prices, name)) for name in value)


def _number(fields: Fields, name: str) -> Decimal:
    value = fields.number(name)
    if value is None:
        raise missing(name)
    return value


def _ratios(call: Call) -> tuple[tuple[str, Decimal], ...]:
    """Ratios symbol by symbol; a single one may come without its list."""
    value = call.body.raw("symbols")
    entries = [Fields(value)] if isinstance(value, dict) else call.body.objects("symbols")
    return tuple(
        (call.markets.symbol(entry.required_text("symbol")), _number(entry, "ratio_qty_request"))
        for entry in entries
    )


def _claim(call: Call) -> object:
    command = ClaimLiquidation(
        liquidation_id=call.body.required_whole("liquidation_id"),
        ratio_qty_request=_number(call.body, "ratio_qty_request"),
        extra_liquidation_ratio=call.body.number("extra_liquidation_ratio") or Decimal(0),
        limit_price=_limits(call, required=True),
        symbols=_ratios(call),
    )
    return _claimed(call.trading.submit(call.account_id, command))


def _claim_fund(call: Call) -> object:
    command = ClaimInsuranceFund(
        claim_id=call.body.required_whole("claim_id"),
        symbol=call.markets.symbol(call.body.required_text("symbol")),
        qty_request=_number(call.body, "qty_request"),
        limit_price=_limits(call, required=False),
    )
    return _claimed(call.trading.submit(call.account_id, command))


def _claimed(answer: Any) -> Any:
    row = answer["row"]
    assert isinstance(row, LiquidationRow)
    return claim_row(row)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/liquidation"): public(_offers),
    ("GET", "/v1/public/liquidated_positions"): public(_liquidated),
    ("GET", "/v1/liquidations"): read(_lost),
    ("POST", "/v1/liquidation"): trading(_claim),
    ("GET", "/v1/client/liquidator_liquidations"): read(_taken),
    ("POST", "/v1/claim_insurance_fund"): trading(_claim_fund),
}
