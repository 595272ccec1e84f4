"""From the request of an algo order to its nodes: every type's own form, checked against the symbol's rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.models.enums import (
    AlgoType,
    MarginMode,
    OrderSide,
    OrderType,
)
from orderly_sync.venue.engine.commands import AlgoNodeSpec, PlaceAlgo, PlaceOrder
from orderly_sync.venue.engine.orders import LEGS, AlgoNode, trailed
from orderly_sync.venue.engine.refusals import Refused, plain
from orderly_sync.venue.engine.rules.form import finite
from orderly_sync.venue.engine.rules.numbers import check_notional, check_price, check_quantity
from orderly_sync.venue.engine.state import Account, MarketState
from orderly_sync.venue.engine.trees import CONTAINERS
from orderly_sync.wire.error_codes import INVALID_PARAM, SIZE_FILTER

__all__ = ["LEG_TYPES", "AlgoOrderParser", "check_callback", "check_leg", "entry_command", "numbered"]

_ZERO = Decimal(0)
# Algo orders have been seen with underscores in their ids, ordinary orders have not.
_CLIENT_ORDER_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,35}")
_RATE_MIN, _RATE_MAX, _RATE_STEP = Decimal("0.001"), Decimal("0.05"), Decimal("0.001")
_SIMPLE = (OrderType.LIMIT, OrderType.MARKET)
_CLOSING = (OrderType.LIMIT, OrderType.CLOSE_POSITION)
LEG_TYPES = {AlgoType.TP_SL: _SIMPLE, AlgoType.POSITIONAL_TP_SL: _CLOSING}
"""What the legs under each container may send."""
_TAG_LENGTH = 128


def entry_command(root: AlgoNode, slippage: Decimal | None = None) -> PlaceOrder:
    """The ordinary order that enters a bracket."""
    assert root.type is not None
    return PlaceOrder(
        symbol=root.symbol,
        side=root.side,
        order_type=root.type,
        price=root.price,
        quantity=root.quantity,
        visible_quantity=None if root.visible_quantity == root.quantity else root.visible_quantity,
        reduce_only=root.reduce_only,
        slippage=slippage,
        order_tag=root.order_tag,
        margin_mode=root.margin_mode,
    )


def check_callback(market: MarketState, rate: Decimal | None, value: Decimal | None) -> None:
    """Refuse a trailing distance that is missing, doubled or out of range."""
    if (rate is None) == (value is None):
        raise Refused(INVALID_PARAM, "exactly one of callback_rate and callback_value is required")
    if rate is not None and (not _RATE_MIN <= rate <= _RATE_MAX or rate % _RATE_STEP):
        nearest = min(_RATE_MAX, max(_RATE_MIN, round(rate, 3)))
        raise Refused(
            INVALID_PARAM,
            f"callback_rate {plain(rate)} must be 0.001 to 0.05 in steps of 0.001; the nearest is {plain(nearest)}",
        )
    if value is not None and not 0 < value < market.mark:
        raise Refused(
            INVALID_PARAM,
            f"callback_value {plain(value)} must be above 0 and below mark {plain(market.mark)}",
        )


def check_leg(market: MarketState, node: AlgoNode) -> None:
    """Refuse a trigger or limit price that the market does not know."""
    if node.trigger_price is None:
        raise Refused(INVALID_PARAM, f"trigger_price is required for {node.algo_type}")
    check_price(market.rules, node.trigger_price, "trigger_price")
    if node.type is OrderType.LIMIT:
        if node.price is None:
            raise Refused(INVALID_PARAM, f"price is required for a LIMIT {node.algo_type}")
        check_price(market.rules, node.price, "price")


def numbered(nodes: list[AlgoNode], next_id: Callable[[], int]) -> list[AlgoNode]:
    """The nodes with their ids, given in their order, so that the root's is the smallest."""
    ids = [next_id() for _ in nodes]
    nested = nodes[0].algo_type is AlgoType.BRACKET
    placed = []
    for own, node in zip(ids, nodes, strict=True):
        parent = 0 if own == ids[0] else ids[1] if nested and node.algo_type in LEGS else ids[0]
        placed.append(
            attrs.evolve(node, algo_order_id=own, root_algo_order_id=ids[0], parent_algo_order_id=parent)
        )
    return placed


