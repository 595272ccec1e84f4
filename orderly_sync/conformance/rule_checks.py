"""Checks of the rules that the venue holds orders against: what it refuses, with which code, and what it just takes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderly_sync.conformance.check import (
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
)
from orderly_sync.conformance.trial import OrderTrial, trial_checks
from orderly_sync.errors import ApiError, OrderOutcomeUnknown
from orderly_sync.wire.error_codes import MIN_NOTIONAL, PRICE_FILTER, SIZE_FILTER

__all__ = ["RULE_CHECKS"]

_DAY_MS = 86_400_000
_MONTH_DAYS = 30
_LONGEST = 4000


def _refused(trial: OrderTrial, **terms: Any) -> object:
    """The code with which an order is refused; None if it is taken, which is then cancelled."""
    try:
        order_id = trial.place("LIMIT", **terms)
    except (ApiError, OrderOutcomeUnknown):
        value = trial.access.latest().value
        code = value.get("code") if isinstance(value, dict) else None
        return int(str(code)) if str(code).lstrip("-").isdigit() else str(code)
    trial.rests(order_id)
    trial.cancel(order_id)
    return None


def _expect(trial: OrderTrial, name: str, code: int | None, **terms: Any) -> CheckResult:
    seen = _refused(trial, **terms)
    expected = "taken" if code is None else f"refused with {code}"
    if seen == code:
        return agrees(expected)
    told = "taken" if seen is None else f"refused with {seen}"
    deviation = None
    if code is not None and seen is not None:
        deviation = {"kind": "replace", "where": "POST /v1/order", "field": "code", "value": seen}
    return differs(
        Difference(what="refusal", where=name, expected=expected, seen=told, deviation=deviation), code=seen
    )


def _least_notional(trial: OrderTrial) -> CheckResult:
    """An order that is worth exactly the least notional is taken."""
    rules, least = trial.rules, trial.rules.min_notional or Decimal(0)
    step = rules.base_tick or Decimal("0.00000001")
    base = rules.base_min or step
    for count in range(_LONGEST):
        size = base + count * step
        price = least / size
        if price < trial.far_buy:
            break
        if price < trial.mark * Decimal("0.95") and trial.price(price) == price:
            return _expect(trial, "least notional", None, order_price=price, order_quantity=size)
    return could_not_tell(
        "no size and price of this market are worth exactly that, far enough from the market"
    )


def _too_small(trial: OrderTrial) -> CheckResult:
    """An order worth less than the least notional is refused with its code."""
    size = trial.rules.base_min or trial.quantity
    if size * trial.far_buy >= (trial.rules.min_notional or Decimal(0)):
        return could_not_tell("the smallest size is worth more than the least notional already")
    return _expect(trial, "too small", MIN_NOTIONAL, order_quantity=size)


def _order_of_refusals(trial: OrderTrial) -> CheckResult:
    """Of two broken rules the venue tells the one with the lower code first: a price off its tick before a size."""
    tick = trial.rules.quote_tick or Decimal("0.01")
    size = trial.rules.base_min or trial.quantity
    if size * trial.far_buy >= (trial.rules.min_notional or Decimal(0)):
        return could_not_tell("the smallest size is worth more than the least notional already")
    return _expect(
        trial,
        "order of refusals",
        PRICE_FILTER,
        order_price=trial.far_buy + tick / 2,
        order_quantity=size,
    )


def _decimals(trial: OrderTrial) -> CheckResult:
    """A quantity off its step is refused as one of size."""
    step = trial.rules.base_tick or Decimal("0.00000001")
    if step <= Decimal("0.00000001"):
        return could_not_tell("sizes of this market have eight decimals, and this package sends no more")
    quantity = trial.quantity + step / 2
    return _expect(trial, "decimals of a quantity", SIZE_FILTER, order_quantity=quantity)


def _month(trial: OrderTrial) -> CheckResult:
    """Candles of a month begin 30 days apart."""
    rows = trial.access.rest.market.klines(symbol=trial.symbol, type="1mon", limit=3)
    starts = sorted(row.start_timestamp for row in rows if row.start_timestamp is not None)
    if len(starts) < 2:  # noqa: PLR2004 - a length needs two
        return could_not_tell("there is no second candle of a month")
    days = (starts[1] - starts[0]) / _DAY_MS
    if days != _MONTH_DAYS:
        seen = f"{days:g} days"
        return differs(
            Difference(what="candle", where="GET /v1/kline", expected=f"{_MONTH_DAYS} days", seen=seen)
        )
    return agrees(f"{_MONTH_DAYS} days apart")


_ROWS: tuple[tuple[str, str, str, Callable[[OrderTrial], CheckResult]], ...] = (
    (
        "least notional",
        "an order worth exactly the least notional is taken",
        "venue/engine/rules/numbers.py (assumed)",
        _least_notional,
    ),
    ("too small", f"an order worth less is refused with {MIN_NOTIONAL}", "trading/rules.py", _too_small),
    (
        "order of refusals",
        "of two broken rules the venue tells the one with the lower code",
        "venue/engine/rules/__init__.py (assumed)",
        _order_of_refusals,
    ),
    (
        "decimals of a quantity",
        f"a quantity off its step is refused with {SIZE_FILTER}",
        "venue/engine/rules/size.py (assumed)",
        _decimals,
    ),
    (
        "candle of a month",
        f"candles of a month are {_MONTH_DAYS} days long",
        "venue/server/topics.py [assumed]",
        _month,
    ),
)


RULE_CHECKS: tuple[ConformanceCheck, ...] = trial_checks(_ROWS)
"""In the order in which they are run."""
