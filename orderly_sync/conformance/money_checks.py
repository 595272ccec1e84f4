"""Checks of what a fill does to money: when the ledger follows, how it rounds, what an isolated fill moves."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from orderly_sync.conformance.check import (
    CheckResult,
    ConformanceCheck,
    Difference,
    agrees,
    could_not_tell,
    differs,
    judged,
)
from orderly_sync.conformance.trial import (
    OrderTrial,
    fills_of,
    positions_of,
    same_number,
    since_fill,
    trial_checks,
)
from orderly_sync.live.fills import opening_rate
from orderly_sync.live.marks import LEDGER_LAG_MS

__all__ = ["ISOLATED_CHECKS", "MONEY_CHECKS", "SEQUENCE_CHECKS"]

_REPORTS = "executionreport"
_DECIMALS = 8
"""Of average prices, as every captured one shows."""
_MARGIN_OFF = Decimal("0.002")
"""What the margin may be off, as a fraction: the fill's price and the one that froze it differ by some ticks."""


def _ledger_lag(trial: OrderTrial) -> CheckResult:
    """After a fill the ledger does not write a position without it for long."""
    pushed = fills_of(trial)
    if not pushed:
        return could_not_tell("there was no fill")
    filled = int(str(pushed[-1][1].get("timestamp", 0)))
    late = [
        int(str(row.get("updated_time", row.get("updatedTime", 0)))) - filled
        for frame in trial.access.frames.of("position", pushed[-1][0].at)
        for row in positions_of(frame.data)
        if row.get("symbol") == trial.symbol and same_number(row.get("positionQty"), 0)
    ]
    worst = max(late, default=0)
    if worst > LEDGER_LAG_MS:
        seen = f"{worst} ms later still without it"
        expected = f"none without the fill beyond {LEDGER_LAG_MS} ms"
        return differs(Difference(what="ledger lag", where="position", expected=expected, seen=seen))
    return agrees("no later position lacked the fill", worst_ms=worst)


def _average_price(trial: OrderTrial) -> CheckResult:
    """Average prices have eight decimals at most."""
    rows = [
        row
        for frame in trial.access.frames.of("position", since_fill(trial))
        for row in positions_of(frame.data)
        if row.get("symbol") == trial.symbol and row.get("averageOpenPrice") is not None
    ]
    if not rows:
        return could_not_tell("no position was pushed")
    most = max(_decimals(row["averageOpenPrice"]) for row in rows)
    if most > _DECIMALS:
        return differs(
            Difference(
                what="decimals",
                where="data.positions[].averageOpenPrice",
                expected=f"{_DECIMALS} at most",
                seen=str(most),
                deviation={
                    "kind": "replace",
                    "where": "position",
                    "field": "data.positions[].averageOpenPrice",
                    "value": float(f"3000.{'1' * min(most, 12)}"),
                },
            )
        )
    return agrees(f"{most} decimals at most")


