"""How old the prices of a followed market are, and what becomes of the market meanwhile."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.clock import ManualClock
from orderly_sync.models.enums import OrderSide, OrderType
from orderly_sync.venue.engine.commands import PlaceOrder
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.accounts import paper_accounts
from orderly_sync.venue.server.core import Core
from orderly_sync.venue.server.source import STALE_SECONDS, Source
from orderly_sync.venue.server.timing import FlowingTime

ETH, BTC = "PERP_ETH_USDC", "PERP_BTC_USDC"


class Subscriber:
    """Whoever subscribed; what it was sent."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.account_id = None

    def send(self, frame: str) -> None:
        self.frames.append(frame)


class Followed:
    """A venue that follows a source in the hands of the test."""

    def __init__(self, *, watched: bool = True) -> None:
        self.clock = ManualClock()
        self.account, self.other = (one.account_id for one in paper_accounts(1, 2))
        self.core = Core(
            accounts=paper_accounts(1, 2),
            time=FlowingTime(self.clock),
            clock=self.clock,
            kind="followed",
            seed=1,
        )
        self.source = Source(self.core.trading, self.clock)
        self.heard: list[tuple[str, ...]] = []
        self.source.listen(lambda stale, _age: self.heard.append(stale))
        if watched:
            self.source.watch("elsewhere")

    def tell(self, symbol: str = ETH, **prices: str) -> None:
        told = {symbol: {name: Decimal(price) for name, price in prices.items()}}
        self.source.told(told)
        self.core.trading.set_market(symbol, told[symbol])

    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.source.check()

    def levels(self, symbol: str = ETH) -> int:
        book = self.core.exchange.book(symbol)
        return len(book.bids) + len(book.asks)

    def send(
        self, kind: OrderType, side: OrderSide = OrderSide.BUY, price: str | None = None, who: str = ""
    ) -> None:
        with contextlib.suppress(Refused):
            self.core.trading.submit(
                who or self.account,
                PlaceOrder(
                    symbol=ETH,
                    side=side,
                    order_type=kind,
                    quantity=Decimal("0.1"),
                    price=None if price is None else Decimal(price),
                ),
            )

    @property
    def fills(self) -> int:
        return len(self.core.snapshot(self.account)["fills"])

    def pushes(self, topic: str) -> int:
        """How many frames of a topic a second brings to somebody who subscribed to it now."""
        listener: Any = Subscriber()
        wanted = self.core.topic(topic)
        self.core.publisher.subscribe(listener, wanted)
        self.core.broadcast.send_initial(listener, wanted)
        self.core.broadcast.publish_periodic(60)
        self.core.publisher.forget(listener)
        return len(listener.frames)


@pytest.mark.parametrize("kind", [OrderType.MARKET, OrderType.LIMIT, OrderType.IOC, OrderType.FOK])
def test_nothing_is_matched_against_old_prices(kind: OrderType):
    """Whatever the order: it fills while prices come, and not once they are too old; then again."""
    price = None if kind is OrderType.MARKET else "3150"
    here = Followed()
    here.tell(mark="3100", bid="3099", ask="3101")
    here.send(kind, price=price)
    assert here.fills == 1
    here.wait(STALE_SECONDS)
    assert here.levels() == 0
    here.send(kind, price=price)
    assert here.fills == 1
    here.tell(mark="3100", bid="3099", ask="3101")
    assert here.levels() > 0
    here.send(kind, price=price)
    assert here.fills >= 2


def test_prices_that_keep_coming_keep_the_market():
    """Any price of a market will do, and each is the beginning of a new span."""
    here = Followed()
    for prices in ({"mark": "3100"}, {"index": "3101"}, {"bid": "3099", "ask": "3102"}) * 3:
        here.tell(**prices)
        here.wait(STALE_SECONDS * 0.9)
        assert here.levels() > 0
    assert here.source.age == pytest.approx(STALE_SECONDS * 0.9)


