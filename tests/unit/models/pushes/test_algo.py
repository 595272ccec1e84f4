"""The algo execution report: what it tells, how its tree hangs together, and that no digit of it is lost."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import (
    AlgoStatus,
    AlgoType,
    OrderSide,
    OrderType,
)
from orderly_sync.models.pushes import AlgoExecutionReport
from orderly_sync.wire import topics
from orderly_sync.wire.converter import structure, to_wire
from orderly_sync.wire.json import decode, encode

BARE = {
    "symbol": "PERP_ETH_USDC",
    "algoOrderId": 1,
    "rootAlgoOrderId": 1,
    "parentAlgoOrderId": 0,
    "algoType": "STOP",
}
FULL = """{"symbol":"PERP_NEAR_USDC","rootAlgoOrderId":654400003,"parentAlgoOrderId":0,"algoOrderId":654400003,
"clientOrderId":"c123","orderTag":"tag1","status":"FILLED","algoType":"STOP","side":"SELL","quantity":3,
"triggerStatus":"SUCCESS","price":1.25,"type":"MARKET","triggerTradePrice":1.30,"triggerTime":1750997326000,
"tradeId":10001,"executedPrice":1.3,"executedQuantity":3,"fee":1.2,"feeAsset":"USDC","totalExecutedQuantity":3,
"averageExecutedPrice":1.3,"totalFee":1.2,"timestamp":1750997326991,"visibleQuantity":3,"reduceOnly":true,
"callbackRate":null,"callbackValue":null,"extremePrice":null,"activatedPrice":null,"triggered":true,"activated":null,
"maker":true,"isMaker":true,"rootAlgoStatus":"FILLED","algoStatus":"FILLED","isActivated":true,"triggerPrice":1.25,
"triggerPriceType":"MARK_PRICE","createdTime":1750997261728,"marginMode":"CROSS"}"""
PAIRS = [
    ("is_triggered", ("isTriggered", "triggered"), True),
    ("is_activated", ("isActivated", "activated"), False),
    ("is_maker", ("isMaker", "maker"), False),
    ("visible_quantity", ("visibleQuantity", "visible"), 7),
    ("average_executed_price", ("averageExecutedPrice", "avgPrice", "averageExecutedQuantity"), 8),
]


def report(**more):
    return structure({**BARE, **more}, AlgoExecutionReport, "test")


def node(own, parent, **more):
    return {**BARE, "algoOrderId": own, "parentAlgoOrderId": parent, **more}


def read(data, version=2):
    topic = topics.algo_execution_report(version)
    return topic.read(data, Frame(topic.name, 1), Decimal)


def test_the_seed_of_it_all_is_typed():
    """The published example, field by field, as exact types."""
    (filled,) = read([decode(FULL, "")], version=1)

    assert (filled.algo_type, filled.side, filled.type) == (AlgoType.STOP, OrderSide.SELL, OrderType.MARKET)
    assert (str(filled.trigger_trade_price), filled.quantity, type(filled.quantity)) == ("1.30", 3, Decimal)
    assert (filled.is_triggered, filled.is_activated, filled.is_maker) == (True, True, True)
    assert (filled.is_root, filled.is_final, filled.is_fill) == (True, True, True)
    assert (filled.filled, filled.remaining, filled.callback_rate) == (3, 0, None)
    assert filled.time == datetime(2025, 6, 27, 4, 8, 46, 991000, tzinfo=timezone.utc)
    assert filled.triggered_at == datetime(2025, 6, 27, 4, 8, 46, tzinfo=timezone.utc)
    assert (filled.topic, filled.ts, filled.origin, filled.recovered) == (
        "algoexecutionreport",
        1,
        "stream",
        False,
    )
    assert filled.client_order_id == "c123"


def test_a_bare_container_is_enough():
    """Nodes that only hold others may lack everything but what they are."""
    bare = report()

    assert {name for name, value in attrs.asdict(bare).items() if value is None} >= {
        "side",
        "type",
        "price",
        "status",
    }
    assert (bare.is_final, bare.is_fill, bare.filled, bare.remaining) == (False, False, 0, None)
    assert (bare.time, bare.triggered_at) == (None, None)


@pytest.mark.parametrize("name", list(BARE))
def test_what_a_node_is_must_be_known(name):
    """Without market, ids or type a node means nothing."""
    with pytest.raises(DecodingError, match=name):
        structure({**BARE, name: None}, AlgoExecutionReport, "test")


@pytest.mark.parametrize(("field", "names", "value"), PAIRS)
def test_flags_in_pairs_are_one_field(field, names, value):
    """Whichever name was sent is read; the first that is not null wins."""
    for name in names:
        assert getattr(report(**{name: value}), field) == value
    first, *others = names
    assert getattr(report(**{first: None}, **dict.fromkeys(others, value)), field) == value
    assert getattr(report(**{first: value}, **dict.fromkeys(others)), field) == value


@pytest.mark.parametrize("given_id", ["", 0, "0", "0.0", None])
def test_no_client_order_id_has_many_spellings(given_id):
    """An empty text and a zero mean none; a text stays what it is."""
    expected = "0.0" if given_id == "0.0" else None

    assert report(clientOrderId=given_id).client_order_id == expected


def test_a_type_may_have_a_suffix():
    """LIMIT_ORDER is LIMIT."""
    assert report(type="LIMIT_ORDER").type is OrderType.LIMIT


def test_tomorrows_values_survive():
    """Unknown members keep their text, are not final, and go back to the wire unchanged."""
    stranger = report(algoType="ICEBERG", algoStatus="PAUSED", nextYear={"a": [1, Decimal("1.10")]})

    assert (str(stranger.algo_type), stranger.algo_status.known, stranger.is_final) == (
        "ICEBERG",
        False,
        False,
    )
    assert stranger.extra == {"nextYear": {"a": [1, Decimal("1.10")]}}
    text = encode(to_wire(stranger)).decode()
    assert '"algoType":"ICEBERG"' in text
    assert '"nextYear":{"a":[1,1.10]}' in text


@pytest.mark.parametrize(
    ("algo_status", "status", "final"),
    [("FILLED", "NEW", True), ("NEW", "FILLED", False), (None, "CANCELLED", True), ("REJECTED", None, True)],
)
def test_the_nodes_own_status_decides_whether_it_is_done(algo_status, status, final):
    """Its order's status counts only where the node has none."""
    assert report(algoStatus=algo_status, status=status).is_final is final


