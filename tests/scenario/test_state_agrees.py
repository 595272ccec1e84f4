"""Live state against the venue's own: equal at every quiet moment, whatever is done and whatever breaks in between."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from orderly_sync import (
    ApiError,
    Bracket,
    Limit,
    Market,
    Orderly,
    PositionalTpSl,
    PostOnly,
    Stop,
    TpSl,
    TrailingStop,
    connect,
)
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Rows, changed
from orderly_sync.models.holding import Holding
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.reports.from_rest import algo_tree
from orderly_sync.wire.converter import structure

ETH = "PERP_ETH_USDC"
WAIT = 20.0
START = 3400
ORDER = ("status", "side", "type", "price", "quantity", "total_executed_quantity", "client_order_id")
NODE = (
    "algo_type",
    "algo_status",
    "side",
    "quantity",
    "trigger_price",
    "total_executed_quantity",
    "is_triggered",
)
POSITION = (
    "position_qty",
    "average_open_price",
    "cost_position",
    "mark_price",
    "unsettled_pnl",
    "unrealized_pnl",
    "pending_long_qty",
)
HOLDING = ("holding", "frozen")

Step = tuple[str, Any]


def ours(ex: Orderly) -> dict[str, Any]:
    """What the client believes, as plain rows."""
    trees = {
        root: {node.algo_order_id: _of(node, NODE) for node in tree.nodes}
        for root, tree in ex.algo_orders.items()
    }
    return {
        "orders": {key: _of(row, ORDER) for key, row in ex.orders.items()},
        "algo_orders": trees,
        "positions": {key: _of(row, POSITION) for key, row in {**ex.positions, **ex.positions.flat}.items()},
        "holdings": {key: _of(row, HOLDING) for key, row in ex.holdings.items()},
    }


def theirs(ex: Orderly) -> dict[str, Any]:
    """What the venue holds, in the same form; closed orders and flat, settled positions left out."""
    credentials = ex.rest.credentials
    assert credentials is not None
    held = ex.paper.snapshot(credentials.account_id)
    orders = structure(held["orders"], Rows[Order], "snapshot")
    trees = [algo_tree(row) for row in structure(held["algo_orders"], Rows[AlgoOrder], "snapshot")]
    positions = structure(held["positions"], Rows[Position], "snapshot")
    holdings = structure(held["holding"], Rows[Holding], "snapshot")
    return {
        "orders": {row.order_id: _of(row, ORDER) for row in orders if not row.is_final},
        "algo_orders": {
            tree.root.algo_order_id: {node.algo_order_id: _of(node, NODE) for node in tree.nodes}
            for tree in trees
            if not tree.is_final
        },
        "positions": {
            row.symbol: _of(_with_pnl(row), POSITION)
            for row in positions
            if row.quantity or row.unsettled_pnl
        },
        "holdings": {row.token: _of(row, HOLDING) for row in holdings},
    }


def _with_pnl(row: Position) -> Position:
    """A position with what it has won or lost since it was opened, which REST leaves to be reckoned."""
    assert row.mark_price is not None
    assert row.average_open_price is not None
    return changed(row, unrealized_pnl=row.quantity * (row.mark_price - row.average_open_price))


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields named, those without a value left out: absent, null and zero say the same here."""
    return {name: value for name in names if (value := getattr(row, name))}


def agree(ex: Orderly, after: str) -> None:
    """Wait until all is quiet; then both must say the same."""
    end = time.monotonic() + WAIT
    while ex.status != "ready" or ours(ex) != theirs(ex):
        if time.monotonic() > end:
            mine, its = ours(ex), theirs(ex)
            wrong = {name: (mine[name], its[name]) for name in mine if mine[name] != its[name]}
            raise AssertionError(f"after {after}, {ex.status}: {wrong}")
        threading.Event().wait(0.005)


def price(offset: int) -> Decimal:
    return Decimal(START + offset)


def nth(rows: Any, number: int) -> Any:
    """One of the rows, by a number of any size; None if there is none."""
    listed = sorted(rows)
    return rows[listed[number % len(listed)]] if listed else None


def sides(offset: int) -> Any:
    return ("buy", "sell")[offset % 2]


