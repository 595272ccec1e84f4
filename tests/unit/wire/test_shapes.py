"""Shapes: the generated function gives what walking gives, for values and errors alike; there is one for each model."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orderly_sync.models.base import EMPTY, UNFRAMED, ClientOrderId, Frame, Model, Push, model, wire
from orderly_sync.models.enums import OrderSide
from orderly_sync.wire import shapes
from orderly_sync.wire.converter import make_converter
from orderly_sync.wire.shapes import FieldError, structure_hook, wire_names, written_names

OFTEN = 6
"""More often than a shape must be seen to be compiled."""


@model
class Child(Model):
    """Within a node."""

    child_id: int
    price: Decimal | None = None


@model
class Node(Model):
    """One field of each kind."""

    node_id: int
    kind: str
    price: Decimal | None = None
    quantity: Decimal = Decimal(1)
    side: OrderSide | None = None
    either: OrderSide = OrderSide.BUY
    client_order_id: ClientOrderId | None = None
    open: bool | None = None
    live: bool = False
    count: int | None = None
    child: Child | None = None
    children: tuple[Child, ...] = ()
    average: Decimal | None = wire("average_executed_price", "avg")


@model
class Event(Push):
    """Within a frame."""

    event_id: int
    parts: tuple[Event, ...] = ()


GOOD: dict[str, Any] = {
    "node_id": 1,
    "kind": "a",
    "price": Decimal("1.5"),
    "quantity": Decimal(2),
    "side": "BUY",
    "either": "SELL",
    "client_order_id": "c1",
    "open": True,
    "live": False,
    "count": 3,
    "child": {"child_id": 1},
    "children": [{"child_id": 2, "price": "3"}],
    "average_executed_price": Decimal(4),
    "avg": None,
    "average": None,
    "novelty": [1],
    "other": None,
}
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | NUMBERS
    | NUMBERS.map(str)
    | st.sampled_from(["BUY", "SELL", "LATER", "", "0", "nan", "true", "x", "1E+3"])
    | st.sampled_from(
        [[], {}, [1], {"child_id": 1}, [{"child_id": 1}], [{"child_id": "x"}], {"price": 1}, [[]]]
    )
)
OBJECTS = st.lists(st.sampled_from(sorted(GOOD)), unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: st.just(GOOD[name]) | ANYTHING for name in names})
)


def outcome(structure: Callable[[Any], Any], data: Any) -> Any:
    """The value, or the error's path and reason."""
    try:
        value = structure(data)
    except FieldError as exc:
        return exc.path, exc.reason
    return (
        type(value),
        [(name, type(got), str(got)) for name, got in attrs.asdict(value, recurse=False).items()],
        value,
    )


def hook(kind: type[Model] = Node) -> shapes.Structure:
    return structure_hook(kind, make_converter())


CONVERTER = make_converter()


@given(OBJECTS)
def test_the_compiled_way_is_the_walked_way(data: dict[str, Any]) -> None:
    """For any object, however often its shape was seen before: the same model, or the same error at the same path."""
    walked = walk(Node, data)
    structure = structure_hook(Node, CONVERTER)
    for _ in range(OFTEN):
        structure({"node_id": 1, "kind": "a", **{name: GOOD[name] for name in data}})
        if {"node_id", "kind"} <= data.keys():
            structure({name: GOOD[name] for name in data})

    assert outcome(structure, data) == outcome(structure_hook(Node, CONVERTER), data) == walked


def walk(kind: type[Model], data: Any) -> Any:
    """What reading field by field gives, without any generated function."""
    return outcome(lambda given: shapes._Reader(kind, CONVERTER).walk(given, UNFRAMED), data)


@model
class Spelt(Model):
    """Names of many fields: one feeds two, others are second spellings."""

    order_id: int | None = None
    shows: Decimal | None = wire("shows", "rest")
    rest: Decimal | None = None
    mean_price: Decimal | None = wire("mean_price", "avg", "mean")
    is_live: bool = wire("isLive", "live", default=True)
    token: str | None = None


SPELLINGS = st.dictionaries(
    st.sampled_from(
        [
            "order_id",
            "orderId",
            "shows",
            "rest",
            "mean_price",
            "meanPrice",
            "avg",
            "mean",
            "isLive",
            "live",
            "is_live",
            "token",
            "other",
            "novelty",
        ]
    ),
    st.none() | st.sampled_from([0, 1, Decimal("2.5"), "3", True, False, "x", {}]),
)


@example(
    first={"order_id": None, "orderId": None, "shows": None, "mean_price": None, "avg": None},
    second={},
    third={"order_id": None, "meanPrice": 0, "avg": 1},
)
@given(SPELLINGS, SPELLINGS, SPELLINGS)
def test_whatever_was_seen_first_reads_all_that_comes_after(
    first: dict[str, Any], second: dict[str, Any], third: dict[str, Any]
) -> None:
    """The first object only decides what is fast: bad or odd as it may be, each later one is read as if alone."""
    structure = structure_hook(Spelt, CONVERTER)
    for data in (first, second, third, dict(reversed(second.items())), first):
        assert outcome(structure, data) == walk(Spelt, data)


def test_a_compiled_model_is_a_model_like_any_other() -> None:
    """Its class is the model's own, it refuses assignment, it compares, shows and hashes as the model does."""
    structure = hook()
    first, *_, last = [structure(dict(GOOD)) for _ in range(OFTEN)]

    assert type(last) is Node
    assert last == first
    assert repr(last) == repr(first)
    assert last.extra == {"novelty": [1], "other": None}
    with pytest.raises(AttributeError):
        last.price = Decimal(9)
    with pytest.raises(AttributeError):
        last.unheard_of = 1
    assert attrs.evolve(last, price=None).price is None


