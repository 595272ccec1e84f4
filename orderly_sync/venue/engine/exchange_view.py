"""What can be read of the exchange: snapshots, newest first where they are lists."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine import funding
from orderly_sync.venue.engine.book import BookSnapshot
from orderly_sync.venue.engine.ledger import Holding, Position
from orderly_sync.venue.engine.max_quantity import max_quantity
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.records import (
    INSURANCE_FUND,
    AccountState,
    AssetRow,
    Fill,
    Funding,
    FundingFee,
    FundingRate,
    LiquidationRow,
    Offer,
    Settlement,
    TransferRow,
)
from orderly_sync.venue.engine.state import ExchangeState
from orderly_sync.venue.engine.statement import account_state, holding, position
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = ["ExchangeView"]

_ZERO = Decimal(0)
_USDC = "USDC"


class ExchangeView:
    """The reading half of the exchange. Unknown accounts raise Refused -1006, unknown symbols -1005."""

    def __init__(self, state: ExchangeState) -> None:
        self._state = state
        self.rules: dict[str, SymbolRules] = {
            symbol: market.rules for symbol, market in state.markets.items()
        }

    def order(self, account_id: str, order_id: int) -> Order | None:
        """One order of the account."""
        return self._state.account(account_id).orders.get(order_id)

    def order_by_client_id(self, account_id: str, client_order_id: str) -> Order | None:
        """The newest order with that client order id."""
        account = self._state.account(account_id)
        return account.orders.get(account.client_ids.get(client_order_id, 0))

    def orders(self, account_id: str) -> list[Order]:
        """All orders ever, newest first."""
        return list(reversed(self._state.account(account_id).orders.values()))

    def latest_orders(self, account_id: str, finished: int) -> list[Order]:
        """The open orders and, of the newest so many, those that are done; newest first."""
        account = self._state.account(account_id)
        shown = {order.order_id: order for order in account.open_orders()}
        shown.update(islice(reversed(account.orders.items()), finished))
        return [shown[order_id] for order_id in sorted(shown, reverse=True)]

    def algo(self, account_id: str, order_id: int) -> tuple[AlgoNode, ...]:
        """The whole tree a node belongs to, root first; empty if there is none."""
        account = self._state.account(account_id)
        root_id = account.roots.get(order_id)
        return () if root_id is None else account.trees[root_id].nodes

    def algo_by_client_id(self, account_id: str, client_order_id: str) -> tuple[AlgoNode, ...]:
        """The newest tree whose root has that client order id; empty if there is none."""
        return self.algo(account_id, self._state.account(account_id).algo_client_ids.get(client_order_id, 0))

    def algos(self, account_id: str) -> list[tuple[AlgoNode, ...]]:
        """All trees ever, newest first, each root first."""
        trees = self._state.account(account_id).trees
        return [trees[root_id].nodes for root_id in sorted(trees, reverse=True)]

    def latest_algos(self, account_id: str, finished: int) -> list[tuple[AlgoNode, ...]]:
        """The open trees and, of the newest so many, those that are done; newest first, each root first."""
        account = self._state.account(account_id)
        shown = {root_id: account.trees[root_id] for root_id in account.open_trees}
        shown.update(islice(reversed(account.trees.items()), finished))
        return [shown[root_id].nodes for root_id in sorted(shown, reverse=True)]

    def fills(self, account_id: str) -> list[Fill]:
        """All fills, newest first."""
        return list(reversed(self._state.account(account_id).fills))

    def positions(self, account_id: str) -> list[Position]:
        """All positions that hold a quantity or unsettled PnL, or wait for orders; by symbol as opened."""
        account = self._state.account(account_id)
        keys = [key for key, entry in account.entries.items() if entry.is_listed]
        keys += account.working.positions()
        return [position(account, self._state.markets, key, self._state.now) for key in dict.fromkeys(keys)]

    def position(self, account_id: str, symbol: str, margin_mode: str = "CROSS") -> Position:
        """One position, flat if there is none. Raises Refused -1005 for an unknown symbol."""
        self._state.market(symbol)
        key = (symbol, MarginMode(margin_mode))
        return position(self._state.account(account_id), self._state.markets, key, self._state.now)

    def holding(self, account_id: str, token: str = _USDC) -> Holding:
        """The balance of a token; other tokens than USDC are not held here."""
        account = self._state.account(account_id)
        return holding(account) if token == _USDC else Holding(token=token, holding=_ZERO)

    def account(self, account_id: str) -> AccountState:
        """Totals and settings at the present mark prices."""
        return account_state(self._state.account(account_id), self._state.markets, self._state.now)

    def funding(self, symbol: str) -> Funding:
        """Where funding stands: estimated, last and next."""
        return funding.funding(self._state.market(symbol), self._state.now)

    def funding_rates(self, symbol: str) -> list[FundingRate]:
        """The rates paid since the venue opened, newest first."""
        return self._state.market(symbol).funding.rates[::-1]

    def funding_fees(self, account_id: str) -> list[FundingFee]:
        """What the account's positions paid and received, newest first."""
        return self._state.account(account_id).funding_fees[::-1]

    def settlements(self, account_id: str) -> list[Settlement]:
        """All settlements, newest first."""
        return self._state.account(account_id).settlements[::-1]

    def assets(self, account_id: str) -> list[AssetRow]:
        """All deposits and withdrawals, newest first."""
        return list(self._state.account(account_id).assets.values())[::-1]

    def transfers(self, account_id: str) -> list[TransferRow]:
        """All transfers to and from other accounts, newest first."""
        return self._state.account(account_id).transfers[::-1]

    def offers(self) -> list[Offer]:
        """Open liquidations and claims on the insurance fund, newest first."""
        return list(self._state.offers.values())[::-1]

    def liquidations(self, account_id: str) -> list[LiquidationRow]:
        """What an account has lost to liquidators, newest first."""
        return [row for row in reversed(self._state.liquidation_rows) if row.account_id == account_id]

    def liquidator_liquidations(self, account_id: str) -> list[LiquidationRow]:
        """What an account has taken over, newest first."""
        return [row for row in reversed(self._state.liquidation_rows) if row.liquidator_id == account_id]

    def liquidated_positions(self) -> list[LiquidationRow]:
        """All liquidations and claims carried out, newest first."""
        return self._state.liquidation_rows[::-1]

    def insurance_fund(self) -> AccountState:
        """Totals of the insurance fund; its positions read like any account's, by ``INSURANCE_FUND``."""
        return self.account(INSURANCE_FUND)

    def max_quantity(
        self, account_id: str, symbol: str, side: OrderSide, margin_mode: MarginMode = MarginMode.CROSS
    ) -> Decimal:
        """The largest order the account could place now, on the step; 0 if none."""
        account, market = self._state.account(account_id), self._state.market(symbol)
        return max_quantity(account, self._state.markets, market, side, mode=margin_mode)

    def book(self, symbol: str) -> BookSnapshot:
        """The visible book."""
        return self._state.market(symbol).book.snapshot()

    def mark(self, symbol: str) -> Decimal:
        """The mark price."""
        return self._state.market(symbol).mark

    def index(self, symbol: str) -> Decimal:
        """The index price."""
        return self._state.market(symbol).index

    def last(self, symbol: str) -> Decimal | None:
        """The price of the last trade, None before the first."""
        return self._state.market(symbol).last

    def open_interest(self, symbol: str) -> Decimal:
        """All long positions together, in base units."""
        accounts = self._state.accounts.values()
        entries = (entry for each in accounts for key, entry in each.entries.items() if key[0] == symbol)
        return sum((entry.quantity for entry in entries if entry.quantity > 0), _ZERO)

    @property
    def fees_collected(self) -> Decimal:
        """All fees ever taken, USDC."""
        return self._state.fees_collected
