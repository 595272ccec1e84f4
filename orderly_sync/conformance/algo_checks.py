"""Checks that place algo orders of all five kinds while a tiny position is held: both topics, REST, edit, cancel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from orderly_sync.conformance.check import (
    CheckGroup,
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
    judged,
)
from orderly_sync.conformance.trial import OrderTrial, on_trial
from orderly_sync.errors import ApiError, OrderlyError, OrderOutcomeUnknown
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ALGO_CHECKS", "FIRED_CHECKS"]

_TOPICS = ("algoexecutionreport", "algoexecutionreportv2")
_KINDS = ("STOP", "TP_SL", "POSITIONAL_TP_SL", "BRACKET", "TRAILING_STOP")


def _legs(trial: OrderTrial, kind: str) -> list[Any]:
    return [
        {
            "symbol": trial.symbol,
            "algo_type": name,
            "side": "SELL",
            "type": kind,
            "trigger_price": trigger,
            "reduce_only": True,
        }
        for name, trigger in (("TAKE_PROFIT", trial.far_sell), ("STOP_LOSS", trial.far_buy))
    ]


def _terms(kind: str, trial: OrderTrial) -> dict[str, Any]:
    """What an order of each kind is placed with; none triggers."""
    size = {"quantity": trial.quantity}
    if kind == "STOP":
        return {**size, "side": "SELL", "type": "MARKET", "trigger_price": trial.far_buy, "reduce_only": True}
    if kind == "TP_SL":
        return {**size, "child_orders": _legs(trial, "MARKET")}
    if kind == "POSITIONAL_TP_SL":
        return {"child_orders": _legs(trial, "CLOSE_POSITION")}
    if kind == "BRACKET":
        inner = {
            "symbol": trial.symbol,
            "algo_type": "POSITIONAL_TP_SL",
            "child_orders": _legs(trial, "CLOSE_POSITION"),
        }
        return {**size, "side": "BUY", "type": "LIMIT", "price": trial.far_buy, "child_orders": [inner]}
    return {
        **size,
        "side": "SELL",
        "type": "MARKET",
        "callback_rate": Decimal("0.05"),
        "activated_price": trial.far_sell,
        "reduce_only": True,
    }


def _kind(kind: str, trial: OrderTrial) -> CheckResult:
    """It is told by both topics, REST shows it, and its cancel is told."""
    order_id = trial.place_algo(kind, **_terms(kind, trial))
    found = _not_told(trial, order_id, kind, "NEW")
    row, _ = trial.until_shown(0.0, lambda: trial.access.rest.orders.get_algo(order_id))
    if row is None or str(row.algo_type) != kind:
        seen = "none" if row is None else str(row.algo_type)
        found.append(
            Difference(what="algo order", where="GET /v1/algo/order/{order_id}", expected=kind, seen=seen)
        )
    _shapes(trial, order_id, kind, found)
    trial.access.rest.orders.cancel_algo(symbol=trial.symbol, order_id=order_id)
    found += _not_told(trial, order_id, kind, "CANCELLED")
    return judged(found[:3], "told by both topics, shown by REST, cancelled")


def _not_told(trial: OrderTrial, order_id: int, kind: str, status: str) -> list[Difference]:
    """The topics that did not tell a status in time."""
    return [
        _untold(kind, topic, status)
        for topic in _TOPICS
        if status not in trial.algo_status(order_id, topic, status)
    ]


def _untold(kind: str, topic: str, status: str) -> Difference:
    return Difference(
        what="algo report",
        where=topic,
        expected=f"{kind} as {status}",
        seen="none in time",
        deviation={"kind": "silent", "where": topic},
    )


def _shapes(trial: OrderTrial, order_id: int, kind: str, found: list[Difference]) -> None:
    """Version 1 tells a list of nodes, version 2 one object with its children."""
    for topic, wanted in zip(_TOPICS, (list, dict), strict=True):
        reports = trial.algo_reports(order_id, topic)
        if reports and not isinstance(reports[0][0].data, wanted):
            found.append(
                Difference(
                    what="shape",
                    where=f"{topic} of {kind}",
                    expected=wanted.__name__,
                    seen=type(reports[0][0].data).__name__,
                )
            )


def _edited(trial: OrderTrial) -> CheckResult:
    """An edit of a stop is told, and REST shows the new trigger."""
    order_id = trial.place_algo("STOP", **_terms("STOP", trial))
    orders = trial.access.rest.orders
    wanted = trial.far_buy - (trial.rules.quote_tick or 0)
    try:
        orders.edit_algo(order_id=order_id, trigger_price=wanted)
        row, _ = trial.until_shown(
            0.0,
            lambda: next((one for one in [orders.get_algo(order_id)] if one.trigger_price == wanted), None),
        )
    finally:
        orders.cancel_algo(symbol=trial.symbol, order_id=order_id)
    if row is None:
        return differs(
            Difference(
                what="edit",
                where="GET /v1/algo/order/{order_id}",
                expected="the new trigger_price",
                seen="the old one",
                deviation={"kind": "pretend", "where": "PUT /v1/algo/order", "data": {"status": "EDIT_SENT"}},
            )
        )
    return agrees(f"REST shows the new trigger, and {row.algo_status}")


def _second_positional(trial: OrderTrial) -> CheckResult:
    """A second POSITIONAL_TP_SL of one side is refused as a bad parameter."""
    first = trial.place_algo("POSITIONAL_TP_SL", **_terms("POSITIONAL_TP_SL", trial))
    orders = trial.access.rest.orders
    try:
        second = trial.place_algo("POSITIONAL_TP_SL", **_terms("POSITIONAL_TP_SL", trial))
        seen = "accepted"
        orders.cancel_algo(symbol=trial.symbol, order_id=second)
    except (ApiError, OrderOutcomeUnknown):
        value = trial.access.latest().value
        seen = str(value.get("code")) if isinstance(value, dict) else "no code"
    orders.cancel_algo(symbol=trial.symbol, order_id=first)
    if seen != str(INVALID_PARAM):
        return differs(
            Difference(
                what="refusal",
                where="POST /v1/algo/order",
                expected=str(INVALID_PARAM),
                seen=seen,
                deviation=None
                if seen == "accepted"
                else {"kind": "replace", "where": "POST /v1/algo/order", "field": "code", "value": int(seen)},
            )
        )
    return agrees(f"refused with {seen}")


def _fires(trial: OrderTrial) -> CheckResult:
    """The fill of a stop that fires is told by its topics and listed by REST, under one id; then it is traded back."""
    mark = trial.access.rest.market.futures_info(trial.symbol).mark_price or trial.mark
    tick = trial.rules.quote_tick or Decimal("0.01")
    terms = {"side": "BUY", "type": "MARKET", "quantity": trial.quantity}
    order_id = trial.place_algo("STOP", **terms, trigger_price=trial.price(mark + tick))
    topic = _TOPICS[1]
    if "FILLED" not in trial.algo_status(order_id, topic, "FILLED"):
        try:
            trial.access.rest.orders.cancel_algo(symbol=trial.symbol, order_id=order_id)
        except OrderlyError as exc:
            return could_not_tell(
                trial.access.aliases.sentence(f"it neither fired nor could be cancelled: {exc}")
            )
        return could_not_tell("the mark price did not move to the trigger in time")
    trial.ended(trial.place("MARKET", "SELL", reduce_only=True))
    pushed = {
        str(row.get("tradeId"))
        for _, row in trial.algo_reports(order_id, topic)
        if str(row.get("tradeId", "0")) != "0"
    }
    return _fired(trial, order_id, topic, pushed)


def _fired(trial: OrderTrial, order_id: int, topic: str, pushed: set[str]) -> CheckResult:
    """What REST and the other topics say of the fill of an algo order."""
    orders = trial.access.rest.orders
    rows, _ = trial.until_shown(0.0, lambda: orders.algo_fills_of(order_id))
    listed = {str(row.id) for row in orders.fills(size=100).rows}
    reported = bool(trial.reports(order_id))
    measured: dict[str, object] = {
        "in_trades": bool(pushed & listed),
        "in_executionreport": reported,
    }
    found = []
    if not rows or not pushed & {str(row.id) for row in rows}:
        found.append(
            Difference(
                what="tradeId",
                where=topic,
                expected="the id of the fill's row in GET /v1/algo/order/{order_id}/trades",
                seen="another id" if rows else "no row",
                deviation={"kind": "shift", "where": topic, "field": "data.tradeId", "by": 1000},
            )
        )
    if not pushed & listed:
        found.append(
            Difference(
                what="algo fill",
                where="GET /v1/trades",
                expected="the fill of an algo order among all fills",
                seen="absent",
            )
        )
    return judged(found, "told by its topic and listed by REST under one id", **measured)


_ROWS: tuple[tuple[str, str, str, Callable[[OrderTrial], CheckResult]], ...] = (
    *(
        (
            f"algo {kind}",
            f"a {kind} order is told by both topics, shown by REST, and its cancel is told",
            "models/pushes/algo.py",
            partial(_kind, kind),
        )
        for kind in _KINDS
    ),
    ("algo edit", "an edit of a stop shows in REST", "rest/groups/algo_orders.py", _edited),
    (
        "second POSITIONAL_TP_SL",
        f"a second POSITIONAL_TP_SL of one side is refused with {INVALID_PARAM}",
        "venue/engine/algos.py [assumed]",
        _second_positional,
    ),
    (
        "algo fill",
        "a fill of an algo order is told by its own topics and listed among all fills, under one id",
        "reports/feeds.py",
        _fires,
    ),
)


def _checks() -> Iterator[ConformanceCheck]:
    for name, assumption, rests, look in _ROWS:
        yield ConformanceCheck(
            name=name, group=CheckGroup.TRADE, assumption=assumption, rests=rests, look=on_trial(look)
        )


_ALL = tuple(_checks())
ALGO_CHECKS: tuple[ConformanceCheck, ...] = _ALL[:-1]
"""In the order in which they are run, between a fill and its way back."""
FIRED_CHECKS: tuple[ConformanceCheck, ...] = _ALL[-1:]
"""What opens a position of its own, and closes it."""
