"""Referral of both programmes: codes, bindings, rates, and what trades then bring to whom.

The admin refers nobody. The second account is an affiliate; the third is bound to its code and refers the fourth; the
fifth is bound to an older code of the admin's making.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.errors import ApiError, BadRequest, Duplicate, NotFound
from tests.support.venue_kit import DAY, whole

D = Decimal

SPAN = {"start_date": "2026-01-01", "end_date": "2026-01-31"}


def revenue(fills) -> D:
    """What the builder earns by fills: the fee less one basis point."""
    return sum((f.fee - f.executed_price * f.executed_quantity / 10_000 for f in fills), D(0))


def worth(fills) -> D:
    return sum((f.executed_price * f.executed_quantity for f in fills), D(0))


@pytest.fixture(scope="module")
def tree(kit):
    """All of them bound, then all of them trading."""
    affiliate, below, deepest, legacy = kit.clients[1:]
    kit.buy(1, "1")
    code = affiliate.referral.claim_code(bonus_referee_rebate_rate="0.1").referral_code
    below.referral.bind(code)
    kit.admin.multilevel.update(required_volume=0)
    own = below.referral.claim_code(bonus_referee_rebate_rate="0.02").referral_code
    deepest.referral.bind(own)
    kit.admin.referral.create(
        account_id=kit.account(1).account_id,
        referral_code="OLD1",
        bonus_max_rebate_rate="0.5",
        bonus_referrer_rebate_rate="0.3",
        bonus_referee_rebate_rate="0.1",
    )
    legacy.referral.bind("OLD1")
    for index, quantity in ((2, "0.5"), (3, "0.3"), (4, "0.2")):
        kit.buy(index, quantity)
    return {"code": code, "own": own, "fills": [client.orders.fills() for client in kit.clients]}


def test_codes_exist_and_accounts_are_bound_to_them(kit, tree):
    """As the public may ask."""
    referral = kit.admin.referral
    assert whole(referral.verify_ref_code(tree["code"])).exist is True
    assert whole(referral.verify_ref_code("NOBODYS")).exist is False
    assert whole(referral.check_ref_code(kit.account(2).account_id)).referral_code == tree["code"]
    assert whole(referral.check_ref_code(kit.account(0).account_id)).referral_code is None


def test_binding_has_its_rules(kit, tree):
    """Once, before the first trade, to a code that is; refusals of codes have a name."""
    with pytest.raises(BadRequest):
        kit.user.referral.bind("OLD1")
    with pytest.raises(ApiError) as refused:
        kit.admin.referral.bind("NOBODYS")
    assert refused.value.code == "INVALID_CODE"


def test_rates_run_down_the_tree(kit, tree):
    """What an affiliate gives is what the next one has."""
    rates = [whole(client.referral.max_rebate_rate()).bonus_max_rebate_rate for client in kit.clients[1:4]]
    assert rates == [D("0.4"), D("0.1"), D("0.02")]
    info = whole(kit.user.referral.rebate_info())
    assert (info.referral_code, info.default_bonus_referee_rebate_rate) == (tree["code"], D("0.1"))
    assert (info.direct_invites, info.indirect_invites) == (2, 1)


def test_an_affiliate_earns_what_it_keeps_of_direct_and_indirect_referees(kit, tree):
    """Of the direct one 0.4 less 0.1, of its referee the same part, and the base rate of direct ones besides."""
    info = kit.user.referral.rebate_info()
    near, far, old = (revenue(tree["fills"][index]) for index in (2, 3, 4))
    assert info.direct_rebate == near * D("0.3") + old * D("0.3")
    assert info.indirect_rebate == far * D("0.3")
    assert info.base_rebate == near * D("0.1")
    assert info.direct_volume == worth(tree["fills"][2]) + worth(tree["fills"][4])
    statistics = whole(kit.user.referral.statistics("all_time"))
    assert (statistics.direct_rebate, statistics.indirect_traded) == (info.direct_rebate, 1)
    assert whole(kit.user.referral.statistics("1d")).direct_invites == 2


def test_a_referee_gets_its_part(kit, tree):
    """By either programme; the sums by day agree with the sum of all."""
    for index, rate in ((2, "0.1"), (3, "0.02"), (4, "0.1")):
        client, own = kit.clients[index], revenue(tree["fills"][index])
        info = whole(client.referral.info()).referee_info
        assert info.total_referee_rebate == own * D(rate)
        assert info.bonus_referee_rebate_rate == D(rate)
        history = whole(client.referral.referee_history(**SPAN))
        assert (history[0].referee_rebate, history[0].volume) == (own * D(rate), worth(tree["fills"][index]))
        assert whole(client.referral.referee_rebate_summary(**SPAN))[0].referee_rebate == own * D(rate)


def test_a_referrer_sees_its_referees(kit, tree):
    """In the lists of both programmes, by day and in all."""
    info = whole(kit.user.referral.info()).referrer_info
    assert (info.total_invites, info.traded_1d) == (2, 2)
    assert info.total_referrer_rebate == sum(
        getattr(kit.user.referral.rebate_info(), name)
        for name in ("direct_rebate", "indirect_rebate", "base_rebate")
    )
    assert {code.code for code in info.referral_codes} == {tree["code"], "OLD1"}

    referees = whole(kit.user.referral.referee_info(sort="descending_volume"))
    assert [row.account_id for row in referees] == [kit.account(2).account_id, kit.account(4).account_id]
    assert {row.trade_status for row in referees} == {"Traded"}
    rows = whole(kit.user.referral.referee_list(sort_by="direct_volume", sort_order="ascending"))
    assert [(row.bind_type, row.indirect_volume) for row in rows] == [
        ("legacy", 0),
        ("multi_level", worth(tree["fills"][3])),
    ]
    assert len(kit.user.referral.referee_list(address=kit.address(2))) == 1

    days = whole(kit.user.referral.referral_history(**SPAN))
    assert sum(row.volume for row in days) == kit.user.referral.rebate_info().direct_volume
    (day,) = whole(kit.user.referral.rebate_summary(**SPAN))
    assert (day.traded_referral, day.base_rebate) == (3, kit.user.referral.rebate_info().base_rebate)


def test_rates_of_referees_are_changed_and_reset(kit, tree):
    """For one of them or for all without a rate of their own; not above one's own highest, nor for strangers."""
    two = kit.account(2).account_id
    referral = kit.user.referral
    referral.update_rebate_rate(bonus_referee_rebate_rate="0.25", account_ids=[two])
    assert kit.clients[2].referral.max_rebate_rate().bonus_max_rebate_rate == D("0.25")
    assert kit.user.referral.referee_list(address=kit.address(2))[0].is_default_rate is False
    referral.update_rebate_rate(bonus_referee_rebate_rate="0.2")
    assert kit.clients[2].referral.max_rebate_rate().bonus_max_rebate_rate == D("0.25")
    referral.reset_rebate_rate([two])
    assert kit.clients[2].referral.max_rebate_rate().bonus_max_rebate_rate == D("0.2")
    with pytest.raises(BadRequest):
        referral.update_rebate_rate(bonus_referee_rebate_rate="0.41")
    with pytest.raises(NotFound):
        referral.reset_rebate_rate([kit.account(3).account_id])
    referral.update_rebate_rate(bonus_referee_rebate_rate="0.1")


