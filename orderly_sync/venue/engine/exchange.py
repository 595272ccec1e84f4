"""The exchange: commands in, facts out. It does no I/O and reads no clock; the same commands give the same facts.

The order of work: rules, matching, ledger, triggers, margin. A refused command changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from orderly_sync.models.enums import MarginMode, OrderSide
from orderly_sync.venue.engine import funding, treasury
from orderly_sync.venue.engine.algo_edits import edit_algo
from orderly_sync.venue.engine.algos import Algos
from orderly_sync.venue.engine.commands import (
    AddMargin,
    CancelAfter,
    CancelAlgo,
    CancelAlgos,
    CancelOrder,
    CancelOrders,
    ClaimInsuranceFund,
    ClaimLiquidation,
    Command,
    Deposit,
    EditAlgo,
    EditOrder,
    PlaceAlgo,
    PlaceOrder,
    ReduceMargin,
    SetLeverage,
    SetMarginMode,
    Settle,
    Transfer,
    Withdraw,
)
from orderly_sync.venue.engine.exchange_view import ExchangeView
from orderly_sync.venue.engine.facts import AccountChanged, BalanceChanged, Fact, Outcome, PositionChanged
from orderly_sync.venue.engine.fees import STANDARD, FeeRates
from orderly_sync.venue.engine.liquidator import Liquidator
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.rules import admit
from orderly_sync.venue.engine.settings import set_leverage, set_margin_mode, shift_margin
from orderly_sync.venue.engine.state import Account, ExchangeState
from orderly_sync.venue.engine.statement import holding, position
from orderly_sync.venue.engine.symbols import SYMBOLS, SymbolRules
from orderly_sync.venue.engine.trading import Trading
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM, RESOURCE_NOT_FOUND, UNKNOWN

__all__ = ["Exchange"]

_ZERO = Decimal(0)
_INSURANCE_FUND = Decimal(10_000_000)
_FREE_IN_LIQUIDATION = (CancelOrder, CancelOrders, CancelAfter, CancelAlgo, CancelAlgos, Deposit)
_CANCEL_AFTER_MIN, _CANCEL_AFTER_MAX = 5_000, 900_000

Answer = dict[str, object]


class Exchange(ExchangeView):
    """A whole venue in memory.

    Args:
        symbols: The markets it opens with, each at its reference price.
        seed: Of the only random numbers there are.
        insurance_fund: What the fund starts with, USDC.
    """

    def __init__(
        self,
        *,
        symbols: Sequence[SymbolRules] = SYMBOLS,
        seed: int = 0,
        insurance_fund: Decimal = _INSURANCE_FUND,
    ) -> None:
        super().__init__(ExchangeState(tuple(symbols), seed, insurance_fund))
        self._algos = Algos(self._state)
        self._trading = Trading(self._state, admit, self._algos.on_order)
        self._algos.trading = self._trading
        self._liquidator = Liquidator(self._state, self._cancel_all)
        self._commands: dict[type[Command], Callable[[Account, Any], Answer]] = {
            PlaceOrder: self._place_order,
            EditOrder: self._edit_order,
            CancelOrder: self._cancel_order,
            CancelOrders: self._cancel_orders,
            CancelAfter: self._cancel_after,
            PlaceAlgo: self._place_algo,
            EditAlgo: self._edit_algo,
            CancelAlgo: self._cancel_algo,
            CancelAlgos: self._cancel_algos,
            SetLeverage: partial(set_leverage, self._state),
            SetMarginMode: partial(set_margin_mode, self._state),
            AddMargin: partial(shift_margin, self._state),
            ReduceMargin: partial(shift_margin, self._state),
            Settle: partial(treasury.settle, self._state),
            Deposit: partial(treasury.deposit, self._state),
            Withdraw: partial(treasury.withdraw, self._state),
            Transfer: partial(treasury.transfer, self._state),
            ClaimLiquidation: self._liquidator.claim,
            ClaimInsuranceFund: self._liquidator.claim_fund,
        }

    # Doing

    def open_account(
        self, account_id: str, *, usdc: Decimal, is_maker: bool = False, fees: FeeRates | None = None
    ) -> None:
        """Add an account holding so much USDC. A maker's is simulated liquidity: no margin check, no reports, no fees.

        Raises:
            Refused: -1007 if it exists.
        """
        if account_id in self._state.accounts:
            raise Refused(DUPLICATE_REQUEST, f"account {account_id} exists already")
        rates = fees or (FeeRates(taker=_ZERO, maker=_ZERO) if is_maker else STANDARD)
        account = Account(account_id=account_id, is_maker=is_maker, usdc=usdc, fees=rates)
        account.told = holding(account)
        self._state.accounts[account_id] = account

    def set_fees(self, account_id: str, fees: FeeRates) -> None:
        """Charge an account other rates from now on. Raises Refused -1006 for an unknown account."""
        self._state.account(account_id).fees = fees

    def charge_tags(self, rate: Callable[[str | None, str], Decimal]) -> None:
        """Ask for a fee besides, of each fill: ``rate`` tells it by the order's tag and symbol, a decimal fraction."""
        self._state.tag_rate = rate

    def submit(self, account_id: str, command: Command, now: int) -> Outcome:
        """Carry out a command of an account at a time in ms.

        Raises:
            Refused: With the venue's code and words; nothing has changed.
        """
        account = self._state.account(account_id)
        work = self._commands.get(type(command))
        if work is None:
            raise Refused(UNKNOWN, f"{type(command).__name__} is not simulated by this venue")
        if not isinstance(command, _FREE_IN_LIQUIDATION):
            account.refuse_in_liquidation()
        self._state.now = max(now, self._state.now)
        answer = work(account, command)
        return Outcome(answer=answer, facts=self._run_until_quiet())

    def set_prices(
        self, symbol: str, now: int, *, mark: Decimal | None = None, index: Decimal | None = None
    ) -> tuple[Fact, ...]:
        """Move mark and index price: cancels what leaves the price band, fires triggers, checks margin.

        Raises:
            Refused: -1005 for an unknown symbol or a price that is not above 0.
        """
        market = self._state.market(symbol)
        for price in (mark, index):
            if price is not None and not (price.is_finite() and price > 0):
                raise Refused(INVALID_PARAM, f"price {price} must be above 0")
        self._state.now = max(now, self._state.now)
        market.index = market.index if index is None else index
        if mark is not None and mark != market.mark:
            market.mark = mark
            self._state.marks_moved = True
            self._leave_band(symbol)
            self._algos.on_mark(symbol)
        return self._run_until_quiet()

    def advance(self, now: int) -> tuple[Fact, ...]:
        """Do what time alone brings: funding, withdrawals, the dead man's switches that are due."""
        self._state.now = max(now, self._state.now)
        funding.pass_time(self._state)
        treasury.pass_time(self._state)
        self._liquidator.pass_time()
        for account in self._state.accounts.values():
            if account.cancel_at is not None and account.cancel_at <= self._state.now:
                account.cancel_at = None
                self._cancel_all(account, None, "the dead man's switch was not armed anew")
        return self._run_until_quiet()

    # The commands

    def _place_order(self, account: Account, command: PlaceOrder) -> Answer:
        order = self._trading.place(account, command)
        return {
            "order_id": order.order_id,
            "client_order_id": order.client_order_id,
            "order_type": order.type,
            "order_price": order.price,
            "order_quantity": order.quantity,
            "order_amount": order.amount,
            "error_message": "none",
        }

    def _edit_order(self, account: Account, command: EditOrder) -> Answer:
        self._trading.edit(account, command)
        return {"status": "EDIT_SENT"}

    def _cancel_order(self, account: Account, command: CancelOrder) -> Answer:
        order_id = command.order_id
        if command.client_order_id is not None:
            order_id = account.client_ids.get(command.client_order_id)
            if order_id is None:
                raise Refused(
                    RESOURCE_NOT_FOUND, f"no order has the client_order_id {command.client_order_id}"
                )
        if order_id is None:
            raise Refused(INVALID_PARAM, "order_id or client_order_id is required")
        order = self._trading.open_order(account, order_id)
        if command.symbol not in {None, order.symbol}:
            raise Refused(RESOURCE_NOT_FOUND, f"order {order_id} trades {order.symbol}, not {command.symbol}")
        self._trading.cancel(account, order)
        return {"status": "CANCEL_SENT"}

    def _cancel_orders(self, account: Account, command: CancelOrders) -> Answer:
        if command.symbol is not None:
            self._state.market(command.symbol)
        for order in account.open_orders(command.symbol):
            self._trading.cancel(account, order)
        return {"status": "CANCEL_ALL_SENT"}

    def _cancel_after(self, account: Account, command: CancelAfter) -> Answer:
        after = command.after_ms
        if after and not _CANCEL_AFTER_MIN <= after <= _CANCEL_AFTER_MAX:
            raise Refused(INVALID_PARAM, f"trigger_after {after} must be 0 or 5000 to 900000 ms")
        account.cancel_at = self._state.now + after if after else None
        return {"expected_trigger_time": account.cancel_at or 0}

    def _place_algo(self, account: Account, command: PlaceAlgo) -> Answer:
        root = self._algos.place(account, command).root
        return {
            "order_id": root.algo_order_id,
            "client_order_id": root.client_order_id,
            "algo_type": root.algo_type,
            "quantity": root.quantity,
        }

    def _edit_algo(self, account: Account, command: EditAlgo) -> Answer:
        edit_algo(self._state, self._algos, account, command)
        return {"status": "EDIT_SENT"}

    def _cancel_algo(self, account: Account, command: CancelAlgo) -> Answer:
        root_id = command.order_id
        if command.client_order_id is not None:
            root_id = account.algo_client_ids.get(command.client_order_id)
            if root_id is None:
                raise Refused(
                    RESOURCE_NOT_FOUND, f"no algo order has the client_order_id {command.client_order_id}"
                )
        if root_id is None:
            raise Refused(INVALID_PARAM, "order_id or client_order_id is required")
        tree = self._algos.open_tree(account, root_id)
        if command.symbol not in {None, tree.root.symbol}:
            raise Refused(
                RESOURCE_NOT_FOUND, f"algo order {root_id} trades {tree.root.symbol}, not {command.symbol}"
            )
        self._algos.cancel(account, tree)
        return {"status": "CANCEL_SENT"}

    def _cancel_algos(self, account: Account, command: CancelAlgos) -> Answer:
        if command.symbol is not None:
            self._state.market(command.symbol)
        self._algos.cancel_many(account, command)
        return {"status": "CANCEL_ALL_SENT"}

    # What follows from them

    def _cancel_all(self, account: Account, scope: str | None, reason: str) -> None:
        """Cancel all orders of an account, or those of the isolated position in the symbol ``scope``."""
        for order in account.open_orders(scope):
            if scope is None or order.margin_mode is MarginMode.ISOLATED:
                self._trading.cancel(account, order, reason)
        for tree in self._algos.open_trees(account):
            if scope is None or (tree.root.symbol, tree.root.margin_mode) == (scope, MarginMode.ISOLATED):
                self._algos.cancel(account, tree, reason)

    def _leave_band(self, symbol: str) -> None:
        """Cancel resting orders whose price the mark price has left behind, the farthest first."""
        market = self._state.market(symbol)
        width = market.rules.price_range
        for side, bound in (
            (OrderSide.BUY, market.mark * (1 + width)),
            (OrderSide.SELL, market.mark * (1 - width)),
        ):
            beyond = [row for row in market.book.crossing(side.opposite, bound) if row.price != bound]
            for row in beyond:
                account = self._state.accounts[row.account_id]
                order = account.orders[row.order_id]
                self._trading.cancel(account, order, "its price has left the band around mark")

    def _run_until_quiet(self) -> tuple[Fact, ...]:
        """Let the consequences run out, then hand over all facts."""
        state = self._state
        while True:
            while state.positions_changed or self._algos.due:
                self._positions_moved()
                self._algos.fire_due()
            if not (state.accounts_changed or state.marks_moved) or not self._liquidator.watch():
                break
        state.marks_moved = False
        self._trading.forget_spent()
        accounts_changed, state.accounts_changed = state.accounts_changed, {}
        for account_id in accounts_changed:
            if not state.accounts[account_id].is_maker:
                self._account_moved(state.accounts[account_id])
        return state.taken()

    def _positions_moved(self) -> None:
        """Report changed positions and do what closed ones entail."""
        state = self._state
        positions_changed, state.positions_changed = state.positions_changed, {}
        for (account_id, key), before in positions_changed.items():
            account = state.accounts[account_id]
            if account.is_maker:
                continue
            state.accounts_changed[account_id] = None
            snapshot = position(account, state.markets, key, state.now)
            state.emit(PositionChanged(ts=state.now, account_id=account_id, position=snapshot))
            after = snapshot.position_qty
            if before and before * after <= 0:
                self._algos.position_closed(account, key, OrderSide.SELL if before > 0 else OrderSide.BUY)
            if before != after:
                self._trading.trim_reduce_only(account, key)

    def _account_moved(self, account: Account) -> None:
        """Report the balance if it is another than last reported, and that totals changed."""
        now = self._state.now
        latest = holding(account)
        if latest != account.told:
            account.version, account.updated_time = account.version + 1, now
            account.told = latest = holding(account)
            self._state.emit(BalanceChanged(ts=now, account_id=account.account_id, holding=latest))
        self._state.emit(AccountChanged(ts=now, account_id=account.account_id))
