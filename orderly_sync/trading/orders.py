"""What one can place: each kind of ordinary order as a value, checked before it is sent.

``ex.place(Limit.buy("PERP_ETH_USDC", quantity="0.5", price="3400"))``. Prices are in quote units (USDC),
quantities in base units; both take str, int, Decimal or float.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import attrs

from orderly_sync.errors import BadRequest, UsageError
from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.order import CreatedOrder
from orderly_sync.rest.choices import Margin
from orderly_sync.trading.placeable import keywords, placeable
from orderly_sync.trading.placement import OrderCalls, Placement
from orderly_sync.trading.rules import check_notional
from orderly_sync.trading.terms import number_field
from orderly_sync.wire.numbers import Number

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "Fok",
    "Ioc",
    "Limit",
    "Market",
    "OrderRequest",
    "PostOnly",
]


@attrs.frozen(kw_only=True)
class OrderRequest(Placement):
    """An ordinary order."""

    order_type: ClassVar[OrderType]
    page = "https://orderly.network/docs/build-on-omnichain/restful-api/private/create-order"

    quantity: Decimal | None = number_field("quantity")
    price: Decimal | None = number_field("price")
    visible_quantity: Decimal | None = number_field("visible_quantity")

    def __attrs_post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        if self.price is None or self.quantity is None:
            raise UsageError(f"a {self.order_type} order needs a price and a quantity")

    def check(self, rules: SymbolRules) -> None:
        """Hold it against the symbol's rules.

        Raises:
            InvalidOrder: Price, quantity or notional; the message names the nearest valid value.
        """
        super().check(rules)
        if self.price is not None and self.quantity is not None:
            check_notional(rules, self.price, self.quantity)

    def send(self, orders: OrderCalls, recv_window: int | None = None) -> CreatedOrder:
        """Place it; the venue's answer. Later than ``recv_window`` ms the venue must not take it any more.

        Raises:
            BadRequest: The venue answered with an error of its own inside a success.
        """
        created = orders.create(
            order_type=self.order_type,
            side=self.side,
            order_price=self.price,
            order_quantity=self.quantity,
            visible_quantity=self.visible_quantity,
            recv_window=recv_window,
            **self._extra(),
            **self._shared(),
        )
        if created.error is not None:
            raise BadRequest(None, created.error, 200, "/v1/order", "POST")
        return created

    def _extra(self) -> Mapping[str, Any]:
        return {}


@attrs.frozen(kw_only=True)
class _Priced(OrderRequest):
    """An order at a price."""

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number,
        visible_quantity: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy at ``price`` or lower."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number,
        visible_quantity: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell at ``price`` or higher."""
        return cls(side=OrderSide.SELL, **keywords(locals()))


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", price="3000"',
    sell='"PERP_ETH_USDC", quantity="0.5", price="3400"',
)
@attrs.frozen(kw_only=True)
class Limit(_Priced):
    """Trades at the price or better at once; what is left stays on the book until it trades or is cancelled.

    The venue refuses a price too far from the mark price (``price_range`` and ``price_scope`` of the symbol), and
    cancels a resting order once the mark price has moved that far from it.
    """

    order_type = OrderType.LIMIT


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", price="3000"',
    sell='"PERP_ETH_USDC", quantity="0.5", price="3400"',
)
@attrs.frozen(kw_only=True)
class Ioc(_Priced):
    """Trades what it can at the price or better, at once; the rest is cancelled (immediate or cancel)."""

    order_type = OrderType.IOC


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", price="3000"',
    sell='"PERP_ETH_USDC", quantity="0.5", price="3400"',
)
@attrs.frozen(kw_only=True)
class Fok(_Priced):
    """Trades whole at the price or better, at once; or is cancelled without a fill (fill or kill)."""

    order_type = OrderType.FOK


@placeable(
    buy='"PERP_ETH_USDC", quantity="0.5", price="3000", adjust=True',
    sell='"PERP_ETH_USDC", quantity="0.5", price="3400"',
)
@attrs.frozen(kw_only=True)
class PostOnly(OrderRequest):
    """Only ever a maker: cancelled if it would trade at once, or moved one tick away with ``adjust``."""

    order_type = OrderType.POST_ONLY

    adjust: bool = False

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number,
        visible_quantity: Number | None = None,
        adjust: bool = False,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy at ``price``, as a maker."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number,
        price: Number,
        visible_quantity: Number | None = None,
        adjust: bool = False,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell at ``price``, as a maker."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def _extra(self) -> Mapping[str, Any]:
        return {"post_only_adjust": True} if self.adjust else {}


@placeable(buy='"PERP_ETH_USDC", quantity="0.1"', sell='"PERP_ETH_USDC", amount="500", slippage="0.01"')
@attrs.frozen(kw_only=True)
class Market(OrderRequest):
    """Trades at once at whatever the book offers, by ``quantity`` or by ``amount``; what finds nothing is cancelled.

    The venue goes no farther from the mark price than ``price_range`` of the symbol, or ``slippage`` if that is less.
    """

    order_type = OrderType.MARKET
    refused: ClassVar[Mapping[str, str]] = {"price": "a MARKET order has no price; use Ioc or Limit"}

    price: Decimal | None = attrs.field(default=None, init=False)
    amount: Decimal | None = number_field("amount")
    slippage: Decimal | None = number_field("slippage")

    @classmethod
    def buy(
        cls,
        symbol: str,
        *,
        quantity: Number | None = None,
        amount: Number | None = None,
        slippage: Number | None = None,
        visible_quantity: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Buy now."""
        return cls(side=OrderSide.BUY, **keywords(locals()))

    @classmethod
    def sell(
        cls,
        symbol: str,
        *,
        quantity: Number | None = None,
        amount: Number | None = None,
        slippage: Number | None = None,
        visible_quantity: Number | None = None,
        reduce_only: bool | None = None,
        client_order_id: str | None = None,
        order_tag: str | None = None,
        margin_mode: Margin | None = None,
    ) -> Self:
        """Sell now."""
        return cls(side=OrderSide.SELL, **keywords(locals()))

    def _check(self) -> None:
        if (self.quantity is None) is (self.amount is None):
            raise UsageError("a MARKET order needs either a quantity or an amount")

    def _extra(self) -> Mapping[str, Any]:
        return {"order_amount": self.amount, "slippage": self.slippage}
