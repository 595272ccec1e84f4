"""Campaigns and points: who signs up and trades is ranked by what it traded."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from orderly_sync.errors import BadRequest, Duplicate, NotFound
from tests.support.venue_kit import DAY, ETH, WOO, whole

D = Decimal


@pytest.fixture(scope="module")
def running(kit):
    """The campaign that is under way; the second and third account have signed up and traded."""
    (campaign,) = whole(kit.admin.campaigns.campaigns(only_show_alive=True))
    for index in (1, 2):
        kit.clients[index].campaigns.sign_up(campaign.id)
    kit.buy(1, "1")
    kit.buy(2, "0.2")
    kit.sell(2, "0.2")
    kit.buy(2, "100", WOO)
    return campaign


def test_campaigns_are_listed_by_time(kit, running):
    """Three of them, one alive; an address leaves those it takes part in."""
    everything = whole(kit.admin.campaigns.campaigns())
    assert len(everything) == 3
    assert [each.id for each in kit.admin.campaigns.campaigns(start=running.end_time + 1)] == [3]
    (mine,) = whole(kit.admin.campaigns.campaigns(address=kit.address(1)))
    assert (mine.id, bool(mine.register_time)) == (running.id, True)
    assert whole(kit.admin.campaigns.campaigns(address=kit.address(4))) == ()


def test_signing_up_has_its_time_and_happens_once(kit, running):
    """Neither late nor early nor twice, and only for a campaign that is."""
    for number, error in ((running.id, Duplicate), (1, BadRequest), (3, BadRequest), (99, NotFound)):
        with pytest.raises(error):
            kit.user.campaigns.sign_up(number)


def test_the_totals_agree_with_ranking_and_details(kit, running):
    """Volume by rank, by market and in all is the same."""
    stats = whole(kit.admin.campaigns.stats(running.id))
    ranking = whole(kit.admin.campaigns.ranking(running.id))
    details = whole(kit.admin.campaigns.stats_details(running.id, group_by="SYMBOL"))
    fills = [fill for index in (1, 2) for fill in kit.clients[index].orders.fills()]
    worth = sum(fill.executed_price * fill.executed_quantity for fill in fills)
    assert stats.volume == sum(row.volume for row in ranking) == sum(row.volume for row in details) == worth
    assert (stats.user_count, stats.sign_up_count) == (2, 2)
    assert {row.symbol for row in details} == {ETH, WOO}
    whole_campaign = whole(kit.admin.campaigns.stats_details(running.id, group_by="NONE"))
    assert [(row.volume, row.user_count) for row in whole_campaign] == [(worth, 2)]
    assert kit.admin.campaigns.stats(running.id, symbol=WOO).user_count == 1


def test_a_ranking_is_sorted_and_filtered(kit, running):
    """By volume or PnL; the minima leave out who is below them."""
    by_pnl = whole(kit.admin.campaigns.ranking(running.id, sort_by="pnl", aggregate_by="address"))
    assert [row.pnl for row in by_pnl] == sorted((row.pnl for row in by_pnl), reverse=True)
    (top,) = whole(kit.admin.campaigns.ranking(running.id, min_volume=2000))
    assert (top.account_id, top.broker_id) == (kit.account(1).account_id, "paper")
    assert top.start_account_value + top.pnl == top.end_account_value
    second = kit.admin.campaigns.ranking(running.id, page=2, size=1)
    assert (second.meta.total, len(second)) == (2, 1)


def test_one_user_is_shown_with_what_it_did(kit, running):
    """By account or wallet, in one market or all."""
    user = whole(kit.admin.campaigns.user(running.id, account_id=kit.account(2).account_id))
    assert user.filled_order_count == 3
    one = whole(kit.admin.campaigns.user(running.id, address=kit.address(2), symbol=[WOO]))
    assert one.filled_order_count == 1
    for wrong in ({}, {"address": "0x" + "00" * 20}):
        with pytest.raises((BadRequest, NotFound)):
            kit.admin.campaigns.user(running.id, **wrong)


@pytest.mark.parametrize(
    ("type", "mark", "cmp", "status"),
    [
        ("volume", 1000, "gt", "success"),
        ("volume", 10**9, None, "fail"),
        ("order_count", 3, "ge", "success"),
        ("order_count", 3, "lt", "fail"),
        ("deposit", 0, "le", "success"),
        ("withdraw", 0, "gt", "fail"),
    ],
)
def test_a_mark_is_reached_or_not(kit, running, type, mark, cmp, status):
    """What is counted is compared as asked, above the mark by default."""
    check = kit.admin.campaigns.check(
        running.id, type=type, address=kit.address(2), lower_boundary=mark, cmp=cmp
    )
    assert whole(check).status == status


def test_points_are_earned_by_trading(kit, running):
    """A hundredth of the volume, times the stage's boost, and half of a profit."""
    (stage,) = whole(kit.admin.points.stage_parameters())
    mine = whole(kit.user.points.user_statistics(stage.stage_id))
    fills = kit.user.orders.fills()
    worth = sum(fill.executed_price * fill.executed_quantity for fill in fills)
    assert mine.trading_point == worth / 100 * stage.volume_boost
    assert mine.stage_points == mine.trading_point + mine.pnl_point + mine.referral_point
    assert mine.weekly_breakdown.this_week.trading_point == mine.trading_point
    assert mine.weekly_breakdown.last_week.rank == 0


