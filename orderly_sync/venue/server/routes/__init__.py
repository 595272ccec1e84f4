"""Every HTTP operation of the venue, by method and path template.

Each module of this package holds one section of the API's menu: handlers and a table ``ROUTES`` of them. A handler is a
plain function from ``Call`` to the ``data`` of the answer; it raises ``Refused`` to say no. To add a section, write a
module and name it here.
"""

from __future__ import annotations

from orderly_sync.venue.server.routes import (
    account,
    admin,
    algo,
    assets,
    builder,
    builder_admin,
    campaigns,
    config,
    conversion,
    delegate,
    faucet,
    fees,
    funding,
    keys,
    liquidations,
    listing,
    market,
    multilevel,
    multilevel_admin,
    notifications,
    order_tags,
    orders,
    points,
    positions,
    query,
    referral,
    referral_earnings,
    registration,
    rewards,
    staking,
    strategy_vault,
    sub_accounts,
    system,
    tradingview,
    user_data,
    valor,
    vault_host,
    vault_stakes,
    vault_trading,
)
from orderly_sync.venue.server.routes.route import Route

__all__ = ["ROUTES", "Route"]

ROUTES: dict[tuple[str, str], Route] = {
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
