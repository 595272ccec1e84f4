"""What is around trading: builders and their fees, tags, referral, campaigns, points, staking, rewards, admin's views."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.models.listing import ListingSource
from tests.scenario.operations.calls import BROKER, DAY, ETH, SPAN, WOO, RecordedKit, Row

__all__ = ["ROWS"]

RATES = {
    "bonus_max_rebate_rate": "0.5",
    "bonus_referrer_rebate_rate": "0.3",
    "bonus_referee_rebate_rate": "0.1",
}
SEASON: dict[str, Any] = {
    "stage_name": "Season 2",
    "start_date": "2026-05-01",
    "end_date": "2026-05-31",
    "volume_boost": 2,
    "pnl_boost": 1,
    "l1_referral_boost": "0.1",
    "l2_referral_boost": 0,
    "is_continous": False,
}


def _claim_code(s: RecordedKit) -> None:
    """The second account refers the fourth; its volume allows it a code of its own."""
    s.admin.multilevel.update(required_volume=0)
    code = s.user.referral.claim_code(bonus_referee_rebate_rate="0.1").referral_code
    s.kept["code"] = code


def _bind(s: RecordedKit) -> None:
    """And what the fourth then trades, everybody's statistics show on the next day."""
    s.clients[3].referral.bind(s.kept["code"])
    s.clients[4].referral.bind("OLD1")
    for client in s.clients[3:]:
        s.buy(client, "1")
    s.venue.advance(DAY)


def _auto_referral(s: RecordedKit) -> None:
    s.admin.referral.update_auto_referral(
        required_trading_volume=100,
        max_rebate="0.2",
        referrer_rebate="0.1",
        referee_rebate="0.1",
        enable=True,
    )


def _rename_code(s: RecordedKit) -> None:
    mine = s.third.referral.auto_referral_progress().auto_referral_code
    assert mine is not None
    s.third.referral.edit_referral_code(current_referral_code=mine, new_referral_code="MINE")


def _sign_up(s: RecordedKit) -> None:
    (campaign,) = s.public.campaigns.campaigns(only_show_alive=True)
    s.kept["campaign"] = campaign.id
    s.user.campaigns.sign_up(campaign.id)
    s.buy(s.user, "0.3")


def _made(s: RecordedKit) -> None:
    """A maker: its resting order is filled by another."""
    s.clients[3].orders.create(
        symbol=WOO, order_type="POST_ONLY", side="SELL", order_quantity=200, order_price="0.25"
    )
    s.buy(s.clients[4], "150", WOO)
    s.public.rewards.maker_leaderboard(s.public.rewards.maker_status().current_epoch, market=WOO)


def _stage(s: RecordedKit) -> None:
    s.kept["stage"] = s.admin.points.stage_parameters()[0].stage_id


BUILDER: tuple[Row, ...] = (
    ("fees.default", lambda s: s.admin.fees.default()),
    (
        "fees.update_default",
        lambda s: s.admin.fees.update_default(maker_fee_rate="0.0003", taker_fee_rate="0.0006"),
    ),
    (
        "fees.set",
        lambda s: s.admin.fees.set(account_ids=[s.ids[3]], maker_fee_rate="0.0001", taker_fee_rate="0.0009"),
    ),
    ("fees.user_info", lambda s: s.admin.fees.user_info(account_id=s.ids[3])),
    ("fees.set_default", lambda s: s.admin.fees.set_default([s.ids[3]])),
    (
        "order_tags.create",
        lambda s: s.admin.order_tags.create(enum_id="GRID", name="Grid", default_fee_rate="0.001"),
    ),
    ("order_tags.get", lambda s: s.admin.order_tags.get("GRID")),
    ("order_tags.update", lambda s: s.admin.order_tags.update("GRID", pair_overrides={ETH: "0.002"})),
    ("order_tags.tags", lambda s: s.admin.order_tags.tags()),
    ("order_tags.public_tag", lambda s: s.public.order_tags.public_tag(BROKER, "GRID")),
    ("order_tags.public_tags", lambda s: s.public.order_tags.public_tags(BROKER)),
    ("order_tags.archive", lambda s: s.admin.order_tags.archive("GRID")),
    ("order_tags.unarchive", lambda s: s.admin.order_tags.unarchive("GRID")),
    ("builder_admin.broker_info", lambda s: s.admin.builder_admin.broker_info()),
)

