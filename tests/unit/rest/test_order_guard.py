"""What a client refuses to send, whatever its user's code asks: an order worth too much, or anything in a dry run."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync import DryRun, InvalidOrder, UsageError
from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.rest.groups_by_name import GROUPS
from orderly_sync.rest.order_guard import OrderGuard
from orderly_sync.rest.rows import AlgoLeg, AlgoLegEdit, BatchOrder
from tests.support.http_host import HttpHost, answer
from tests.support.rest_client import CREATED, INFO, here, place, read

ETH = "PERP_ETH_USDC"
MARK = Decimal(str(INFO["mark_price"]))
LONG: dict[str, Any] = {"symbol": ETH, "side": "BUY"}


def limit(quantity: object, price: object, **more: Any) -> Any:
    return lambda orders: orders.create(
        **LONG, order_type="LIMIT", order_price=price, order_quantity=quantity, **more
    )


def batch(*sizes: object) -> Any:
    rows = [
        BatchOrder(symbol=ETH, side="BUY", order_type="LIMIT", order_price=10, order_quantity=size)
        for size in sizes
    ]
    return lambda orders: orders.create_batch(orders=rows)


def stop(quantity: object, trigger: object, price: object = None, **more: Any) -> Any:
    kind = "MARKET" if price is None else "LIMIT"
    return lambda orders: orders.create_algo(
        **LONG, algo_type="STOP", type=kind, price=price, trigger_price=trigger, quantity=quantity, **more
    )


def bracket(quantity: object, price: object, *, leg_reduces: bool, leg_price: object = None) -> Any:
    leg = AlgoLeg(
        symbol=ETH,
        algo_type=AlgoType.TAKE_PROFIT,
        side=OrderSide.SELL,
        type="MARKET",
        trigger_price=5000,
        quantity=quantity,
        reduce_only=leg_reduces,
    )
    if leg_price is not None:
        leg["price"] = leg_price
    held = AlgoLeg(symbol=ETH, algo_type=AlgoType.TP_SL, child_orders=[leg])
    return lambda orders: orders.create_algo(
        **LONG, algo_type="BRACKET", type="LIMIT", price=price, quantity=quantity, child_orders=[held]
    )


TOO_MUCH = [
    limit("0.10000001", 1000),
    limit(100, "1.00000001"),
    limit(1000.0, 0.2),
    lambda orders: orders.create(**LONG, order_type="MARKET", order_quantity="0.1"),  # at the mark price
    lambda orders: orders.create(**LONG, order_type="ASK", level=1, order_quantity="0.1"),
    lambda orders: orders.create(**LONG, order_type="MARKET", order_amount="100.01"),
    lambda orders: orders.edit(
        order_id=5, **LONG, order_type="LIMIT", order_price=1000, order_quantity="0.2"
    ),
    batch("11"),
    batch("1", "2", "10.1", "1"),
    stop("0.1", 1001),
    stop("0.1", 900, 1001),
    stop("0.1", 1001, 900),
    bracket("0.1", 1001, leg_reduces=True),
    bracket("0.1", 900, leg_reduces=False),
    lambda orders: orders.create_algo(
        **LONG, algo_type="TRAILING_STOP", type="MARKET", callback_rate="0.01", quantity="0.1"
    ),
    lambda orders: orders.create_algo(
        **LONG, algo_type="TRAILING_STOP", type="MARKET", callback_rate="0.01", quantity="0.1",
        activated_price=1001,
    ),
]  # fmt: skip
WITHIN = [
    limit("0.1", 1000),
    limit(100, 1),
    lambda orders: orders.create(**LONG, order_type="MARKET", order_quantity="0.03"),
    lambda orders: orders.create(**LONG, order_type="MARKET", order_quantity="7", reduce_only=True),
    limit("7", 3000, reduce_only=True),
    lambda orders: orders.create(**LONG, order_type="MARKET", order_amount=100),
    batch("10", "10", "10"),
    stop("0.1", 1000),
    stop("7", 3000, reduce_only=True),
    bracket("0.1", 1000, leg_reduces=True),
    lambda orders: orders.create_algo(
        symbol=ETH,
        algo_type="POSITIONAL_TP_SL",
        child_orders=[
            AlgoLeg(symbol=ETH, algo_type=AlgoType.STOP_LOSS, side=OrderSide.SELL, type="CLOSE_POSITION", trigger_price=9000)
        ],
    ),
]  # fmt: skip


def host_of_answers() -> HttpHost:
    """Answers a price where one is asked for, and takes every order."""
    return HttpHost(
        answer({**INFO, **CREATED, "rows": [{**CREATED, "algo_order_id": 7}], "status": "EDIT_SENT"})
    )


@pytest.mark.parametrize("order", TOO_MUCH)
def test_an_order_worth_more_than_the_limit_is_not_sent(order: Any):
    """By whichever door; the message names the limit, and no write reaches the venue."""
    with host_of_answers() as host, here(host, max_notional="100") as rest:
        with pytest.raises(
            InvalidOrder, match=r"USDC, more than max_notional=100 of this client; nothing was sent"
        ):
            order(rest.orders)
        assert {seen.method for seen in host.seen} <= {"GET"}


@pytest.mark.parametrize("order", WITHIN)
def test_an_order_within_the_limit_is_sent_as_it_is(order: Any):
    """Just at the limit counts as within; what can only shrink a position always passes."""
    with host_of_answers() as host, here(host, max_notional=100) as rest:
        order(rest.orders)
        (sent,) = [seen for seen in host.seen if seen.method == "POST"]
    with host_of_answers() as host, here(host) as rest:
        order(rest.orders)
        (free,) = host.seen
    strip = {"client_order_id"}
    assert without(sent.body, strip) == without(free.body, strip)


def without(body: bytes, names: set[str]) -> Any:
    told = json.loads(body)
    return [
        {name: value for name, value in row.items() if name not in names}
        for row in told.get("orders", [told])
    ]


ALGO = {
    "algo_order_id": 7, "symbol": ETH, "quantity": 1, "type": "LIMIT", "price": 90, "trigger_price": 80,
    "reduce_only": False, "algo_type": "STOP",
    "child_orders": [
        {"algo_order_id": 8, "symbol": ETH, "quantity": 1, "type": "LIMIT", "price": 50, "reduce_only": False},
        {"algo_order_id": 9, "symbol": ETH, "quantity": 5, "type": "MARKET", "trigger_price": 95, "reduce_only": True},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "passes"),
    [
        ({"quantity": "1.2"}, False),  # x 90, the price it keeps
        ({"quantity": "1.1"}, True),
        ({"price": 101}, False),
        ({"price": 100}, True),
        ({"trigger_price": 101}, False),
        ({"child_orders": [AlgoLegEdit(order_id=8, quantity=3)]}, False),
        ({"child_orders": [AlgoLegEdit(order_id=8, quantity=2)]}, True),
        ({"child_orders": [AlgoLegEdit(order_id=9, quantity=50)]}, True),
    ],
)
def test_an_edit_of_an_algo_order_is_worth_what_it_leaves(edit: dict[str, Any], passes: bool):
    """It names only what it changes; the rest is asked for."""
    with HttpHost(answer({**ALGO, "status": "EDIT_SENT"})) as host, here(host, max_notional=100) as rest:
        if passes:
            rest.orders.edit_algo(order_id=7, **edit)
        else:
            with pytest.raises(InvalidOrder, match="max_notional=100"):
                rest.orders.edit_algo(order_id=7, **edit)
        assert [seen.method for seen in host.seen] == ["GET", "PUT"][: 1 + passes]


def test_an_order_whose_worth_cannot_be_known_is_not_sent():
    with HttpHost(answer({"symbol": ETH, "mark_price": None})) as host, here(host, max_notional=100) as rest:
        with pytest.raises(UsageError, match="no mark price"):
            rest.orders.create(**LONG, order_type="MARKET", order_quantity="0.01")
        assert [seen.method for seen in host.seen] == ["GET"]


@pytest.mark.parametrize("value", [0, -1, "0", "nan", float("inf"), "much", True, [1], Decimal("-0.1")])
def test_a_limit_that_is_no_amount_is_refused(value: Any):
    with HttpHost(answer(CREATED)) as host, pytest.raises(UsageError, match="max_notional"):
        here(host, max_notional=value)


@given(
    st.decimals("0.00000001", "1000000", places=8), st.decimals("0.0001", "1000000", places=4), st.booleans()
)
def test_the_limit_is_exact(quantity: Decimal, price: Decimal, above: bool):
    """No rounding stands between an order and the limit: its own worth passes, the least bit less does not."""
    worth = quantity * price
    guard = OrderGuard(
        worth - Decimal("1E-12") * above,
        lambda _: Decimal(0),
        lambda _: pytest.fail("no edit"),
        dry_run=False,
    )
    body = {"symbol": ETH, "order_price": price, "order_quantity": quantity}
    if above:
        with pytest.raises(InvalidOrder):
            guard.check("POST", "/v1/order", body)
    else:
        guard.check("POST", "/v1/order", body)


# Dry runs ------------------------------------------------------------------------------------------------------------

WRITES = [
    place,
    batch("1", "2"),
    stop("0.1", 3000),
    lambda rest: rest.orders.cancel(symbol=ETH, order_id=5),
    lambda rest: rest.orders.cancel_all(),
    lambda rest: rest.orders.cancel_all_after(trigger_after=5000),
    lambda rest: rest.config.set_leverage(leverage=3),
    lambda rest: rest.faucet.usdc(user_address="0x1", broker_id="b"),
]


@pytest.mark.parametrize("write", WRITES)
def test_a_dry_run_shows_a_write_and_sends_none(write: Any):
    with host_of_answers() as host, here(host, dry_run=True) as rest:
        with pytest.raises(DryRun, match=r"was checked and not sent.*dry_run=True") as told:
            write(rest if write in {place, *WRITES[3:]} else rest.orders)
        assert read(rest).symbol == ETH
        assert [seen.method for seen in host.seen] == ["GET"]
    verb, path = told.value.request.split(" ")
    assert verb in {"POST", "PUT", "DELETE"}
    assert path.startswith("/v1/")
    assert not told.value.body or json.loads(told.value.body)


def test_a_dry_run_says_what_would_be_sent():
    with (
        host_of_answers() as host,
        here(host, dry_run=True, max_notional=1000) as rest,
        pytest.raises(DryRun) as told,
    ):
        place(rest)
    assert told.value.request == "POST /v1/order"
    body = json.loads(told.value.body)
    assert (body["symbol"], body["order_price"], body["client_order_id"]) == (ETH, 3000, "mine")


def test_every_way_to_send_passes_the_guard():
    """Whichever of its callers a group writes by."""
    with host_of_answers() as host, here(host, dry_run=True) as rest:
        for name in GROUPS:
            getattr(rest, name)
        for caller in ("_public", "_signed", "_vault", "_faucet"):
            for verb in ("post", "put", "delete"):
                with pytest.raises(DryRun):
                    getattr(getattr(rest, caller), verb)("/v1/anything", dict)
        assert host.seen == []
