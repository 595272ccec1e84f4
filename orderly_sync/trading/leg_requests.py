"""Algo orders that take profit and stop loss: by themselves, or as the legs of an entry.

``ex.place(TpSl.sell("PERP_ETH_USDC", quantity="0.5", take_profit="3400", stop_loss="2900"))`` guards a long position.
Prices are in quote units (USDC), quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import AlgoType, OrderSide, OrderType
from orderly_sync.rest.choices import Margin
from orderly_sync.trading.algo_requests import AlgoRequest, order_type
from orderly_sync.trading.placeable import keywords, placeable
from orderly_sync.trading.terms import number_field
from orderly_sync.wire.numbers import Number

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["Bracket", "PositionalTpSl", "TpSl"]


def _check_legs(name: str, take_profit: Decimal | None, stop_loss: Decimal | None, *, sells: bool) -> None:
    """Refuse legs that are missing, and those of which one would fire at once, wherever the mark price is."""
    if take_profit is None and stop_loss is None:
        raise UsageError(f"a {name} needs a take_profit, a stop_loss or both")
    if take_profit is None or stop_loss is None:
        return
    if take_profit <= stop_loss if sells else take_profit >= stop_loss:
        raise UsageError(
            f"take_profit {take_profit} must be {'above' if sells else 'below'} stop_loss {stop_loss}: "
            "one of them would fire at once, wherever the mark price is"
        )


@attrs.frozen(kw_only=True)
class _Legs(AlgoRequest):
    """Take profit, stop loss or both; ``side`` is the side of the legs, so SELL protects a long position."""

    take_profit: Decimal | None = number_field("take_profit")
    stop_loss: Decimal | None = number_field("stop_loss")

    def __attrs_post_init__(self) -> None:
        _check_legs(type(self).__name__, self.take_profit, self.stop_loss, sells=self.side == OrderSide.SELL)

    def _leg(
        self, kind: AlgoType, trigger: Decimal, sent: OrderType, price: Decimal | None
    ) -> dict[str, object]:
        leg = {
            "symbol": self.symbol,
            "algo_type": kind,
            "side": self.side,
            "type": sent,
            "trigger_price": trigger,
            "reduce_only": True,
        }
        return leg if price is None else {**leg, "price": price}

    def _closing_legs(self) -> list[dict[str, object]]:
        pairs = ((AlgoType.TAKE_PROFIT, self.take_profit), (AlgoType.STOP_LOSS, self.stop_loss))
        return [self._leg(kind, at, OrderType.CLOSE_POSITION, None) for kind, at in pairs if at is not None]


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", take_profit="2900", stop_loss="3400"',
    sell='"PERP_ETH_USDC", quantity="0.5", take_profit="3400", stop_loss="2900", stop_loss_price="2890"',
)
@attrs.frozen(kw_only=True)
class TpSl(_Legs):
    """Take profit and stop loss for a quantity; the first to fire cancels the other.

    ``side`` is the side of the legs. The venue keeps at most ten of an account that have not fired.
    """

    algo_type = AlgoType.TP_SL

    quantity: Decimal | None = number_field("quantity")
    take_profit_price: Decimal | None = number_field("take_profit_price")
    stop_loss_price: Decimal | None = number_field("stop_loss_price")

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        take_profit_price: Number | None = None,
        stop_loss_price: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy back a short position: take its profit below, stop its loss above."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        take_profit_price: Number | None = None,
        stop_loss_price: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell a long position: take its profit above, stop its loss below."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.quantity is None:
            raise UsageError("a TpSl needs a quantity; PositionalTpSl closes whatever the position is")

    def _sized_legs(self) -> list[dict[str, object]]:
        rows = (
            (AlgoType.TAKE_PROFIT, self.take_profit, self.take_profit_price),
            (AlgoType.STOP_LOSS, self.stop_loss, self.stop_loss_price),
        )
        return [self._leg(kind, at, order_type(price), price) for kind, at, price in rows if at is not None]

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "child_orders": self._sized_legs(),
        }


@placeable(
    buy='"PERP_ETH_USDC", take_profit="2900", stop_loss="3400"',
    sell='"PERP_ETH_USDC", take_profit="3400", stop_loss="2900"',
)
@attrs.frozen(kw_only=True)
class PositionalTpSl(_Legs):
    """Take profit and stop loss for the whole position, whatever its size when one fires.

    ``side`` is the side of the legs. The venue keeps one of each symbol and side that has not fired.
    """

    algo_type = AlgoType.POSITIONAL_TP_SL

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Close a short position: take its profit below, stop its loss above."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Close a long position: take its profit above, stop its loss below."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {"trigger_price_type": "MARK_PRICE", "child_orders": self._closing_legs()}


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", price="3000", take_profit="3400", stop_loss="2900"',
    sell='"PERP_ETH_USDC", quantity="0.5", take_profit="2900", stop_loss="3400", positional=True',
)
@attrs.frozen(kw_only=True)
class Bracket(AlgoRequest):
    """An entry at once (limit at ``price``, else market) whose take profit and stop loss arm when it executes.

    ``side`` is the entry's. With ``positional`` the legs close the whole position, else the executed quantity.
    """

    algo_type = AlgoType.BRACKET

    quantity: Decimal | None = number_field("quantity")
    price: Decimal | None = number_field("price")
    take_profit: Decimal | None = number_field("take_profit")
    stop_loss: Decimal | None = number_field("stop_loss")
    take_profit_price: Decimal | None = number_field("take_profit_price")
    stop_loss_price: Decimal | None = number_field("stop_loss_price")
    positional: bool = False

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number | None = None,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        take_profit_price: Number | None = None,
        stop_loss_price: Number | None = None,
        positional: bool = False,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy, with legs that sell: the profit above the entry, the loss below."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number | None = None,
        take_profit: Number | None = None,
        stop_loss: Number | None = None,
        take_profit_price: Number | None = None,
        stop_loss_price: Number | None = None,
        positional: bool = False,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell, with legs that buy: the profit below the entry, the loss above."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a Bracket needs a quantity")
        _check_legs("Bracket", self.take_profit, self.stop_loss, sells=self.side == OrderSide.BUY)

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        legs = TpSl(
            symbol=self.symbol,
            side=self.side.opposite,
            quantity=self.quantity,
            take_profit=self.take_profit,
            stop_loss=self.stop_loss,
            take_profit_price=self.take_profit_price,
            stop_loss_price=self.stop_loss_price,
        )
        kind = AlgoType.POSITIONAL_TP_SL if self.positional else AlgoType.TP_SL
        children = legs._closing_legs() if self.positional else legs._sized_legs()  # noqa: SLF001
        return {
            "side": self.side,
            "type": order_type(self.price),
            "quantity": self.quantity,
            "price": self.price,
            "child_orders": [{"symbol": self.symbol, "algo_type": kind, "child_orders": children}],
        }