def test_ranks_of_a_stage_and_of_an_epoch_agree_with_the_user(kit, running):
    """The same wallet, the same place."""
    ranking = whole(kit.admin.points.rankings(1, period="all_time"))
    mine = kit.user.points.user_statistics(1)
    assert [row.rank for row in ranking] == [1, 2]
    assert ranking[mine.stage_rank - 1].address == kit.address(1)
    assert ranking[mine.stage_rank - 1].total_points == mine.stage_points
    assert whole(kit.admin.points.rankings(1, period="last_week")).meta.total == 0

    board = whole(kit.admin.points.leaderboard())
    own = whole(kit.admin.points.user(kit.address(1)))
    assert board[own.global_rank - 1].points == own.total_points == own.current_epoch_points
    assert (board.epoch_id, own.rows[0].epoch_id) == (3, 3)
    assert len(kit.admin.points.leaderboard(start_r=2, end_r=2)) == 1
    assert whole(kit.admin.points.leaderboard(epoch_id=1)).meta.total == 0


def test_epochs_are_weeks_without_gaps(kit):
    """Each begins where the one before ends."""
    epochs = whole(kit.admin.points.epoch_dates())
    assert [each.epoch_id for each in epochs] == [1, 2, 3]
    assert all(a.epoch_end_date == b.epoch_start_date for a, b in pairwise(epochs))
    points = whole(kit.admin.points.epoch())
    assert (points.current_epoch_id, points.total_traders) == (3, 2)
    assert points.rows[0].total_points == points.current_total_epoch_points


def test_stages_are_saved_and_deleted(kit):
    """Pending ones are seen by the admin, by others only if they ask; two at once are refused."""
    points = kit.admin.points
    fields = {
        "stage_name": "Season 2",
        "start_date": "2026-05-01",
        "volume_boost": 2,
        "pnl_boost": 1,
        "l1_referral_boost": "0.1",
        "l2_referral_boost": 0,
        "is_continous": False,
    }
    points.save_stage(**fields, end_date="2026-05-31")
    new = whole(points.stage_parameters())[-1]
    assert (new.stage_name, new.status, new.epoch_period) == ("Season 2", "pending", 7)
    assert [each.stage_id for each in whole(points.stages("paper"))] == [1]
    assert [each.stage_id for each in whole(points.stages("paper", status="pending"))] == [new.stage_id]

    points.save_stage(**{**fields, "stage_name": "Spring"}, stage_id=new.stage_id, end_date="2026-05-30")
    assert whole(points.stage_parameters(stage_id=new.stage_id))[0].stage_name == "Spring"
    for wrong in ({}, {"end_date": "2026-06-30", "start_date": "2026-01-05"}):
        with pytest.raises(BadRequest):
            points.save_stage(**{**fields, **wrong})
    points.delete_stage(new.stage_id)
    with pytest.raises(NotFound):
        points.delete_stage(new.stage_id)


