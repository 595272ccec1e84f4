"""A fill counts at once: what it does to a position, and which fills the venue's word holds already."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync.live.counting import count_fill
from orderly_sync.live.fills import booked, trade_of
from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.base import Frame, changed, made
from orderly_sync.models.enums import (
    AlgoType,
    MarginMode,
    OrderSide,
    OrderStatus,
    OrderType,
)
from orderly_sync.models.holding import Holding
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import BalanceUpdate
from orderly_sync.models.pushes.algo import AlgoExecutionReport
from orderly_sync.models.pushes.execution import ExecutionReport
from orderly_sync.venue.engine import ledger
from tests.unit.live.position_values import fill, push, row

D = Decimal
SOL = "PERP_SOL_USDC"
CROSS, ISOLATED = MarginMode.CROSS, MarginMode.ISOLATED


def report(trade_id: int, side: str, quantity: str, **more: Any) -> ExecutionReport:
    values = {"symbol": SOL, "order_id": 7, "type": OrderType.MARKET, "status": OrderStatus.FILLED, **more}
    return ExecutionReport(
        trade_id=trade_id,
        side=OrderSide(side),
        executed_price=D(100),
        executed_quantity=D(quantity),
        timestamp=5,
        **values,
    )


def node(trade_id: int, quantity: str, **more: Any) -> AlgoExecutionReport:
    values = {"algo_order_id": 3, "root_algo_order_id": 3, "algo_type": AlgoType.STOP, "symbol": SOL, **more}
    return made(
        AlgoExecutionReport,
        parent_algo_order_id=0,
        trade_id=trade_id,
        side=OrderSide.BUY,
        executed_price=D(100),
        executed_quantity=D(quantity),
        timestamp=5,
        **values,
    )


# The bookkeeping -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_a_cross_position_is_booked_as_the_venue_books_it(seed: int):
    """Opening, adding, reducing, closing, flipping, with fees and funding due in between: to the last digit."""
    chance = random.Random(seed)
    entry, mark, funding = ledger.FLAT, D(100), D(0)
    mine = row("0", cost_position=D(0), average_open_price=D(0))
    for number in range(60):
        size, price = D(chance.randrange(1, 400)) / 100, D(chance.randrange(9000, 11000)) / 100
        signed = size if chance.random() < 0.5 else -size
        if chance.random() < 0.2 and entry.quantity:
            signed = -entry.quantity
        fee = (size * price * D("0.0006")).quantize(D("1e-8"))
        funding += D(chance.randrange(-5, 6)) / 1000
        mine = changed(mine, mark_price=mark, unsettled_pnl=entry.unsettled_pnl(mark, funding))
        entry, _ = ledger.trade(entry, signed, price, fee=fee, sum_unitary_funding=funding, now=number)
        mine = booked(mine, fill(number, str(signed), str(price), str(fee)), leverage=10).row
        assert (mine.position_qty, mine.cost_position) == (entry.quantity, entry.cost)
        assert mine.average_open_price == entry.average_open_price
        assert mine.unsettled_pnl == entry.unsettled_pnl(mark, funding)


def test_what_only_the_venue_knows_is_not_shown_as_current():
    """A liquidation price of the position before the fill would be a lie; the size and the PnL are not."""
    before = row("1", cost_position=D(90), average_open_price=D(90), mark_price=D(100), est_liq_price=D(40))
    after = booked(before, fill(1, "1", "110", "1"), leverage=10).row
    assert after.est_liq_price is None
    assert (after.quantity, after.average_open_price, after.cost_position) == (2, 100, 201)
    assert (after.unrealized_pnl, after.unsettled_pnl) == (0, -1)


def test_floats_are_booked_exactly_and_stay_floats():
    """0.1 + 0.2 - 0.3 is flat, and nothing exact is mixed in."""
    position = made(Position, symbol=SOL, mark_price=100.0)
    for number, size in enumerate(("0.1", "0.2", "-0.3")):
        position = booked(position, fill(number, size), leverage=10, kind=float).row
        figures = (position.position_qty, position.cost_position, position.average_open_price)
        assert all(
            type(value) is float for value in (*figures, position.unsettled_pnl, position.unrealized_pnl)
        )
    assert position.position_qty == 0.0


def test_an_isolated_fill_moves_margin_and_gives_it_back():
    """Opening takes quantity x price x (1 / leverage + 0.0006); closing half gives half of it and the PnL back."""
    opened = booked(row("0"), fill(1, "2", "100", "0.12", margin_mode=ISOLATED, limit=D(101)), leverage=10)
    assert opened.move is not None
    assert opened.row.margin == -opened.move.holding == opened.move.isolated_margin == D("20.3212")
    halved = booked(opened.row, fill(2, "-1", "110", "0.06", margin_mode=ISOLATED), leverage=10)
    assert halved.move is not None
    assert halved.row.margin == D("10.1606")
    assert halved.move.holding == D("10.1606") + 110 - D("100.06") - D("0.06")
    assert (halved.row.quantity, halved.row.cost_position) == (1, D("100.06"))


def test_an_isolated_flip_closes_whole_and_opens_anew():
    """The margin of the old side comes back, that of the new one goes."""
    held = row("1", margin_mode=ISOLATED, margin=D(10), cost_position=D(100), average_open_price=D(100))
    flipped = booked(held, fill(1, "-3", "90", "0.3", margin_mode=ISOLATED), leverage=10)
    assert (flipped.row.quantity, flipped.row.average_open_price) == (-2, 90)
    assert flipped.row.margin == 2 * 90 * (D("0.1") + D("0.0006"))
    assert flipped.move is not None
    assert flipped.move.holding == D(10) - 10 - D("0.1") - flipped.row.margin


# Once each -----------------------------------------------------------------------------------------------------------


def test_a_fill_told_by_both_topics_counts_once():
    """An algo order's fill comes as its own report and as that of the order it sent, in either order."""
    for first, second in ((report(9, "BUY", "2"), node(9, "2")), (node(9, "2"), report(9, "BUY", "2"))):
        positions, holdings, algos = LivePositions(), LiveHoldings(), OpenAlgoOrders()
        count_fill(first, positions, holdings, OpenOrders(), algos)
        count_fill(second, positions, holdings, OpenOrders(), algos)
        assert positions[SOL].quantity == 2