def _decimals(value: object) -> int:
    exponent = Decimal(str(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _isolated(trial: OrderTrial) -> CheckResult:
    """An isolated fill moves margin out of the balance, which is pushed; and back when it is closed."""
    order_id = trial.place("MARKET", margin_mode="ISOLATED")
    if "FILLED" not in trial.ended(order_id):
        return could_not_tell("the isolated order was not filled")
    reports = trial.reports(order_id)
    pushed = trial.pushed("balance", reports[-1][0].at - 1.0, lambda data: data.get("balances"))
    held = trial.pushed("position", reports[-1][0].at - 1.0, lambda data: _isolated_rows(trial, data))
    trial.access.kept["isolated"] = reports, held
    trial.ended(trial.place("MARKET", "SELL", reduce_only=True, margin_mode="ISOLATED"))
    if pushed is None:
        return differs(
            Difference(
                what="push after a fill",
                where="balance",
                expected="the balance without the margin",
                seen="none in time",
                deviation={"kind": "silent", "where": "balance"},
            )
        )
    return agrees("the balance was pushed", delay_ms=round(1000 * (pushed[0].at - reports[-1][0].at)))


def _isolated_rows(trial: OrderTrial, data: object) -> list[dict[str, object]]:
    return [
        row
        for row in positions_of(data)
        if row.get("symbol") == trial.symbol
        and row.get("marginMode") == "ISOLATED"
        and same_number(row.get("positionQty"), trial.quantity)
    ]


def _isolated_margin(trial: OrderTrial) -> CheckResult:
    """Opening at market moves the fill's own notional over the leverage, and the reserve for fees, into the margin."""
    reports, held = trial.access.kept.get("isolated", ((), None))
    if held is None:
        return could_not_tell("no isolated position was pushed")
    row = _isolated_rows(trial, held[1])[0]
    fills = [one for _, one in reports if not same_number(one.get("executedQuantity", 0), 0)]
    notional = sum(
        (Decimal(str(one["executedQuantity"])) * Decimal(str(one["executedPrice"])) for one in fills),
        Decimal(0),
    )
    leverage, margin = row.get("leverage"), row.get("margin")
    if leverage is None or margin is None or not notional:
        return could_not_tell("the pushed position says neither leverage nor margin")
    expected = notional * opening_rate(int(str(leverage)))
    off = abs(Decimal(str(margin)) / expected - 1)
    if off > _MARGIN_OFF:
        return differs(
            Difference(
                what="margin of an isolated fill",
                where="data.positions[].margin",
                expected="notional over leverage, and 0.06 % for fees",
                seen=f"{100 * off:.2f} % off",
                deviation={
                    "kind": "replace",
                    "where": "position",
                    "field": "data.positions[].margin",
                    "value": 1,
                },
            )
        )
    return agrees("as reckoned from the fill's own price", off_percent=float(round(100 * off, 4)))


def _average_open(trial: OrderTrial) -> CheckResult:
    """The average open price is that of the fills, without their fees."""
    pushed = fills_of(trial)
    rows = [
        row
        for frame in trial.access.frames.of("position", since_fill(trial))
        for row in positions_of(frame.data)
        if row.get("symbol") == trial.symbol and same_number(row.get("positionQty"), trial.quantity)
    ]
    if not pushed or not rows:
        return could_not_tell("no fill, or no position with it, was pushed")
    average = pushed[-1][1].get("averageExecutedPrice", pushed[-1][1].get("avgExecutedPrice"))
    if not same_number(average, rows[0].get("averageOpenPrice")):
        return differs(
            Difference(
                what="average open price",
                where="data.positions[].averageOpenPrice",
                expected="the average price of the fills",
                seen="another price",
                deviation={
                    "kind": "replace",
                    "where": "position",
                    "field": "data.positions[].averageOpenPrice",
                    "value": 1,
                },
            )
        )
    return agrees("the price of the fills")


def _seq_scope(trial: OrderTrial) -> CheckResult:
    """Numbers of seq grow from report to report of the account, over orders: they tell which came first."""
    rows = list(trial.access.frames.rows(_REPORTS))
    told = [int(str(row["seq"])) for _, row in rows if str(row.get("seq", "")).isdigit()]
    if len(told) < 2:  # noqa: PLR2004 - an order needs two
        return could_not_tell("fewer than two reports bear a seq")
    if told != sorted(told):
        return differs(
            Difference(
                what="seq",
                where="data.seq",
                expected="growing from report to report",
                seen="another order",
                deviation={"kind": "reorder", "where": _REPORTS},
            )
        )
    orders = {str(row.get("orderId")) for _, row in rows}
    return agrees(f"it grew over {len(told)} reports of {len(orders)} orders")


def _ordered(trial: OrderTrial) -> CheckResult:
    """Each report of an order says at least as much filled as the one before, and no report follows on its end."""
    found: list[Difference] = []
    filled: dict[str, Decimal] = {}
    for _, row in trial.access.frames.rows(_REPORTS):
        order, total = str(row.get("orderId")), Decimal(str(row.get("totalExecutedQuantity", 0)))
        if total < filled.get(order, Decimal(0)):
            found.append(
                Difference(
                    what="order of reports",
                    where="data.totalExecutedQuantity",
                    expected="growing from report to report of an order",
                    seen="less than before",
                    deviation={"kind": "reorder", "where": _REPORTS},
                )
            )
        filled[order] = total
    return judged(found[:1], f"reports of {len(filled)} orders in order")


_ROWS: tuple[tuple[str, str, str, Callable[[OrderTrial], CheckResult]], ...] = (
    (
        "ledger lag",
        f"for {LEDGER_LAG_MS} ms after a fill at most a position is still pushed without it",
        "live/marks.py LEDGER_LAG_MS [assumed]",
        _ledger_lag,
    ),
    (
        "decimals of average prices",
        "average prices have eight decimals at most",
        "live/fills.py _PRICE_STEP [assumed]",
        _average_price,
    ),
    (
        "average open price",
        "fees stay out of the average open price",
        "venue/engine/ledger.py (assumed)",
        _average_open,
    ),
    (
        "balance after an isolated fill",
        "an isolated fill moves margin out of the balance, which is pushed",
        "live/holdings.py",
        _isolated,
    ),
    (
        "margin of an isolated fill",
        "an opening at market moves the fill's own notional over the leverage, and 0.06 %, into the margin",
        "live/fills.py [assumed]",
        _isolated_margin,
    ),
    (
        "scope of seq",
        "seq grows from report to report over all orders of an account",
        "reports/sequencer.py",
        _seq_scope,
    ),
    (
        "order of reports",
        "what is filled of an order grows from report to report",
        "reports/sequencer.py",
        _ordered,
    ),
)


_ALL = trial_checks(_ROWS)
MONEY_CHECKS: tuple[ConformanceCheck, ...] = _ALL[:3]
"""What looks at the fill that was made."""
ISOLATED_CHECKS: tuple[ConformanceCheck, ...] = _ALL[3:5]
"""What opens an isolated position, and closes it."""
SEQUENCE_CHECKS: tuple[ConformanceCheck, ...] = _ALL[5:]
"""What looks back on all reports."""
