"""The simulated market around the accounts: makers who quote, takers who trade, and a walk of prices. Pure and seeded.

The exchange is not touched here: the functions say which prices to set and which commands the simulated accounts send.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from random import Random

import attrs

from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.venue.engine.commands import CancelOrder, Command, PlaceOrder
from orderly_sync.venue.engine.orders import Order
from orderly_sync.venue.engine.symbols import SymbolRules

__all__ = ["CROWD", "KINDS", "MAKER", "CrowdOrder", "Quotes", "SimulatedMarket"]

MAKER = "paper-maker"
"""The account id of the simulated makers."""
CROWD = "paper-crowd"
"""The account id of the simulated takers."""

_LEVELS = 15
_BPS = Decimal("0.0001")
_GRID_BPS = Decimal(3)
_LEAST_NOTIONAL, _MOST_NOTIONAL = 8_000, 60_000
_CROWD_LEAST, _CROWD_MOST = 50, 2_500


@attrs.frozen(kw_only=True)
class _Regime:
    """How a market moves: standard deviation and jumps of a step in basis points, chance of a jump and of a trade."""

    sigma: float
    jump_chance: float
    jump: float
    trades: float


KINDS: dict[str, _Regime] = {
    "frozen": _Regime(sigma=0, jump_chance=0, jump=0, trades=0),
    "calm": _Regime(sigma=1, jump_chance=0, jump=0, trades=0.35),
    "volatile": _Regime(sigma=8, jump_chance=0.01, jump=60, trades=0.8),
    "followed": _Regime(sigma=0, jump_chance=0, jump=0, trades=0),
}
"""The markets a venue can open with. A frozen one moves only when it is told to; so does a followed one, whose prices
come from elsewhere, but its time runs."""


def _chances(rules: Sequence[SymbolRules], seed: int, purpose: str) -> dict[str, Random]:
    return {each.symbol: Random(f"{seed}/{purpose}/{each.symbol}") for each in rules}  # noqa: S311 - a simulation


@attrs.frozen(kw_only=True)
class Quotes:
    """What the makers do to a book: first the cancellations, then the new orders."""

    cancels: tuple[CancelOrder, ...]
    places: tuple[PlaceOrder, ...]

    def commands(self) -> Iterable[Command]:
        """All of it, in order."""
        yield from self.cancels
        yield from self.places


@attrs.frozen
class CrowdOrder:
    """A market order of the crowd."""

    command: PlaceOrder


class SimulatedMarket:
    """Makers, crowd and price walk of one venue.

    Args:
        rules: The symbols, in order.
        kind: A name of ``KINDS``.
        seed: The same seed gives the same steps.
    """

    def __init__(self, rules: Sequence[SymbolRules], kind: str, seed: int) -> None:
        self._rules = {each.symbol: each for each in rules}
        self._temper = KINDS[kind]
        # One source of chance a symbol and purpose: what is asked of one symbol must not change another.
        self._walks = _chances(rules, seed, "walk")
        self._sizes = _chances(rules, seed, "sizes")
        self._crowd = _chances(rules, seed, "crowd")
        self._best: dict[str, tuple[Decimal, Decimal]] = {}
        self.halted: frozenset[str] = frozenset()
        """Symbols whose price nobody knows for now: makers stay away from them."""

    @property
    def moves(self) -> bool:
        """Whether prices walk by themselves."""
        return self._temper.sigma > 0

    def next_mark(self, symbol: str, mark: Decimal) -> Decimal:
        """The mark price one step later, on the tick."""
        chance = self._walks[symbol]
        step = chance.gauss(0.0, self._temper.sigma)
        if chance.random() < self._temper.jump_chance:
            step += chance.choice((-1.0, 1.0)) * self._temper.jump
        moved = mark * Decimal(repr(math.exp(step * 1e-4)))
        return self._on_tick(symbol, moved)

    def index(self, symbol: str, mark: Decimal) -> Decimal:
        """An index price near a mark price: up to 1.5 basis points apart in a moving market, equal in a frozen one."""
        if not self.moves:
            return mark
        apart = Decimal(self._walks[symbol].randint(-15, 15)) / 10
        return self._on_tick(symbol, mark * (1 + apart * _BPS))

    def follow(self, symbol: str, best: tuple[Decimal, Decimal] | None) -> None:
        """Have the makers' best bid and ask stand at these prices from now on; None has them follow the mark price."""
        if best is None:
            self._best.pop(symbol, None)
        else:
            self._best[symbol] = best

    def quotes(self, symbol: str, mark: Decimal, resting: Iterable[Order]) -> Quotes:
        """What makers do so that they quote around ``mark``.

        Args:
            symbol: The book.
            mark: The price to quote around.
            resting: The makers' open orders in it; those on the ladder stay and keep their place.
        """
        ladder = {} if symbol in self.halted else self._ladder(symbol, mark)
        stale, kept = [], set()
        for order in resting:
            place = (order.side, order.price)
            if order.price is None or place not in ladder or place in kept:
                stale.append(CancelOrder(symbol=symbol, order_id=order.order_id))
            else:
                kept.add((order.side, order.price))
        new = (self._quote(symbol, side, price) for side, price in ladder if (side, price) not in kept)
        return Quotes(cancels=tuple(stale), places=tuple(new))

    def crowd(self, symbol: str, mark: Decimal) -> list[CrowdOrder]:
        """The market orders of the crowd in this step."""
        chance = self._crowd[symbol]
        if chance.random() >= self._temper.trades:
            return []
        side = OrderSide.BUY if chance.random() < 0.5 else OrderSide.SELL  # noqa: PLR2004
        quantity = self._rules[symbol].quantity_above(chance.randint(_CROWD_LEAST, _CROWD_MOST) / mark)
        return [
            CrowdOrder(PlaceOrder(symbol=symbol, side=side, order_type=OrderType.MARKET, quantity=quantity)),
        ]

    def _on_tick(self, symbol: str, price: Decimal) -> Decimal:
        rules = self._rules[symbol]
        below, above = rules.price_below(price), rules.price_above(price)
        return below if price - below <= above - price else above

    def _ladder(self, symbol: str, mark: Decimal) -> dict[tuple[OrderSide, Decimal], None]:
        """The makers' prices: rungs of a fixed grid, so that most of them stay when the mark moves a little."""
        rules = self._rules[symbol]
        tick = rules.quote_tick
        rung = tick * max(1, round(mark * _GRID_BPS * _BPS / tick))
        bid, ask = self._best.get(symbol, (mark, mark))
        below = (bid // rung) * rung
        if below == bid:
            below -= rung
        above = (ask // rung) * rung + rung
        ladder: dict[tuple[OrderSide, Decimal], None] = {}
        if bid < ask:
            ladder[OrderSide.BUY, rules.price_below(bid)] = None
            ladder[OrderSide.SELL, rules.price_above(ask)] = None
        for step in range(_LEVELS):
            for side, price in ((OrderSide.BUY, below - step * rung), (OrderSide.SELL, above + step * rung)):
                if rules.first_price <= price <= rules.quote_max:
                    ladder[side, price] = None
        return ladder

    def _quote(self, symbol: str, side: OrderSide, price: Decimal) -> PlaceOrder:
        rules = self._rules[symbol]
        notional = self._sizes[symbol].randint(_LEAST_NOTIONAL, _MOST_NOTIONAL)
        quantity = min(rules.base_max, rules.quantity_above(notional / price))
        return PlaceOrder(
            symbol=symbol, side=side, order_type=OrderType.LIMIT, price=price, quantity=quantity
        )