def test_both_sides_of_ones_own_trade_count():
    """Met by one's own order, a trade may have one id on both sides; they cancel out, fees aside."""
    positions, algos = LivePositions(), OpenAlgoOrders()
    for side in ("BUY", "SELL"):
        count_fill(report(4, side, "1", fee=D("0.5")), positions, LiveHoldings(), OpenOrders(), algos)
    assert SOL not in positions
    assert positions._standings[SOL].fills[1].fee == D("0.5")


def test_a_container_repeats_its_legs_fill_and_does_not_count():
    """The root of a TP_SL holds its legs together and trades nothing."""
    assert trade_of(node(9, "2", algo_type=AlgoType.TP_SL)) is None
    assert trade_of(node(9, "2", algo_type=AlgoType.POSITIONAL_TP_SL)) is None
    assert trade_of(node(9, "2", algo_type=AlgoType.TAKE_PROFIT)) is not None


def test_a_leg_takes_the_margin_mode_of_its_tree():
    """Often the root alone says it, and it may have come in an earlier frame."""
    positions, algos = LivePositions(), OpenAlgoOrders()
    algos.apply(node(0, "0", margin_mode=ISOLATED, algo_type=AlgoType.BRACKET))
    leg = node(5, "1", algo_order_id=4, algo_type=AlgoType.STOP_LOSS)
    count_fill(leg, positions, LiveHoldings(), OpenOrders(), algos)
    assert list(positions) == [f"{SOL}:ISOLATED"]


def test_a_report_that_tells_of_no_fill_counts_for_nothing():
    """A new status, a fill without a price."""
    assert trade_of(report(0, "BUY", "1")) is None
    assert trade_of(attrs.evolve(report(3, "BUY", "1"), executed_price=None)) is None
    assert trade_of(attrs.evolve(report(3, "BUY", "1"), side=OrderSide("NEITHER"))) is None


# What the venue's word holds -----------------------------------------------------------------------------------------


def test_a_push_older_than_the_fill_does_not_undo_it():
    """By sequence number, by time, and by the quantity where the times are the same."""
    for seq, ts in ((8, 5), (None, 4)):
        positions = LivePositions()
        positions.seed_rows([row("1", updated_time=1)])
        positions.fill(fill(5, "2", seq=None if seq is None else 9))
        positions.apply(push("1", ts, seq=seq))
        assert positions[SOL].quantity == 3
    positions = LivePositions()
    positions.seed_rows([row("1", updated_time=1)])
    positions.fill(fill(5, "2"))
    positions.fill(fill(6, "4", ts=5))
    positions.apply(push("3", 5))
    assert positions[SOL].quantity == 7


