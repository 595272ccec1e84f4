"""The clients of one venue, and what the tests do with them."""

from __future__ import annotations

from typing import Any

from orderly_sync import Rest
from orderly_sync.venue.server.accounts import PaperAccount
from orderly_sync.venue.server.serve import Venue
from tests.contract.shapes import extras

ETH, WOO = "PERP_ETH_USDC", "PERP_WOO_USDC"
DAY = 86_400_000


class Desk:
    """A client for each account of a venue."""

    def __init__(self, venue: Venue, clients: list[Rest]) -> None:
        self.venue = venue
        self.clients = clients
        self.admin, self.user = clients[0], clients[1]

    def account(self, index: int) -> PaperAccount:
        return self.venue.accounts[index]

    def address(self, index: int) -> str:
        return self.venue.accounts[index].address

    def buy(self, index: int, quantity: str, symbol: str = ETH, **more: Any) -> None:
        """A market order of one account, which fills at once."""
        self.clients[index].orders.create(
            symbol=symbol, order_type="MARKET", side="BUY", order_quantity=quantity, **more
        )

    def sell(self, index: int, quantity: str, symbol: str = ETH) -> None:
        self.clients[index].orders.create(
            symbol=symbol, order_type="MARKET", side="SELL", order_quantity=quantity
        )


def whole(value: Any) -> Any:
    """The value, once nothing of the answer was left over."""
    assert list(extras(value)) == []
    return value
