"""A trading floor for the tests of the exchange: two traders, one maker, and short ways to say things."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import AlgoType, MarginMode, OrderSide, OrderType
from orderly_sync.venue.engine.commands import (
    AlgoNodeSpec,
    CancelOrders,
    ClaimLiquidation,
    Command,
    PlaceAlgo,
    PlaceOrder,
)
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.facts import AlgoReported, Fact, OrderReported, Outcome
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.refusals import Refused

ETH = "PERP_ETH_USDC"


class Floor:
    """An exchange with accounts ``alice``, ``bob`` (100,000 USDC each) and the maker ``maker``."""

    def __init__(self, **options: Any) -> None:
        self.exchange = Exchange(**options)
        self.exchange.open_account("alice", usdc=Decimal(100_000))
        self.exchange.open_account("bob", usdc=Decimal(100_000))
        self.exchange.open_account("maker", usdc=Decimal(10**9), is_maker=True)
        self.now = 1_000
        self.facts: tuple[Fact, ...] = ()
        self.history: list[Fact] = []
        self.answer: dict[str, Any] = {}

    def submit(self, command: Command, by: str = "alice") -> Outcome:
        """Send a command a second later."""
        self.now += 1_000
        outcome = self.exchange.submit(by, command, self.now)
        self.facts, self.answer = outcome.facts, dict(outcome.answer)
        self.history += self.facts
        return outcome

    def refusal(self, command: Command, by: str = "alice") -> Refused:
        """Send a command that must be refused and must change nothing."""
        before = self.picture(by)
        with pytest.raises(Refused) as caught:
            self.exchange.submit(by, command, self.now)
        assert self.picture(by) == before
        assert self.exchange.advance(self.now) == ()
        return caught.value

    def picture(self, account: str) -> tuple[object, ...]:
        """All that can be read of one account and its market."""
        exchange = self.exchange
        return (
            exchange.orders(account),
            exchange.algos(account),
            exchange.fills(account),
            exchange.positions(account),
            exchange.holding(account),
            exchange.account(account),
            exchange.book(ETH),
        )

    def order(self, side: str, kind: str, quantity: Any, price: Any = None, **more: Any) -> PlaceOrder:
        """The command of an order in ETH."""
        return PlaceOrder(
            symbol=more.pop("symbol", ETH),
            side=OrderSide(side),
            order_type=OrderType(kind),
            quantity=None if quantity is None else Decimal(str(quantity)),
            price=None if price is None else Decimal(str(price)),
            **more,
        )

    def place(
        self, side: str, kind: str, quantity: Any, price: Any = None, *, by: str = "alice", **more: Any
    ) -> Order:
        """Place an order and read it back."""
        self.submit(self.order(side, kind, quantity, price, **more), by)
        return self.read(self.answer["order_id"], by)

    def read(self, order_id: int, by: str = "alice") -> Order:
        """An order that must exist."""
        order = self.exchange.order(by, order_id)
        assert order is not None
        return order

    def quote(self, mid: Any = 3400, *, size: Any = 5, levels: int = 3, step: Any = 1) -> None:
        """Let the maker quote around a price, instead of what it quoted before."""
        self.submit(CancelOrders(), "maker")
        for level in range(1, levels + 1):
            away = Decimal(str(step)) * level
            for side, price in (("BUY", Decimal(str(mid)) - away), ("SELL", Decimal(str(mid)) + away)):
                self.submit(self.order(side, "LIMIT", size, price), "maker")

    def move(self, mark: Any, *, quote: bool = True) -> tuple[Fact, ...]:
        """Move the mark price, the maker's quotes first."""
        if quote:
            self.quote(mark)
        self.now += 1_000
        self.facts = self.exchange.set_prices(ETH, self.now, mark=Decimal(str(mark)))
        self.history += self.facts
        return self.facts

    def algo(self, spec: AlgoNodeSpec, *, by: str = "alice", **more: Any) -> tuple[AlgoNode, ...]:
        """Place an algo order and read its tree."""
        self.submit(PlaceAlgo(root=spec, **more), by)
        return self.tree(self.answer["order_id"], by)

    def tree(self, order_id: int, by: str = "alice") -> tuple[AlgoNode, ...]:
        """The tree of a node."""
        return self.exchange.algo(by, order_id)

    def reported(self, facts: Sequence[Fact] | None = None) -> list[tuple[str, ...]]:
        """The reports among facts, in order, as short tuples: ordinary ones and, a node each, algo ones."""
        rows: list[tuple[str, ...]] = []
        for fact in self.facts if facts is None else facts:
            if isinstance(fact, OrderReported):
                rows.append(("order", fact.status))
            elif isinstance(fact, AlgoReported):
                rows.extend(_row(node) for node in fact.nodes if node.algo_order_id in fact.changed)
        return rows


