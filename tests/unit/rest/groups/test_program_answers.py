"""Each published answer becomes a typed value with nothing left over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.errors import ApiError, BadRequest, DecodingError, Duplicate, NotFound
from orderly_sync.models.base import Acknowledged, Model, Page, Rows
from orderly_sync.models.enums import OpenEnum
from orderly_sync.models.pages import CursorPage, SnapshotPage
from tests.unit.rest.groups.program_operations import (
    BY_CALL,
    IDS,
    OPERATIONS,
    Operation,
    Recorder,
    extras,
    group,
    moments,
    run,
)


def ask(call: str, *answers: Any) -> Any:
    return run(call, Recorder(*answers), **BY_CALL[call].required)


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_the_published_answer_is_understood_whole(operation: Operation) -> None:
    """Nothing of the answer is unknown, and its rows are all there."""
    answer = ask(operation.call, operation.answer)

    assert isinstance(answer, (Model, Page, CursorPage, Rows))
    assert not isinstance(answer, Mapping)
    assert extras(answer) == {}
    assert all(moments(answer).values())
    data = operation.answer.get("data")
    if isinstance(answer, Rows):
        assert len(data["rows"] if isinstance(data, dict) else data) == len(answer)
    if isinstance(answer, (Page, CursorPage)):
        assert len(data["rows"]) == len(answer)
        assert data["meta"]["total"] == answer.meta.total
    if isinstance(answer, Acknowledged):
        assert operation.answer["timestamp"] == answer.timestamp


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_numbers_and_times_may_come_as_text(operation: Operation) -> None:
    """The same answer with every number as text gives the same value."""

    def texts(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: texts(item) for name, item in value.items()}
        if isinstance(value, list):
            return [texts(item) for item in value]
        return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value

    told = {**operation.answer, "data": texts(operation.answer.get("data"))}
    if "meta" in (told["data"] or {}):
        told["data"]["meta"] = operation.answer["data"]["meta"]

    plain, text = ask(operation.call, operation.answer), ask(operation.call, told)

    rows = (lambda value: value.rows) if isinstance(plain, (Page, CursorPage)) else (lambda value: value)
    assert rows(plain) == rows(text)


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_a_new_field_is_kept_and_a_missing_one_forgiven(operation: Operation) -> None:
    """Tomorrow's fields are in ``.extra``; an answer with nothing but its identities is understood."""
    data = operation.answer.get("data")
    row = data[0] if isinstance(data, list) else data
    if not row:
        return
    many = isinstance(row.get("rows"), list) and "meta" in row
    target = row["rows"][0] if many else row
    if isinstance(data, dict) and set(data) == {"rows"}:
        target = data["rows"][0]
    fresh = json.loads(json.dumps(operation.answer))
    told = fresh["data"][0] if isinstance(data, list) else fresh["data"]
    told = told["rows"][0] if target is not row else told
    told["new_field"] = {"any": [1]}

    answer = ask(operation.call, fresh)

    assert (answer if isinstance(answer, Model) else answer[0]).extra == {"new_field": {"any": [1]}}


def test_numbers_are_floats_where_they_are_asked_for() -> None:
    """``numbers=float`` reaches every model."""
    stages = group("points", Recorder(BY_CALL["points.stage_parameters"].answer), float).stage_parameters()
    tag = group("order_tags", Recorder(BY_CALL["order_tags.get"].answer), float).get("GRID_PRO")

    assert (stages[0].pnl_boost, tag.pair_overrides) == (0.5, {"PERP_BTC_USDC": 0.003})
    assert isinstance(tag.usage_stats.total_volume, float)


def test_the_old_name_of_a_rate_is_read_where_the_new_one_is_missing() -> None:
    """Older hosts send only the legacy names."""
    code = ask(
        "referral.admin_info",
        {
            "data": {
                "rows": [
                    {"referral_codes": [{"code": "C4", "max_rebate_rate": 0.4, "referee_rebate_rate": 0.1}]}
                ]
            }
        },
    )[0].referral_codes[0]
    row = ask(
        "multilevel.summary", {"data": {"rows": [{"date": "2026-01-01", "total_direct_bonus_rebate": 3}]}}
    )[0]

    assert (Decimal("0.4"), Decimal("0.1"), Decimal(3)) == (
        code.bonus_max_rebate_rate,
        code.bonus_referee_rebate_rate,
        row.total_base_rebate,
    )


