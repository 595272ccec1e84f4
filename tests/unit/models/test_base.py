"""What all models share: they do not change, they show themselves, they survive copies, and time is aware."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.base import (
    EMPTY,
    UNFRAMED,
    Acknowledged,
    Frame,
    Model,
    Page,
    PageMeta,
    Push,
    Rows,
    model,
    utc,
)
from orderly_sync.models.enums import OrderSide, OrderStatus


@model
class Thing(Model):
    """A model."""

    thing_id: int
    price: Decimal | None = None
    side: OrderSide | None = None
    parts: tuple[int, ...] = ()
    note: str | None = None


@model
class Happening(Push):
    """A push."""

    happening_id: int


@given(st.integers(1, 253_402_300_799_999))
def test_wire_milliseconds_are_exact_moments(ms: int) -> None:
    """Aware, in UTC, to the millisecond, up to the year 9999."""
    moment = utc(ms)

    assert moment is not None
    assert moment.tzinfo is timezone.utc
    assert (moment - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1) == ms


@pytest.mark.parametrize("ms", [None, 0, 10**15, 10**30])
def test_no_time_is_none(ms: int | None) -> None:
    """Absent, zero, and what no calendar reaches."""
    assert utc(ms) is None
    assert Acknowledged(timestamp=ms).time is None


def test_models_do_not_change() -> None:
    """Neither a field nor anything new can be set; a changed copy is another model."""
    thing = Thing(thing_id=1)
    with pytest.raises(AttributeError):
        thing.price = Decimal(1)  # type: ignore[misc]
    with pytest.raises(AttributeError):
        thing.other = 1  # type: ignore[attr-defined]

    assert attrs.evolve(thing, price=Decimal(1)) != thing
    assert Thing(thing_id=1) == thing


def test_models_show_what_they_have() -> None:
    """One line, numbers without exponent, no defaults, no extras; long ones are cut."""
    thing = Thing(
        thing_id=1, price=Decimal("1E-8"), side=OrderSide("LATER"), parts=(1, 2), extra={"secret": 1}
    )

    assert repr(thing) == "Thing(thing_id=1, price=0.00000001, side=LATER, parts=<2>)"
    assert len(repr(Thing(thing_id=1, price=Decimal("1E+999999999")))) < 100


def test_models_may_choose_what_they_show() -> None:
    """Texts first, then what is true and figures by name; what is empty, zero or false is left out."""

    @model
    class Report(Thing):
        shown = ("thing_id", "note", "price", "side", "is_dear")

        @property
        def is_dear(self) -> bool:
            return bool(self.price and self.price > 1)

    assert repr(Report(thing_id=1)) == "Report(thing_id=1)"
    assert repr(Report(thing_id=0, price=Decimal(0))) == "Report()"
    assert repr(Report(thing_id=1, note="x", price=Decimal("2E+3"), side=OrderSide.BUY)) == (
        "Report(x BUY, thing_id=1, price=2000, is_dear)"
    )
    assert repr(Report(thing_id=1, note="a\nb", side=OrderSide("c=d"))) == "Report('a\\nb' 'c=d', thing_id=1)"
    assert len(repr(Report(thing_id=1, note="x" * 1000))) < 110


def test_the_empty_extras_are_empty() -> None:
    """They compare as a dict does, refuse writing, and show as nothing."""
    assert EMPTY == {}
    assert (len(EMPTY), list(EMPTY), "x" in EMPTY, EMPTY.get("x"), repr(EMPTY)) == (0, [], False, None, "{}")
    with pytest.raises(KeyError):
        EMPTY["x"]
    with pytest.raises(TypeError):
        EMPTY["x"] = 1  # type: ignore[index]


@pytest.mark.parametrize(
    "value",
    [
        Thing(thing_id=1),
        Thing(thing_id=1, side=OrderSide.BUY, extra={"a": [1]}),
        Happening(happening_id=1, frame=Frame("topic", 5, recovered=True)),
        OrderSide.BUY,
        OrderSide("LATER"),
        Rows([1, 2]),
        EMPTY,
    ],
    ids=lambda value: type(value).__name__,
)
def test_values_cross_processes(value: Any) -> None:
    """Pickled, copied and deeply copied they are the same; process pools and caches need that."""
    for other in (pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)):
        assert type(other) is type(value)
        assert other == value
        assert repr(other) == repr(value)


def test_enumerations_are_text() -> None:
    """They compare, hash, sort and format as their text, known or not."""
    for side, text in ((OrderSide.BUY, "BUY"), (OrderSide("LATER"), "LATER")):
        assert side == text
        assert text == side
        assert hash(side) == hash(text)
        assert {text: 1}[side] == 1
        assert f"{side}" == str(side) == format(side) == text
        assert "%s" % side == text  # noqa: UP031
        assert isinstance(side, str)
    assert OrderSide("LATER") == OrderSide("LATER")
    assert OrderSide("LATER") != OrderSide.BUY
    assert (repr(OrderSide.BUY), repr(OrderSide("LATER"))) == ("OrderSide.BUY", "OrderSide('LATER')")
    assert (OrderSide.BUY.known, OrderSide("LATER").known) == (True, False)
    assert list(OrderSide) == ["BUY", "SELL"]
    with pytest.raises(ValueError, match="5"):
        OrderSide(5)


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_any_text_is_a_status(text: str) -> None:
    """And only the known final ones are final."""
    status = OrderStatus(text)

    assert status == text
    assert status.is_final is (text in {"FILLED", "CANCELLED", "REJECTED"})


def test_a_push_knows_its_frame() -> None:
    """Topic, time, origin and whether it was recovered; they do not count in comparisons."""
    happening = Happening(happening_id=1, frame=Frame("topic", 5, "rest", recovered=True))

    assert (happening.topic, happening.ts, happening.origin, happening.recovered) == (
        "topic",
        5,
        "rest",
        True,
    )
    assert happening == Happening(happening_id=1)
    assert Happening(happening_id=1).frame is UNFRAMED
    assert repr(happening.frame) == "Frame('topic', ts=5, origin='rest', recovered=True)"


def test_rows_and_pages_are_sequences() -> None:
    """They iterate, index and measure like their rows, and show a few of them."""
    page = Page(Rows([1, 2]), PageMeta(total=9, current_page=3))

    assert (list(page), len(page), page[1]) == ([1, 2], 2, 2)
    assert repr(page) == "Page(3, 2 of 9 rows)"
    assert repr(Rows([1, 2, 3, 4])) == "[1, 2, 3, ...] (4 rows)"
    assert repr(Rows([1])) == "[1] (1 rows)"


def test_rows_answer_to_the_name_that_pages_have() -> None:
    """Whoever reads a list writes ``.rows`` whether it came as a page or whole."""
    rows: Rows[int] = Rows.of(int, [1, 2])
    assert rows.rows is rows
