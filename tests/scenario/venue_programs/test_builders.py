"""Builders' figures, fees and order tags: what is set applies, and what is told comes from the venue's own trades."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from orderly_sync.errors import AuthenticationError, BadRequest, Duplicate, NotFound
from orderly_sync.venue.server.serve import Venue
from tests.support.venue_kit import DAY, ETH, WOO, VenueKit, whole

D = Decimal

SPAN = {"start_date": "2026-01-01", "end_date": "2026-01-31"}


@pytest.fixture(scope="module")
def traded(kit):
    """The second account has bought 1 ETH, the third sold 100 WOO."""
    kit.buy(1, "1")
    kit.sell(2, "100", WOO)
    return kit


def test_the_builders_are_listed(kit):
    """All of them, or the one that is asked for."""
    assert "paper" in [each.broker_id for each in whole(kit.admin.builder.broker_names())]
    (one,) = whole(kit.admin.builder.broker_names(broker_id="paper"))
    assert (one.broker_id, one.broker_name) == ("paper", "Paper")
    with pytest.raises(NotFound):
        kit.admin.builder.broker_names(broker_id="nobody")


def test_a_builder_has_as_many_users_as_accounts(kit):
    """And none where it has none."""
    assert whole(kit.admin.builder.broker_stats(broker_id="paper"))[0].connected_user == 5
    assert whole(kit.admin.builder.broker_stats(broker_id="orderly"))[0].connected_user == 0


def test_the_balance_of_a_builder_is_that_of_its_users(traded):
    """Holdings and unsettled PnL together."""
    stats = whole(traded.admin.builder.balance_stats(broker_id="paper"))
    holdings = [client.assets.holding() for client in traded.clients]
    assert stats.total_holding == sum(each.holding[0].holding for each in holdings)
    values = [client.positions.list() for client in traded.clients]
    unsettled = sum((row.unsettled_pnl for value in values for row in value.rows), D(0))
    assert stats.total_unsettled_balance == unsettled


def test_a_builders_volume_is_that_of_its_users_fills(traded):
    """In every span; the venue's own counts each trade once."""
    stats = whole(traded.admin.builder.volume_stats(broker_id="paper"))
    fills = [fill for client in traded.clients for fill in client.orders.fills()]
    worth = sum(fill.executed_price * fill.executed_quantity for fill in fills)
    assert {stats.perp_volume_ltd, stats.perp_volume_ytd, stats.perp_volume_last_1_day} == {worth}
    assert whole(traded.admin.builder.volume_stats()).perp_volume_ltd == worth


def test_a_market_shows_what_one_builder_traded_in_it(traded):
    """Volume and amount are the builder's own, prices everybody's."""
    (own,) = whole(traded.admin.builder.futures_market(symbol=WOO, broker_id="paper"))
    assert own.volume_24h == 100
    (all_of_it,) = whole(traded.admin.builder.futures_market(symbol=WOO))
    assert (all_of_it.mark_price, own.volume_24h < all_of_it.volume_24h) == (own.mark_price, True)


def test_every_builder_is_on_every_chain(kit):
    """The chain's answer names the builder that was asked for."""
    (chain,) = whole(kit.admin.builder.chain_info(broker_id="paper"))
    assert (chain.broker_ids, chain.currency_decimal) == (("paper",), 18)


def test_user_data_tell_each_users_day(traded):
    """Maker and taker volume, fees and the builder's part of them."""
    page = whole(traded.admin.user_data.daily_volume(**SPAN, address=traded.address(1)))
    (row,) = page
    fill = traded.user.orders.fills()[0]
    worth = fill.executed_price * fill.executed_quantity
    assert (row.perp_volume, row.perp_taker_volume, row.perp_maker_volume) == (worth, worth, 0)
    assert (row.total_fee, row.broker_fee) == (fill.fee, fill.fee - worth * D("0.0001"))
    assert (row.date, row.account_id) == ("2026-01-01", traded.account(1).account_id)


def test_user_data_are_summed_and_sorted(traded):
    """By day all users are one row; the sort is descending or ascending."""
    by_day = whole(traded.admin.user_data.daily_volume(**SPAN, aggregate_by="DATE"))
    rows = whole(traded.admin.user_data.daily_volume(**SPAN, sort="descending_perp_volume"))
    assert by_day[0].perp_volume == sum(row.perp_volume for row in rows)
    assert [row.perp_volume for row in rows] == sorted((row.perp_volume for row in rows), reverse=True)


def test_the_leaderboard_knows_the_builder(traded):
    """Everyone may see it."""
    page = whole(traded.user.user_data.leaderboard(**SPAN, sort="ascending_realized_pnl"))
    assert {row.broker_id for row in page} == {"paper"}
    assert page.snapshot_time


