"""Fees, tags, points, campaigns, staking and rewards: small facts of a small world."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.enums import OrderSide
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.fees import STANDARD_RATES, FeeSettings, UserRates, base_fee
from orderly_sync.venue.programs.builders.order_tags import TagTable
from orderly_sync.venue.programs.campaigns.campaigns import CampaignService
from orderly_sync.venue.programs.points.points import PointsService, earned
from orderly_sync.venue.programs.programs import Programs
from orderly_sync.venue.programs.rewards.rewards import MAX_REWARD, RewardsService
from orderly_sync.venue.programs.seeded import Seeded
from orderly_sync.venue.programs.staking.staking import StakingService

D = Decimal
DAY = 86_400_000
OPENING = 1_767_225_600_000
ETH = "PERP_ETH_USDC"


@given(st.integers(0, 10**6), st.text(max_size=20), st.integers(-50, 50), st.integers(0, 100))
def test_chance_stays_in_its_bounds_and_repeats_itself(seed, name, low, width):
    """By name, not by turn."""
    chance = Seeded(seed)
    whole = chance.whole(low, low + width, name)
    amount = chance.amount(low, low + width, name, digits=3)
    assert low <= whole <= low + width
    assert low <= amount <= low + width
    assert (whole, amount) == (
        Seeded(seed).whole(low, low + width, name),
        Seeded(seed).amount(low, low + width, name, digits=3),
    )
    assert len(chance.hexadecimal(20, name)) == 42
    assert chance.letters(8, name).isupper()


@given(st.integers(-5, 1_200))
def test_rates_are_steps_within_bounds(steps):
    """From nothing to one percent; what the exchange charges is the same in basis points."""
    rates = UserRates(maker=D(steps) / 100_000, taker=D(0), rwa_maker=D(0), rwa_taker=D(0))
    if 0 <= steps <= 1_000:
        assert rates.checked().trading.maker == D(steps) / 10
    else:
        with pytest.raises(Refused):
            rates.checked()


def test_fees_are_ones_own_or_the_builders_default():
    """Taken away, the default counts again; builders differ."""
    fees, own = FeeSettings(), UserRates(maker=D(0), taker=D("0.0002"), rwa_maker=D(0), rwa_taker=D(0))
    fees.set_own(["a"], own)
    fees.set_default("paper", UserRates(maker=D(0), taker=D("0.0004"), rwa_maker=D(0), rwa_taker=D(0)))
    assert [fees.rates(name, "paper").taker for name in "ab"] == [D("0.0002"), D("0.0004")]
    assert fees.rates("b", "other") == STANDARD_RATES
    fees.reset(["a", "never"])
    assert (fees.is_default("a"), fees.rates("a", "paper").taker) == (True, D("0.0004"))
    assert (base_fee(D(10_000), maker=False), base_fee(D(10_000), maker=True)) == (1, 0)


def tagged() -> TagTable:
    tags = TagTable([ETH])
    tags.create("paper", "A", name="a", rate=D("0.001"), description=None, overrides={ETH: D("0.002")}, now=1)
    return tags


def test_the_tag_of_an_order_says_what_it_costs():
    """By symbol; other texts cost nothing, and what was archived still does for orders that are there."""
    tags = tagged()
    assert tags.rate("enum:paper:A", ETH) == D("0.002")
    assert tags.rate("enum:paper:A", "PERP_BTC_USDC") == D("0.001")
    assert {tags.rate(tag, ETH) for tag in (None, "mine", "enum:paper:B", "enum:A")} == {0}
    tags.archive("paper", "A", 2)
    assert tags.rate("enum:paper:A", ETH) == D("0.002")
    tags.admit("mine")
    tags.admit(None)
    for tag, code in (("enum:paper:A", -1203), ("enum:paper:B", -1202)):
        with pytest.raises(Refused) as refused:
            tags.admit(tag)
        assert refused.value.code == code
    tags.unarchive("paper", "A", 3)
    with pytest.raises(Refused):
        tags.unarchive("paper", "A", 3)


def test_tags_are_found_by_symbol_and_part_of_their_id():
    """Archived ones only where they are asked for."""
    tags = tagged()
    tags.create("paper", "BEE", name="b", rate=D("0.001"), description="x", overrides={}, now=1)
    assert [tag.enum_id for tag in tags.of("paper", symbol=ETH)] == ["A"]
    assert [tag.enum_id for tag in tags.of("paper", part="E")] == ["BEE"]
    assert tags.of("other") == []
    assert tags.get("paper", "A").order_tag == "enum:paper:A"
    kept = tags.update("paper", "BEE", name=None, rate=None, description=None, overrides=None, now=9)
    assert (kept.name, kept.description, kept.default_fee_rate, kept.updated_time) == (
        "b",
        "x",
        D("0.001"),
        9,
    )


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"enum_id": "A"}, -1201),
        ({"enum_id": "a"}, -1207),
        ({"enum_id": "A" * 37}, -1209),
        ({"rate": D("0.000001")}, -1208),
        ({"rate": D("0.02")}, -1208),
        ({"overrides": {ETH: D("0.000015")}}, -1208),
        ({"overrides": {"PERP_NOT_USDC": D("0.001")}}, -1210),
    ],
)
def test_a_tag_that_cannot_be_is_refused(fields, code):
    """With the API's own codes."""
    usual = {"enum_id": "B", "name": "b", "rate": D("0.001"), "description": None, "overrides": {}, "now": 1}
    wanted = {**usual, **fields}
    with pytest.raises(Refused) as refused:
        tagged().create("paper", wanted.pop("enum_id"), **wanted)
    assert refused.value.code == code