def place_limit(ex: Orderly, number: int) -> None:
    kind = (Limit, PostOnly)[number % 2]
    ex.place(getattr(kind, sides(number // 2))(ETH, quantity="0.2", price=price(number % 41 - 20)))


def place_market(ex: Orderly, number: int) -> None:
    ex.place(getattr(Market, sides(number))(ETH, quantity=Decimal(number % 7 + 1) / 10))


def place_stop(ex: Orderly, number: int) -> None:
    ex.place(getattr(Stop, sides(number))(ETH, quantity="0.1", trigger=price(number % 61 - 30)))


def place_legs(ex: Orderly, number: int) -> None:
    both = {"take_profit": price(15), "stop_loss": price(-15)}
    ex.place(TpSl.sell(ETH, quantity="0.1", **both) if number % 2 else PositionalTpSl.sell(ETH, **both))


def place_bracket(ex: Orderly, number: int) -> None:
    entry = price(-5) if number % 2 else None
    ex.place(Bracket.buy(ETH, quantity="0.1", price=entry, take_profit=price(20), stop_loss=price(-25)))


def place_trailing(ex: Orderly, number: int) -> None:
    ex.place(getattr(TrailingStop, sides(number))(ETH, quantity="0.1", callback_value=number % 20 + 5))


def cancel(ex: Orderly, number: int) -> None:
    row = nth(ex.orders, number)
    if row is not None:
        ex.rest.orders.cancel(symbol=ETH, order_id=row.order_id)


def edit(ex: Orderly, number: int) -> None:
    row = nth(ex.orders, number)
    if row is not None:
        ex.rest.orders.edit(
            order_id=row.order_id,
            symbol=ETH,
            order_type=row.type,
            side=row.side,
            order_price=price(number % 41 - 20),
            order_quantity="0.3",
        )


def cancel_algo(ex: Orderly, number: int) -> None:
    tree = nth(ex.algo_orders, number)
    if tree is not None:
        ex.rest.orders.cancel_algo(symbol=ETH, order_id=tree.root.algo_order_id)


def cancel_all(ex: Orderly, number: int) -> None:
    (ex.rest.orders.cancel_all if number % 2 else ex.rest.orders.cancel_all_algo)(symbol=ETH)


def move(ex: Orderly, number: int) -> None:
    ex.paper.set_mark_price(ETH, price(number % 61 - 30))


def wait(ex: Orderly, number: int) -> None:
    ex.paper.advance(number * 60_000)


def drop(ex: Orderly, _: int) -> None:
    ex.paper.drop_connections()


STEPS: dict[str, Callable[[Orderly, int], None]] = {
    step.__name__: step
    for step in (
        place_limit,
        place_market,
        place_stop,
        place_legs,
        place_bracket,
        place_trailing,
        cancel,
        edit,
        cancel_algo,
        cancel_all,
        move,
        wait,
        drop,
    )
}


def take(ex: Orderly, step: Step) -> None:
    """Take a step; the venue may refuse it."""
    with contextlib.suppress(ApiError):
        STEPS[step[0]](ex, step[1])


def steps_of(seed: int, count: int) -> list[Step]:
    """So many steps, the same ones for the same seed."""
    chance = Random(seed)
    names = sorted(STEPS)
    return [(chance.choice(names), chance.randrange(1000)) for _ in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_state_equals_the_venues_at_every_quiet_moment(seed: int):
    """Orders, algo orders, positions and holdings, after each of any steps; a refused one changes nothing."""
    with connect("paper", seed=7, market="frozen", speed=20, rate_limits=False) as ex:
        ex.paper.set_mark_price(ETH, START)
        for number, step in enumerate(steps_of(seed, 25)):
            take(ex, step)
            agree(ex, f"step {number}, {step}")


@pytest.mark.parametrize("seed", range(100, 103))
def test_state_equals_the_venues_after_a_storm(seed: int):
    """Nothing is waited for between the steps, not even for connections that were cut; quiet comes once, at the end."""
    with connect("paper", seed=7, market="frozen", speed=20, rate_limits=False) as ex:
        ex.paper.set_mark_price(ETH, START)
        for step in steps_of(seed, 40):
            take(ex, step)
        agree(ex, "the storm")