def test_a_span_of_days_has_bounds(kit):
    """More than 90 days are refused."""
    with pytest.raises(BadRequest):
        kit.admin.user_data.daily_volume(start_date="2025-01-01", end_date="2026-01-01")


def test_only_the_admin_may_ask(kit):
    """The first account is its builder's admin; others are told so."""
    with pytest.raises(AuthenticationError) as refused:
        kit.user.fees.default()
    assert refused.value.code == -1002


def test_a_parameter_that_is_unknown_is_refused(kit):
    """With the code for it."""
    with pytest.raises(BadRequest) as refused:
        kit.admin.points._public.get("/v1/public/points/epoch", object, colour="red")
    assert refused.value.code == -1004


def test_fees_of_ones_own_are_charged(kit):
    """Set for one account they show everywhere and apply to its next trade; taken away they are the default's again."""
    three = kit.account(3).account_id
    kit.admin.fees.set(
        account_ids=[three],
        maker_fee_rate="0.0001",
        taker_fee_rate="0.0009",
        rwa_taker_fee_rate="0.0004",
    )
    (info,) = whole(kit.admin.fees.user_info(account_id=three))
    assert (info.taker_fee_rate, info.maker_fee_rate, info.is_default_fee_rate) == (
        D("0.0009"),
        D("0.0001"),
        False,
    )
    shown = kit.clients[3].account.info()
    assert (shown.taker_fee_rate, shown.rwa_taker_fee_rate) == (9, 4)

    kit.buy(3, "0.1")
    fill = kit.clients[3].orders.fills()[0]
    assert fill.fee == fill.executed_price * fill.executed_quantity * D("0.0009")

    kit.admin.fees.set_default([three])
    assert kit.clients[3].account.info().taker_fee_rate == 6
    assert whole(kit.admin.fees.user_info(address=kit.address(3)))[0].is_default_fee_rate is True


def test_the_default_fee_is_everybodys_but_those_with_their_own(kit):
    """Rates for real world assets stay where they are not named."""
    four = kit.account(4).account_id
    kit.admin.fees.set(account_ids=[four], maker_fee_rate="0.0002", taker_fee_rate="0.0002")
    kit.admin.fees.update_default(maker_fee_rate="0.0004", taker_fee_rate="0.0008")
    default = whole(kit.admin.fees.default())
    assert (default.maker_fee_rate, default.taker_fee_rate) == (D("0.0004"), D("0.0008"))
    assert (default.rwa_maker_fee_rate, default.rwa_taker_fee_rate) == (D("0.0003"), D("0.0006"))
    assert [client.account.info().taker_fee_rate for client in kit.clients[1:]] == [8, 8, 8, 2]
    kit.admin.fees.update_default(maker_fee_rate="0.0003", taker_fee_rate="0.0006")
    kit.admin.fees.set_default([four])


@pytest.mark.parametrize("rate", ["0.000011", "0.01001", "0.5"])
def test_a_fee_off_its_step_or_bounds_is_refused(kit, rate):
    """Steps are of a tenth of a basis point."""
    with pytest.raises(BadRequest):
        kit.admin.fees.update_default(maker_fee_rate=rate, taker_fee_rate="0.0006")


def test_a_user_must_be_named_for_fees(kit):
    """By account or wallet, not by both, and one of the builder's own."""
    with pytest.raises(BadRequest):
        kit.admin.fees.user_info()
    with pytest.raises(BadRequest):
        kit.admin.fees.user_info(account_id=kit.account(1).account_id, address=kit.address(1))
    with pytest.raises(NotFound):
        kit.admin.fees.set_default(["0x" + "00" * 32])


def test_a_tag_is_created_changed_put_away_and_taken_out(kit):
    """Every step shows in the lists of its builder and of the public."""
    tags = kit.admin.order_tags
    tags.create(
        enum_id="GRID", name="Grid", default_fee_rate="0.005", pair_overrides={ETH: "0.003"}, description="x"
    )
    tag = whole(tags.get("GRID"))
    assert (tag.status, tag.default_fee_rate, tag.pair_overrides) == ("active", D("0.005"), {ETH: D("0.003")})

    tags.update("GRID", name="Grid Pro", pair_overrides={})
    changed = whole(tags.tags(enum_id="GRI"))[0]
    assert (changed.name, changed.description, changed.pair_overrides) == ("Grid Pro", "x", {})
    assert whole(kit.admin.order_tags.public_tag("paper", "GRID")).name == "Grid Pro"

    assert whole(tags.archive("GRID")).status == "archived"
    assert [each.enum_id for each in tags.public_tags("paper")] == []
    assert [each.enum_id for each in whole(tags.public_tags("paper", include_archived=True))] == ["GRID"]
    assert whole(tags.unarchive("GRID")).status == "active"