def test_each_market_has_its_own_age():
    """One that is told of goes on while the others, told long ago or never, are left; listeners hear of each change."""
    here = Followed()
    for _ in range(2):
        here.tell(BTC, mark="64000")
        here.wait(STALE_SECONDS * 0.6)
    assert here.levels(BTC) > 0
    assert here.levels(ETH) == 0
    assert set(here.source.stale) == set(here.core.symbols) - {BTC}
    here.tell(ETH, mark="3000")
    assert here.levels(ETH) > 0
    assert [len(stale) for stale in here.heard] == [len(here.core.symbols) - 1, len(here.core.symbols) - 2]


def test_what_two_accounts_agree_on_is_still_theirs():
    """Only the makers leave: an order resting at its owner's price meets another account's."""
    here = Followed()
    here.tell(mark="3100", bid="3099", ask="3101")
    here.wait(STALE_SECONDS)
    here.send(OrderType.LIMIT, OrderSide.SELL, "3105", who=here.other)
    here.send(OrderType.LIMIT, OrderSide.BUY, "3105")
    assert here.fills == 1
    assert here.levels() == 0  # and nobody quotes anew because somebody traded


@pytest.mark.parametrize(
    ("topic", "silent"),
    [
        (f"{ETH}@markprice", True),
        ("SPOT_ETH_USDC@indexprice", True),
        ("markprices", True),
        ("indexprices", True),
        (f"{ETH}@bbo", False),
        (f"{ETH}@orderbook", False),
    ],
)
def test_an_old_price_is_not_told_as_a_new_one(topic: str, silent: bool):
    """Mark and index prices fall silent, to those who subscribe meanwhile too; books are told, being empty."""
    here = Followed()
    here.tell(mark="3100", index="3100")
    assert here.pushes(topic) == 2
    here.wait(STALE_SECONDS)
    assert here.pushes(topic) == (0 if silent else 2)
    here.tell(mark="3100", index="3100")
    assert here.pushes(topic) == 2


def test_best_prices_that_stopped_do_not_stay_where_the_mark_moves_away():
    """Marks alone keep a market; its makers then stand around the mark."""
    here = Followed()
    here.tell(mark="3100", bid="3099", ask="3101")
    for mark in ("3110", "3150", "3200"):
        here.wait(STALE_SECONDS * 0.6)
        here.tell(mark=mark)
    book = here.core.exchange.book(ETH)
    assert book.bids[0][0] > 3190
    assert book.bids[0][0] < 3200 < book.asks[0][0]


def test_a_market_of_its_own_never_grows_old():
    """Nobody is watched, so nobody can fall silent: recordings that ended, markets moved by hand."""
    here = Followed(watched=False)
    here.tell(mark="3100")
    here.wait(1_000_000)
    assert here.levels() > 0
    assert (here.source.health(), here.heard) == (None, [])


def test_who_listens_late_hears_at_once_and_health_names_it_all():
    """A client may connect while the source is already silent."""
    here = Followed()
    here.wait(STALE_SECONDS + 2)
    late: list[Any] = []
    here.source.listen(lambda stale, age: late.append((stale, age)))
    assert late == [(here.core.symbols, STALE_SECONDS + 2)]
    assert here.source.health() == {
        "name": "elsewhere",
        "age": STALE_SECONDS + 2,
        "stale": list(here.core.symbols),
    }


@pytest.mark.parametrize("later", [0.125, 1.0, STALE_SECONDS - 0.125])
def test_the_age_that_is_told_is_that_of_the_symbols_that_are_told(later: float):
    """Not of a market whose price is younger, however little; whoever listens later is told the same."""
    here = Followed()
    ages: list[tuple[tuple[str, ...], float]] = []
    here.source.listen(lambda stale, age: ages.append((stale, age)))
    here.wait(later)
    here.tell(ETH, mark="3100")
    here.wait(STALE_SECONDS - later)
    here.source.listen(lambda stale, age: ages.append((stale, age)))
    (first, age), again = ages
    assert again == (first, age)
    assert ETH not in first
    assert age == pytest.approx(STALE_SECONDS)
    assert here.source.age == pytest.approx(STALE_SECONDS - later)
    here.wait(later)
    everything, age = ages[-1]
    assert ETH in everything
    assert age == pytest.approx(STALE_SECONDS)
