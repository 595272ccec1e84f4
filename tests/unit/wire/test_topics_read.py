"""Topics: how the data of a frame becomes events, whatever shape it comes in."""

from __future__ import annotations

import copy
import json
from decimal import Decimal

import pytest

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Frame
from orderly_sync.wire import topics
from orderly_sync.wire.json import decode

ROW = {"symbol": "PERP_ETH_USDC", "price": 1}
NODE = {
    "symbol": "PERP_ETH_USDC",
    "algoOrderId": 1,
    "rootAlgoOrderId": 1,
    "parentAlgoOrderId": 0,
    "algoType": "STOP",
}


def read(topic, data, ts=1, numbers=Decimal):
    frame = Frame(topic.name, ts)
    events = topic.read(data, frame, numbers)
    assert all(event.frame is frame for event in events)
    assert frame.events == (tuple(events) if len(events) > 1 else ())
    return list(events)


def node(own, parent, root=1, **more):
    return {**NODE, "algoOrderId": own, "parentAlgoOrderId": parent, "rootAlgoOrderId": root, **more}


def test_a_list_gives_one_event_a_row_in_order():
    """List topics deliver their rows one by one, all knowing the frame."""
    rows = read(topics.mark_prices(), [{**ROW, "symbol": name} for name in ("B", "A", "C")], ts=9)

    assert [row.symbol for row in rows] == ["B", "A", "C"]
    assert {row.ts for row in rows} == {9}


@pytest.mark.parametrize("topic", [topics.maintenance_status(), topics.liquidator_liquidations()])
def test_an_object_and_a_list_of_one_are_the_same(topic):
    """The venue sends either, depending on the page one believes."""
    one = {"status": 2, "liquidationId": 1}

    assert read(topic, one) == read(topic, [one])


def test_maintenance_is_read_in_both_spellings():
    """The planned window comes in camelCase and in snake_case."""
    camel = {"status": 2, "scheduled_maintenance": {"startTime": 1, "endTime": 2}}
    snake = {"status": 2, "scheduled_maintenance": {"start_time": 1, "end_time": 2}}

    assert read(topics.maintenance_status(), camel) == read(topics.maintenance_status(), snake)
    assert read(topics.maintenance_status(), camel)[0].is_down


def test_positions_give_one_event_each():
    """``data.positions`` is unwrapped, with the venue's odd spellings."""
    data = {"positions": [{"symbol": "A", "positionQty": 1.5, "imrwithOrders": 0.1, "updated_time": 7}]}
    (position,) = read(topics.position(), decode(json.dumps(data), ""))

    assert (position.quantity, position.imr_with_orders, position.updated_time) == (
        Decimal("1.5"),
        Decimal("0.1"),
        7,
    )


def test_balances_give_one_event_a_token():
    """``data.balances`` is keyed by token; the token becomes a field."""
    data = {"balances": {"USDC": {"holding": 5, "version": 3}, "ETH": {"holding": 1, "fee24H": 2}}}
    usdc, eth = read(topics.balance(), data)

    assert (usdc.token, usdc.holding, usdc.version) == ("USDC", 5, 3)
    assert (eth.token, eth.fee_24h) == ("ETH", 2)


def test_the_account_is_unwrapped():
    """``data.accountDetail`` is one event; the leverage of a symbol is there only when it was changed."""
    detail = {
        "marginMode": "SPOT_FUTURES",
        "symbolLeverage": {"leverage": 20, "symbol": "A", "marginMode": "CROSS"},
    }
    (with_symbol,) = read(topics.account(), {"accountDetail": detail})
    (without,) = read(topics.account(), {"accountDetail": {"marginMode": "SPOT_FUTURES"}})

    assert with_symbol.symbol_leverage.leverage == 20
    assert without.symbol_leverage is None


def test_a_flat_list_of_nodes_keeps_the_venues_order():
    """Version 1 sends root and children flat, in any order."""
    sent = [node(3, 2), node(1, 0), node(2, 1)]
    reports = read(topics.algo_execution_report(1), sent)

    assert [report.algo_order_id for report in reports] == [3, 1, 2]
    assert reports[0].reports == tuple(reports)


def test_a_tree_becomes_flat_root_first_and_parents_before_children():
    """Version 2 nests; the events come in the order of the tree."""
    tree = node(1, 0, childOrders=[node(2, 1, childOrders=[node(3, 2), node(4, 2)]), node(5, 1)])
    reports = read(topics.algo_execution_report(), tree)

    assert [report.algo_order_id for report in reports] == [1, 2, 3, 4, 5]


def test_a_flat_list_is_read_under_the_second_version_too():
    """The shape is told by JSON type, not by topic."""
    reports = read(topics.algo_execution_report(), [node(1, 0), node(2, 1)])

    assert reports[1].parent is reports[0]
    assert reports[0].children == (reports[1],)


@pytest.mark.parametrize("nested", [True, False])
def test_a_child_without_symbol_has_its_trees(nested):
    """A symbol is part of what a node is, so it is the one field that a child inherits."""
    child = node(2, 1)
    del child["symbol"]
    grandchild = {**child, "algoOrderId": 3, "parentAlgoOrderId": 2, "symbol": None}
    root = node(1, 0)
    flat = [child, root, grandchild]
    data = {**root, "childOrders": [{**child, "childOrders": [grandchild]}]} if nested else flat
    before = copy.deepcopy(data)
    reports = read(topics.algo_execution_report(), data)

    assert {report.symbol for report in reports} == {"PERP_ETH_USDC"}
    assert data == before