class AlgoOrderParser:
    """The nodes of one request.

    Args:
        market: Of the root's symbol.
        account: Whose position gives a positional order its side where the request does not.
        command: The request.
        now: ms.
    """

    def __init__(self, market: MarketState, account: Account, command: PlaceAlgo, now: int) -> None:
        self._market = market
        self._account = account
        self._command = command
        self._now = now
        self._mode = command.margin_mode or account.default_modes.get(market.rules.symbol, MarginMode.CROSS)

    def nodes(self) -> list[AlgoNode]:
        """The nodes in order, root first, without ids.

        Raises:
            Refused: The request does not make an algo order.
        """
        root = self._command.root
        self._common(root)
        makers = {
            AlgoType.STOP: self._stop,
            AlgoType.TRAILING_STOP: self._trailing,
            AlgoType.TP_SL: self._tp_sl,
            AlgoType.POSITIONAL_TP_SL: self._positional,
            AlgoType.BRACKET: self._bracket,
        }
        maker = makers.get(root.algo_type)
        if maker is None:
            raise Refused(
                INVALID_PARAM,
                f"algo_type {root.algo_type} cannot be a root; send one of {', '.join(map(str, makers))}",
            )
        return maker(root)

    def _common(self, spec: AlgoNodeSpec) -> None:
        """What holds for every node of the request."""
        client_id = self._command.client_order_id if spec is self._command.root else None
        for text in (spec.client_order_id, client_id):
            if text is not None and not _CLIENT_ORDER_ID.fullmatch(text):
                raise Refused(
                    INVALID_PARAM,
                    f"client_order_id {text!r} must be 1 to 36 letters, digits, _ or -, no hyphen first",
                )
        tag = self._command.order_tag
        if tag is not None and len(tag) > _TAG_LENGTH:
            raise Refused(INVALID_PARAM, f"order_tag has {len(tag)} characters, {_TAG_LENGTH} are allowed")
        if spec.symbol not in {None, self._market.rules.symbol}:
            raise Refused(INVALID_PARAM, f"all nodes trade {self._market.rules.symbol}, not {spec.symbol}")
        if spec.trigger_price_type not in {None, "MARK_PRICE"}:
            raise Refused(
                INVALID_PARAM,
                f"trigger_price_type {spec.trigger_price_type} is not known; only MARK_PRICE triggers",
            )
        finite(
            quantity=spec.quantity,
            price=spec.price,
            trigger_price=spec.trigger_price,
            visible_quantity=spec.visible_quantity,
            activated_price=spec.activated_price,
            callback_rate=spec.callback_rate,
            callback_value=spec.callback_value,
        )
        for child in spec.children:
            self._common(child)

    def _node(self, spec: AlgoNodeSpec, side: OrderSide, **fields: Any) -> AlgoNode:
        quantity = fields.pop("quantity", spec.quantity or _ZERO)
        base = AlgoNode(
            algo_order_id=0,
            root_algo_order_id=0,
            parent_algo_order_id=0,
            account_id=self._account.account_id,
            symbol=self._market.rules.symbol,
            algo_type=spec.algo_type,
            side=side,
            type=spec.type,
            price=spec.price if spec.type is not OrderType.MARKET else None,
            trigger_price=spec.trigger_price,
            margin_mode=self._mode,
            client_order_id=spec.client_order_id,
            order_tag=self._command.order_tag,
            reduce_only=bool(spec.reduce_only),
            created_time=self._now,
            updated_time=self._now,
        )
        shown = quantity if spec.visible_quantity is None else spec.visible_quantity
        return attrs.evolve(base, quantity=quantity, visible_quantity=shown, **fields)

    def _root_client_id(self) -> str | None:
        return self._command.client_order_id or self._command.root.client_order_id

    def _sized(self, spec: AlgoNodeSpec, price: Decimal | None) -> Decimal:
        """The quantity of a node, checked."""
        if spec.quantity is None:
            raise Refused(INVALID_PARAM, f"quantity is required for {spec.algo_type}")
        check_quantity(self._market.rules, spec.quantity, "quantity")
        if spec.visible_quantity is not None and not 0 <= spec.visible_quantity <= spec.quantity:
            raise Refused(SIZE_FILTER, f"visible_quantity must be from 0 to {plain(spec.quantity)}")
        if not spec.reduce_only:
            check_notional(self._market.rules, price or self._market.mark, spec.quantity)
        return spec.quantity

    @staticmethod
    def _sided(spec: AlgoNodeSpec) -> OrderSide:
        if spec.side is None:
            raise Refused(INVALID_PARAM, f"side is required for {spec.algo_type}")
        return spec.side

    @staticmethod
    def _single(spec: AlgoNodeSpec, *types: OrderType) -> None:
        if spec.children:
            raise Refused(INVALID_PARAM, f"{spec.algo_type} takes no child_orders")
        if spec.type not in types:
            raise Refused(
                INVALID_PARAM, f"type {spec.type} of {spec.algo_type} must be {' or '.join(map(str, types))}"
            )

    def _stop(self, spec: AlgoNodeSpec) -> list[AlgoNode]:
        self._single(spec, *_SIMPLE)
        node = self._node(spec, self._sided(spec), client_order_id=self._root_client_id())
        check_leg(self._market, node)
        self._sized(spec, node.price or node.trigger_price)
        return [node]

    def _trailing(self, spec: AlgoNodeSpec) -> list[AlgoNode]:
        self._single(spec, OrderType.MARKET)
        side = self._sided(spec)
        check_callback(self._market, spec.callback_rate, spec.callback_value)
        if spec.activated_price is not None:
            check_price(self._market.rules, spec.activated_price, "activated_price")
        self._sized(spec, spec.activated_price)
        waits = spec.activated_price is not None
        node = self._node(
            spec,
            side,
            trigger_price=None,
            activated_price=spec.activated_price,
            callback_rate=spec.callback_rate,
            callback_value=spec.callback_value,
            is_activated=not waits,
            extreme_price=None if waits else self._market.mark,
            client_order_id=self._root_client_id(),
        )
        # A mark price beyond the activation price activates at once (assumed).
        return [trailed(node, self._market.mark)]

    def _tp_sl(self, spec: AlgoNodeSpec) -> list[AlgoNode]:
        sizes = {child.quantity for child in spec.children} - {None}
        wanted = {spec.quantity} - {None} or sizes
        if len(wanted | sizes) > 1:
            raise Refused(INVALID_PARAM, "quantity of TP_SL must be the same on the root and on all children")
        sized = attrs.evolve(spec, quantity=next(iter(wanted), None), reduce_only=True)
        quantity = self._sized(sized, None)
        legs = self._legs(spec, quantity, None, _SIMPLE)
        return [self._container(spec, legs[0].side, quantity, self._root_client_id()), *legs]

    def _positional(self, spec: AlgoNodeSpec) -> list[AlgoNode]:
        if spec.quantity:
            raise Refused(INVALID_PARAM, "POSITIONAL_TP_SL closes the whole position; leave quantity out")
        legs = self._legs(spec, _ZERO, None, _CLOSING)
        return [self._container(spec, legs[0].side, _ZERO, self._root_client_id()), *legs]

    def _bracket(self, spec: AlgoNodeSpec) -> list[AlgoNode]:
        side = self._sided(spec)
        if spec.type is None or spec.quantity is None:
            raise Refused(INVALID_PARAM, "type and quantity are required for BRACKET")
        if len(spec.children) != 1 or spec.children[0].algo_type not in CONTAINERS:
            raise Refused(INVALID_PARAM, "a BRACKET has one child: TP_SL or POSITIONAL_TP_SL")
        child = spec.children[0]
        if child.algo_type is AlgoType.POSITIONAL_TP_SL and child.quantity:
            raise Refused(INVALID_PARAM, "POSITIONAL_TP_SL closes the whole position; leave quantity out")
        for each in (child, *child.children):
            if each.quantity not in {None, _ZERO, spec.quantity}:
                raise Refused(
                    INVALID_PARAM,
                    f"the legs of a BRACKET close what its entry fills, at most {plain(spec.quantity)}",
                )
        simple = child.algo_type is AlgoType.TP_SL
        types = _SIMPLE if simple else _CLOSING
        legs = self._legs(child, _ZERO, side.opposite, types)
        root = self._node(spec, side, trigger_price=None, client_order_id=self._root_client_id())
        return [root, self._container(child, side.opposite, _ZERO, child.client_order_id), *legs]

    def _container(
        self, spec: AlgoNodeSpec, side: OrderSide, quantity: Decimal, client_id: str | None
    ) -> AlgoNode:
        return self._node(
            spec,
            side,
            quantity=quantity,
            type=None,
            price=None,
            trigger_price=None,
            reduce_only=True,
            client_order_id=client_id,
        )

    def _legs(
        self, spec: AlgoNodeSpec, quantity: Decimal, side: OrderSide | None, types: tuple[OrderType, ...]
    ) -> list[AlgoNode]:
        kinds = [child.algo_type for child in spec.children]
        if not kinds or len(set(kinds)) < len(kinds) or not set(kinds) <= set(LEGS):
            raise Refused(
                INVALID_PARAM,
                f"{spec.algo_type} has a TAKE_PROFIT, a STOP_LOSS or one of each as child_orders",
            )
        closing = self._closing_side(spec, side)
        legs = []
        for child in spec.children:
            typed = attrs.evolve(child, type=child.type or types[-1])
            if typed.type not in types:
                raise Refused(
                    INVALID_PARAM,
                    f"type {typed.type} of {child.algo_type} must be {' or '.join(map(str, types))}",
                )
            price = typed.price if typed.type is OrderType.LIMIT else None
            leg = self._node(typed, closing, quantity=quantity, price=price, reduce_only=True)
            check_leg(self._market, leg)
            legs.append(leg)
        return legs

    def _closing_side(self, spec: AlgoNodeSpec, side: OrderSide | None) -> OrderSide:
        """The side of all legs: the children's, else the root's (assumed), else what closes the position."""
        sides = {child.side for child in spec.children} - {None}
        if side is not None:
            sides.add(side)
        if len(sides) > 1:
            raise Refused(INVALID_PARAM, f"the legs must all trade on the closing side, {side or 'one side'}")
        found = next(iter(sides), None) or spec.side
        if found is not None:
            return found
        held = self._account.entry((self._market.rules.symbol, self._mode)).quantity
        if not held:
            raise Refused(
                INVALID_PARAM,
                f"side is required: there is no position in {self._market.rules.symbol} to close",
            )
        return OrderSide.SELL if held > 0 else OrderSide.BUY