def test_rewards_of_the_retired_programmes_are_still_told(kit, running):
    """The shares of wallet, account and builder agree."""
    rewards = kit.admin.rewards
    estimate = whole(rewards.current_epoch_estimate(kit.address(1)))
    wallet = whole(rewards.wallet_rewards_history(kit.address(1)))
    account = whole(rewards.account_rewards_history(kit.address(1), chain_type="EVM"))
    (builder,) = whole(rewards.current_epoch_broker_estimate())
    assert estimate.est_r_wallet == wallet.rows[0].r_wallet == account[0].broker[0].r_account > 0
    other = rewards.current_epoch_estimate(kit.address(2)).est_r_wallet
    assert builder.est_allocation == estimate.est_r_wallet + other
    info, data = whole(rewards.trading_epoch_info()), whole(rewards.trading_epoch_data())
    assert info.current_epoch == data.current_epoch == whole(rewards.trading_status()).current_epoch == 3
    assert whole(rewards.symbol_category()).next.epoch_id == 4
    assert [each.epoch_id for each in whole(rewards.broker_allocation_history())] == [1, 2]
    assert whole(rewards.wallet_rewards_history("0x" + "00" * 20)).rows == ()


def test_makers_rewards_follow_their_resting_orders(kit, running):
    """One who rested an order that others filled has a maker's volume."""
    resting = kit.clients[3].orders.create(
        symbol=WOO, order_type="POST_ONLY", side="SELL", order_quantity=200, order_price="0.25"
    )
    kit.buy(4, "150", WOO)
    rewards = kit.admin.rewards
    made = kit.clients[3].orders.get(resting.order_id).total_executed_quantity * D("0.25")
    (row,) = whole(rewards.maker_leaderboard(3, market=WOO)).rows
    estimate = whole(rewards.maker_current_epoch_estimate(kit.address(3)))
    history = whole(rewards.maker_group_rewards_history(kit.address(3), symbol=WOO))
    assert (row.address, row.maker_volume) == (kit.address(3), made)
    assert row.est_r_wallet == estimate.est_r_wallet == history.rows[0].total_reward > 0
    assert whole(rewards.maker_epoch_info()).current_epoch == whole(rewards.maker_status()).current_epoch
    assert len(whole(rewards.maker_symbol_params()).rows) == 12


def test_staking_is_a_data_set_that_agrees_with_itself(kit):
    """Parts add up; a wallet unknown here has nothing."""
    staking, valor, address = kit.admin.staking, kit.admin.valor, kit.address(1)
    balance = whole(staking.balance(address))
    assert balance.total_staked_balance == balance.total_staked_order + balance.total_staked_esorder > 0
    assert whole(staking.overview()).total_stake > balance.total_staked_balance
    assert whole(staking.unstake_details(address)).total_unstake_order > 0
    vesting = whole(staking.vesting_list(address, is_vesting=True))
    assert len(vesting) < len(whole(staking.vesting_list(address, is_vesting=False)))
    assert whole(staking.balance("0x" + "00" * 20)).total_staked_balance == 0

    redeeming = whole(valor.valor2_redeem(address))
    batches = {each.batch_id for each in whole(valor.valor2_batch_info())}
    assert (
        sum(each.redeem_amount for each in redeeming.redeeming_valor_list) == redeeming.redeeming_valor_amount
    )
    assert {each.batch_id for each in redeeming.redeeming_valor_list} < batches
    assert whole(valor.valor2_pool_info()).current_batch_id == max(batches)
    assert {each.batch_id for each in whole(valor.valor2_revenue_buyback())} == batches - {max(batches)}
    assert whole(valor.redeem(address)).chain_details[0].pending_usdc is not None
    assert len(whole(valor.batch_info())) == len(batches)
    assert whole(valor.pool_info()).treasury_pool_value > 0


def test_what_was_unstaked_is_free_after_a_week(kit):
    """Then nothing is left of it, and the epochs have moved on."""
    kit.venue.advance(8 * DAY)
    assert kit.admin.staking.unstake_details(kit.address(1)).total_unstake_order == 0
    assert kit.admin.points.epoch().current_epoch_id == 4
    assert kit.user.points.user_statistics(1).weekly_breakdown.last_week.trading_point > 0
