"""Ordinary orders: placed, matched, edited, cancelled. Only this module changes books and orders."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from orderly_sync.models.enums import (
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.venue.engine import isolated
from orderly_sync.venue.engine.book import Resting
from orderly_sync.venue.engine.commands import EditOrder, PlaceOrder
from orderly_sync.venue.engine.facts import BookChanged, OrderReported, Traded
from orderly_sync.venue.engine.intake import market_limit, order_from_command
from orderly_sync.venue.engine.ledger import trade
from orderly_sync.venue.engine.matching import Match, apply, first, plan
from orderly_sync.venue.engine.orders import Key, Order
from orderly_sync.venue.engine.pending import surplus
from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.reduce_only import fillable
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.draft import Draft
from orderly_sync.venue.engine.rules.form import check_form, finite
from orderly_sync.venue.engine.state import Account, Day, ExchangeState
from orderly_sync.wire.error_codes import INVALID_PARAM, RESOURCE_NOT_FOUND, SIZE_FILTER

__all__ = ["Trading"]

_ZERO = Decimal(0)
_CROSSES = "would trade at once"
_RESTS = (OrderType.LIMIT, OrderType.POST_ONLY, OrderType.ASK, OrderType.BID)

Listener = Callable[[Order, str, "Fill | None"], None]


class Trading:
    """Places, matches, edits and cancels ordinary orders.

    Args:
        state: What it works on.
        admit: Raises Refused at the first rule that an order breaks.
        told: Called after every report of an order that an algo order sent.
    """

    def __init__(self, state: ExchangeState, admit: Callable[[Draft], None], told: Listener) -> None:
        self._admit = admit
        self._state = state
        self._reported = told
        self._spent: list[tuple[Account, int]] = []

    def place(
        self, account: Account, command: PlaceOrder, *, algo_order_id: int | None = None, closes: bool = False
    ) -> Order:
        """Admit and trade an order; the answer is the order as it stands afterwards.

        Raises:
            Refused: A rule is broken; nothing has changed.
        """
        draft = self.drafted(account, command, algo_order_id=algo_order_id, closes=closes)
        return self.enter(account, draft.order)

    def drafted(
        self, account: Account, command: PlaceOrder, *, algo_order_id: int | None = None, closes: bool = False
    ) -> Draft:
        """The admitted draft of an order, or Refused."""
        check_form(command)
        market = self._state.market(command.symbol)
        order = isolated.priced(account, market, order_from_command(market, account, command, algo_order_id))
        draft = Draft(markets=self._state.markets, account=account, order=order, closes=closes)
        self._admit(draft)
        return draft

    def enter(self, account: Account, admitted: Order) -> Order:
        """Give an admitted order its id and let it trade."""
        now = self._state.now
        order = attrs.evolve(
            admitted, order_id=self._state.next_order_id(), created_time=now, updated_time=now
        )
        self._touch(account, order)
        account.keep(order)
        if order.client_order_id is not None:
            account.client_ids[order.client_order_id] = order.order_id
        self._report(account, order, "NEW")
        return self._meet(account, order)

    def edit(self, account: Account, command: EditOrder) -> Order:
        """Change price or quantity. Only a smaller quantity at the same price keeps its place in time (assumed).

        Raises:
            Refused: -1006 without such an open order, or a rule is broken; nothing has changed.
        """
        old = self.open_order(account, command.order_id)
        new = self._edited(account, old, command)
        book = self._state.market(old.symbol).book
        keeps_place = new.price == old.price and new.quantity <= old.quantity
        self._touch(account, old)
        if keeps_place:
            book.reduce(old.order_id, old.quantity - new.quantity)
            book.cap(old.order_id, new.visible_quantity)
        else:
            book.remove(old.order_id)
        account.keep(new)
        self._level(old)
        self._report(account, new, "REPLACED")
        return new if keeps_place else self._meet(account, new)

    def check_edit(self, account: Account, command: EditOrder) -> None:
        """Raise what ``edit`` would raise."""
        self._edited(account, self.open_order(account, command.order_id), command)

    def _edited(self, account: Account, old: Order, command: EditOrder) -> Order:
        finite(order_price=command.price, order_quantity=command.quantity)
        if command.price is None and command.quantity is None:
            raise Refused(INVALID_PARAM, "an edit needs a new order_price or a new order_quantity")
        quantity = old.quantity if command.quantity is None else command.quantity
        if quantity <= old.executed_quantity:
            raise Refused(
                SIZE_FILTER,
                f"order_quantity must stay above the {plain(old.executed_quantity)} already filled",
            )
        if old.reduce_only and quantity > old.quantity:
            raise Refused(SIZE_FILTER, f"a reduce-only order cannot grow; at most {plain(old.quantity)}")
        whole = old.visible_quantity == old.quantity
        new = attrs.evolve(
            old,
            price=old.price if command.price is None else command.price,
            quantity=quantity,
            visible_quantity=quantity if whole else min(old.visible_quantity, quantity),
            updated_time=self._state.now,
        )
        new = isolated.priced(account, self._state.market(old.symbol), new)
        self._admit(Draft(markets=self._state.markets, account=account, order=new, replaces=old))
        return new

    def open_order(self, account: Account, order_id: int) -> Order:
        """The open order of that id; -1006 if it is unknown or done."""
        order = account.orders.get(order_id)
        if order is None:
            raise Refused(RESOURCE_NOT_FOUND, f"order {order_id} does not exist")
        if order.is_done:
            raise Refused(RESOURCE_NOT_FOUND, f"order {order_id} is {order.status} already")
        return order

    def cancel(self, account: Account, order: Order, reason: str = "") -> Order:
        """Take an open order off the book."""
        self._touch(account, order)
        book = self._state.market(order.symbol).book
        if order.order_id in book:
            book.remove(order.order_id)
            self._level(order)
        done = attrs.evolve(order, status=OrderStatus.CANCELLED, reason=reason, updated_time=self._state.now)
        self._finish(account, done)
        self._report(account, done, "CANCELLED")
        return done

    def trim_reduce_only(self, account: Account, key: Key, trading: int = 0) -> None:
        """Cancel resting reduce-only orders beyond the position, newest first (assumed).

        ``trading`` is an order at work: its size was cut to the position, and its own fills take both down alike.
        """
        for side in (OrderSide.BUY, OrderSide.SELL):
            orders = account.working.side(key, side)
            if orders.reducing <= account.closable(key, side):
                continue
            resting = {each.order_id: each.remaining for each in orders.reduce_only.values()}
            resting.pop(trading, None)
            for order_id in surplus(resting, account.closable(key, side)):
                self.cancel(account, account.orders[order_id], "more than the position it may reduce")

    def _meet(self, account: Account, order: Order) -> Order:
        """Trade an order against the book, the account's own orders included (assumed).

        One trade at a time, as each may take reduce-only orders off the book. What is left rests or is cancelled; an
        order partly filled and then stopped ends CANCELLED (assumed).
        """
        market = self._state.market(order.symbol)
        limit = market_limit(market, order.side, order.slippage) if order.price is None else order.price
        stop = self._obstacle(order, limit)
        while not (stop or order.is_done):
            match = first(market.book, order.side, order.remaining, limit)
            if match is None:
                break
            if order.type is OrderType.POST_ONLY and not match.hidden:
                stop = _CROSSES
                break
            self._match(account, order.order_id, match)
            order = account.orders[order.order_id]
        if order.is_done:
            return order
        if stop or order.type not in _RESTS or order.price is None:
            return self.cancel(account, order, stop or "nothing more to trade with at an allowed price")
        self._rest(order)
        return order

    def _obstacle(self, order: Order, limit: Decimal) -> str:
        """Why an order may not trade at all."""
        if order.type is OrderType.FOK and fillable(self._state, order, limit) < order.remaining:
            return "cannot be filled whole at once"
        if order.type is OrderType.POST_ONLY:
            book = self._state.market(order.symbol).book
            if not all(match.hidden for match in plan(book, order.side, order.remaining, limit)):
                return _CROSSES
        return ""

    def _rest(self, order: Order) -> None:
        assert order.price is not None
        self._state.market(order.symbol).book.add(
            Resting(
                order_id=order.order_id,
                account_id=order.account_id,
                side=order.side,
                price=order.price,
                remaining=order.remaining,
                peak=order.visible_quantity,
            )
        )
        self._level(order)

    def _match(self, account: Account, order_id: int, match: Match) -> None:
        """One trade: both sides booked before either is reported."""
        state = self._state
        taker = account.orders[order_id]
        other = state.accounts[match.account_id]
        maker = other.orders[match.order_id]
        market = state.market(taker.symbol)
        match_id = state.next_match_id()
        apply(market.book, match)
        market.last = match.price
        # Hidden quantity pays as taker; a POST_ONLY order that meets it is the maker of the trade.
        post_only = taker.type is OrderType.POST_ONLY
        fills = [
            self._book_fill(account, taker, match, match_id, maker=post_only),
            self._book_fill(other, maker, match, match_id, maker=not match.hidden),
        ]
        aggressor = maker.side if post_only else taker.side
        state.emit(
            Traded(
                ts=state.now, symbol=taker.symbol, price=match.price, quantity=match.quantity, side=aggressor
            )
        )
        if not match.hidden:
            self._level(maker)
        for owner, fill in zip((account, other), fills, strict=True):
            after = owner.orders[fill.order_id]
            if after.is_done:
                self._finish(owner, after)
            self._report(owner, after, str(after.status), fill)
        self.trim_reduce_only(account, (taker.symbol, taker.margin_mode), order_id)
        self.trim_reduce_only(other, (maker.symbol, maker.margin_mode), order_id)

    def _book_fill(self, account: Account, order: Order, match: Match, match_id: int, *, maker: bool) -> Fill:
        """Book one side of a trade in the ledger and on its order."""
        state = self._state
        key = (order.symbol, order.margin_mode)
        self._touch(account, order)
        tag_rate = _ZERO if account.is_maker else state.tag_rate(order.order_tag, order.symbol)
        tag_fee = match.price * match.quantity * tag_rate
        fee = account.fees.fee(match.price, match.quantity, maker=maker) + tag_fee
        realized = self._book_entry(account, order, match, fee)
        state.fees_collected += fee
        fill = Fill(
            trade_id=state.next_trade_id(),
            match_id=match_id,
            account_id=account.account_id,
            order_id=order.order_id,
            symbol=order.symbol,
            side=order.side,
            price=match.price,
            quantity=match.quantity,
            fee=fee,
            is_maker=maker,
            realized_pnl=realized,
            ts=state.now,
            margin_mode=str(order.margin_mode),
            algo_order_id=order.algo_order_id,
            order_tag=order.order_tag,
            tag_fee=tag_fee,
            tag_fee_rate=tag_rate,
        )
        account.keep(_filled(order, fill))
        if not account.is_maker:
            account.fills.append(fill)
            account.days.setdefault(key, Day()).add(state.now, realized, fee)
        return fill

    def _book_entry(self, account: Account, order: Order, match: Match, fee: Decimal) -> Decimal:
        """Change the position; the PnL realised."""
        state, key = self._state, (order.symbol, order.margin_mode)
        if order.margin_mode is MarginMode.ISOLATED:
            filled = isolated.fill(
                account,
                state.markets,
                order,
                price=match.price,
                quantity=match.quantity,
                fee=fee,
                now=state.now,
            )
            account.usdc -= filled.paid
            account.entries[key] = filled.entry
            return filled.realized
        account.entries[key], realized = trade(
            account.entry(key),
            match.quantity * order.sign,
            match.price,
            fee=fee,
            sum_unitary_funding=state.market(order.symbol).sum_unitary_funding,
            now=state.now,
        )
        return realized

    def _finish(self, account: Account, order: Order) -> None:
        account.keep(order)
        if account.is_maker:
            self._spent.append((account, order.order_id))

    def forget_spent(self) -> None:
        """Drop the finished orders of simulated liquidity; called when a command is over."""
        for account, order_id in self._spent:
            order = account.orders.pop(order_id)
            if (
                order.client_order_id is not None
                and account.client_ids.get(order.client_order_id) == order_id
            ):
                del account.client_ids[order.client_order_id]
        self._spent.clear()

    def _report(self, account: Account, order: Order, status: str, fill: Fill | None = None) -> None:
        """Report to the owner; simulated liquidity wants no reports and keeps no history."""
        if account.is_maker:
            return
        self._state.emit(
            OrderReported(
                ts=self._state.now,
                account_id=account.account_id,
                order=order,
                status=status,
                fill=fill,
                reason=order.reason,
            )
        )
        if order.algo_order_id is not None:
            self._reported(order, status, fill)

    def _touch(self, account: Account, order: Order) -> None:
        key = (order.symbol, order.margin_mode)
        self._state.touch(account, key, account.entry(key).quantity)

    def _level(self, order: Order) -> None:
        """Publish what one level shows now."""
        assert order.price is not None
        quantity = self._state.market(order.symbol).book.visible_at(order.side, order.price)
        self._state.emit(
            BookChanged(
                ts=self._state.now, symbol=order.symbol, side=order.side, price=order.price, quantity=quantity
            )
        )


def _filled(order: Order, fill: Fill) -> Order:
    """The order after one more fill."""
    executed = order.executed_quantity + fill.quantity
    return attrs.evolve(
        order,
        status=OrderStatus.FILLED if executed == order.quantity else OrderStatus.PARTIAL_FILLED,
        executed_quantity=executed,
        executed_notional=order.executed_notional + fill.price * fill.quantity,
        total_fee=order.total_fee + fill.fee,
        realized_pnl=order.realized_pnl + fill.realized_pnl,
        updated_time=fill.ts,
    )
