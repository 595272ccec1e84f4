"""The groups of account, money, liquidation, funding, charting and vaults: what they make of answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.errors import ApiError
from orderly_sync.models.account_enums import KeyScope
from orderly_sync.models.base import Model, Page
from orderly_sync.rest.api_client import ApiClient
from tests.unit.rest.groups.operations import (
    ANSWERS,
    GROUPS,
    IDS,
    OPERATIONS,
    Answer,
    Operation,
    Recorder,
    call,
    find,
)


def extras(value: Any, path: str = "$") -> dict[str, Any]:
    """All unknown fields of an answer, by path."""
    if isinstance(value, Model):
        found = {f"{path}.{name}": item for name, item in value.extra.items()}
        names = [name for name in type(value).__slots__ if name not in {"extra", "__weakref__"}]
        fields = {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
        for name in sorted({*names, *fields} - {"extra", "__weakref__"}):
            found |= extras(getattr(value, name), f"{path}.{name}")
        return found
    if isinstance(value, Page):
        return extras(tuple(value.rows), path)
    if isinstance(value, Mapping):
        return {k: v for name, item in value.items() for k, v in extras(item, f"{path}.{name}").items()}
    if isinstance(value, tuple):
        return {k: v for index, item in enumerate(value) for k, v in extras(item, f"{path}[{index}]").items()}
    return {}


@pytest.mark.parametrize("operation", OPERATIONS, ids=IDS)
def test_every_published_answer_is_read_whole(operation: Operation) -> None:
    """No field of the published example is left over, and none that it names is lost."""
    arguments = {a.name: SAMPLES.get(a.kind, "x") for a in operation.arguments if a.required}
    arguments |= {"ip_restriction_list": ["1.1.1.1"]} if "ip_restriction_list" in arguments else {}

    answer = call(operation, Recorder(ANSWERS[operation.op]), **arguments)

    assert extras(answer) == {}
    assert not isinstance(answer, Mapping)
    if isinstance(answer, Page):
        meta = ANSWERS[operation.op].get("meta") or ANSWERS[operation.op]["data"]["meta"]
        assert len(ANSWERS[operation.op]["data"]["rows"]) == len(answer)
        assert meta["total"] == answer.meta.total


SAMPLES: dict[str, Any] = {
    "slug": "PERP_ETH_USDC",
    "id": 1,
    "flag": True,
    "list": ["1"],
    "number": "0.5",
    "prices": {"PERP_ETH_USDC": "3000"},
    "json": {},
    "seconds": 1_700_000_000_000,
    "IpMode": "ALLOW_ALL_IPS",
    "InternalTransferSide": "IN",
    "VaultChartType": "PNL",
    "VaultChartRange": "7d",
}


def test_every_operation_of_the_answers_has_a_method() -> None:
    """Nothing is missing from the table and nothing stands in it twice."""
    assert sorted(ANSWERS) == sorted(operation.op for operation in OPERATIONS)


def test_a_charting_call_that_fails_raises_although_its_status_is_200() -> None:
    """The charting calls say "error" in an envelope of their own."""
    recorder = Recorder({"s": "error", "errmsg": "unknown symbol"})

    with pytest.raises(ApiError, match="unknown symbol"):
        call(find("tradingview.symbol_info"), recorder, group="perp")


def test_a_charting_call_without_candles_answers_empty_columns() -> None:
    """No data is an answer, not an error."""
    bars = call(
        find("tradingview.history"),
        Recorder({"s": "no_data", "nextTime": 1}),
        symbol="PERP_ETH_USDC",
        resolution="60",
        start=1_700_000_000_000,
        end=1_700_000_001_000,
    )

    assert (bars.status, len(bars)) == ("no_data", 0)


def test_candles_of_the_charting_history_can_be_had_one_by_one() -> None:
    """The history sends no amounts; its candles are none the worse."""
    answer = {"s": "ok", "t": [1, 2], "o": [1, 2], "h": [3, 4], "l": [1, 1], "c": [2, "3.5"], "v": [9, 8]}
    bars = call(
        find("tradingview.history"),
        Recorder(answer),
        symbol="PERP_ETH_USDC",
        resolution="60",
        start=1_700_000_000_000,
        end=1_700_000_001_000,
    )

    assert [(1000, Decimal(2)), (2000, Decimal("3.5"))] == [
        (k.start_timestamp, k.close) for k in bars.klines()
    ]


def test_fee_pages_of_the_vault_host_find_their_meta_beside_the_data() -> None:
    """The fee lists carry it one level higher than all others; pages go on all the same."""
    answer = {
        "success": True,
        "meta": {"total": 3, "records_per_page": 1, "current_page": 2},
        "data": {"rows": [{}]},
    }

    page = call(find("vault_host.lp_fees"), Recorder(answer), vault_id="1", wallet_address="0x0")

    assert (page.meta.total, page.meta.current_page) == (3, 2)


@pytest.mark.parametrize(
    ("name", "data", "path", "value"),
    [
        ("registration.nonce", {"registration_nonce": "194528949540"}, "registration_nonce", 194528949540),
        ("assets.withdraw_nonce", {"withdraw_nonce": "7"}, "withdraw_nonce", 7),
        ("registration.account", {"account_id": "0x1", "user_id": "24"}, "user_id", 24),
        ("registration.account", {"account_id": "0x1"}, "user_id", None),
        ("registration.account", {"account_id": "0x1", "user_id": None, "new": 1}, "user_id", None),
        ("strategy_vault.nonce", {"nonce": 14001212121234}, "nonce", 14001212121234),
    ],
)
def test_ids_and_nonces_are_read_from_numbers_and_from_text(
    name: str, data: Any, path: str, value: Any
) -> None:
    """Live venues send either, leave fields out, and add new ones."""
    operation = find(name)
    arguments = {a.name: "x" for a in operation.arguments if a.required}

    answer = call(operation, Recorder({"success": True, "data": data}), **arguments)

    assert value == getattr(answer, path)


def test_a_rate_in_scientific_notation_is_exact() -> None:
    """No float stands between the wire and the Decimal."""
    body = b'{"success":true,"data":{"rows":[{"symbol":"PERP_ETH_USDC","funding_fee":5.74e-6}]}}'
    public = ApiClient(lambda _: Answer(200, {}, body), signed=False)

    page = GROUPS["funding"](public, public).history()

    assert Decimal("0.00000574") == page[0].funding_fee


def test_a_key_names_its_scopes_and_its_end() -> None:
    """The comma list becomes a set, the milliseconds a moment."""
    data = {"orderly_key": "ed25519:x", "scope": "read,trading", "expiration": 1_689_086_651_947}

    key = call(
        find("keys.get"), Recorder({"success": True, "data": data}), account_id="0x1", orderly_key="ed25519:x"
    )

    assert {KeyScope.READ, KeyScope.TRADING} == key.scopes
    assert key.expires_at.year == 2023


@pytest.mark.parametrize("sent", ["42161", 42161])
@pytest.mark.parametrize("name", ["assets.history", "assets.receiver_events", "builder.chain_info"])
def test_a_chain_id_is_text_whichever_way_it_is_sent(name: str, sent: Any) -> None:
    """Hosts write it as a number and as text."""
    answer = {"success": True, "data": {"rows": [{"id": 1, "chain_id": sent}], "meta": {"total": 1}}}

    (row,) = call(find(name), Recorder(answer))

    assert row.chain_id == "42161"


def test_the_liquidators_fee_is_read_under_both_of_its_names() -> None:
    """Clients and pages disagree about it, and ``seq`` is beyond what a float holds."""
    rows = [
        {"symbol": "A", "abs_liquidation_fee": "1.5"},
        {"symbol": "B", "abs_liquidator_fee": 2, "seq": 2**63 + 1},
    ]
    answer = {"success": True, "data": {"rows": [{"liquidation_id": 1, "positions_by_perp": rows}]}}

    (liquidation,) = call(find("liquidations.liquidated"), Recorder(answer))

    first, second = liquidation.positions_by_perp
    assert (first.abs_liquidator_fee, second.abs_liquidator_fee) == (Decimal("1.5"), Decimal(2))
    assert (first.seq, second.seq) == (None, 2**63 + 1)


def test_sub_accounts_are_listed_with_their_main_account() -> None:
    """Iterating goes over the sub-accounts."""
    data = {"main_account_id": "0x1", "rows": [{"sub_account_id": "0x2"}, {"sub_account_id": 3}]}

    listed = call(find("sub_accounts.get"), Recorder({"success": True, "data": data}))

    assert (listed.main_account_id, len(listed)) == ("0x1", 2)
    assert [row.sub_account_id for row in listed] == ["0x2", "3"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("builder.balance_stats", "last_update_time"),
        ("notifications.inbox", "created_time"),
        ("liquidations.history", "timestamp"),
        ("assets.history", "created_time"),
        ("assets.receiver_events", "created_time"),
        ("assets.settlements", "settled_time"),
        ("assets.transfers", "created_time"),
        ("funding.history", "created_time"),
        ("funding_rates.history", "funding_rate_timestamp"),
        ("strategy_vault.transactions", "created_time"),
        ("vault_host.performance_chart", "timestamp"),
        ("vault_host.lp_transactions", "created_time"),
        ("vault_host.orders", "created_time"),
        ("vault_host.fills", "executed_timestamp"),
    ],
)
def test_a_moment_is_milliseconds_and_an_aware_time(name: str, field: str) -> None:
    """The field as sent, and the same in UTC."""
    operation = find(name)
    arguments = {a.name: SAMPLES.get(a.kind, "x") for a in operation.arguments if a.required}
    sample = {field: 1_700_000_000_123}
    sample |= dict.fromkeys(
        ("id", "liquidation_id", "vault_id", "symbol", "order_id", "timestamp"), 1_700_000_000_123
    )
    data = sample if name == "builder.balance_stats" else {"rows": [sample]}

    answer = call(operation, Recorder({"success": True, "data": data}), **arguments)

    value = answer if name == "builder.balance_stats" else answer[0]
    assert value.time == datetime.fromtimestamp(1_700_000_000.123, tz=timezone.utc)
    assert getattr(value, field) == 1_700_000_000_123


def test_numbers_become_floats_for_those_who_want_them() -> None:
    """Prices and rates of every model, without another change."""
    public = ApiClient(Recorder(ANSWERS["GET /v1/public/funding_rates"]), signed=False, numbers=float)

    (rate,) = GROUPS["funding_rates"](public, public).rates()

    assert (type(rate.last_funding_rate), rate.last_funding_rate) == (float, 0.0001)