REFERRAL: tuple[Row, ...] = (
    (
        "multilevel.configure",
        lambda s: s.admin.multilevel.configure(
            enable=True, required_volume=10, default_bonus_rebate_rate="0.4", base_rebate_rate="0.1"
        ),
    ),
    ("multilevel.config", lambda s: s.admin.multilevel.config()),
    ("multilevel.update", lambda s: s.admin.multilevel.update(required_volume=0)),
    (
        "referral.create",
        lambda s: s.admin.referral.create(account_id=s.ids[1], referral_code="OLD1", **RATES),
    ),
    ("referral.claim_code", _claim_code),
    ("referral.bind", _bind),
    ("builder_admin.daily_fee_revenue", lambda s: s.admin.builder_admin.daily_fee_revenue(**SPAN)),
    ("user_data.daily_volume", lambda s: s.admin.user_data.daily_volume(**SPAN)),
    ("user_data.leaderboard", lambda s: s.user.user_data.leaderboard(**SPAN)),
    (
        "referral.update",
        lambda s: s.admin.referral.update(account_id=s.ids[1], referral_code="OLD1", **RATES),
    ),
    (
        "referral.edit_split",
        lambda s: s.user.referral.edit_split(
            referral_code="OLD1", bonus_referrer_rebate_rate="0.4", bonus_referee_rebate_rate="0.1"
        ),
    ),
    (
        "referral.edit_description",
        lambda s: s.admin.referral.edit_description(user_address=s.address(1), description="a good one"),
    ),
    (
        "referral.edit_referee_description",
        lambda s: s.user.referral.edit_referee_description(user_address=s.address(3), description="friend"),
    ),
    ("referral.update_auto_referral", _auto_referral),
    ("referral.auto_referral", lambda s: s.admin.referral.auto_referral()),
    ("referral.auto_referral_progress", lambda s: s.third.referral.auto_referral_progress()),
    ("referral.edit_referral_code", _rename_code),
    ("referral.check_ref_code", lambda s: s.public.referral.check_ref_code(s.ids[3])),
    ("referral.verify_ref_code", lambda s: s.public.referral.verify_ref_code("OLD1")),
    ("referral.admin_info", lambda s: s.admin.referral.admin_info()),
    ("referral.info", lambda s: s.user.referral.info()),
    ("referral.rebate_info", lambda s: s.user.referral.rebate_info()),
    ("referral.max_rebate_rate", lambda s: s.user.referral.max_rebate_rate()),
    ("referral.volume_prerequisite", lambda s: s.user.referral.volume_prerequisite()),
    ("referral.statistics", lambda s: s.user.referral.statistics("all_time")),
    ("referral.referee_list", lambda s: s.user.referral.referee_list()),
    ("referral.referee_info", lambda s: s.user.referral.referee_info()),
    ("referral.referral_history", lambda s: s.user.referral.referral_history(**SPAN)),
    ("referral.referee_history", lambda s: s.clients[3].referral.referee_history(**SPAN)),
    ("referral.rebate_summary", lambda s: s.user.referral.rebate_summary(**SPAN)),
    ("referral.referee_rebate_summary", lambda s: s.clients[3].referral.referee_rebate_summary(**SPAN)),
    ("referral.distribution_history", lambda s: s.user.referral.distribution_history()),
    (
        "referral.update_rebate_rate",
        lambda s: s.user.referral.update_rebate_rate(bonus_referee_rebate_rate="0.2", account_ids=[s.ids[3]]),
    ),
    ("referral.reset_rebate_rate", lambda s: s.user.referral.reset_rebate_rate([s.ids[3]])),
    (
        "multilevel.create_affiliate",
        lambda s: s.admin.multilevel.create_affiliate(
            account_id=s.ids[0], bonus_max_rebate_rate="0.35", referral_code="HOUSE"
        ),
    ),
    (
        "multilevel.update_affiliate",
        lambda s: s.admin.multilevel.update_affiliate(account_ids=[s.ids[1]], bonus_rebate_rate="0.5"),
    ),
    ("multilevel.reset_affiliate", lambda s: s.admin.multilevel.reset_affiliate([s.ids[1]])),
    ("multilevel.info", lambda s: s.admin.multilevel.info()),
    ("multilevel.referee_list", lambda s: s.admin.multilevel.referee_list()),
    ("multilevel.summary", lambda s: s.admin.multilevel.summary(**SPAN, aggregate_by="date")),
)

CONTESTS: tuple[Row, ...] = (
    ("campaigns.campaigns", lambda s: s.public.campaigns.campaigns()),
    ("campaigns.sign_up", _sign_up),
    ("campaigns.ranking", lambda s: s.public.campaigns.ranking(s.kept["campaign"])),
    ("campaigns.stats", lambda s: s.public.campaigns.stats(s.kept["campaign"])),
    (
        "campaigns.stats_details",
        lambda s: s.public.campaigns.stats_details(s.kept["campaign"], group_by="SYMBOL"),
    ),
    ("campaigns.user", lambda s: s.public.campaigns.user(s.kept["campaign"], account_id=s.ids[1])),
    (
        "campaigns.check",
        lambda s: s.public.campaigns.check(
            s.kept["campaign"], type="volume", address=s.address(1), lower_boundary=10
        ),
    ),
    ("points.stage_parameters", _stage),
    ("points.user_statistics", lambda s: s.user.points.user_statistics(s.kept["stage"])),
    ("points.user", lambda s: s.user.points.user(s.address(1))),
    ("points.rankings", lambda s: s.public.points.rankings(s.kept["stage"], period="all_time")),
    ("points.leaderboard", lambda s: s.public.points.leaderboard()),
    ("points.epoch", lambda s: s.public.points.epoch()),
    ("points.epoch_dates", lambda s: s.public.points.epoch_dates()),
    ("points.stages", lambda s: s.public.points.stages(BROKER)),
    ("points.save_stage", lambda s: s.admin.points.save_stage(**SEASON)),
    (
        "points.delete_stage",
        lambda s: s.admin.points.delete_stage(s.admin.points.stage_parameters()[-1].stage_id),
    ),
)

