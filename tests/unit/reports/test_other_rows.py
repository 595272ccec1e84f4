"""Rows of REST as the pushes they amount to: the same facts by the same ids, oldest first, and nothing invented."""

from __future__ import annotations

import inspect
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import topics
from orderly_sync.models.pushes import AssetConversion, SettleUpdate
from orderly_sync.reports.deduplicator import deduplicator_for
from orderly_sync.reports.other_rows import READERS, REBUILT
from orderly_sync.rest import Rest
from orderly_sync.testing import HttpRequest, MockTransport, ok
from tests.support.rest_client import ME, ONCE
from tests.support.topics import PATTERNS, PRIVATE_PATTERNS

ROOT = Path(__file__).parents[3]
DAY = 86_400_000
NOW = 1_700_000_000_000
CONVERSION = {
    "convert_id": 9,
    "converted_asset": {"ETH": 2},
    "received_asset": "USDC",
    "received_qty": 6000,
    "type": "auto",
    "status": "completed",
    "created_time": NOW + 10,
    "updated_time": NOW + 90,
    "details": [
        {
            "transaction_id": number,
            "venue": "internal_fund",
            "converted_asset": "ETH",
            "received_asset": "USDC",
            "converted_qty": 1,
            "received_qty": 3000,
            "result": "succeeded",
        }
        for number in (201, 202)
    ],
}


def asked(topic: str, rows: list[Any], start: int = NOW) -> tuple[list[Any], str]:
    """What a topic's reader makes of these rows, and the request that it sent."""

    def answer(_: HttpRequest) -> Any:
        meta = {"total": len(rows), "records_per_page": 500, "current_page": 1}
        return ok({"rows": rows, "meta": meta})

    mock = MockTransport(answer)
    with Rest("testnet", ME, transport=mock, retries=ONCE, rate_limits=False) as rest:
        found = READERS[topic](rest, start)
    (request,) = mock.requests
    return found, request.target


def test_each_transaction_of_a_conversion_is_an_event():
    """As the topic tells it: one push a transaction, by the ids of both."""
    found, _ = asked("assetconvert", [CONVERSION])
    assert [(one.convert_id, one.transaction_id, one.converted_qty) for one in found] == [
        (9, 201, Decimal(1)),
        (9, 202, Decimal(1)),
    ]
    assert all(type(one) is AssetConversion and one.recovered and one.origin == "rest" for one in found)
    assert [one.event_id for one in found] == ["assetconvert/9/201", "assetconvert/9/202"]
    assert {(one.type, one.timestamp) for one in found} == {("auto", NOW + 90)}


@pytest.mark.parametrize("late", [1, 3_600_000, DAY - 1])
def test_what_was_asked_for_long_ago_and_is_done_now_is_found(late: int):
    """The history is listed by when a withdrawal was asked for, and a gap may hide its end."""
    start = NOW
    row = {"id": "7", "trans_status": "COMPLETED", "created_time": start - late, "updated_time": start + 5}
    old = {"id": "6", "trans_status": "COMPLETED", "created_time": start - late, "updated_time": start - 1}
    found, url = asked("wallet", [row, old], start)
    assert [(one.id, one.ts) for one in found] == [("7", start + 5)]
    window = re.search(r"start_t=(\d+)", url)
    assert window is not None
    assert int(window[1]) <= start - late


def test_they_come_oldest_first():
    """REST lists the newest first; a hook is told in the order of events."""
    rows = [{"id": number, "settled_time": NOW + number, "settled_amount": 1} for number in (3, 2, 1)]
    assert [one.id for one in asked("settle", rows)[0]] == [1, 2, 3]


def test_a_settlement_is_known_by_what_its_push_says():
    """REST has no word for its status: it lists what is settled."""
    (told,) = asked("settle", [{"id": 5, "settled_time": NOW + 1}])[0]
    pushed = SettleUpdate(id=5, status="COMPLETED", frame=told.frame)
    assert told.status is None
    assert told.event_id == pushed.event_id
    assert told.event_id != SettleUpdate(id=5, status="FAILED", frame=told.frame).event_id


def test_an_event_without_a_time_is_not_guessed_at():
    """Whether it lies in the gap cannot be known."""
    assert asked("settle", [{"id": 5, "settled_amount": 3}])[0] == []


def test_a_push_that_rest_was_quicker_than_is_told_once():
    """It was on its way while REST was asked; the same push once more counts as any other."""
    (told,) = asked("settle", [{"id": 5, "settled_time": NOW + 1}])[0]
    pushed = SettleUpdate(id=5, status="COMPLETED", frame=told.frame)
    once = deduplicator_for("settle")
    assert once is not None
    assert list(once.rebuilt([told], lambda _: True)) == [told]
    assert list(once.rebuilt([told], lambda _: True)) == []
    assert list(once([pushed])) == []
    assert once.repeated == 1
    assert list(once([pushed])) == [pushed]
    once.forget_all()
    assert list(once.rebuilt([told], lambda _: True)) == [told]


def test_what_a_push_told_is_not_told_by_rest():
    """By its id, whatever else either of them says."""
    (told,) = asked("settle", [{"id": 5, "settled_time": NOW + 1}])[0]
    once = deduplicator_for("settle")
    assert once is not None
    assert len(once([SettleUpdate(id=5, status="COMPLETED", frame=told.frame)])) == 1
    assert list(once.rebuilt([told], lambda _: True)) == []


# What is promised of each private topic ------------------------------------------------------------------------------


def test_every_private_topic_says_what_a_gap_leaves_of_it():
    """None is missing, and none is there that is no topic."""
    assert REBUILT.keys() == set(PRIVATE_PATTERNS)
    assert READERS.keys() < REBUILT.keys()


def test_the_table_in_the_docs_is_that_of_the_code():
    """docs/reliability.md has a row for each, in the words of the code."""
    text = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert {name: (source, gone) for name, source, gone in rows} == {
        name: (", ".join(f"`{one}`" for one in told.source.split(", ")), told.gone)
        for name, told in REBUILT.items()
    }


@pytest.mark.parametrize("name", PRIVATE_PATTERNS)
def test_each_docstring_says_what_is_gone_for_good(name: str):
    """Whoever asks for help on a topic reads what a gap costs, in the words of the table."""
    functions = {row["topic"]: row["call"].partition("(")[0].partition(".")[2] for row in topics.ALL}
    said = " ".join((inspect.getdoc(getattr(topics, functions[name])) or "").split())
    assert f"Gone for good: {REBUILT[name].gone}" in said
    for source in REBUILT[name].source.split(", "):
        assert source in said
    assert PATTERNS[name].private
