"""Writes whose answers are lost, halved, late or denied, carried out or not: never done twice, and no false verdict."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from orderly_sync import Limit, Orderly, OrderlyError
from tests.faults.disconnects import proxied
from tests.faults.oracles import census, judge, one_order_per_intent, state_is_the_venues, watch
from tests.support.paper import ETH, account_of, eventually, mark

SPOILT: dict[str, Callable[..., int]] = {
    "lost after it was carried out": lambda faults, path, **which: faults.lose_answer(path, **which),
    "lost before": lambda faults, path, **which: faults.lose_answer(path, executed=False, **which),
    "half": lambda faults, path, **which: faults.answer(path, half=True, **which),
    "denied though carried out": lambda faults, path, **which: faults.answer(
        path, status=502, executed=True, **which
    ),
    "denied": lambda faults, path, **which: faults.answer(path, status=500, **which),
    "a proxy's page": lambda faults, path, **which: faults.answer(
        path, status=504, body="<html>late</html>", executed=True, **which
    ),
    "-1011": lambda faults, path, **which: faults.answer(
        path, status=400, code=-1011, executed=True, **which
    ),
    "too many": lambda faults, path, **which: faults.answer(path, status=429, code=-1003, **which),
}


def limit(ex: Orderly, name: str) -> Any:
    return Limit.buy(ETH, quantity="0.1", price=mark(ex) - 30, client_order_id=name)


@pytest.mark.parametrize("how", SPOILT)
def test_a_placement_whose_answer_is_spoilt_is_one_order_or_none(how: str):
    """Sent once; a handle or a typed error; the stream tells all of what stands."""
    with census(), proxied() as (ex, _proxy):
        after, seen = len(ex.paper.ledger(account_of(ex))), watch(ex)
        SPOILT[how](ex.paper.faults, "/v1/order", method="POST")
        names = [f"intent{number}" for number in range(3)]
        for name in names:
            with contextlib.suppress(OrderlyError):
                ex.place(limit(ex, name))
        assert ex.paper.faults.list()[0].struck == len(names)
        ex.paper.faults.clear()
        one_order_per_intent(ex, names)
        carried_out = how not in {"lost before", "denied", "too many"}
        standing = [one["client_order_id"] for one in ex.paper.snapshot(account_of(ex))["orders"]]
        assert sorted(standing) == (names if carried_out else [])
        judge(ex, seen, after)


@pytest.mark.parametrize("how", SPOILT)
@pytest.mark.parametrize("write", ["cancel", "edit"])
def test_a_cancel_or_an_edit_whose_answer_is_spoilt_leaves_the_client_with_the_venues_state(
    write: str, how: str
):
    """Whatever the call says, what is shown in the end is what stands."""
    with census(), proxied() as (ex, _proxy):
        handle = ex.place(limit(ex, "kept"))
        SPOILT[how](ex.paper.faults, "/v1/order", method="DELETE" if write == "cancel" else "PUT", count=1)
        with contextlib.suppress(OrderlyError):
            if write == "cancel":
                handle.cancel()
            else:
                handle.edit(price=mark(ex) - 40)
        struck = ex.paper.faults.list()[0].struck
        ex.paper.faults.clear()
        assert struck == 1
        state_is_the_venues(ex)
        eventually(lambda: handle.is_done == (handle.order_id not in ex.orders))


@pytest.mark.parametrize("how", SPOILT)
def test_a_batch_whose_answer_is_spoilt_places_each_row_once_or_not_at_all(how: str):
    """Its rows are judged one by one, and the client shows those that stand."""
    with census(), proxied() as (ex, _proxy):
        SPOILT[how](ex.paper.faults, "/v1/batch-order", method="POST", count=1)
        names = [f"row{number}" for number in range(4)]
        price = mark(ex) - 30
        rows: list[Any] = [
            {
                "symbol": ETH,
                "side": "BUY",
                "order_type": "LIMIT",
                "order_price": price - at,
                "order_quantity": "0.1",
                "client_order_id": name,
            }
            for at, name in enumerate(names)
        ]
        with contextlib.suppress(OrderlyError):
            ex.rest.orders.create_batch(orders=rows)
        assert ex.paper.faults.list()[0].struck == 1
        ex.paper.faults.clear()
        one_order_per_intent(ex, names)
        state_is_the_venues(ex)
