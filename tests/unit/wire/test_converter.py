"""The converter's rules: what live venues send is taken, what would be a guess is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import ClientOrderId, Model, Page, Push, Rows, model, wire
from orderly_sync.models.enums import OrderSide, OrderStatus, OrderType
from orderly_sync.wire.converter import make_converter, structure, to_wire
from orderly_sync.wire.json import decode, encode

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20)


@model
class Leg(Model):
    """A child of an order."""

    leg_id: int
    price: Decimal | None = None


@model
class Order(Model):
    """One field of each kind."""

    order_id: int
    price: Decimal | None = None
    quantity: Decimal = Decimal(0)
    side: OrderSide | None = None
    type: OrderType | None = None
    client_order_id: ClientOrderId | None = None
    reduce_only: bool | None = None
    tag: str | None = None
    leg: Leg | None = None
    legs: tuple[Leg, ...] = ()
    flags: tuple[str, ...] = ()
    average_price: Decimal | None = wire("average_executed_price", "avg_price")


@model
class Report(Push):
    """A push, with names in camelCase."""

    order_id: int
    trade_price: Decimal | None = None


def read(**fields: Any) -> Order:
    return structure({"order_id": 1, **fields}, Order, "here")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (Decimal("1.50"), "1.50"),
        ("1.50", "1.50"),
        (2, "2"),
        ("2", "2"),
        (10**30, str(10**30)),
        (0.1, "0.1"),
        ("-0.5", "-0.5"),
        ("1e-7", "1E-7"),
        (" 3 ", "3"),
        (Decimal("0E-8"), "0E-8"),
    ],
)
def test_numbers(given: Any, value: str) -> None:
    """As numbers or as text, exactly."""
    price = read(price=given).price

    assert type(price) is Decimal
    assert str(price) == value


@pytest.mark.parametrize(
    "given", [True, "", "nan", "NaN", "inf", "-Infinity", "sNaN", "12,5", "0x1", [], {}, "1E+500", "1E-500"]
)
def test_no_numbers(given: Any) -> None:
    """Truth values, not-a-numbers, commas and lists are none, and the field is named."""
    with pytest.raises(DecodingError, match=r"^here at \$\.price: "):
        read(price=given)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (7, 7),
        ("7", 7),
        ("-7", -7),
        (Decimal("7.0"), 7),
        ("7.0", 7),
        (7.0, 7),
        (2**53 + 1, 2**53 + 1),
        (str(2**70), 2**70),
        ("1e3", 1000),
    ],
)
def test_whole_numbers(given: Any, value: int) -> None:
    """Ids come as numbers and as text and are never rounded."""
    order = structure({"order_id": given}, Order, "here")

    assert (order.order_id, type(order.order_id)) == (value, int)


@pytest.mark.parametrize(
    "given", [12.7, Decimal("12.7"), "12.7", True, "", "abc", "nan", "inf", [], {}, "1E+500", "--1"]
)
def test_no_whole_numbers(given: Any) -> None:
    """12.7 is no id, and neither is true."""
    with pytest.raises(DecodingError, match=r"^here at \$\.order_id: "):
        structure({"order_id": given}, Order, "here")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (True, True),
        (False, False),
        (1, True),
        (0, False),
        ("true", True),
        ("False", False),
        ("1", True),
        ("0", False),
        (None, None),
    ],
)
def test_truth(given: Any, value: bool | None) -> None:
    """True and false in the spellings that venues use."""
    assert read(reduce_only=given).reduce_only is value


@pytest.mark.parametrize("given", ["yes", "", 2, -1, [], {}, Decimal("0.5")])
def test_no_truth(given: Any) -> None:
    """Anything else is neither."""
    with pytest.raises(DecodingError, match="neither true nor false"):
        read(reduce_only=given)


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("abc", "abc"),
        ("", None),
        (0, None),
        (None, None),
        (15, "15"),
        (Decimal(0), None),
        ("0", None),
        (Decimal("1E+3"), "1000"),
    ],
)
def test_client_order_ids(given: Any, value: str | None) -> None:
    """Text, or a number as its text; 0, however it is written, and nothing are none."""
    assert read(client_order_id=given).client_order_id == value


@pytest.mark.parametrize("given", [True, False, [], {}])
def test_no_client_order_ids(given: Any) -> None:
    """A truth value is not an id by accident."""
    with pytest.raises(DecodingError, match=r"client_order_id"):
        read(client_order_id=given)


@pytest.mark.parametrize(("given", "value"), [("x", "x"), ("", ""), (5, "5"), (Decimal("1.50"), "1.50")])
def test_text(given: Any, value: str) -> None:
    """Text stays, numbers become their own text."""
    assert read(tag=given).tag == value


@pytest.mark.parametrize("given", [True, [], {}])
def test_no_text(given: Any) -> None:
    """No object is turned into its Python spelling."""
    with pytest.raises(DecodingError, match=r"\$\.tag: \w+ is not text"):
        read(tag=given)


def test_enumerations_are_open() -> None:
    """Known values are members; tomorrow's keep their text, compare by it, and say that they are unknown."""
    known, unknown = read(side="BUY", type="POST_ONLY_ORDER"), read(side="BOTH")

    assert known.side is OrderSide.BUY
    assert known.type is OrderType.POST_ONLY
    assert unknown.side == "BOTH"
    assert isinstance(unknown.side, OrderSide)
    assert unknown.side.known is False
    assert OrderSide.BUY.known is True
    assert encode(to_wire(unknown)) == encode({**to_wire(unknown), "side": "BOTH"})
    assert OrderStatus("LATER").is_final is False