def test_the_new_name_of_a_rate_wins_over_the_old() -> None:
    """Where both are sent and disagree, the one that the venue prefers counts."""
    told = {"data": {"base_rebate_rate": 0.2, "direct_bonus_rebate_rate": 0.1}}

    assert Decimal("0.2") == ask("referral.max_rebate_rate", told).base_rebate_rate


def test_a_misspelt_volume_is_read_in_both_spellings() -> None:
    """One list of the venue says ``perp_taker_volum``; the right word is understood too."""
    for name in ("perp_taker_volum", "perp_taker_volume"):
        page = ask("user_data.daily_volume", {"data": {"rows": [{name: 7}]}})
        assert Decimal(7) == page[0].perp_taker_volume


def test_pages_keep_what_stands_beside_their_rows() -> None:
    """When a list was computed, and of which epoch it is."""
    page = ask("user_data.leaderboard", BY_CALL["user_data.leaderboard"].answer)
    board = ask("points.leaderboard", BY_CALL["points.leaderboard"].answer)

    assert isinstance(page, SnapshotPage)
    assert (page.snapshot_time, board.epoch_id) == (1_784_278_800_000, 1)


def test_conversions_are_followed_by_cursor_not_by_page() -> None:
    """Rows that arrive meanwhile repeat or hide none: the next request carries the cursor and no page."""
    first = BY_CALL["admin.convert_history"].answer
    second = {"success": True, "data": {"rows": [{"convert_id": 3}], "next_cursor": None}}
    recorder = Recorder(first, second)

    page = run("admin.convert_history", recorder, start=1_772_706_491_837, end=1_778_747_916_938, page=1)

    assert [row.convert_id for row in page.each()] == [617575, 3]
    assert "page=1" in recorder.requests[0].target
    assert "page=" not in recorder.requests[1].target
    assert "cursor=617575" in recorder.requests[1].target


def test_a_cursor_that_comes_back_ends_the_list() -> None:
    """A host that repeats its cursor does not keep the caller asking for ever."""
    again = {"success": True, "data": {"rows": [{"convert_id": 3}], "next_cursor": 3}}
    recorder = Recorder(again)

    rows = list(run("admin.convert_history", recorder, start=1_772_706_491_837, end=1_778_747_916_938).each())

    assert len(rows) == len(recorder.requests) == 2


def test_values_of_tomorrow_keep_their_text() -> None:
    """An unknown status of a tag neither raises nor turns into a known one."""
    tag = ask("order_tags.get", {"data": {"enum_id": "A", "status": "frozen"}})

    assert tag.status == "frozen"
    assert isinstance(tag.status, OpenEnum)
    assert not tag.status.known


def test_an_answer_without_its_identity_names_what_is_missing() -> None:
    """A tag without id is no tag."""
    with pytest.raises(DecodingError, match="enum_id"):
        ask("order_tags.get", {"success": True, "data": {"name": "Grid"}})


@pytest.mark.parametrize(
    ("call", "code", "kind"),
    [
        ("order_tags.create", -1201, Duplicate),
        ("order_tags.get", -1202, NotFound),
        ("order_tags.update", -1203, BadRequest),
        ("order_tags.archive", -1202, NotFound),
        ("order_tags.unarchive", -1205, BadRequest),
        ("order_tags.public_tag", -1202, NotFound),
        ("order_tags.public_tags", -1210, BadRequest),
        ("admin.liquidations", -1201, BadRequest),
        ("admin.liquidations", -1202, BadRequest),
        ("referral.bind", "INVALID_CODE", BadRequest),
        ("fees.default", "-1002", ApiError),
    ],
)
def test_a_code_means_what_its_operation_means(call: str, code: Any, kind: type[ApiError]) -> None:
    """-1201 and -1202 are about tags here and about liquidations elsewhere; codes may be numbers or text."""
    operation = BY_CALL[call]
    with pytest.raises(kind) as refused:
        run(
            call,
            Recorder({"success": False, "code": code, "message": "no"}, status=400),
            **operation.required,
        )

    assert operation.path == refused.value.path
    assert not (kind is BadRequest and isinstance(refused.value, (Duplicate, NotFound)))


def test_a_main_account_s_answer_has_times_as_datetimes() -> None:
    """Milliseconds stay as they are; ``.time`` is the same moment in UTC."""
    row = ask("referral.distribution_history", BY_CALL["referral.distribution_history"].answer)[0]

    assert (row.created_time, row.time.isoformat()) == (1_703_511_545_867, "2023-12-25T13:39:05.867000+00:00")