def test_a_push_that_holds_the_fill_is_not_counted_on_top():
    """However the two follow one another."""
    told = fill(5, "2", seq=9)
    for order in ("fill first", "push first", "push twice"):
        positions = LivePositions()
        positions.seed_rows([row("1", updated_time=1)])
        steps = [
            lambda p=positions: p.fill(told),
            lambda p=positions: p.apply(push("3", 5, seq=10, version=4)),
        ]
        for step in reversed(steps) if order == "push first" else steps:
            step()
        if order == "push twice":
            positions.apply(push("3", 5, seq=10, version=4))
        assert positions[SOL].quantity == 3


def test_a_ledger_whose_clock_runs_ahead_is_read_by_its_quantity():
    """A row written after the second fill, but before it knew of it."""
    positions = LivePositions()
    positions.seed_rows([row("0", updated_time=1)])
    positions.fill(fill(100, "1"))
    positions.fill(fill(101, "1"))
    positions.apply(push("1", 103))
    assert positions[SOL].quantity == 2


def test_a_fill_recovered_after_a_snapshot_that_holds_it_counts_once():
    """REST tells the positions first and the fills later; a listed row by its time, an absent one by what is missing."""
    positions = LivePositions()
    positions.asked_at(10)
    positions.seed_rows([row("1", updated_time=10)])
    positions.begin()
    positions.asked_at(30)
    positions.seed_rows([row("3", updated_time=20)])
    positions.fill(fill(20, "2"))
    assert positions[SOL].quantity == 3
    positions.begin()
    positions.asked_at(40)
    positions.seed_rows([])
    positions.fill(fill(41, "-3"))
    assert SOL not in positions
    positions.fill(fill(50, "-3"))
    assert positions[SOL].quantity == -3


def test_a_fill_after_a_snapshot_was_asked_for_is_not_lost_with_it():
    """The row that was read before the fill, shown after it; and a flat list likewise."""
    positions = LivePositions()
    positions.asked_at(10)
    positions.seed_rows([row("1", updated_time=10)])
    positions.begin()
    positions.fill(fill(12, "2"))
    positions.asked_at(11)
    positions.seed_rows([row("1", updated_time=10)])
    assert positions[SOL].quantity == 3
    other = LivePositions()
    other.asked_at(10)
    other.seed_rows([])
    other.begin()
    other.fill(fill(12, "2"))
    other.asked_at(11)
    other.seed_rows([])
    assert other[SOL].quantity == 2


def test_a_position_closed_by_the_venue_needs_no_fill():
    """A liquidation has no execution report: the push alone tells of it, and later fills count from there."""
    positions = LivePositions()
    positions.asked_at(10)
    positions.seed_rows([row("5", updated_time=10)])
    positions.apply(push("0", 20, seq=3, version=2))
    assert SOL not in positions
    positions.fill(fill(30, "1", seq=9))
    assert positions[SOL].quantity == 1


def test_versions_that_count_anew_are_followed():
    """A lower version of a later time is a new count, one of an earlier time an old push."""
    positions = LivePositions()
    positions.apply(push("1", 10, version=50))
    assert not positions.apply(push("7", 9, version=49))
    assert positions.apply(push("2", 20, version=1))
    assert not positions.apply(push("7", 19, version=1))
    assert positions[SOL].quantity == 2


def test_fills_that_nothing_confirms_do_not_pile_up():
    """A silent position topic: each fill counts, the work for one stays bounded, and an old push undoes none."""
    for seqs in (True, False):
        positions = LivePositions()
        positions.asked_at(0)
        positions.seed_rows([])
        for number in range(1, 1001):
            positions.fill(fill(number, "1", seq=number * 2 if seqs else None))
            assert positions[SOL].quantity == number
            assert len(positions._standings[SOL].fills) <= 128
        positions.apply(push("3", 3, seq=7 if seqs else None, version=3))
        assert positions[SOL].quantity == 1000
        positions.apply(push("990", 990, seq=1981 if seqs else None, version=990, cost_position=D(99000)))
        assert positions[SOL].quantity == 1000
        assert positions[SOL].cost_position == 100_000


# The balance ---------------------------------------------------------------------------------------------------------