@pytest.mark.parametrize("given", [True, [], {}])
def test_enumerations_are_of_text(given: Any) -> None:
    """What is no text is no value of tomorrow either."""
    with pytest.raises(DecodingError, match=r"\$\.side"):
        read(side=given)


def test_nested_models_and_lists() -> None:
    """Children are models of their own, in the wire's order."""
    order = read(leg={"leg_id": 1}, legs=[{"leg_id": 2, "price": "1.5"}, {"leg_id": 3}], flags=["a", 1])

    assert (order.leg and order.leg.leg_id, [leg.leg_id for leg in order.legs]) == (1, [2, 3])
    assert order.legs[0].price == Decimal("1.5")
    assert order.flags == ("a", "1")


def test_paths_lead_to_the_field() -> None:
    """Through lists and children, by the names of the wire."""
    for fields, path in (
        ({"legs": [{"leg_id": 1}, {"leg_id": "x"}]}, "$.legs[1].leg_id"),
        ({"leg": {"leg_id": 1, "price": "x"}}, "$.leg.price"),
        ({"leg": {"price": 1}}, "$.leg.leg_id"),
        ({"leg": 5}, "$.leg"),
        ({"legs": {}}, "$.legs"),
        ({"avg_price": "x"}, "$.avg_price"),
    ):
        with pytest.raises(DecodingError) as caught:
            read(**fields)
        assert caught.value.where == f"here at {path}"


@pytest.mark.parametrize("data", [{}, {"order_id": None}, None, [], 5, "x"])
def test_an_identity_is_required(data: Any) -> None:
    """Without it a value means nothing."""
    with pytest.raises(DecodingError):
        structure(data, Order, "here")


def test_missing_and_null_fields_are_never_invented() -> None:
    """Absent and null are the field's default."""
    nulls = read(
        price=None, quantity=None, side=None, tag=None, leg=None, legs=None, average_executed_price=None
    )

    assert nulls == read()
    assert (nulls.price, nulls.quantity, nulls.legs) == (None, Decimal(0), ())


def test_names_are_taken_in_both_cases() -> None:
    """snake_case and camelCase, and any alias; the first that is not null counts."""
    assert read(reduceOnly=True).reduce_only is True
    assert (
        read(avg_price="1")
        == read(average_executed_price="1")
        == read(averagePrice="1")
        == read(average_price="1")
    )
    assert read(average_executed_price=None, avg_price="2").average_price == Decimal(2)
    assert read(average_executed_price="3", avg_price="2").average_price == Decimal(3)
    assert structure({"orderId": 1, "tradePrice": "2"}, Report, "x") == structure(
        {"order_id": 1, "trade_price": 2}, Report, "x"
    )


def test_unknown_fields_are_kept_aside() -> None:
    """As decoded, and they go back where they came from."""
    order = read(price="1", novelty={"a": [1]}, other=None)

    assert order.extra == {"novelty": {"a": [1]}, "other": None}
    assert to_wire(order)["novelty"] == {"a": [1]}
    with pytest.raises(AttributeError):
        order.price = Decimal(2)  # type: ignore[misc]


def test_legacy_code_may_have_floats() -> None:
    """All decimals of a model become floats, ids stay whole."""
    order = structure(
        {"order_id": 2**53 + 1, "price": "0.1", "legs": [{"leg_id": 1, "price": 2}]}, Order, "here", float
    )

    assert (order.price, type(order.price), order.legs[0].price) == (0.1, float, 2.0)
    assert order.order_id == 2**53 + 1
    with pytest.raises(DecodingError):
        structure({"order_id": 1, "price": "nan"}, Order, "here", float)


