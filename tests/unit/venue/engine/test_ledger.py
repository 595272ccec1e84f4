"""The ledger: positions from trades, exactly; money moves and never appears."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.venue.engine.ledger import FLAT, Entry, settle, trade
from orderly_sync.venue.engine.refusals import Refused
from tests.support.venue_kit import ETH, ExchangeKit, wealth

D = Decimal
ZERO = D(0)


def after(*trades: tuple[Any, Any], fee: str = "0") -> tuple[Entry, list[Decimal]]:
    entry, realized = FLAT, []
    for now, (quantity, price) in enumerate(trades):
        entry, pnl = trade(
            entry, D(str(quantity)), D(str(price)), fee=D(fee), sum_unitary_funding=ZERO, now=now
        )
        realized.append(pnl)
    return entry, realized


def test_opening_sets_the_average_and_the_cost():
    """Volume-weighted; fees enter the cost alone."""
    entry, realized = after((1, 100), (3, 104), fee="0.5")
    assert (entry.quantity, entry.average_open_price, entry.cost) == (D(4), D(103), D(413))
    assert realized == [0, 0]


def test_reducing_keeps_the_average_and_realises():
    """Closing 1 of 2 bought at 100 for 110 gives 10."""
    entry, realized = after((2, 100), (-1, 110))
    assert (entry.quantity, entry.average_open_price) == (D(1), D(100))
    assert realized == [0, 10]


def test_flipping_starts_at_the_flip_price():
    """A long of 1 sold 3 is a short of 2 from there on; only the closed part realises."""
    entry, realized = after((1, 100), (-3, 110))
    assert (entry.quantity, entry.average_open_price, entry.opened_time) == (D(-2), D(110), 1)
    assert realized == [0, 10]


def test_a_short_earns_when_the_price_falls():
    """Sold at 100, bought back at 90."""
    entry, realized = after((-2, 100), (2, 90))
    assert (entry.quantity, entry.average_open_price, realized) == (D(0), D(0), [0, 20])
    assert entry.unsettled_pnl(D(12345), ZERO) == 20


def test_funding_enters_the_cost_before_the_quantity_changes():
    """Each quantity owes for its own time only."""
    entry, _ = after((2, 100))
    entry, _ = trade(entry, D(1), D(100), fee=ZERO, sum_unitary_funding=D(5), now=1)
    assert (entry.cost, entry.last_sum_unitary_funding) == (D(310), D(5))
    assert entry.funding(D(7)) == 6
    assert entry.unsettled_pnl(D(100), D(7)) == -16


def test_settling_moves_the_pnl_and_restarts_the_cost():
    """Afterwards unsettled PnL is 0 and the settle price is mark."""
    entry, _ = after((2, 100), fee="1")
    settled, pnl = settle(entry, D(110), D(3), 9)
    assert pnl == 20 - 1 - 6
    assert (settled.unsettled_pnl(D(110), D(3)), settled.settle_price) == (0, D(110))
    flat, _ = after((1, 100), (-1, 101))
    assert settle(flat, D(50), ZERO, 9)[0].settle_price == 0
    assert not settle(flat, D(50), ZERO, 9)[0].is_listed


trades = st.lists(st.tuples(st.integers(-9, 9).filter(bool), st.integers(90, 110)), max_size=12)


@given(trades, st.integers(80, 120))
def test_unsettled_pnl_is_what_the_trades_made(rows: list[tuple[int, int]], mark: int):
    """Position value minus money paid, whatever the order of trades; realised plus unrealised agree with it."""
    entry, realized = after(*rows, fee="0.25")
    paid = sum((D(quantity) * price + D("0.25") for quantity, price in rows), ZERO)
    held = sum(quantity for quantity, _ in rows)
    assert entry.quantity == held
    assert entry.unsettled_pnl(D(mark), ZERO) == held * D(mark) - paid
    unrealized = entry.quantity * (D(mark) - entry.average_open_price)
    fees = D("0.25") * len(rows)
    assert abs(sum(realized, unrealized) - fees - entry.unsettled_pnl(D(mark), ZERO)) < D("0.00001")


action = st.tuples(
    st.sampled_from(["alice", "bob"]),
    st.sampled_from(["BUY", "SELL"]),
    st.sampled_from(["LIMIT", "MARKET", "IOC", "mark"]),
    st.integers(1, 40),
    st.integers(-15, 15),
)


@given(st.lists(action, max_size=20))
def test_money_is_neither_made_nor_lost(actions: Any):
    """Whatever is traded and wherever mark goes, the sum over all accounts stays."""
    kit = ExchangeKit()
    kit.quote()
    before = wealth(kit)
    for by, side, kind, tenths, away in actions:
        if kind == "mark":
            kit.mark(3400 + away)
            continue
        price = None if kind == "MARKET" else kit.exchange.mark(ETH) + away
        try:
            kit.submit(kit.order(side, kind, D(tenths) / 10, price), by)
        except Refused:
            continue
    assert wealth(kit) == before


def test_a_day_forgets_what_is_older(kit: ExchangeKit):
    """PnL and fees of 24 hours only."""
    kit.place("BUY", "MARKET", 1)
    kit.place("SELL", "MARKET", 1)
    position = kit.exchange.position("alice", ETH)
    assert (position.pnl_24h, position.fee_24h) == (D(-2), D("0.0006") * (3401 + 3399))
    kit.now += 86_400_000
    kit.exchange.advance(kit.now)
    later = kit.exchange.position("alice", ETH)
    assert (later.pnl_24h, later.fee_24h) == (0, 0)
    kit.place("BUY", "MARKET", 1)
    assert kit.exchange.position("alice", ETH).fee_24h == D("0.0006") * 3401


def test_a_flat_position_stays_listed_until_it_is_settled(kit: ExchangeKit):
    """Its PnL waits; open interest is gone."""
    kit.place("BUY", "MARKET", 1)
    assert kit.exchange.open_interest(ETH) == 1
    kit.place("SELL", "MARKET", 1)
    (position,) = kit.exchange.positions("alice")
    assert (position.position_qty, position.unsettled_pnl < -2) == (D(0), True)
    assert kit.exchange.open_interest(ETH) == 0