def test_a_cross_fill_leaves_the_balance_alone():
    """Its fee is in the cost of the position until it is settled."""
    holdings, positions = LiveHoldings(), LivePositions()
    holdings.seed_rows([Holding(token="USDC", holding=D(1000))])
    count_fill(report(4, "BUY", "1", fee=D(3)), positions, holdings, OpenOrders(), OpenAlgoOrders())
    assert holdings["USDC"].holding == 1000
    assert positions[SOL].cost_position == 103


def test_an_isolated_fill_moves_the_balance_until_the_venue_tells_it():
    """At once by the fill; a balance of before keeps it, one of that moment or later replaces it."""
    holdings, positions = LiveHoldings(), LivePositions()
    holdings.seed_rows([Holding(token="USDC", holding=D(1000), updated_time=1)])
    count_fill(
        report(4, "BUY", "1", margin_mode=ISOLATED), positions, holdings, OpenOrders(), OpenAlgoOrders()
    )
    assert (holdings["USDC"].holding, holdings["USDC"].isolated_margin) == (D("989.94"), D("10.06"))
    early = {"frame": Frame("balance", 4), "version": 2}
    holdings.apply(BalanceUpdate(token="USDC", holding=D(900), isolated_margin=D(0), **early))
    assert holdings["USDC"].holding == D("889.94")
    late = {"frame": Frame("balance", 5), "version": 3}
    holdings.apply(BalanceUpdate(token="USDC", holding=D(890), isolated_margin=D(10), **late))
    assert (holdings["USDC"].holding, holdings["USDC"].isolated_margin) == (890, 10)


def test_what_an_order_froze_is_freed_by_its_fill_if_it_was_told_of():
    """A resting order's share of what is frozen goes into the margin; an order filled at once had frozen nothing."""
    for created, left in ((2, D("4.94")), (5, D(15))):
        holdings, positions = LiveHoldings(), LivePositions()
        frozen = Holding(token="USDC", holding=D(1000), isolated_order_frozen=D(-15), updated_time=3)
        holdings.seed_rows([frozen])
        told = report(4, "BUY", "1", margin_mode=ISOLATED, created_time=created)
        count_fill(told, positions, holdings, OpenOrders(), OpenAlgoOrders())
        assert holdings["USDC"].isolated_order_frozen == -left


def test_a_fill_heard_after_its_position_still_moves_the_balance():
    """The position's push overtook the report, the balance's did not."""
    holdings, positions = LiveHoldings(), LivePositions()
    holdings.seed_rows([Holding(token="USDC", holding=D(1000), updated_time=1)])
    positions.asked_at(1)
    positions.seed_rows([])
    positions.apply(push("1", 5, seq=9, margin_mode=ISOLATED, margin=D("10.06")))
    count_fill(
        report(4, "BUY", "1", margin_mode=ISOLATED, seq=8),
        positions,
        holdings,
        OpenOrders(),
        OpenAlgoOrders(),
    )
    assert positions[f"{SOL}:ISOLATED"].quantity == 1
    assert holdings["USDC"].holding == D("989.94")


def test_leverage_as_last_told_decides_what_an_opening_takes():
    """The position's own, else what the account's settings told, else 10."""
    from orderly_sync.models.pushes.account import AccountUpdate, SymbolLeverage

    positions = LivePositions()
    told = SymbolLeverage(symbol=SOL, leverage=D(5), margin_mode=ISOLATED)
    positions.note_leverage(AccountUpdate(symbol_leverage=told))
    positions.note_leverage(AccountUpdate(symbol_leverage=changed(told, leverage=D(3), margin_mode=CROSS)))
    positions.fill(fill(1, "1", margin_mode=ISOLATED))
    assert positions[f"{SOL}:ISOLATED"].margin == 100 * (D("0.2") + D("0.0006"))


@pytest.mark.parametrize("sizes", [("1", "-1"), ("2", "-1", "-1"), ("-3", "1", "2")])
def test_fills_that_cancel_out_do_not_stay_on_top_of_what_holds_them(sizes: tuple[str, ...]):
    """The quantity cannot tell whether a reading holds them; a later reading does, whatever it says of the time."""
    positions = LivePositions()
    before, after = (
        row("5", cost_position=D(500), updated_time=10),
        row("5", cost_position=D(507), updated_time=14),
    )

    def read(told: Position) -> None:
        positions.begin()
        positions.asked_at(14)
        positions.seed_rows([told])

    read(before)
    read(after)
    for number, size in enumerate(sizes):
        positions.fill(fill(11 + number, size, price=str(100 + number)))
    read(after)
    read(after)

    assert (positions[SOL].position_qty, positions[SOL].cost_position) == (D(5), D(507))
