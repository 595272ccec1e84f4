"""Algo orders one can place: they wait at the venue until the mark price sets them off.

``ex.place(Stop.sell("PERP_ETH_USDC", quantity="0.5", trigger="3400"))``. Prices are in quote units (USDC),
quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.models.algo import CreatedAlgoOrder
from orderly_sync.models.enums import AlgoType, OrderSide, OrderType
from orderly_sync.rest.choices import Margin
from orderly_sync.trading.placeable import keywords, placeable
from orderly_sync.trading.placement import OrderCalls, Placement
from orderly_sync.trading.terms import number_field
from orderly_sync.wire.numbers import Number

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["AlgoRequest", "Stop", "TrailingStop", "order_type"]


@attrs.frozen(kw_only=True)
class AlgoRequest(Placement):
    """An algo order: it waits at the venue until the mark price sets it off."""

    algo_type: ClassVar[AlgoType]
    page = "https://orderly.network/docs/build-on-omnichain/restful-api/private/create-algo-order"

    def send(self, orders: OrderCalls, recv_window: int | None = None) -> CreatedAlgoOrder:
        """Place it; the venue's answer, with the root's id. ``recv_window`` as of an ordinary order."""
        return orders.create_algo(
            algo_type=self.algo_type, recv_window=recv_window, **self.terms(), **self._shared()
        )

    def terms(self) -> dict[str, Any]:
        """What is sent of it, save what every order has."""
        raise NotImplementedError


def order_type(price: Decimal | None) -> OrderType:
    """What is sent when it is set off: a limit order at a price, a market order without one."""
    return OrderType.MARKET if price is None else OrderType.LIMIT


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", trigger="3400"',
    sell='"PERP_ETH_USDC", quantity="0.5", trigger="2900", price="2890"',
)
@attrs.frozen(kw_only=True)
class Stop(AlgoRequest):
    """Set off when the mark price reaches ``trigger``: a market order, or a limit order at ``price``.

    It binds no margin until then; should there be too little, the venue reports it as failed (``trigger_status``).
    """

    algo_type = AlgoType.STOP

    quantity: Decimal | None = number_field("quantity")
    trigger: Decimal | None = number_field("trigger")
    price: Decimal | None = number_field("price")

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        trigger: Number,
        price: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy once the mark price has risen to ``trigger``."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        trigger: Number,
        price: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell once the mark price has fallen to ``trigger``."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def __attrs_post_init__(self) -> None:
        if self.quantity is None or self.trigger is None:
            raise UsageError("a Stop needs a quantity and a trigger")

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "side": self.side,
            "type": order_type(self.price),
            "quantity": self.quantity,
            "price": self.price,
            "trigger_price": self.trigger,
            "trigger_price_type": "MARK_PRICE",
        }


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", callback_rate="0.01"',
    sell='"PERP_ETH_USDC", quantity="0.5", callback_value="25", activation="3200"',
)
@attrs.frozen(kw_only=True)
class TrailingStop(AlgoRequest):
    """A market order set off when the mark price turns back from its best, by a rate or by a value in USDC.

    A rate of 0.01 is 1 %. It trails at once, or from the moment the mark price reaches ``activation``.
    """

    algo_type = AlgoType.TRAILING_STOP

    quantity: Decimal | None = number_field("quantity")
    callback_rate: Decimal | None = number_field("callback_rate")
    callback_value: Decimal | None = number_field("callback_value")
    activation: Decimal | None = number_field("activation")

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        callback_rate: Number | None = None,
        callback_value: Number | None = None,
        activation: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy once the mark price has risen back from its lowest."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        callback_rate: Number | None = None,
        callback_value: Number | None = None,
        activation: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell once the mark price has fallen back from its highest."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def __attrs_post_init__(self) -> None:
        if self.quantity is None:
            raise UsageError("a TrailingStop needs a quantity")
        if (self.callback_rate is None) is (self.callback_value is None):
            raise UsageError("a TrailingStop needs either a callback_rate or a callback_value")

    def terms(self) -> dict[str, Any]:
        """The body's own part; see ``AlgoRequest.terms``."""
        return {
            "side": self.side,
            "type": OrderType.MARKET,
            "quantity": self.quantity,
            "trigger_price_type": "MARK_PRICE",
            "callback_rate": self.callback_rate,
            "callback_value": self.callback_value,
            "activated_price": self.activation,
        }
