"""What an order looks like on its way out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import AlgoType, OrderSide, OrderType
from orderly_sync.models.order import CreatedOrder
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups.orders import Orders
from orderly_sync.wire.client_order_id import new_client_order_id

LIMIT: dict[str, Any] = {
    "symbol": "PERP_ETH_USDC",
    "order_type": "LIMIT",
    "side": "BUY",
    "order_price": "3000.10",
    "order_quantity": 0.1,
}
LEG = {"symbol": "PERP_ETH_USDC", "algo_type": "TAKE_PROFIT", "side": "SELL", "type": "CLOSE_POSITION"}


class Canned(NamedTuple):
    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b'{"success":true,"data":{"order_id":1,"rows":[],"status":"CANCEL_SENT"}}'


class Orderly:
    """The orders over a sender that only remembers."""

    def __init__(self) -> None:
        self.requests = []
        caller = ApiClient(self.send, signed=True)
        self.orders = Orders(caller, caller)

    def send(self, request):
        self.requests.append(request)
        return Canned()

    @property
    def body(self):
        return json.loads(self.requests[-1].body, parse_float=Decimal)


@pytest.fixture
def sent():
    return Orderly()


def test_every_order_has_a_client_order_id(sent):
    """One is made where none is given, another for each order, and it is what to ask for should the answer be lost."""
    made = set()
    for _ in range(50):
        sent.orders.create(**LIMIT)
        made.add(sent.body["client_order_id"])
        assert sent.requests[-1].client_order_id == sent.body["client_order_id"]

    assert len(made) == 50
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,36}", name) for name in made)
    assert new_client_order_id() != new_client_order_id()


def test_a_client_order_id_of_ones_own_is_kept(sent):
    """It is sent as it is."""
    sent.orders.create(**LIMIT, client_order_id="my-order-1")
    assert sent.body["client_order_id"] == "my-order-1"


@pytest.mark.parametrize("name", ["", "0", "-a", "a" * 37, "a b", "a/b", "ä", "a\n", 5])
def test_a_client_order_id_that_the_venue_would_refuse_is_refused(sent, name):
    """Letters, digits and hyphens, 36 at most, no hyphen first."""
    with pytest.raises(UsageError, match="client_order_id"):
        sent.orders.create(**LIMIT, client_order_id=name)
    assert sent.requests == []


def test_numbers_go_out_as_they_were_meant(sent):
    """As JSON numbers, exact, without exponent."""
    sent.orders.create(**{**LIMIT, "order_quantity": Decimal("1E-8")})
    assert b'"order_price":3000.10,"order_quantity":0.00000001,' in sent.requests[0].body


@pytest.mark.parametrize(
    "wrong",
    [
        {"side": "long"},
        {"order_type": "STOP"},
        {"order_type": "LIQUIDATE"},
        {"order_price": "nan"},
        {"order_price": -1},
        {"order_price": "1e3"},
        {"order_quantity": float("inf")},
        {"order_quantity": "0.123456789"},
        {"margin_mode": "BOTH"},
        {"order_tag": "x" * 129},
        {"recv_window": 0},
        {"recv_window": 2.5},
        {"recv_window": 300_001},
    ],
)
def test_an_argument_that_cannot_be_right_is_refused_before_sending(sent, wrong):
    """The error names the argument, and nothing leaves."""
    with pytest.raises(UsageError, match=next(iter(wrong))):
        sent.orders.create(**{**LIMIT, **wrong})
    assert sent.requests == []


def test_a_window_to_arrive_in_goes_as_a_header(sent):
    """x-recv-window, in milliseconds, on the three operations that know it."""
    sent.orders.create(**LIMIT, recv_window=500)
    sent.orders.create_batch(orders=[LIMIT], recv_window=500)
    sent.orders.create_algo(
        symbol="PERP_ETH_USDC", algo_type="STOP", quantity=1, trigger_price=1, recv_window=500
    )
    sent.orders.create(**LIMIT)

    assert [dict(request.headers) for request in sent.requests] == [{"x-recv-window": "500"}] * 3 + [{}]


def test_a_batch_names_each_of_its_orders(sent):
    """Each order has an id of its own; all of them are what to ask for should the answer be lost."""
    sent.orders.create_batch(orders=[LIMIT, {**LIMIT, "client_order_id": "second", "side": OrderSide.SELL}])
    first, second = sent.body["orders"]

    assert (second["client_order_id"], second["side"]) == ("second", "SELL")
    assert sent.requests[0].client_order_id == f"{first['client_order_id']},second"
    assert sent.requests[0].weight == 2


@pytest.mark.parametrize(
    ("orders", "said"),
    [
        ([{**LIMIT, "reduce_only": True}], "reduce_only"),
        ([{**LIMIT, "reduce_only": False}], "reduce_only"),
        ([], "1 to 10"),
        ([LIMIT] * 11, "1 to 10"),
        ([{**LIMIT, "client_order_id": "a"}] * 2, "share one"),
        ([{"symbol": "PERP_ETH_USDC", "side": "BUY"}], "order_type is missing"),
        ([{**LIMIT, "slippage": "0.1"}], "'slippage' is none of"),
        ([LIMIT, {**LIMIT, "order_price": "x"}], r"orders\[1\].order_price"),
    ],
)
def test_a_batch_that_cannot_be_right_is_refused(sent, orders, said):
    """reduce_only above all: the venue would drop it unsaid and open a position."""
    with pytest.raises(UsageError, match=said):
        sent.orders.create_batch(orders=orders)
    assert sent.requests == []


def test_an_algo_order_carries_its_legs(sent):
    """Legs are checked and written like their root."""
    sent.orders.create_algo(
        symbol="PERP_ETH_USDC",
        algo_type=AlgoType.BRACKET,
        quantity="0.5",
        side="BUY",
        type="LIMIT",
        price=3000,
        child_orders=[
            {
                "symbol": "PERP_ETH_USDC",
                "algo_type": "POSITIONAL_TP_SL",
                "child_orders": [{**LEG, "trigger_price": "3400"}],
            }
        ],
    )
    leg = sent.body["child_orders"][0]["child_orders"][0]

    assert leg == {**LEG, "trigger_price": 3400}
    assert len(sent.body["client_order_id"]) == 24


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"algo_type": "TPSL"}, "algo_type"),
        ({"algo_type": "STOP", "trigger_price": "-1"}, "trigger_price"),
        ({"algo_type": "STOP", "trigger_price_type": "LAST_PRICE"}, "trigger_price_type"),
        ({"algo_type": "TP_SL", "child_orders": [{**LEG, "side": "LONG"}]}, r"child_orders\[0\].side"),
        ({"algo_type": "TP_SL", "child_orders": [{**LEG, "triger_price": 1}]}, "'triger_price' is none of"),
        (
            {"algo_type": "TP_SL", "child_orders": [{"child_orders": [{"price": "nan"}]}]},
            r"\[0\].child_orders\[0\].price",
        ),
    ],
)
def test_an_algo_order_that_cannot_be_right_is_refused(sent, arguments, said):
    """The error leads to the leg and its field."""
    with pytest.raises(UsageError, match=said):
        sent.orders.create_algo(symbol="PERP_ETH_USDC", **arguments)
    assert sent.requests == []


def test_an_edit_of_an_algo_order_names_its_legs(sent):
    """Legs have ids of their own; is_activated false drops one."""
    sent.orders.edit_algo(
        order_id="7", child_orders=[{"order_id": 8, "trigger_price": "9.5", "is_activated": False}]
    )
    assert sent.body == {
        "order_id": 7,
        "child_orders": [{"order_id": 8, "trigger_price": Decimal("9.5"), "is_activated": False}],
    }


def test_an_edit_repeats_what_stays(sent):
    """Ids may be text; types and sides are checked as when placing."""
    sent.orders.edit(
        order_id="78151", symbol="PERP_ETH_USDC", order_type=OrderType.LIMIT, side="SELL", order_price=5
    )
    assert sent.body == {
        "order_id": 78151,
        "symbol": "PERP_ETH_USDC",
        "order_type": "LIMIT",
        "order_price": 5,
        "side": "SELL",
    }


@pytest.mark.parametrize("order_id", [0, -1, "", "abc", "1/2", 1.5, True, "1" * 200])
def test_what_is_no_order_id_is_refused(sent, order_id):
    """Before it can stand in a path or a query."""
    for call in (sent.orders.get, sent.orders.get_algo, sent.orders.fills_of, sent.orders.fill):
        with pytest.raises(UsageError, match="positive whole number"):
            call(order_id)
    with pytest.raises(UsageError, match="order_id"):
        sent.orders.cancel(symbol="PERP_ETH_USDC", order_id=order_id)
    assert sent.requests == []


def test_many_are_cancelled_at_once(sent):
    """Ids are comma separated, ten at most."""
    sent.orders.cancel_batch(order_ids=[1, "2"])
    sent.orders.cancel_batch_by_client_order_id(client_order_ids=["a", "b-c"])
    assert [request.target for request in sent.requests] == [
        "/v1/batch-order?order_ids=1%2C2",
        "/v1/client/batch-order?client_order_ids=a%2Cb-c",
    ]
    for wrong in ([], range(1, 12)):
        with pytest.raises(UsageError, match="1 to 10"):
            sent.orders.cancel_batch(order_ids=list(wrong))


@pytest.mark.parametrize("value", [1, 4999, 900_001, -5, "5000", 5000.0, True])
def test_a_dead_mans_switch_has_its_range(sent, value):
    """5 seconds to 15 minutes in milliseconds, or 0."""
    with pytest.raises(UsageError, match="trigger_after"):
        sent.orders.cancel_all_after(trigger_after=value)


def test_the_switch_is_set_and_cleared(sent):
    """0 is sent, for it means off."""
    for value in (5000, 0):
        sent.orders.cancel_all_after(trigger_after=value)
        assert sent.body == {"trigger_after": value}


@given(st.text(min_size=1, max_size=20).filter(lambda text: not re.fullmatch(r"[A-Za-z0-9_.:$\-]+", text)))
def test_no_client_order_id_leaves_its_slot(text):
    """What could be read as another path is refused."""
    sent = Orderly()
    with pytest.raises(UsageError):
        sent.orders.get_by_client_order_id(text)


def test_a_row_of_a_batch_speaks_for_itself():
    """The venue writes "none" where all is well."""
    good = CreatedOrder(order_id=1, error_message="none")
    bad = CreatedOrder(order_id=None, error_message="too small")
    assert (good.error, good.is_accepted) == (None, True)
    assert (bad.error, bad.is_accepted) == ("too small", False)
