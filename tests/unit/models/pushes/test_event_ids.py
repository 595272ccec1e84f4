"""What an event tells of, in words that do not depend on who told it, or when, or in which process."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from orderly_sync.models.base import Frame
from orderly_sync.models.pushes import WalletUpdate
from orderly_sync.models.pushes.account import AccountUpdate, PositionUpdate, SettleUpdate
from orderly_sync.reports.from_rest import order_report
from orderly_sync.reports.rebuild import reports_of
from tests.support.reports import fill, fill_report, node, report, row
from tests.support.topics import PATTERNS, PRIVATE_PATTERNS


def test_a_fill_has_one_id_whoever_tells_of_it():
    """The stream's total and status, REST's: the same fill; another order's fill of that number is another."""
    pushed = fill_report("0.5", "0.5", 7, order_id=3, timestamp=1_000)
    rebuilt = reports_of(
        row(3, "FILLED", "0.5", quantity="0.5"), [fill(7, "0.5", 2_000, 3)], None, delivered=0
    )
    assert pushed.event_id == rebuilt[0].event_id == "executionreport/3/fill/7"
    assert fill_report("0.5", "0.5", 7, order_id=4).event_id != pushed.event_id


@pytest.mark.parametrize("status", ["NEW", "CANCELLED", "REJECTED", "FILLED"])
def test_a_beginning_and_an_end_are_named_by_the_order_alone(status: str):
    """Times differ between the two halves by milliseconds, and a later edit moves price and size."""
    told = report(status, "0.2", 9, price="3000", timestamp=5)
    other = order_report(row(9, status, "0.2", price="3100.0", updated_time=77))
    assert told.event_id == other.event_id


def test_two_edits_are_two_events_in_any_digits():
    """3000 and 3000.00 are one price."""
    first, same = report("REPLACED", price="3000"), report("REPLACED", price="3000.00", timestamp=9)
    assert first.event_id == same.event_id
    assert report("REPLACED", price="3001").event_id != first.event_id
    assert report("REPLACED", quantity="2").event_id != first.event_id


def test_a_nodes_trigger_is_another_event_than_its_beginning():
    """And each topic has ids of its own."""
    new = node(10, "NEW", trigger_price="3000")
    assert node(10, "NEW", trigger_price="3000", is_triggered=True, timestamp=4).event_id != new.event_id
    assert node(10, "NEW", trigger_price="3000", timestamp=99).event_id == new.event_id
    version_1 = attrs.evolve(new, frame=Frame("algoexecutionreport", 1))
    assert version_1.event_id != new.event_id


@pytest.mark.parametrize(
    ("kind", "fields", "other"),
    [
        (WalletUpdate, {"id": "w1", "trans_status": "PENDING"}, {"trans_status": "COMPLETED"}),
        (SettleUpdate, {"id": 4, "status": "COMPLETED"}, {"id": 5}),
        (
            PositionUpdate,
            {"symbol": "PERP_ETH_USDC", "position_qty": Decimal(1), "version": 3},
            {"version": 4},
        ),
        (AccountUpdate, {"taker_fee_rate": Decimal(5)}, {"taker_fee_rate": Decimal(6)}),
    ],
)
def test_other_topics_name_their_events_too(kind: Any, fields: dict[str, Any], other: dict[str, Any]):
    """The same fields, the same id; what tells something else has another."""
    frame = Frame("some", 8)
    one = kind(frame=frame, **fields)
    assert one.event_id == kind(frame=Frame("some", 8), **fields).event_id
    assert kind(frame=frame, **{**fields, **other}).event_id != one.event_id


BY_ALL_THEY_SAY = {"account"}
"""Topics whose events the venue gives nothing that names them."""


@pytest.mark.parametrize("pattern", PRIVATE_PATTERNS)
def test_every_private_topic_has_events_with_ids(pattern: str):
    """None raises for want of a field that may be missing, and each is named by what the venue gives it."""
    topic = PATTERNS[pattern]
    hints = get_type_hints(topic.event)
    needed = {
        field.name: some(hints[field.name])
        for field in attrs.fields(topic.event)
        if field.default is attrs.NOTHING
    }
    event = topic.event(**needed, frame=Frame(topic.name, 1))
    by_rest = topic.event(**needed, frame=Frame(topic.name, 1, "rest"))

    assert event.event_id.startswith(f"{topic.name}/")
    assert by_rest.event_id == event.event_id
    assert (event._identity() is None) is (pattern in BY_ALL_THEY_SAY)


def some(hint: Any) -> Any:
    """A value of a type: a member of an enumeration, else what its type makes of 1."""
    kind = get_args(hint)[0] if get_args(hint) else hint
    return next(iter(kind)) if isinstance(kind, type) and issubclass(kind, Enum) else kind(1)