def test_what_remains_of_a_positional_node_is_the_positions():
    """Its own size is 0, so nothing can be said."""
    assert report(quantity=0, totalExecutedQuantity=0).remaining is None
    assert report(quantity=Decimal("1.5")).remaining == Decimal("1.5")
    assert report(quantity=Decimal("1.5"), totalExecutedQuantity=Decimal("0.5")).remaining == 1


@pytest.mark.parametrize("version", [1, 2])
def test_the_tree_is_linked(version):
    """Root, parent and children are found in both shapes of the payload."""
    flat = [node(1, 0), node(2, 1), node(3, 2), node(4, 2)]
    nested = {**flat[0], "childOrders": [{**flat[1], "childOrders": [flat[2], flat[3]]}]}
    reports = read(flat if version == 1 else nested, version)
    root, middle, left, right = reports

    assert (root.is_root, root.parent, root.root) == (True, None, root)
    assert (middle.parent, middle.root) == (root, root)
    assert (left.parent, left.root, left.is_root) == (middle, root, False)
    assert (root.children, middle.children, left.children) == ((middle,), (left, right), ())
    assert right.reports == tuple(reports)


def test_a_parent_that_was_not_sent_is_none():
    """Links lead only to what the frame brought."""
    (lonely,) = read([node(3, 2)], version=1)

    assert (lonely.parent, lonely.root, lonely.children, lonely.tree_margin_mode) == (None, None, (), None)


def test_a_node_with_a_margin_mode_of_its_own_keeps_it():
    """The root's is asked only where the child has none."""
    root, child = read([node(1, 0, marginMode="CROSS"), node(2, 1, marginMode="ISOLATED")], version=1)

    assert (root.tree_margin_mode, child.tree_margin_mode) == ("CROSS", "ISOLATED")


def test_a_root_that_names_itself_as_parent_is_a_root():
    """Older samples do so; it is not its own child."""
    (root,) = read([node(1, 1)], version=1)

    assert (root.is_root, root.parent, root.children) == (True, None, ())