def test_compiled_models_share_nothing_that_changes() -> None:
    """Each has extras of its own, or the one empty mapping that nobody can write to."""
    structure = hook()
    made = [structure({"node_id": 1, "kind": "a", "novelty": {}}) for _ in range(OFTEN)]
    plain = [structure({"node_id": 1, "kind": "a"}) for _ in range(OFTEN)]

    assert len({id(one.extra) for one in made}) == OFTEN
    assert all(one.extra is EMPTY for one in plain)


def test_order_of_keys_does_not_matter() -> None:
    """The same fields in another order are the same model."""
    structure = hook()
    turned = dict(reversed(GOOD.items()))
    for _ in range(OFTEN):
        assert structure(GOOD) == structure(turned)


def test_the_wire_cannot_reach_the_compiled_text() -> None:
    """Keys of the wire are data, whatever they spell."""
    structure = hook()
    keys = [
        "__class__",
        "v0",
        "made",
        "a b",
        "1",
        "",
        "'",
        '"""',
        "import os",
        "\n",
        "é",
        "None",
        "keys",
        "values",
    ]
    data = {"node_id": 1, "kind": "a", **dict.fromkeys(keys, 5)}
    for _ in range(OFTEN):
        assert structure(data).extra == dict.fromkeys(keys, 5)


class Key(str):
    """A text of which one can tell whether anybody still has it."""

    __slots__ = ("__weakref__",)


def test_inventive_venues_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many keys are invented, a model has one function, and nothing is kept of what was read."""
    compiled: list[str] = []
    monkeypatch.setattr(shapes._Reader, "_generate", _counting(shapes._Reader._generate, compiled))
    structure = hook()
    structure({"node_id": 1, "kind": "a"})
    invented: list[weakref.ref[Key]] = []
    for number in range(640):
        key = Key(f"new{number}")
        for _ in range(OFTEN):
            assert structure({"node_id": 1, "kind": "a", key: number}).extra == {key: number}
        invented.append(weakref.ref(key))
    del key
    gc.collect()

    assert compiled == ["Node"]
    assert [ref for ref in invented if ref() is not None] == []


def _counting(generate: Callable[..., Any], compiled: list[str]) -> Callable[..., Any]:
    def counted(self: Any, *args: Any) -> Any:
        compiled.append(self.kind.__name__)
        return generate(self, *args)

    return counted


@pytest.mark.parametrize("data", [None, [], "x", 5, [("node_id", 1)], {1, 2}])
def test_only_objects_become_models(data: Any) -> None:
    """Before and after shapes were learned."""
    structure = hook()
    for _ in range(OFTEN):
        with pytest.raises(FieldError, match="where an object was expected"):
            structure(data)
        structure(GOOD)


def test_what_is_missing_is_named_by_its_first_wire_name() -> None:
    """Both required fields, absent or null, in shapes known and unknown."""
    structure = hook()
    for _ in range(OFTEN):
        structure(GOOD)
        for broken, path in (
            ({"kind": "a"}, "$.node_id"),
            ({"node_id": 1}, "$.kind"),
            ({**GOOD, "kind": None}, "$.kind"),
        ):
            with pytest.raises(FieldError, match="missing") as caught:
                structure(broken)
            assert caught.value.path == path


def test_a_push_carries_its_frame_and_so_do_its_parts() -> None:
    """Walked or compiled, outer and inner events of one frame know it."""
    structure = structure_hook(Event, make_converter())
    for number in range(OFTEN):
        frame = Frame("topic", number)
        event = structure({"eventId": 1, "parts": [{"eventId": 2, "parts": [{"eventId": 3}]}]}, None, frame)

        assert event.frame is event.parts[0].frame is event.parts[0].parts[0].frame is frame
        assert (event.topic, event.ts, event.origin, event.recovered) == ("topic", number, "stream", False)


def test_shapes_are_learned_by_many_threads_at_once() -> None:
    """Every thread reads right values from the first on."""
    structure = hook()
    wrong: list[object] = []
    start = threading.Barrier(4)

    def read(offset: int) -> None:
        start.wait()
        for number in range(500):
            value = structure({"node_id": number, "kind": "a", f"new{(number + offset) % 7}": offset})
            if value.node_id != number or value.extra != {f"new{(number + offset) % 7}": offset}:
                wrong.append(value)

    threads = [threading.Thread(target=read, args=(offset,)) for offset in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_wire_names() -> None:
    """Each field is read in both cases, written in its model's own; extras and frames have no name."""
    names = {field.name: wire_names(field, Node.wire_case) for field in attrs.fields(Node)}

    assert names["node_id"] == ("node_id", "nodeId")
    assert names["average"][:2] == ("average_executed_price", "avg")
    assert names["extra"] == ()
    assert dict(written_names(Event)) == {"event_id": "eventId", "parts": "parts"}
    assert dict(written_names(Node))["average"] == "average_executed_price"


def test_fields_must_be_plain() -> None:
    """A model whose field would need more than its type is refused when it is first used."""

    @model
    class Bad(Model):
        """With a factory."""

        rows: tuple[int, ...] = attrs.field(factory=tuple)

    with pytest.raises(TypeError, match="a model's field is plain"):
        structure_hook(Bad, make_converter())
