"""What place() promises, tried again and again while the venue loses answers and loses, doubles, swaps and delays reports.

By hand: ``python -m tests.soak.placing --rounds 1000``. Prints what was tried, and how often it went wrong; ends with
status 1 if anything did.

1. place-then-read: when place() returns, the handle has a status and the order is shown, unless it has ended already;
   in the end what is shown is what the venue holds.
2. unknown outcome: answers are lost before or after the order was taken, under client order ids that are used again and
   again, across symbols, sides and prices. A handle must stand for the very order that was sent, and an order that was
   taken must not be told as refused.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

from orderly_sync import (
    Bracket,
    Duplicate,
    Fok,
    Ioc,
    Limit,
    Market,
    NotFound,
    OrderOutcomeUnknown,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
)
from orderly_sync.errors import ApiError
from orderly_sync.trading import unknown_writes
from tests.support.paper import ETH, mark, paper

BTC = "PERP_BTC_USDC"
LOSSES: dict[str, Any] = {
    "drop_reports": 0.15,
    "duplicate_reports": 0.15,
    "swap_reports": 0.15,
    "delay_pushes": {"executionreport": 200, "algoexecutionreportv2": 200},
}
OPEN_ENOUGH = 40
PATIENCE = 60.0

Wrong = Counter[str]


@contextmanager
def _client(seed: int) -> Iterator[Any]:
    with paper(seed=seed, later=(0.3, 1.0, 3.0)) as ex:
        yield ex


def _requests(ex: Any, lots: random.Random) -> list[Callable[[], Any]]:
    price, away = mark(ex), lots.randint(20, 60)
    size = f"0.{lots.randint(1, 9)}"
    return [
        lambda: Limit.buy(ETH, quantity=size, price=price - away),
        lambda: Limit.sell(ETH, quantity=size, price=price + away),
        lambda: PostOnly.buy(ETH, quantity=size, price=price - away),
        lambda: PostOnly.sell(ETH, quantity=size, price=price - 20, adjust=True),
        lambda: Market.buy(ETH, quantity=size),
        lambda: Market.sell(ETH, amount=300),
        lambda: Ioc.buy(ETH, quantity=size, price=price - away),
        lambda: Fok.sell(ETH, quantity=size, price=price - 20),
        lambda: Stop.sell(ETH, quantity=size, trigger=price - away),
        lambda: TpSl.sell(ETH, quantity=size, take_profit=price + away, stop_loss=price - away),
        lambda: Bracket.buy(ETH, quantity=size, price=price - 30, take_profit=price + away),
        lambda: TrailingStop.sell(ETH, quantity=size, callback_rate="0.01"),
    ]


def place_then_read(ex: Any, rounds: int, lots: random.Random) -> Wrong:
    """Part 1."""
    wrong: Wrong = Counter()
    handles: list[Any] = []
    for _ in range(rounds):
        try:
            order = ex.place(lots.choice(_requests(ex, lots))())
        except ApiError as refused:
            wrong[f"(refused: {refused.code})"] += 1
            continue
        shown = order.order_id in ex.orders or order.order_id in ex.algo_orders
        handles.append(order)
        if order.status is None:
            wrong["no status when place() returned"] += 1
        if not shown and not order.is_done:
            wrong["not shown when place() returned"] += 1
        if any(report.origin not in {"stream", "rest"} for report in order.reports):
            wrong["invented report"] += 1
        if len(ex.orders) + len(ex.algo_orders) > OPEN_ENOUGH:
            for one in handles:
                _cancel(one)
            handles.clear()
    _settle(ex, wrong)
    return wrong


def _cancel(order: Any) -> None:
    with suppress(NotFound):
        order.cancel()


def _settle(ex: Any, wrong: Wrong) -> None:
    """What is shown becomes what the venue holds, in time."""
    until = time.monotonic() + PATIENCE
    while True:
        held = {row.order_id for row in ex.rest.orders.list(status="INCOMPLETE", size=500).each()}
        trees = {row.algo_order_id for row in ex.rest.orders.list_algo(status="INCOMPLETE", size=500).each()}
        ghosts = (set(ex.orders) - held) | (set(ex.algo_orders) - trees)
        missing = (held - set(ex.orders)) | (trees - set(ex.algo_orders))
        if not ghosts and not missing:
            return
        if time.monotonic() > until:
            wrong["shown, but not at the venue"] += len(ghosts)
            wrong["at the venue, but not shown"] += len(missing)
            return
        time.sleep(0.1)


def _named(ex: Any, lots: random.Random) -> Any:
    """An order under one of three ids; few terms, so that many orders agree in all but one."""
    symbol, name = lots.choice([ETH, BTC]), lots.choice("ghi")
    step = 50 if symbol == ETH else 500
    price = mark(ex, symbol)
    offset = lots.choice([step, step + 1])
    terms = {"quantity": "0.1", "client_order_id": f"{name}1"}
    if lots.random() < 0.3:
        kind = lots.choice([Stop.sell, Stop.buy])
        return kind(symbol, trigger=price - offset if kind == Stop.sell else price + offset, **terms)
    if lots.random() < 0.5:
        return lots.choice([Limit.buy, Ioc.buy])(symbol, price=price - offset, **terms)
    return lots.choice([Limit.sell, Ioc.sell])(symbol, price=price + offset, **terms)


def unknown_outcome(ex: Any, rounds: int, lots: random.Random) -> Wrong:
    """Part 2."""
    wrong: Wrong = Counter()
    bound: set[int] = set()
    for _ in range(rounds):
        request = _named(ex, lots)
        path = "/v1/algo/order" if isinstance(request, Stop) else "/v1/order"
        how = lots.choice([{"reset": True}, {"truncate": True}, {"status": 502}, {"status": 504}, None, None])
        commit = lots.random() < 0.5
        before = _all(ex)
        if how is not None:
            ex.paper.faults(http=[{"path": path, "method": "POST", "commit": commit, **how}])
        order = None
        try:
            order = ex.place(request)
            outcome = "handle"
        except Duplicate:
            outcome = "duplicate"
        except OrderOutcomeUnknown:
            outcome = "unknown"
        finally:
            ex.paper.faults(http=[])
        fresh = _all(ex) - before
        wrong[f"({outcome})"] += 1
        _judge(ex, request, order, outcome, fresh, bound, wrong)
        if lots.random() < 0.7 and order is not None:
            _cancel(order)
        if lots.random() < 0.2:
            ex.rest.orders.cancel_all()
            ex.rest.orders.cancel_all_algo()
    return wrong


def _all(ex: Any) -> set[int]:
    ids = {row.order_id for row in ex.rest.orders.list(size=50).rows}
    return ids | {row.algo_order_id for row in ex.rest.orders.list_algo(size=50).rows}


def _judge(
    ex: Any, request: Any, order: Any, outcome: str, fresh: set[int], bound: set[int], wrong: Wrong
) -> None:
    """Hold what the client says against what the venue holds."""
    if order is None:
        if fresh and outcome == "duplicate":
            wrong["told as a duplicate, though it was taken"] += 1
        if fresh and outcome == "unknown":
            wrong["taken, and not found"] += 1
        return
    if order.order_id in bound or fresh != {order.order_id}:
        wrong["bound to another order"] += 1
    bound.add(order.order_id)
    row = (ex.rest.orders.get_algo if isinstance(request, Stop) else ex.rest.orders.get)(order.order_id)
    price = row.trigger_price if isinstance(request, Stop) else row.price
    asked = request.trigger if isinstance(request, Stop) else request.price
    if (row.symbol, row.side, price) != (request.symbol, request.side, Decimal(asked)):
        wrong["bound to an order of other terms"] += 1
    ids = {getattr(one, "root_algo_order_id", None) or one.order_id for one in order.reports}
    if not ids <= {order.order_id}:
        wrong["a report of another order"] += 1


def main() -> int:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    unknown_writes.WITHIN_A_CALL = (0.1, 0.3)  # a thousand losses should not take an hour
    failed = False
    for name, part in (("place-then-read", place_then_read), ("unknown outcome", unknown_outcome)):
        began = time.monotonic()
        with _client(options.seed) as ex:
            ex.paper.faults(**LOSSES)
            counts = part(ex, options.rounds, random.Random(options.seed))
            ex.paper.faults(clear=True)
        notes = {key: count for key, count in sorted(counts.items()) if key.startswith("(")}
        errors = {key: count for key, count in counts.items() if count and not key.startswith("(")}
        failed |= bool(errors)
        said = ", ".join(f"{count} {key.strip('()')}" for key, count in notes.items())
        took, failures = time.monotonic() - began, sum(errors.values())
        lines = [f"{name}: {options.rounds} tried in {took:.0f} s, {failures} wrong ({said})"]
        lines += [f"  {count} x {key}" for key, count in errors.items()]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
