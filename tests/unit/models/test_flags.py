"""Flags of every model, however the wire spells true and false: no ``if row.is_triggered`` is ever wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Model
from orderly_sync.models.enums import OpenEnum
from orderly_sync.wire.converter import structure
from orderly_sync.wire.json import decode
from orderly_sync.wire.shapes import wire_names
from tests.support.model_classes import model_classes

MANY = 4
"""More than the tries after which a shape is compiled, so that both ways of reading are met."""

KINDS = [kind for kind in model_classes() if kind is not Model and kind.__name__[0] != "_"]


def _is_flag(hint: Any) -> bool:
    return hint is bool or set(get_args(hint)) == {bool, type(None)}


FLAGS = [
    (kind, field)
    for kind in KINDS
    for field in attrs.fields(kind)
    if field.metadata.get("wire") != () and _is_flag(get_type_hints(kind)[field.name])
]


def _least(hint: Any) -> Any:
    """A wire value that a required field takes."""
    plain = next((each for each in get_args(hint) if each is not type(None)), hint)
    origin = get_origin(plain) or plain
    if isinstance(origin, type) and issubclass(origin, OpenEnum):
        return next(iter(origin)).value
    if isinstance(origin, type) and issubclass(origin, Model):
        return _smallest(origin)
    if isinstance(origin, type) and issubclass(origin, (tuple, list)):
        return []
    return "a" if origin is str else 1


def _smallest(kind: type[Model]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {
        wire_names(field, kind.wire_case)[0]: _least(hints[field.name])
        for field in attrs.fields(kind)
        if field.default is attrs.NOTHING
    }


def _cased(text: str) -> st.SearchStrategy[str]:
    return st.lists(st.booleans(), min_size=len(text), max_size=len(text)).map(
        lambda ups: "".join(each.upper() if up else each for each, up in zip(text, ups, strict=True))
    )


TRUE = st.one_of(st.sampled_from([True, 1, 1.0, Decimal(1), Decimal("1.0"), "1"]), _cased("true"))
FALSE = st.one_of(st.sampled_from([False, 0, 0.0, Decimal(0), Decimal("0.00"), "0"]), _cased("false"))


@given(st.sampled_from(FLAGS), st.data(), st.booleans())
def test_a_flag_is_what_the_wire_means(flag, data, meant):
    """Of every model, under each of its names, in every spelling, on the first reading as on the fifth."""
    kind, field = flag
    name = data.draw(st.sampled_from(wire_names(field, kind.wire_case)))
    spelt = data.draw(TRUE if meant else FALSE)
    for _ in range(MANY):
        read = structure({**_smallest(kind), name: spelt}, kind, "here")

        assert getattr(read, field.name) is meant


@given(st.sampled_from(FLAGS), st.sampled_from(["", "no", "off", "2", 2, -1, "truE ", [], {"a": 1}]))
def test_what_is_no_flag_is_refused(flag, spelt):
    """Rather than taken for true because it is not empty."""
    kind, field = flag
    name = wire_names(field, kind.wire_case)[0]

    with pytest.raises(DecodingError, match="neither true nor false"):
        structure({**_smallest(kind), name: spelt}, kind, "here")


def test_what_is_named_like_a_flag_is_one():
    """A text under such a name would be true in every ``if``."""
    named = {
        f"{kind.__name__}.{field.name}": get_type_hints(kind)[field.name]
        for kind in KINDS
        for field in attrs.fields(kind)
        if field.name.startswith(("is_", "has_", "can_")) or field.name.endswith("_only")
    }

    columns = {tuple[bool, ...], tuple[bool, ...] | None}
    assert {name for name, hint in named.items() if not _is_flag(hint) and hint not in columns} == set()
    assert len(FLAGS) > 30


@pytest.mark.parametrize("text", ['"false"', "false", "0", "0.0", '"0"', '"False"'])
def test_a_flag_is_read_from_the_text_of_the_wire(text):
    """Through the decoder that keeps numbers exact, as answers and frames come."""
    row = decode(f'{{"algo_order_id": 7, "is_triggered": {text}}}'.encode(), "row")
    read = structure(row, AlgoOrder, "row")

    assert read.is_triggered is False
