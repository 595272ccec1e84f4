"""Every answer of these sections has the fields that the published pages give it."""

from __future__ import annotations

from contextlib import closing

import pytest

from orderly_sync.models.message import VaultAction
from orderly_sync.wallet.flows import request_vault, transfer
from orderly_sync.wallet.wallet import Wallet
from tests.contract.published import OPERATIONS, RETIRED, VAULT_HOST
from tests.scenario.venue_server.trader import Trader
from tests.support.venue_kit import DAY, ETH

SECTIONS = (
    "General API / Builder Info",
    "Staking & Valor API",
    "Builder API",
    "Builder Admin API",
    "Order Tag API",
    "Points API",
    "Strategy Vault API",
)
START = 1_767_225_600_000
VALUES = {
    "start_date": "2026-01-01",
    "end_date": "2026-03-01",
    "campaign_id": "2",
    "type": "volume",
    "lower_boundary": "100",
    "is_vesting": "false",
    "time_range": "all_time",
    "aggregate_by": "account_id",
    "stage": "1",
    "period": "all_time",
    "side": "IN",
    "symbol": ETH,
    "start_t": str(START),
    "end_t": str(START + 100 * DAY),
    "broker_id": "paper",
    "enum_id": "TAG",
    "referral_code": "OLD",
    "chain_id": "421614",
    "epoch": "3",
    "epoch_id": "3",
}
OWN = {
    "/v1/referral/multi_level/statistics": {"time_range": "7d"},
    "/v1/public/strategy_vault/vault/performance_chart": {"type": "TVL", "time_range": "7d"},
    "/v1/public/strategy_vault/lp/performance_chart": {"type": "TVL", "time_range": "7d"},
}
EMPTY = {
    "/v1/admin/asset/convert_history": "nothing is ever converted here",
    "/v1/admin/liquidations": "nobody has been liquidated in this test",
    "/v1/public/strategy_vault/vault/liquidator_history": "the provider has taken over nothing in this test",
}
"""Lists without rows, and why."""
AS_USER = ("/v1/referral/referee_history", "/v1/referral/referee_rebate_summary")
"""What only a referee has: asked as the third account."""


ROWS = [
    *(row for row in OPERATIONS if row["group"].startswith(SECTIONS)),
    *(row for row in RETIRED if "rewards" in row["path"]),
    *VAULT_HOST,
]
READS = [row for row in ROWS if row["method"] == "GET"]


@pytest.fixture(scope="module")
def eventful(kit):
    """Everything there is something of: trades, rests, referees, a tag, sign-ups, vault requests, a transfer."""
    admin, affiliate, referee = kit.clients[:3]
    admin.campaigns.sign_up(2)
    admin.order_tags.create(enum_id="TAG", name="t", default_fee_rate="0.001", pair_overrides={ETH: "0.002"})
    admin.multilevel.update(required_volume=0)
    code = admin.referral.claim_code(bonus_referee_rebate_rate="0.1").referral_code
    affiliate.referral.bind(code)
    referee.referral.bind(affiliate.referral.claim_code().referral_code)
    rates = dict.fromkeys(("bonus_max_rebate_rate", "bonus_referrer_rebate_rate"), "0.1")
    admin.referral.create(
        account_id=kit.account(0).account_id,
        referral_code="OLD",
        bonus_referee_rebate_rate="0",
        **rates,
    )
    for index in (0, 1, 2):
        kit.buy(index, "0.5")
    kit.buy(0, "0.01", order_tag="enum:paper:TAG")
    admin.orders.create(symbol=ETH, order_type="LIMIT", side="BUY", order_quantity="0.1", order_price="3350")
    admin.orders.create_algo(
        symbol=ETH, algo_type="STOP", type="MARKET", side="SELL", quantity="0.2", trigger_price="3300"
    )
    resting = admin.orders.create(
        symbol="PERP_WOO_USDC",
        order_type="POST_ONLY",
        side="SELL",
        order_quantity=200,
        order_price="0.25",
    )
    kit.buy(3, "200", "PERP_WOO_USDC")
    assert admin.orders.get(resting.order_id).status == "FILLED"
    (vault, _) = admin.vault_host.vaults()
    for index, action in ((0, VaultAction.SP_DEPOSIT), (0, VaultAction.LP_DEPOSIT)):
        _request(kit, index, action, 1000, vault.vault_id)
    kit.venue.advance(40 * DAY)
    shares = admin.vault_host.lp_info(wallet_address=kit.address(0))[0].total_main_shares
    _request(kit, 0, VaultAction.LP_WITHDRAW, shares, vault.vault_id)
    admin.strategy_vault.deliver_period(plan_id=admin.strategy_vault.venue_withdrawals()[0].plan_id)
    _request(kit, 0, VaultAction.LP_DEPOSIT, 1000, vault.vault_id)
    admin.faucet.usdc(user_address=kit.address(0), broker_id="paper", chain_id=421614)
    transfer(
        affiliate,
        Wallet(kit.account(1).wallet_key),
        receiver=kit.account(0).account_id,
        token="USDC",
        amount=25,
        decimals=6,
        chain_id=421614,
    )
    with closing(Trader(kit.venue)) as trader, closing(Trader(kit.venue, 1)) as other:
        yield kit, trader, other, vault.vault_id