def test_a_tagged_order_costs_what_its_tag_says(kit):
    """Besides the usual fee, and the tag counts it."""
    kit.admin.order_tags.create(enum_id="PAID", name="Paid", default_fee_rate="0.001")
    before = kit.admin.order_tags.get("PAID").usage_stats
    kit.buy(2, "0.5", order_tag="enum:paper:PAID")
    fill = kit.clients[2].orders.fills()[0]
    worth = fill.executed_price * fill.executed_quantity
    assert (fill.order_enum_fee, fill.order_enum_fee_rate) == (worth * D("0.001"), D("0.001"))
    assert fill.fee == worth * D("0.0006") + fill.order_enum_fee
    usage = whole(kit.admin.order_tags.get("PAID")).usage_stats
    assert (before.total_orders, usage.total_orders) == (0, 1)
    assert (usage.total_volume, usage.total_fees_collected) == (worth, fill.order_enum_fee)


@pytest.mark.parametrize(
    ("fields", "code", "error"),
    [
        ({"enum_id": "PAID"}, -1201, Duplicate),
        ({"enum_id": "lower"}, -1207, BadRequest),
        ({"enum_id": "X" * 37}, -1209, BadRequest),
        ({"default_fee_rate": "0.5"}, -1208, BadRequest),
        ({"pair_overrides": {"PERP_NOT_USDC": "0.001"}}, -1210, BadRequest),
    ],
)
def test_a_tag_is_refused_with_its_own_code(kit, fields, code, error):
    """By id, rate and symbol."""
    wanted = {"enum_id": "NEXT", "name": "n", "default_fee_rate": "0.001", **fields}
    with pytest.raises(error) as refused:
        kit.admin.order_tags.create(**wanted)
    assert refused.value.code == code


def test_what_is_archived_cannot_be_used(kit):
    """Nor changed, nor archived again; what is not there is not found, and after 30 days it stays archived."""
    tags = kit.admin.order_tags
    tags.create(enum_id="GONE", name="Gone", default_fee_rate="0.001")
    tags.archive("GONE")
    for code, attempt in (
        (-1204, lambda: tags.archive("GONE")),
        (-1203, lambda: tags.update("GONE", name="other")),
        (-1202, lambda: tags.archive("NEVER")),
    ):
        with pytest.raises((BadRequest, NotFound)) as refused:
            attempt()
        assert refused.value.code == code
    for tag in ("enum:paper:GONE", "enum:paper:NEVER"):
        with pytest.raises(Exception, match="order tag"):
            kit.buy(2, "0.1", order_tag=tag)

    kit.venue.advance(31 * DAY)
    with pytest.raises(BadRequest) as late:
        tags.unarchive("GONE")
    assert late.value.code == -1205


def test_ten_tags_are_active_at_most(kit):
    """The eleventh is refused."""
    tags = kit.admin.order_tags
    for number in range(10 - len(tags.tags())):
        tags.create(enum_id=f"T{number}", name="t", default_fee_rate="0.001")
    with pytest.raises(BadRequest) as refused:
        tags.create(enum_id="ELEVEN", name="t", default_fee_rate="0.001")
    assert refused.value.code == -1206


@pytest.fixture
def settled() -> Iterator[VenueKit]:
    """A venue of its own, the day after three trades, one of them with a tag."""
    with (
        Venue(seed=11, market="frozen", rate_limits=False, accounts=3) as venue,
        closing(VenueKit(venue)) as own,
    ):
        own.admin.order_tags.create(enum_id="PAID", name="Paid", default_fee_rate="0.001")
        own.buy(1, "1")
        own.sell(2, "100", WOO)
        own.buy(2, "0.5", order_tag="enum:paper:PAID")
        venue.advance(DAY)
        yield own


def test_the_tier_and_the_daily_revenue(settled):
    """Revenue of a day is settled on the next one: fees less the venue's own part, and what tags brought."""
    info = whole(settled.admin.builder_admin.broker_info())
    assert (info.broker_id, info.base_taker_fee_rate, info.base_maker_fee_rate) == ("paper", 1, 0)
    rows = whole(
        settled.admin.builder_admin.daily_fee_revenue(start_date="2026-01-01", end_date="2026-03-01")
    )
    first = rows[-1]
    fills = [fill for client in settled.clients for fill in client.orders.fills()]
    assert first.date == "2026-01-02"
    assert len(fills) == 3
    assert first.cross_broker_fee > 0
    assert first.cross_broker_fee == sum(fill.order_enum_fee for fill in fills)
    assert first.total_revenue == first.builder_fee_revenue + first.cross_broker_fee
    own = sum(
        fill.fee - fill.order_enum_fee - fill.executed_price * fill.executed_quantity / 10_000
        for fill in fills
    )
    assert first.builder_fee_revenue == own
    with pytest.raises(BadRequest):
        settled.admin.builder_admin.daily_fee_revenue(start_date="2025-01-01", end_date="2026-03-01")