def test_ten_tags_are_active_and_archived_ones_are_kept_a_month():
    """The eleventh is refused, and so is one that comes back too late or into a full house."""
    tags = tagged()
    for number in range(9):
        tags.create("paper", f"T{number}", name="t", rate=D("0.001"), description=None, overrides={}, now=1)
    with pytest.raises(Refused) as full:
        tags.create("paper", "X", name="t", rate=D("0.001"), description=None, overrides={}, now=1)
    assert full.value.code == -1206
    tags.archive("paper", "A", 2)
    with pytest.raises(Refused) as twice:
        tags.archive("paper", "A", 2)
    assert twice.value.code == -1204
    with pytest.raises(Refused) as late:
        tags.unarchive("paper", "A", 2 + 30 * DAY + 1)
    assert late.value.code == -1205
    tags.create("paper", "X", name="t", rate=D("0.001"), description=None, overrides={}, now=1)
    with pytest.raises(Refused):
        tags.unarchive("paper", "A", 3)
    with pytest.raises(Refused):
        tags.update("paper", "A", name="n", rate=None, description=None, overrides=None, now=3)


STAGES = st.lists(
    st.tuples(st.integers(0, 120), st.one_of(st.none(), st.integers(-2, 60))), min_size=1, max_size=8
)


@given(STAGES)
def test_no_two_stages_are_ever_active_at_once(wanted):
    """Whatever is saved; a stage without end leaves room for none after it."""
    points = PointsService(OPENING, "paper")
    for first, length in wanted:
        start = date(2026, 1, 1) + timedelta(days=first)
        try:
            points.save(
                None,
                broker_id="paper",
                name="s",
                first=start,
                last=None if length is None else start + timedelta(days=length),
                volume_boost=D(1),
                pnl_boost=D(1),
                l1_boost=D(0),
                l2_boost=D(0),
                is_continuous=length is None,
            )
        except Refused:
            continue
    for day in range(400):
        now = OPENING + day * DAY
        assert sum(1 for stage in points.stages("paper") if stage.status(now) == "active") <= 1


def test_points_come_from_volume_and_profit():
    """A loss costs none; boosts multiply."""
    gain = attrs.evolve(_FILL, realized_pnl=D(50))
    points = earned([gain], volume_boost=D(2), pnl_boost=D(3))
    assert (points.trading, points.pnl, points.total) == (20, (50 - D("0.6")) * 3, 20 + (50 - D("0.6")) * 3)
    assert earned([_FILL]).pnl == 0
    assert earned([]).total == 0


_FILL = Fill(
    trade_id=1,
    match_id=2,
    account_id="a",
    order_id=3,
    symbol=ETH,
    side=OrderSide.BUY,
    price=D(1000),
    quantity=D(1),
    fee=D("0.6"),
    is_maker=False,
    realized_pnl=D(0),
    ts=1,
    margin_mode="CROSS",
)


