"""Shapes: lists of rows, required fields that may be null, and models that cannot be compiled."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from orderly_sync.models.base import Model, model
from orderly_sync.wire.converter import make_converter
from orderly_sync.wire.shapes import FieldError, structure_hook, structure_rows


@model
class Holder(Model):
    """Numbers in a list, and a price that must be given although it may be None."""

    price: Decimal | None
    counts: tuple[int, ...] = ()


HOOK = structure_hook(Holder, make_converter())


@pytest.mark.parametrize("times", [1, 6])
def test_a_required_field_may_be_null_or_absent_if_it_is_optional(times):
    """It is None then, the first time and once compiled."""
    for _ in range(times):
        made = [HOOK({"price": None, "counts": [1]}), HOOK({"counts": [1]})]

    assert [one.price for one in made] == [None, None]
    assert [one.counts for one in made] == [(1,), (1,)]


@pytest.mark.parametrize("times", [1, 6])
def test_a_bad_item_is_named_by_its_index(times):
    """In a list of plain values as in a list of objects."""
    for _ in range(times):
        HOOK({"counts": [1, 2]})
        with pytest.raises(FieldError) as caught:
            HOOK({"counts": [1, "x"]})
        assert caught.value.path == "$.counts[1]"


def test_rows_are_a_list():
    """Nothing else is taken for one."""
    with pytest.raises(FieldError, match="dict where a list was expected"):
        structure_rows(HOOK, {})


def test_a_model_is_plain_data():
    """Validators, converters and factories would be passed over by compiled shapes, so they are refused."""
    lists = attrs.make_class(
        "Lists", {"rows": attrs.field(factory=list, type=list)}, bases=(Model,), kw_only=True
    )
    capitals = attrs.make_class(
        "Capitals", {"Rows": attrs.field(default=1, type=int)}, bases=(Model,), kw_only=True
    )

    with pytest.raises(TypeError, match="no validator, converter or factory"):
        structure_hook(lists, make_converter())
    with pytest.raises(TypeError, match="plain lower-case identifiers"):
        structure_hook(capitals, make_converter())
