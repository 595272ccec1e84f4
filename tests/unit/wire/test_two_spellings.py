"""Two spellings of one field in one row: neither value is lost."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_type_hints

import attrs
import pytest

from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.base import Model
from orderly_sync.models.enums import OpenEnum
from orderly_sync.models.order import Order
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.wire.converter import make_converter, structure, to_wire
from orderly_sync.wire.shapes import wire_names
from tests.support.model_classes import model_classes

D = Decimal
OFTEN = 6
"""More often than a shape must be seen to be compiled."""


def read(row: dict[str, Any], kind: type[Model]) -> Any:
    """The model as the walked and the compiled way give it, which must agree."""
    converter = make_converter()
    made = [converter.structure(dict(row), kind) for _ in range(OFTEN)]
    assert all(each == made[0] and dict(each.extra) == dict(made[0].extra) for each in made)
    return made[0]


def test_what_shows_now_and_what_was_asked_to_show_are_both_kept():
    """An iceberg of which the last part rests: each name has a field of its own, and one alone feeds both."""
    row = {"order_id": 1, "symbol": "PERP_ETH_USDC", "visible": D("0.4"), "visible_quantity": D(2)}
    order = read(row, Order)
    assert (order.visible_quantity, order.visible, dict(order.extra)) == (2, D("0.4"), {})
    assert row.items() <= to_wire(order).items()
    del row["visible_quantity"]
    order = read(row, Order)
    assert (order.visible_quantity, order.visible, dict(order.extra)) == (D("0.4"), D("0.4"), {})


@pytest.mark.parametrize("strange", [{}, {"new": 1}])
@pytest.mark.parametrize(
    ("row", "value", "extra"),
    [
        ({"average_executed_price": "3", "avg_price": "3"}, 3, {}),
        ({"average_executed_price": None, "avg_price": "2"}, 2, {}),
        ({"average_executed_price": "3", "avg_price": None}, 3, {}),
        ({"average_executed_price": None, "avg_price": None}, None, {}),
        ({"avg_price": "2", "average_executed_quantity": "5"}, 2, {"average_executed_quantity": "5"}),
        (
            {"average_executed_price": "0", "avg_price": "2", "average_executed_quantity": "5"},
            0,
            {"avg_price": "2", "average_executed_quantity": "5"},
        ),
        (
            {"average_executed_price": None, "avg_price": "2", "average_executed_quantity": "5"},
            2,
            {"average_executed_quantity": "5"},
        ),
    ],
)
def test_the_first_value_is_the_fields_another_is_an_extra(
    row: dict[str, Any], value: Any, extra: dict[str, Any], strange: dict[str, Any]
):
    """Equal ones and nulls leave nothing over; unknown names stand beside."""
    order = read({"algo_order_id": 1, "symbol": "PERP_ETH_USDC", **row, **strange}, AlgoOrder)
    assert order.average_executed_price == value
    assert dict(order.extra) == {**strange, **extra}


def test_pushes_keep_both_too():
    """Whatever the order of the keys."""
    row = {"orderId": 1, "symbol": "PERP_ETH_USDC", "side": "BUY", "type": "LIMIT", "status": "NEW"}
    for more in ({"visible": 1, "visibleQuantity": 3}, {"visibleQuantity": 3, "visible": 1}):
        report = read({**row, **more}, ExecutionReport)
        assert (report.visible_quantity, dict(report.extra)) == (3, {"visible": 1})


def test_a_second_value_that_does_not_fit_is_not_read():
    """It is not the field's, so it cannot make the row unreadable."""
    row = {"order_id": 1, "symbol": "PERP_ETH_USDC", "total_executed_quantity": "2", "executed": "some"}
    assert structure(row, Order, "a row").extra == {"executed": "some"}


def _spelled() -> Iterator[Any]:
    """Every field of every model that is a number and has a second name of its own."""
    for kind in model_classes():
        hints = get_type_hints(kind)
        for field in attrs.fields(kind):
            given = field.metadata.get("wire") or ()
            names = wire_names(field, kind.wire_case)
            if len(given) > 1 and hints[field.name] in {Decimal, Decimal | None}:
                yield pytest.param(kind, field.name, names[:2], id=f"{kind.__name__}.{field.name}")


SAMPLES: dict[type, Any] = {int: 1, str: "x", Decimal: "1", bool: True}


@pytest.mark.parametrize(("kind", "name", "names"), list(_spelled()))
def test_no_model_loses_the_second_spelling(kind: type[Model], name: str, names: tuple[str, str]):
    """Of all numbers that have two names."""
    hints, row = get_type_hints(kind), {}
    for field in attrs.fields(kind):
        if field.default is attrs.NOTHING and field.name != name:
            hint = hints[field.name]
            is_enum = isinstance(hint, type) and issubclass(hint, OpenEnum)
            row[wire_names(field, kind.wire_case)[0]] = next(iter(hint)).value if is_enum else SAMPLES[hint]
    first, second = names
    made = read({**row, second: "2", first: "1"}, kind)
    assert getattr(made, name) == 1
    assert D(to_wire(made)[second]) == 2