REWARDS: tuple[Row, ...] = (
    ("staking.balance", lambda s: s.public.staking.balance(s.address(1))),
    ("staking.overview", lambda s: s.public.staking.overview()),
    ("staking.unstake_details", lambda s: s.public.staking.unstake_details(s.address(1))),
    ("staking.vesting_list", lambda s: s.public.staking.vesting_list(s.address(1), is_vesting=True)),
    ("valor.batch_info", lambda s: s.public.valor.batch_info()),
    ("valor.pool_info", lambda s: s.public.valor.pool_info()),
    ("valor.redeem", lambda s: s.public.valor.redeem(s.address(1))),
    ("valor.valor2_batch_info", lambda s: s.public.valor.valor2_batch_info()),
    ("valor.valor2_pool_info", lambda s: s.public.valor.valor2_pool_info()),
    ("valor.valor2_redeem", lambda s: s.public.valor.valor2_redeem(s.address(1))),
    ("valor.valor2_revenue_buyback", lambda s: s.public.valor.valor2_revenue_buyback()),
    ("rewards.trading_status", lambda s: s.public.rewards.trading_status()),
    ("rewards.trading_epoch_info", lambda s: s.public.rewards.trading_epoch_info()),
    ("rewards.trading_epoch_data", lambda s: s.public.rewards.trading_epoch_data()),
    ("rewards.symbol_category", lambda s: s.public.rewards.symbol_category()),
    ("rewards.current_epoch_estimate", lambda s: s.public.rewards.current_epoch_estimate(s.address(1))),
    (
        "rewards.current_epoch_broker_estimate",
        lambda s: s.public.rewards.current_epoch_broker_estimate(),
    ),
    ("rewards.broker_allocation_history", lambda s: s.public.rewards.broker_allocation_history()),
    ("rewards.wallet_rewards_history", lambda s: s.public.rewards.wallet_rewards_history(s.address(1))),
    ("rewards.account_rewards_history", lambda s: s.public.rewards.account_rewards_history(s.address(1))),
    ("rewards.maker_status", lambda s: s.public.rewards.maker_status()),
    ("rewards.maker_epoch_info", lambda s: s.public.rewards.maker_epoch_info()),
    ("rewards.maker_symbol_params", lambda s: s.public.rewards.maker_symbol_params()),
    ("rewards.maker_leaderboard", _made),
    (
        "rewards.maker_current_epoch_estimate",
        lambda s: s.public.rewards.maker_current_epoch_estimate(s.address(3)),
    ),
    (
        "rewards.maker_group_rewards_history",
        lambda s: s.public.rewards.maker_group_rewards_history(s.address(3)),
    ),
)


def _seen(name: str, **more: Any) -> Row:
    """What the admin sees of the second account."""
    return (
        f"admin.{name}",
        lambda s: getattr(s.admin.admin, name)(user_account=s.ids[1], **more),
    )


ADMIN: tuple[Row, ...] = (
    _seen("algo_orders"),
    _seen("asset_history"),
    _seen("client_info"),
    (
        "admin.convert_history",
        lambda s: s.admin.admin.convert_history(start=s.venue.now() - DAY, end=s.venue.now()),
    ),
    _seen("funding_fee_history"),
    _seen("holding"),
    _seen("internal_transfer_history", side="OUT"),
    _seen("leverage", symbol=ETH),
    (
        "admin.liquidations",
        lambda s: s.admin.admin.liquidations(user_address=s.kept["newcomer"].address),
    ),
    _seen("orders"),
    _seen("position", symbol=ETH),
    _seen("positions"),
    _seen("trades"),
    _seen("volume_stats"),
)


def _listed(s: RecordedKit) -> None:
    """The builder's own feed is one of two sources."""
    sources = [
        ListingSource(source="binance", source_symbol="TSLAUSDT", price_multiplier=Decimal(1), weight=30),
        ListingSource(source="ORACLE_paper", source_symbol="TSLA", price_multiplier=Decimal(1), weight=70),
    ]
    s.admin.listing.submit(symbol="TSLA", sources=sources)


LISTING: tuple[Row, ...] = (
    ("listing.symbol_context", lambda s: s.admin.listing.symbol_context("TSLA")),
    (
        "listing.set_oracle_feed",
        lambda s: s.admin.listing.set_oracle_feed(base_ccy="TSLA", visibility="private", status="active"),
    ),
    ("listing.index_sources", lambda s: s.admin.listing.index_sources()),
    ("listing.builder_sources", lambda s: s.admin.listing.builder_sources(base_ccy="TSLA")),
    ("listing.submit", _listed),
    ("market.rwa_info", lambda s: s.public.market.rwa_info()),
    ("market.rwa_market_sessions", lambda s: s.public.market.rwa_market_sessions()),
)

ROWS = BUILDER + REFERRAL + CONTESTS + REWARDS + ADMIN + LISTING