def test_stages_belong_to_their_builder():
    """Another can neither change nor delete them."""
    points = PointsService(OPENING, "paper")
    with pytest.raises(Refused):
        points.delete(1, "other")
    with pytest.raises(Refused):
        points.stage(2)
    old = points.stage(1)
    fields = {
        "name": "new",
        "first": old.first,
        "last": old.last,
        "volume_boost": D(1),
        "pnl_boost": D(1),
        "l1_boost": D(0),
        "l2_boost": D(0),
        "is_continuous": False,
    }
    assert points.save(1, broker_id="paper", **fields).name == points.stage(1).name == "new"
    points.delete(1, "paper")
    assert points.stages("paper") == []


@pytest.mark.parametrize("fields", [{"last": None}, {"volume_boost": D(-1)}, {"last": date(2027, 1, 1)}])
def test_senseless_stages_are_refused(fields):
    """Without an end that is not continuous, with a negative boost, ending before it begins."""
    usual = {
        "name": "s",
        "first": date(2027, 3, 1),
        "last": date(2027, 3, 2),
        "volume_boost": D(1),
        "pnl_boost": D(1),
        "l1_boost": D(0),
        "l2_boost": D(0),
        "is_continuous": False,
    }
    with pytest.raises(Refused):
        PointsService(OPENING, "paper").save(None, broker_id="paper", **{**usual, **fields})


@given(st.integers(0, 400))
def test_epochs_cover_time_without_gaps(days):
    """The present one holds the present moment, whatever it is."""
    points, now = PointsService(OPENING, "paper"), OPENING + days * DAY
    epochs = points.epochs(now)
    assert epochs[-1].start <= now < epochs[-1].end
    assert [each.epoch_id for each in epochs] == list(range(1, len(epochs) + 1))
    assert points.epoch(None, now) == points.epoch(len(epochs), now) == epochs[-1]
    for wrong in (0, len(epochs) + 1):
        with pytest.raises(Refused):
            points.epoch(wrong, now)


def test_campaigns_are_signed_up_for_in_their_time():
    """Once each."""
    campaigns = CampaignService(OPENING)
    assert [each.id for each in campaigns.all()] == [3, 2, 1]
    campaigns.sign_up(2, "a", OPENING)
    assert campaigns.users(2) == {"a": OPENING}
    for number, account, now in (
        (2, "a", OPENING),
        (1, "a", OPENING),
        (9, "a", OPENING),
        (2, "b", OPENING + 26 * DAY),
    ):
        with pytest.raises(Refused):
            campaigns.sign_up(number, account, now)


@given(st.integers(0, 200))
def test_the_valor_treasury_is_what_its_valor_is_worth(days):
    """In both programmes; redemptions become claimable as time passes."""
    staking, now = StakingService(Seeded(3), OPENING), OPENING + days * DAY
    for programme in (1, 2):
        left = D(420_000_000) - staking.redeemed(now, programme)
        assert staking.price(now, programme) == round(staking.treasury(now, programme) / left, 8)
        claimable = [each.is_claimable for each in staking.redemptions("0xA", now, programme)]
        assert claimable == sorted(claimable, reverse=True)
    assert (staking.unstaking("0xA", now)[0] == 0) is (days >= 7)
    assert staking.total(["0xA", "0xA"]) - staking.total([]) == staking.stake("0xA").total
    assert [each.status for each in staking.vestings("0xA")] == ["vesting", "claimed"]
    assert staking.usd_reward("2026-01-01") == staking.usd_reward("2026-01-01")


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_rewards_never_exceed_their_pool(mine, others):
    """Whatever is traded."""
    rewards = RewardsService(Seeded(3), OPENING)
    epochs = rewards.epochs(OPENING)
    assert epochs[-1].start <= OPENING < epochs[-1].end
    share = sum(rewards.share(3, D(mine), D(mine + others), major=major) for major in (True, False))
    assert 0 <= share < MAX_REWARD
    assert rewards.pool(major=True) + rewards.pool(major=False) == MAX_REWARD


def test_a_world_follows_from_its_seed():
    """All of it."""
    one, two = (Programs(symbols=[ETH], seed=4, opening=OPENING) for _ in range(2))
    assert one.vaults.all() == two.vaults.all()
    assert one.staking.stake("0xA") == two.staking.stake("0xa")
    assert one.rewards.crowd(1, major=True) == two.rewards.crowd(1, major=True)