def _request(kit, index, action, amount, vault_id) -> None:
    request_vault(
        kit.clients[index],
        Wallet(kit.account(index).wallet_key),
        action,
        vault_id=vault_id,
        token="USDC",
        amount=amount,
        decimals=6,
        chain_id=421614,
    )


def paths(value, prefix=""):
    """The paths of all fields of a value, as the pages write them."""
    if isinstance(value, dict):
        for name, item in value.items():
            path = f"{prefix}.{name}" if prefix else name
            yield path
            yield from paths(item, path)
    elif isinstance(value, list):
        for item in value:
            yield f"{prefix}[]"
            yield from paths(item, f"{prefix}[]")


def _target(kit, row, vault_id) -> str:
    whose = {
        "address": kit.address(0),
        "wallet_address": kit.address(0),
        "account_id": kit.account(0).account_id,
        "vault_id": vault_id,
    }
    values = {**VALUES, **whose, **OWN.get(row["path"], {})}
    wanted = {each["name"] for each in row["params"] if each.get("required") and each["in"] == "query"}
    names = {each["name"] for each in row["params"]}
    if "user_account" in names:
        values["user_account"] = kit.account(0).account_id
        wanted.add("user_account")
    if row["path"] in {"/v1/broker/user_info", "/v1/public/campaign/user"}:
        wanted.add("account_id")
    if row["path"] == "/v1/public/points/leaderboard":
        wanted.add("epoch_id")
    query = "&".join(f"{name}={values[name]}" for name in sorted(wanted))
    path = row["path"].replace("{symbol}", ETH).replace("{enum_id}", "TAG")
    return f"{path}?{query}" if query else path


@pytest.mark.parametrize("row", READS, ids=lambda row: row["op"])
def test_an_answer_has_every_published_field(eventful, row):
    """Rows there are, unless a list can have none."""
    kit, trader, other, vault_id = eventful
    who = other if row["path"] in AS_USER else trader
    answer = who.call("GET", _target(kit, row, vault_id))

    assert answer.status == 200, answer.body
    # What the pages draw inside of child orders is nothing; maps have keys of their own.
    fields = {field["path"] for field in row["response"]["fields"]}
    wanted = {path for path in fields if "{key}" not in path and not path.endswith("child_orders[]")}
    missing = wanted - set(paths(answer.json))
    if row["path"] in EMPTY:
        missing = {path for path in missing if "rows[]" not in path}
    assert missing == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["op"])
def test_every_operation_of_these_sections_asks_for_a_key_where_it_should(eventful, row):
    """Where the page draws a key it is needed; calls that wallets sign, and public ones, need none."""
    _, trader, _, _ = eventful
    path = row["path"].replace("{symbol}", ETH).replace("{enum_id}", "TAG")

    answer = trader.raw(row["method"], path, headers={"Content-Type": "application/json"})

    assert answer.status != 404
    assert (answer.status == 401) is (row["auth"]["kind"] == "private")


@pytest.mark.parametrize("row", READS, ids=lambda row: row["op"])
def test_what_is_missing_is_asked_for(eventful, row):
    """Without its parameters an operation names one that it needs."""
    kit, trader, _, vault_id = eventful
    needed = [each["name"] for each in row["params"] if each.get("required") and each["in"] == "query"]
    if not needed or "symbol" in needed:
        return
    target = _target(kit, row, vault_id)
    for name in needed:
        head, _, query = target.partition("?")
        left = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
        answer = trader.call("GET", f"{head}?{left}" if left else head)
        assert (answer.status, answer.code) == (400, -1005), (name, answer.body)
        assert name in answer.json["message"]
