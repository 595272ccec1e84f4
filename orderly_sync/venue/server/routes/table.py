"""Every HTTP operation of the venue, by method and path template.

Each module of this package holds one section of the API's menu: handlers and a table ``ROUTES`` of them. A handler is a
plain function from ``Call`` to the ``data`` of the answer; it raises ``Refused`` to say no. To add a section, write a
module and name it here.
"""

from __future__ import annotations

from orderly_sync.venue.programs.builders import admin_routes as builder_admin
from orderly_sync.venue.programs.builders import fee_routes as fees
from orderly_sync.venue.programs.builders import listing_routes as listing
from orderly_sync.venue.programs.builders import order_tag_routes as order_tags
from orderly_sync.venue.programs.builders import routes as builder
from orderly_sync.venue.programs.builders import user_admin_routes as admin
from orderly_sync.venue.programs.builders import user_data_routes as user_data
from orderly_sync.venue.programs.campaigns import routes as campaigns
from orderly_sync.venue.programs.points import routes as points
from orderly_sync.venue.programs.referral import earnings_routes as referral_earnings
from orderly_sync.venue.programs.referral import multilevel_admin_routes as multilevel_admin
from orderly_sync.venue.programs.referral import multilevel_routes as multilevel
from orderly_sync.venue.programs.referral import routes as referral
from orderly_sync.venue.programs.rewards import routes as rewards
from orderly_sync.venue.programs.staking import routes as staking
from orderly_sync.venue.programs.staking import valor_routes as valor
from orderly_sync.venue.programs.vaults import host_routes as vault_host
from orderly_sync.venue.programs.vaults import routes as strategy_vault
from orderly_sync.venue.programs.vaults import stake_routes as vault_stakes
from orderly_sync.venue.programs.vaults import trading_routes as vault_trading
from orderly_sync.venue.server.routes import (
    account,
    algo,
    assets,
    config,
    conversion,
    delegate,
    faucet,
    funding,
    keys,
    liquidations,
    market,
    notifications,
    orders,
    positions,
    query,
    registration,
    sub_accounts,
    system,
    tradingview,
)
from orderly_sync.venue.server.routes.route import HttpRoute

__all__ = ["ROUTES", "HttpRoute"]

ROUTES: dict[tuple[str, str], HttpRoute] = {
    key: route
    for section in (
        orders,
        algo,
        positions,
        account,
        config,
        market,
        system,
        funding,
        assets,
        conversion,
        keys,
        notifications,
        registration,
        sub_accounts,
        tradingview,
        delegate,
        faucet,
        admin,
        builder,
        builder_admin,
        listing,
        campaigns,
        fees,
        multilevel,
        multilevel_admin,
        order_tags,
        points,
        referral,
        referral_earnings,
        staking,
        user_data,
        valor,
        liquidations,
        rewards,
        strategy_vault,
        vault_host,
        vault_stakes,
        vault_trading,
        query,
    )
    for key, route in section.ROUTES.items()
}