def test_the_admin_sees_referrers_and_their_codes(kit, tree):
    """With what their referees traded and paid."""
    rows = whole(kit.admin.referral.admin_info(sort_by="referee_volume"))
    assert rows[0].account_id == kit.account(1).account_id
    assert (rows[0].number_of_codes, rows[0].total_invites) == (2, 2)
    old = next(code for code in rows[0].referral_codes if code.code == "OLD1")
    assert old.total_referrer_rebate == revenue(tree["fills"][4]) * D("0.3")
    assert rows[0].orderly_fee == (worth(tree["fills"][2]) + worth(tree["fills"][4])) / 10_000
    (one,) = whole(kit.admin.referral.admin_info(user_address=kit.address(2)))
    assert one.number_of_codes == 1


def test_codes_are_changed_split_and_described(kit, tree):
    """Rates of older codes by the admin or their owner; notes have letters and a length of their own."""
    change = {
        "bonus_max_rebate_rate": "0.6",
        "bonus_referrer_rebate_rate": "0.3",
        "bonus_referee_rebate_rate": "0.1",
    }
    kit.admin.referral.update(account_id=kit.account(1).account_id, referral_code="OLD1", **change)
    kit.user.referral.edit_split(
        referral_code="OLD1", bonus_referrer_rebate_rate="0.4", bonus_referee_rebate_rate="0.2"
    )
    codes = {code.code: code for code in kit.user.referral.info().referrer_info.referral_codes}
    assert codes["OLD1"].bonus_max_rebate_rate == D("0.6")
    assert codes["OLD1"].bonus_referee_rebate_rate == D("0.2")
    with pytest.raises(BadRequest):
        kit.user.referral.edit_split(
            referral_code="OLD1", bonus_referrer_rebate_rate="0.6", bonus_referee_rebate_rate="0.2"
        )
    kit.admin.referral.edit_description(user_address=kit.address(1), description="a good one")
    kit.user.referral.edit_referee_description(user_address=kit.address(2), description=None)
    with pytest.raises(NotFound):
        kit.user.referral.edit_referee_description(user_address=kit.address(3), description="x")
    with pytest.raises(BadRequest):
        kit.admin.referral.edit_description(user_address=kit.address(1), description="<b>")