def _row(node: Any) -> tuple[str, ...]:
    return str(node.algo_type), str(node.algo_status), str(node.trigger_status), str(node.root_algo_status)


def spec(kind: str, side: str | None = None, type: str | None = None, **more: Any) -> AlgoNodeSpec:
    """One node of an algo order in ETH; numbers may be given as text."""
    for name, value in more.items():
        if isinstance(value, (int, str)) and name not in {"client_order_id", "symbol", "trigger_price_type"}:
            more[name] = value if isinstance(value, bool) else Decimal(str(value))
    return AlgoNodeSpec(
        algo_type=AlgoType(kind),
        symbol=more.pop("symbol", ETH),
        side=None if side is None else OrderSide(side),
        type=None if type is None else OrderType(type),
        **more,
    )


def stop(side: str = "SELL", trigger: Any = 3390, quantity: Any = 1, **more: Any) -> AlgoNodeSpec:
    """A STOP, MARKET unless it has a price."""
    kind = "LIMIT" if "price" in more else "MARKET"
    return spec("STOP", side, kind, trigger_price=trigger, quantity=quantity, **more)


def legs(
    side: str, take: Any = None, loss: Any = None, type: str = "MARKET", **more: Any
) -> tuple[AlgoNodeSpec, ...]:
    """A take profit, a stop loss or both."""
    rows = (("TAKE_PROFIT", take), ("STOP_LOSS", loss))
    return tuple(spec(kind, side, type, trigger_price=at, **more) for kind, at in rows if at is not None)


def tp_sl(
    take: Any = 3420, loss: Any = 3380, quantity: Any = 1, side: str = "SELL", **more: Any
) -> AlgoNodeSpec:
    """A TP_SL that closes a long."""
    return spec("TP_SL", quantity=quantity, children=legs(side, take, loss, **more))


def positional(take: Any = 3450, loss: Any = 3370, side: str = "SELL", **more: Any) -> AlgoNodeSpec:
    """A POSITIONAL_TP_SL that closes a long."""
    return spec("POSITIONAL_TP_SL", children=legs(side, take, loss, "CLOSE_POSITION"), **more)


def trailing(side: str = "SELL", quantity: Any = 1, **more: Any) -> AlgoNodeSpec:
    """A TRAILING_STOP."""
    return spec("TRAILING_STOP", side, "MARKET", quantity=quantity, **more)


def bracket(
    child: str = "TP_SL",
    type: str = "LIMIT",
    take: Any = 3450,
    loss: Any = 3370,
    quantity: Any = 1,
    **more: Any,
) -> AlgoNodeSpec:
    """A BRACKET that buys."""
    closing = "MARKET" if child == "TP_SL" else "CLOSE_POSITION"
    inner = spec(child, children=legs("SELL", take, loss, closing))
    return spec("BRACKET", "BUY", type, quantity=quantity, children=(inner,), **more)


def wealth(floor: Floor) -> Decimal:
    """All money there is: balances, margins and unsettled PnL of all accounts, the fund's too, and the fees taken."""
    names = [*floor.exchange._state.accounts]
    held = sum((floor.exchange.holding(name).holding for name in names), floor.exchange.fees_collected)
    rows = (row for name in names for row in floor.exchange.positions(name))
    return held + sum((row.unsettled_pnl + row.margin for row in rows), Decimal(0))


def carol(floor: Floor, usdc: Any, quantity: Any, *, mode: str = "CROSS", side: str = "BUY") -> None:
    """An account that is as far out on a limb as its margin allows."""
    floor.exchange.open_account("carol", usdc=Decimal(usdc))
    floor.quote(size=quantity)
    floor.place(side, "MARKET", quantity, by="carol", margin_mode=MarginMode(mode))


def claim(floor: Floor, ratio: Any = 1, **more: Any) -> ClaimLiquidation:
    offer = floor.exchange.offers()[0]
    return ClaimLiquidation(
        liquidation_id=offer.liquidation_id, ratio_qty_request=Decimal(str(ratio)), **more
    )
