"""A REST client of a host on loopback, and the two calls that stand for all: a write and a read."""

from __future__ import annotations

from typing import Any

from orderly_sync.config import Timeouts
from orderly_sync.credentials import Credentials, Secret
from orderly_sync.models.market import FuturesInfo
from orderly_sync.models.order import CreatedOrder
from orderly_sync.rest import Rest, Retries
from tests.support.http_host import HttpHost

__all__ = ["CREATED", "INFO", "ME", "ONCE", "here", "place", "read"]

ME = Credentials(account_id="0x" + "ab" * 32, secret=Secret.generate())
ONCE = Retries(tries=1)
HASTY = Timeouts(connect=0.3, request=0.3)
CREATED = {"order_id": 7, "client_order_id": "mine", "error_message": "none"}
INFO = {"symbol": "PERP_ETH_USDC", "mark_price": 3000.1}


def here(host: HttpHost, **more: Any) -> Rest:
    """A client of that host that waits for little and asks once."""
    options: dict[str, Any] = {"timeouts": HASTY, "retries": ONCE, "rate_limits": False, **more}
    return Rest(host.network, ME, **options)


def place(rest: Rest) -> CreatedOrder:
    """A write: an order whose client order id is ``mine``."""
    return rest.orders.create(
        symbol="PERP_ETH_USDC",
        order_type="LIMIT",
        side="BUY",
        order_price="3000",
        order_quantity="0.1",
        client_order_id="mine",
    )


def read(rest: Rest) -> FuturesInfo:
    """A read, public."""
    return rest.market.futures_info("PERP_ETH_USDC")
