"""Checks that place algo orders of all five kinds while a tiny position is held: both topics, REST, edit, cancel."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from orderly_sync.conformance.check import (
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    differs,
    judged,
)
from orderly_sync.conformance.trial import OrderTrial, trial_checks
from orderly_sync.errors import ApiError, OrderOutcomeUnknown
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ALGO_CHECKS"]

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
    name = trial.new_id()
    order_id = trial.place_algo("STOP", client_order_id=name, **_terms("STOP", trial))
    orders = trial.access.rest.orders
    wanted = trial.far_buy - (trial.rules.quote_tick or 0)
    try:
        orders.edit_algo(order_id=order_id, trigger_price=wanted)
        row, _ = trial.until_shown(
            0.0,
            lambda: next((one for one in [orders.get_algo(order_id)] if one.trigger_price == wanted), None),
        )
    finally:
        orders.cancel_algo_by_client_order_id(symbol=trial.symbol, client_order_id=name)
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


def _active_at_once(trial: OrderTrial) -> CheckResult:
    """A trailing stop whose activation price is behind the mark price is active when it is told."""
    terms = _terms("TRAILING_STOP", trial)
    order_id = trial.place_algo("TRAILING_STOP", **{**terms, "activated_price": trial.far_buy})
    trial.algo_status(order_id, _TOPICS[1], "NEW")

    def active() -> bool:
        return any(row.get("isActivated") is True for _, row in trial.algo_reports(order_id, _TOPICS[1]))

    found = trial.access.frames.wait_for(active, trial.access.options.wait / 2)
    trial.access.rest.orders.cancel_algo(symbol=trial.symbol, order_id=order_id)
    if not found:
        return differs(
            Difference(
                what="activation",
                where=_TOPICS[1],
                expected="isActivated true at once",
                seen="not told",
                deviation={
                    "kind": "replace",
                    "where": _TOPICS[1],
                    "field": "data.isActivated",
                    "value": False,
                },
            )
        )
    return agrees("active at once")


def _cancel_all(trial: OrderTrial) -> CheckResult:
    """One request ends all algo orders of a market."""
    order_id = trial.place_algo("STOP", **_terms("STOP", trial))
    trial.algo_status(order_id, _TOPICS[1], "NEW")
    trial.access.rest.orders.cancel_all_algo(symbol=trial.symbol)
    return judged(_not_told(trial, order_id, "STOP", "CANCELLED"), "cancelled")


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
    (
        "trailing stop that is active at once",
        "a trailing stop whose activation price is behind the mark price is active at once",
        "venue/engine/algo_parser.py (assumed)",
        _active_at_once,
    ),
    ("cancel all algo", "one request cancels all algo orders", "rest/groups/algo_orders.py", _cancel_all),
    ("algo edit", "an edit of a stop shows in REST", "rest/groups/algo_orders.py", _edited),
    (
        "second POSITIONAL_TP_SL",
        f"a second POSITIONAL_TP_SL of one side is refused with {INVALID_PARAM}",
        "venue/engine/algos.py [assumed]",
        _second_positional,
    ),
)


ALGO_CHECKS: tuple[ConformanceCheck, ...] = trial_checks(_ROWS)
"""In the order in which they are run, between a fill and its way back."""