def test_rows_take_every_wrapping() -> None:
    """A list, an object with rows, one flat object, nothing."""
    one, two = {"leg_id": 1}, {"leg_id": 2}

    assert [leg.leg_id for leg in structure({"rows": [one, two]}, Rows[Leg], "x")] == [1, 2]
    assert [leg.leg_id for leg in structure([one, two], Rows[Leg], "x")] == [1, 2]
    assert [leg.leg_id for leg in structure(one, Rows[Leg], "x")] == [1]
    for nothing in (None, [], {}, {"rows": []}, {"rows": None}):
        assert structure(nothing, Rows[Leg], "x") == ()
    with pytest.raises(DecodingError, match="where rows were expected"):
        structure(5, Rows[Leg], "x")


def test_a_bad_row_is_named() -> None:
    """By its index, whichever wrapping it came in."""
    for kind in (Rows[Leg], Page[Leg]):
        with pytest.raises(DecodingError):
            structure({"rows": [{"leg_id": 1}, {"leg_id": "x"}]}, kind, "here")
    with pytest.raises(DecodingError) as caught:
        structure({"rows": [{"leg_id": 1}, {"leg_id": "x"}]}, Rows[Leg], "here")
    assert caught.value.where == "here at $[1].leg_id"


LEGS = st.builds(
    lambda leg_id, price, more: {"leg_id": leg_id, "price": price, **more},
    st.integers(0, 2**63),
    st.none() | DECIMALS,
    st.dictionaries(
        st.text("xyz", min_size=1, max_size=3), st.none() | st.integers() | st.text(max_size=5), max_size=2
    ),
)
ORDERS = st.fixed_dictionaries(
    {"order_id": st.integers(0, 2**64)},
    optional={
        "price": DECIMALS,
        "quantity": DECIMALS,
        "side": st.sampled_from(["BUY", "SELL", "BOTH"]),
        "client_order_id": st.text("abc123", min_size=1, max_size=10),
        "reduce_only": st.booleans(),
        "tag": st.text(st.characters(codec="utf-8"), max_size=10),
        "leg": LEGS,
        "legs": st.lists(LEGS, max_size=3),
        "average_executed_price": DECIMALS,
        "novelty": st.integers() | st.text(max_size=5),
    },
)


@given(ORDERS)
def test_wire_text_to_model_to_wire_text_loses_nothing(sent: dict[str, Any]) -> None:
    """Every digit, every unknown field, every null of a child; what was absent comes back as null or default."""
    text = encode(sent)
    back = decode(encode(to_wire(structure(decode(text, "here"), Order, "here"))), "here")
    again = encode(to_wire(structure(back, Order, "here")))

    assert {name: back[name] for name in sent if name not in {"leg", "legs"}} == {
        name: value for name, value in sent.items() if name not in {"leg", "legs"}
    }
    for name in ("price", "quantity", "average_executed_price"):
        assert name not in sent or format(Decimal(back[name]), "f") == format(sent[name], "f")
    assert [leg["leg_id"] for leg in back["legs"]] == [leg["leg_id"] for leg in sent.get("legs", [])]
    assert again == encode(back)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*to_wire(Order(order_id=1)), "x", "leg_id"]), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(
    JSON, st.sampled_from([Order, Leg, Report, Rows[Order], Page[Order]]), st.sampled_from([Decimal, float])
)
def test_no_json_raises_anything_else(data: Any, kind: Any, numbers: type) -> None:
    """A model or a DecodingError."""
    try:
        structure(data, kind, "here", numbers)
    except DecodingError as exc:
        told = str(exc)
    else:
        told = "here"
    assert told.startswith("here")


def test_converters_are_independent() -> None:
    """A converter of one's own does not change the shared one."""
    own = make_converter(float)

    assert own.structure({"order_id": 1, "price": "0.5"}, Order).price == 0.5
    assert read(price="0.5").price == Decimal("0.5")


@pytest.mark.parametrize("text", ["1_000", "\u0661\u0662\u0663", "\uff11\uff12"])
def test_texts_that_only_python_reads_as_numbers_are_refused(text):
    """Underscores and digits of other scripts are no venue's numbers."""
    for kind in (Decimal, int):
        with pytest.raises(DecodingError):
            structure(text, kind, "test")
