"""The check of an algo order that fires: under which ids its fill is told by topics and listed by REST."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    could_not_tell,
    judged,
)
from orderly_sync.conformance.trial import OrderTrial, ReportRow, on_trial
from orderly_sync.errors import ApiError

__all__ = ["FIRED_CHECKS"]

_TOPIC = "algoexecutionreportv2"


def _fires(trial: OrderTrial) -> CheckResult:
    """Of two stops, one above and one below the mark price, the first that fires is looked at, and traded back."""
    mark = trial.access.rest.market.futures_info(trial.symbol).mark_price or trial.mark
    tick = trial.rules.quote_tick or Decimal("0.01")
    placed = {
        trial.place_algo(
            "STOP", side=side, type="MARKET", quantity=trial.quantity, trigger_price=trial.price(trigger)
        ): back
        for side, back, trigger in (("BUY", "SELL", mark + tick), ("SELL", "BUY", mark - tick))
    }

    def filled() -> list[int]:
        return [one for one in placed if "FILLED" in trial.root_statuses(one, _TOPIC)]

    done = trial.access.frames.wait_for(filled, trial.access.options.wait)
    trial.access.rest.orders.cancel_all_algo(symbol=trial.symbol)
    for order_id in filled():
        with suppress(ApiError):  # the other has fired meanwhile, and the position is flat
            trial.ended(trial.place("MARKET", placed[order_id], reduce_only=True))
    if not done:
        return could_not_tell("the mark price did not move to either trigger in time")
    return _fired(trial, done[0])


def _moments(rows: Iterable[ReportRow], ids: set[str]) -> list[float]:
    """When fills of these ids were told."""
    return [frame.at for frame, row in rows if str(row.get("tradeId")) in ids]


def _fired(trial: OrderTrial, order_id: int) -> CheckResult:
    """What REST and the other topics say of the fill of an algo order."""
    orders = trial.access.rest.orders
    pushed = {
        str(row.get("tradeId"))
        for _, row in trial.algo_reports(order_id, _TOPIC)
        if str(row.get("tradeId", "0")) != "0"
    }
    rows, _ = trial.until_shown(0.0, lambda: orders.algo_fills_of(order_id))
    listed = {str(row.id) for row in orders.fills(size=100).rows}
    own = [
        frame.at
        for frame, row in trial.access.frames.rows("executionreport")
        if str(row.get("tradeId")) in pushed
    ]
    algo = [
        frame.at for frame, row in trial.algo_reports(order_id, _TOPIC) if str(row.get("tradeId")) in pushed
    ]
    measured: dict[str, object] = {
        "in_trades": bool(pushed & listed),
        "in_executionreport": bool(own),
        "own_report_first": bool(own and algo and own[0] <= algo[0]),
    }
    found = []
    if not rows or not pushed & {str(row.id) for row in rows}:
        found.append(
            Difference(
                what="tradeId",
                where=_TOPIC,
                expected="the id of the fill's row in GET /v1/algo/order/{order_id}/trades",
                seen="another id" if rows else "no row",
                deviation={"kind": "shift", "where": _TOPIC, "field": "data.tradeId", "by": 1000},
            )
        )
    if not own or not algo or own[0] > algo[0]:
        expected = "the fill of the order that the stop sent, before the algo report tells of it"
        seen = "later" if own else "none"
        found.append(Difference(what="algo fill", where="executionreport", expected=expected, seen=seen))
    if not pushed & listed:
        expected = "the fill of an algo order among all fills"
        found.append(Difference(what="algo fill", where="GET /v1/trades", expected=expected, seen="absent"))
    return judged(found, "told by its topic and listed by REST under one id", **measured)


FIRED_CHECKS: tuple[ConformanceCheck, ...] = (
    ConformanceCheck(
        name="algo fill",
        group=CheckGroup.TRADE,
        assumption=(
            "a fill of an algo order is told by its own topics and by executionreport, and listed among all fills, "
            "under one id"
        ),
        rests="reports/feeds.py",
        look=on_trial(_fires),
    ),
)
"""What opens a position of its own, and closes it."""