def test_an_automatic_code_comes_with_enough_volume(kit, tree):
    """And has another name until somebody is bound to it."""
    kit.admin.referral.update_auto_referral(
        required_trading_volume=1000,
        max_rebate="0.2",
        referrer_rebate="0.1",
        referee_rebate="0.1",
        enable=True,
        description="well done",
    )
    settings = whole(kit.admin.referral.auto_referral())
    assert (settings.required_trading_volume, settings.description) == (1000, "well done")
    progress = whole(kit.clients[2].referral.auto_referral_progress())
    assert progress.completed_volume == worth(tree["fills"][2])
    kit.clients[2].referral.edit_referral_code(
        current_referral_code=progress.auto_referral_code, new_referral_code="MINE"
    )
    assert kit.clients[2].referral.auto_referral_progress().auto_referral_code == "MINE"
    with pytest.raises(Duplicate):
        kit.user.referral.edit_referral_code(current_referral_code=tree["code"], new_referral_code="YOURS")
    assert kit.clients[4].referral.auto_referral_progress().auto_referral_code is None


def test_the_admin_sees_affiliates_referees_and_sums(kit, tree):
    """All agreeing with what the affiliates themselves see."""
    affiliates = whole(kit.admin.multilevel.info(sort_by="total_invites"))
    assert [(row.level, row.referral_code) for row in affiliates] == [(1, tree["code"]), (2, tree["own"])]
    own = kit.user.referral.rebate_info()
    assert affiliates[0].total_direct_rebate == own.direct_rebate
    assert affiliates[1].referrer_account_id == kit.account(1).account_id
    assert len(kit.admin.multilevel.info(level=2)) == 1
    assert len(kit.admin.multilevel.info(referrer_address=kit.address(1))) == 1

    referees = whole(kit.admin.multilevel.referee_list(referrer_account=kit.account(1).account_id))
    assert {row.account_id for row in referees} == {kit.account(2).account_id, kit.account(4).account_id}
    assert {row.referrer_address for row in referees} == {kit.address(1)}
    assert kit.admin.multilevel.referee_list().meta.total == 3

    by_account = whole(kit.admin.multilevel.summary(**SPAN, aggregate_by="account_id", sort_by="broker_fee"))
    assert by_account[0].account_id == kit.account(1).account_id
    assert by_account[0].total_volume == own.direct_volume + own.indirect_volume
    by_date = whole(kit.admin.multilevel.summary(**SPAN, aggregate_by="date"))
    assert sum(row.total_volume for row in by_date) == sum(row.total_volume for row in by_account)
    (one,) = kit.admin.multilevel.summary(
        **SPAN, aggregate_by="account_id", account_id=kit.account(2).account_id
    )
    assert one.total_direct_invites == 1


