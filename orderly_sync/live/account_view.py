"""What is known live of an account, as those see it who reckon with it."""

from __future__ import annotations

from typing import Protocol

from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.account import AccountInfo
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.pushes.account import AccountUpdate
from orderly_sync.rest import Rest
from orderly_sync.stream.hub import Hub

__all__ = ["AccountView"]


class AccountView(Protocol):
    """What margins are reckoned from; the session of the account has it all."""

    @property
    def rest(self) -> Rest:
        """Where rules, leverages and other prices are read."""

    @property
    def hub(self) -> Hub:
        """Says in which kind of numbers figures are told."""

    @property
    def positions(self) -> LivePositions:
        """The live positions."""

    @property
    def holdings(self) -> LiveHoldings:
        """The live balances."""

    @property
    def orders(self) -> OpenOrders:
        """The open orders."""

    @property
    def account(self) -> AccountInfo | None:
        """The account as last read."""

    @property
    def account_update(self) -> AccountUpdate | None:
        """The last change of it."""

    def rules(self, symbol: str) -> SymbolRules:
        """The rules of a symbol."""
