"""Every HTTP operation of the venue, by method and path template.

Each module of this package holds one section of the API's menu: handlers and a table ``ROUTES`` of them. A handler is a
plain function from ``Call`` to the ``data`` of the answer; it raises ``Refused`` to say no. To add a section, write a
module and name it here.
"""

from __future__ import annotations

from orderly_sync.venue.server.routes import (
    account,
    algo,
    assets,
    config,
    delegate,
    faucet,
    funding,
    keys,
    market,
    notifications,
    orders,
    positions,
    registration,
    sub_accounts,
    system,
    tradingview,
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
        keys,
        notifications,
        registration,
        sub_accounts,
        tradingview,
        delegate,
        faucet,
    )
    for key, route in section.ROUTES.items()
}