def test_affiliates_get_rates_and_codes_from_the_admin(kit, tree):
    """Only those of the first level; others have the rate that their referrer gives."""
    one, two = kit.account(1).account_id, kit.account(2).account_id
    multilevel = kit.admin.multilevel
    multilevel.update_affiliate(account_ids=[one], bonus_rebate_rate="0.5")
    assert kit.user.referral.max_rebate_rate().bonus_max_rebate_rate == D("0.5")
    multilevel.reset_affiliate([one])
    assert kit.user.referral.max_rebate_rate().bonus_max_rebate_rate == D("0.4")
    with pytest.raises(BadRequest):
        multilevel.update_affiliate(account_ids=[two], bonus_rebate_rate="0.5")

    multilevel.create_affiliate(
        account_id=kit.account(0).account_id, bonus_max_rebate_rate="0.35", referral_code="HOUSE"
    )
    assert kit.admin.referral.rebate_info().referral_code == "HOUSE"
    assert kit.admin.referral.max_rebate_rate().bonus_max_rebate_rate == D("0.35")


def test_the_programme_is_configured_as_a_whole_or_in_part(kit, tree):
    """And says so; rates beyond everything are refused."""
    total = whole(
        kit.admin.multilevel.configure(
            enable=True, required_volume=5000, default_bonus_rebate_rate="0.4", base_rebate_rate="0.1"
        )
    )
    assert total.total_rebate > 0
    config = whole(kit.admin.multilevel.config())
    assert (config.enable, config.required_volume, config.base_rebate_rate) == (True, 5000, D("0.1"))
    kit.admin.multilevel.update(base_rebate_rate="0.2")
    assert kit.admin.multilevel.config().base_rebate_rate == D("0.2")
    assert whole(kit.user.referral.volume_prerequisite()).required_volume == 5000
    with pytest.raises(BadRequest):
        kit.admin.multilevel.update(default_bonus_rebate_rate="0.9")
    kit.admin.multilevel.update(base_rebate_rate="0.1")
    with pytest.raises(Duplicate):
        kit.user.referral.claim_code()
    with pytest.raises(BadRequest, match="volume"):
        kit.clients[3].referral.claim_code()


def test_what_was_earned_is_paid_out_on_the_next_day(kit, tree):
    """A row for each kind; nothing before the day is over."""
    assert whole(kit.user.referral.distribution_history()).meta.total == 0
    kit.venue.advance(DAY)
    (mine,) = whole(kit.user.referral.distribution_history(type="REFERRER_REBATE"))
    info = kit.user.referral.info().referrer_info
    assert (mine.amount, mine.type, mine.status) == (
        info.total_referrer_rebate,
        "REFERRAL_REBATE",
        "COMPLETED",
    )
    (back,) = whole(kit.clients[2].referral.distribution_history(type="REFEREE_REBATE"))
    assert back.amount == kit.clients[2].referral.info().referee_info.total_referee_rebate
    (left,) = whole(kit.admin.referral.distribution_history(type="BROKER_FEE"))
    assert 0 < left.amount < sum((revenue(fills) for fills in tree["fills"]), D(0))
    assert whole(kit.user.referral.distribution_history(status="CREATED")).meta.total == 0