def test_a_report_without_frame_still_knows_its_tree():
    """One built from an answer has its nested children, and none beside it."""
    tree = structure({**BARE, "childOrders": [node(2, 1)]}, AlgoExecutionReport, "test")

    assert [each.algo_order_id for each in tree.reports] == [1, 2]
    assert tree.children[0].frame is tree.frame


def test_children_know_the_frame_of_their_parent():
    """A nested node came in the same frame."""
    reports = read({**BARE, "childOrders": [node(2, 1, childOrders=[node(3, 2)])]})

    assert len({id(each.frame) for each in reports}) == 1


def test_a_report_cannot_be_changed():
    """Neither by assignment nor by deletion, however it was made."""
    made = report()
    for _ in range(5):
        made = report()
    with pytest.raises(AttributeError):
        made.price = Decimal(1)
    with pytest.raises(AttributeError):
        del made.price


def test_it_prints_as_one_line():
    """Notebooks show what matters, without exponents."""
    shown = repr(report(triggerPrice=Decimal("1E+3"), side="BUY", algoStatus="FILLED"))

    assert shown.startswith("AlgoExecutionReport(PERP_ETH_USDC ")
    assert " FILLED, " in shown
    assert "trigger_price=1000" in shown
    assert "\n" not in shown


def test_a_tree_goes_back_to_the_wire_as_a_tree():
    """The second version nests its children again; a leaf keeps its empty list."""
    sent = {**BARE, "childOrders": [node(2, 1, childOrders=[])]}
    root, *_ = read(sent)
    back = decode(encode(to_wire(root)), "")

    assert back["childOrders"][0]["algoOrderId"] == 2
    assert back["childOrders"][0]["childOrders"] == []


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
TEXTS = st.builds(
    lambda number, exponent: f"{number}e{exponent}" if exponent else str(number),
    st.integers(-(10**25), 10**25) | NUMBERS.map(lambda number: format(number, "f")),
    st.integers(-30, 30) | st.just(0),
)
IDS = st.integers(2**53 - 3, 2**63 - 1)
DECIMAL_FIELDS = [
    "quantity",
    "price",
    "fee",
    "triggerPrice",
    "callbackRate",
    "visible",
    "avgPrice",
    "totalRebate",
]
WIRE_NAMES = {"visible": "visibleQuantity", "avgPrice": "averageExecutedPrice"}


@given(
    numbers=st.dictionaries(st.sampled_from(DECIMAL_FIELDS), TEXTS | st.none()),
    own=IDS,
    trade=IDS,
    as_text=st.booleans(),
    status=st.sampled_from(AlgoStatus) | st.text(min_size=1),
    extra=st.dictionaries(st.text(min_size=1).map("x_".__add__), TEXTS, max_size=2),
    times=st.integers(1, 4),
)
def test_no_digit_is_lost_from_wire_to_wire(numbers, own, trade, as_text, status, extra, times):
    """Any decimal, any id beyond 2^53, nulls, strangers: what goes out is what came in, walked or compiled."""
    parts = [f"{json.dumps(name)}:{number or 'null'}" for name, number in numbers.items()]
    parts += [f"{json.dumps(name)}:{number}" for name, number in extra.items()]
    parts += [
        f'"tradeId":{json.dumps(str(trade)) if as_text else trade}',
        f'"algoStatus":{json.dumps(str(status))}',
    ]
    parts += [
        f"{json.dumps(name)}:{json.dumps(value)}" for name, value in {**BARE, "algoOrderId": own}.items()
    ]
    text = "{" + ",".join(parts) + "}"
    for _ in range(times):
        (made,) = read([decode(text, "")], version=1)
    back = decode(encode(to_wire(made)), "")

    assert (back["algoOrderId"], back["tradeId"], back["algoStatus"]) == (own, trade, str(status))
    for name, number in {**numbers, **extra}.items():
        found = back[WIRE_NAMES.get(name, name)]
        assert (found is None) if number is None else (Decimal(found) == Decimal(number))


@pytest.mark.parametrize("number", ["1e999", "-1e999", "1e-999", "1e99999999999999999999", "0." + "3" * 2000])
def test_a_number_of_no_usable_size_is_refused(number):
    """What would break a caller's arithmetic is refused where it comes in."""
    with pytest.raises(DecodingError):
        decode(f'{{"price":{number}}}', "test")