def test_a_node_without_any_symbol_is_refused():
    """Where no node of the tree has one, none is invented."""
    with pytest.raises(DecodingError, match=r"at \$\[0\]\.symbol: missing"):
        read(topics.algo_execution_report(), [{**node(2, 1), "symbol": None}])


def test_other_fields_are_not_inherited():
    """A margin mode sent on the root alone stays unknown on the child, and is found through the tree."""
    tree = node(1, 0, marginMode="CROSS", childOrders=[node(2, 1)])
    _, child = read(topics.algo_execution_report(), tree)

    assert child.margin_mode is None
    assert child.tree_margin_mode == "CROSS"


@pytest.mark.parametrize(
    ("topic", "data", "where"),
    [
        (topics.mark_prices(), [ROW, {"symbol": "A", "price": "x"}], r"markprices at \$\[1\]\.price"),
        (topics.mark_price("ETH"), {"symbol": "A"}, r"at \$\.price: missing"),
        (topics.mark_price("ETH"), None, r"at \$: NoneType where an object was expected"),
        (topics.mark_price("ETH"), 3, r"at \$: int where an object"),
        (topics.position(), {"positions": [{"symbol": "A"}]}, r"at \$\[0\]\.positionQty: missing"),
        (topics.position(), {}, r"at \$\.positions: missing"),
        (topics.position(), [], r"at \$: list where an object was expected"),
        (topics.balance(), {"balances": {"USDC": 3}}, r"at \$\.balances\.USDC: int where an object"),
        (topics.balance(), {"balances": None}, r"at \$\.balances: missing"),
        (topics.balance(), {"balances": "x"}, r"at \$: str where an object"),
        (topics.account(), {"accountDetail": None}, r"at \$\.accountDetail: missing"),
        (topics.algo_execution_report(), [3], r"at \$\[0\]: int where an object"),
        (topics.algo_execution_report(), node(1, 0, childOrders=[3]), r"at \$\.childOrders\[0\]: int"),
        (
            topics.algo_execution_report(),
            node(1, 0, childOrders=[node(2, 1, price=[])]),
            r"childOrders\[0\]\.price",
        ),
        (
            topics.algo_execution_report(),
            node(1, 0, childOrders={}),
            r"at \$\.childOrders: dict where a list",
        ),
        (
            topics.algo_execution_report(),
            [{**node(1, 0, root=[]), "symbol": ""}],
            r"at \$\[0\]\.rootAlgoOrderId: list",
        ),
        (topics.algo_execution_report(), node(12.5, 0), r"at \$\.algoOrderId"),
        (topics.orderbook("ETH"), {"symbol": "A", "asks": [[1, "x"]]}, r"at \$\.asks"),
        (topics.orderbook("ETH"), {"symbol": "A", "asks": [[1]]}, r"at \$\.asks"),
        (topics.orderbook("ETH"), {"symbol": "A", "asks": {}}, r"at \$\.asks: dict where a list of levels"),
        (
            topics.orderbook("ETH"),
            {"symbol": "A", "asks": [{}]},
            r"at \$\.asks: dict where \[price, quantity\]",
        ),
        (
            topics.liquidation(),
            [{"liquidationId": 1, "positionsByPerp": [{}]}],
            r"positionsByPerp\[0\]\.symbol",
        ),
    ],
)
@pytest.mark.parametrize("times", [1, 5])
def test_what_cannot_be_read_names_its_field(topic, data, where, times):
    """The error carries topic and path, the first time and every time."""
    for _ in range(times):
        with pytest.raises(DecodingError, match=where):
            topic.read(copy.deepcopy(data), Frame(topic.name, 1), Decimal)


@pytest.mark.parametrize("wrap", [lambda tree: tree, lambda tree: [tree]])
def test_endless_nesting_is_refused(wrap):
    """A tree deeper than any order's is an error of the frame, not of the thread that reads it."""
    tree = node(1, 0)
    for number in range(2, 3000):
        tree = node(number, 0, childOrders=[tree])

    with pytest.raises(DecodingError, match="deep"):
        topics.algo_execution_report().read(wrap(tree), Frame("x", 1), Decimal)


def test_no_event_comes_of_an_empty_list():
    """A frame may bring nothing."""
    assert read(topics.tickers(), []) == []
    assert read(topics.algo_execution_report(), []) == []


def test_numbers_may_be_floats():
    """``numbers=float`` reaches every model, levels included."""
    data = decode('{"symbol":"A","asks":[[1.5,2]],"bids":[["1.25",3]]}', "")
    (book,) = read(topics.orderbook("ETH"), data, numbers=float)
    (report,) = read(topics.algo_execution_report(), node(1, 0, quantity=Decimal("1.5")), numbers=float)

    assert [type(number) for level in (*book.asks, *book.bids) for number in level] == [float] * 4
    assert type(report.quantity) is float
    assert report.remaining == 1.5


def test_price_changes_have_names():
    """Keys such as ``5m`` are no identifiers; the fields say what they are."""
    (row,) = read(topics.price_changes(), [{"symbol": "A", "last_price": 3, "5m": 2, "30d": None}])

    assert (row.last_price, row.price_5m, row.price_30d) == (3, 2, None)


def test_an_announcement_id_is_a_number_or_a_text():
    """Both are kept as text."""
    ids = [read(topics.announcement(), {"announcement_id": given})[0].announcement_id for given in (1, "a1")]

    assert ids == ["1", "a1"]
