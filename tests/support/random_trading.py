"""Random trading, for tests that want everything to happen at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from orderly_sync import (
    Bracket,
    Limit,
    Market,
    Orderly,
    PositionalTpSl,
    RequestError,
    Stop,
    TpSl,
    TrailingStop,
)
from tests.support.paper import ETH, mark

__all__ = ["Trading"]


class Trading:
    """Random trading around a mark price that moves; what the venue refuses is simply not done."""

    def __init__(self, ex: Orderly, lots: Random) -> None:
        self.ex = ex
        self.lots = lots
        self.price = mark(ex)
        self.handles: list[Any] = []

    def step(self) -> None:
        moves: list[Callable[[], Any]] = [
            self.limit, self.limit, self.limit, self.market, self.move, self.move, self.move,
            self.stop, self.legs, self.bracket, self.trailing, self.cancel, self.edit, self.by_others,
        ]  # fmt: skip
        with contextlib.suppress(RequestError):
            self.lots.choice(moves)()

    def terms(self) -> dict[str, Any]:
        quantity = Decimal(self.lots.randint(1, 9)) / 10
        return {"symbol": ETH, "side": self.lots.choice(["BUY", "SELL"]), "quantity": quantity}

    def near(self, least: int, most: int, *, below: bool) -> Decimal:
        distance = self.lots.randint(least, most)
        return self.price + (-distance if below else distance)

    def limit(self) -> None:
        terms = self.terms()
        price = self.near(1, 12, below=terms["side"] == "BUY")
        self.handles.append(self.ex.place(Limit(**terms, price=price)))

    def market(self) -> None:
        self.ex.place(Market(**self.terms()))

    def move(self) -> None:
        self.price = min(max(self.near(1, 15, below=self.lots.random() < 0.5), Decimal(3000)), Decimal(4000))
        self.ex.paper.set_mark_price(ETH, self.price)

    def stop(self) -> None:
        terms = self.terms()
        self.handles.append(
            self.ex.place(Stop(**terms, trigger=self.near(2, 15, below=terms["side"] == "SELL")))
        )

    def legs(self) -> None:
        up, down = self.price + self.lots.randint(3, 15), self.price - self.lots.randint(3, 15)
        position = self.ex.positions.get(ETH)
        if position is None or not position.quantity:
            return
        side = "SELL" if position.quantity > 0 else "BUY"
        best, worst = (up, down) if side == "SELL" else (down, up)
        if self.lots.random() < 0.5:
            self.ex.place(TpSl(symbol=ETH, side=side, quantity="0.2", take_profit=best, stop_loss=worst))
        else:
            self.ex.place(PositionalTpSl(symbol=ETH, side=side, take_profit=best, stop_loss=worst))

    def bracket(self) -> None:
        terms = self.terms()
        long = terms["side"] == "BUY"
        up, down = self.price + self.lots.randint(12, 25), self.price - self.lots.randint(12, 25)
        self.ex.place(
            Bracket(
                **terms,
                price=self.near(1, 8, below=long),
                take_profit=up if long else down,
                stop_loss=down if long else up,
            )
        )

    def trailing(self) -> None:
        self.ex.place(TrailingStop(**self.terms(), callback_value=self.lots.randint(3, 15)))

    def cancel(self) -> None:
        if self.handles:
            handle = self.handles.pop(self.lots.randrange(len(self.handles)))
            if handle.order_id is not None and not handle.is_done:
                handle.cancel()

    def edit(self) -> None:
        if self.handles:
            handle = self.lots.choice(self.handles)
            if isinstance(handle.request, Limit) and handle.order_id is not None and not handle.is_done:
                handle.edit(price=self.near(1, 12, below=handle.request.side == "BUY"))

    def by_others(self) -> None:
        """Somebody else trades on the same account."""
        terms = self.terms()
        self.ex.rest.orders.create(
            symbol=ETH,
            order_type="LIMIT",
            side=terms["side"],
            order_price=self.near(-2, 12, below=terms["side"] == "BUY"),
            order_quantity=terms["quantity"],
        )

    def close(self) -> None:
        self.ex.rest.orders.cancel_all()
        self.ex.rest.orders.cancel_all_algo()
