"""Whoever hears of a fill finds it in positions, holdings and margin, however the venue's own pushes come."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from orderly_sync import Bracket, Ioc, Market, Orderly, Stop, connect, topics
from orderly_sync.trading.algo_requests import AlgoRequest
from tests.soak.fills import FAULTS, run
from tests.support.paper import eventually

D = Decimal
ETH = "PERP_ETH_USDC"


@pytest.mark.parametrize(
    "faults",
    [
        FAULTS,
        {"mute": ["position", "balance"]},
        {"duplicate_reports": 0.3, "swap_reports": 0.3},
        {"delay_pushes": {"*": 20}},
    ],
    ids=["spoilt", "mute", "all topics doubled and swapped", "all topics late"],
)
def test_a_fill_is_read_by_whoever_hears_of_it(faults: dict[str, Any]):
    """By wait, hook and stream: cross and isolated, market, limit and triggered orders, closes and flips."""
    tally = run(40, seed=3, faults=faults)
    assert not tally.wrong, tally.examples


@pytest.mark.parametrize("numbers", [Decimal, float])
def test_a_position_that_no_push_told_of_is_complete_but_for_its_mark(numbers: type):
    """Size, average and cost by the fill; PnL as soon as a mark price is there, which a position subscribes to."""
    with connect("paper", seed=4, market="frozen", rate_limits=False, numbers=numbers) as ex:
        ex.paper.faults(mute=["position", "balance"])
        report = ex.place(Market.buy("ETH", quantity="0.3")).wait("filled")
        held = ex.positions["ETH"]
        assert held.quantity == numbers(D("0.3"))
        assert held.average_open_price == report.average_executed_price
        eventually(lambda: ex.positions["ETH"].unrealized_pnl is not None)
        row = next(iter(ex.rest.positions.list()))
        held = ex.positions["ETH"]
        assert (held.cost_position, held.unsettled_pnl) == (row.cost_position, row.unsettled_pnl)


def test_pnl_follows_a_mark_price_that_is_set(ex: Orderly):
    """At once, each time, and no push that was on its way takes it back; in any spelling of price and symbol."""
    ex.place(Market.buy("ETH", quantity="2")).wait("filled")
    ex.place(Ioc.sell("ETH", quantity="1", price="3300", margin_mode="ISOLATED")).wait("filled")
    spelt = (
        ("ETH", 3400),
        ("eth", "3390.5"),
        ("ETH/USDC:USDC", D(3380)),
        (ETH, 3370.25),
        ("ETH", Fraction(6721, 2)),
    )
    for symbol, price in spelt:
        ex.paper.set_mark_price(symbol, price)  # type: ignore[arg-type]
        for key in ("ETH", "ETH:ISOLATED"):
            held = ex.positions[key]
            assert held.average_open_price is not None
            assert held.mark_price == D(str(float(price)))
            assert held.unrealized_pnl == held.quantity * (D(str(float(price))) - held.average_open_price)
        assert ex.margin.unsettled_pnl() == ex.positions[ETH].unsettled_pnl


@pytest.mark.parametrize("numbers", [Decimal, float])
@pytest.mark.parametrize(
    "order",
    [
        Stop.buy("ETH", quantity="0.5", trigger="2990", price="2900"),
        Bracket.buy("ETH", quantity="0.5", price="2900", take_profit="3300", stop_loss="2800"),
    ],
    ids=["a stop's order", "a bracket's entry"],
)
def test_margin_agrees_with_rest_when_the_algo_topic_tells_of_a_fill_first(order: AlgoRequest, numbers: type):
    """The order that filled is not counted as open beside the position, and the price of that step counts."""
    with connect("paper", seed=5, market="frozen", rate_limits=False, numbers=numbers) as ex:
        ex.paper.set_mark_price("ETH", 3000)
        ex.place(Market.buy("ETH", quantity="1")).wait("filled")
        ex.place(order)
        eventually(lambda: len(ex.orders) == 1)
        ex.paper.faults.delay("executionreport", ms=60_000)
        ex.paper.set_mark_price("ETH", 2880)
        eventually(lambda: ex.positions["ETH"].quantity == numbers("1.5"))
        assert len(ex.orders) == 1, "its own report is on its way"
        assert ex.positions["ETH"].mark_price == 2880
        listed = ex.rest.positions.list()
        assert ex.margin.total_collateral() == pytest.approx(listed.total_collateral_value)
        assert ex.margin.free_collateral() == pytest.approx(listed.free_collateral)


def test_margin_agrees_with_rest_the_moment_a_fill_is_known(ex: Orderly):
    """Open orders, a fill, a reduction, a flip: no waiting in between."""
    ex.paper.faults(delay_pushes={"position": 400, "balance": 400, "account": 400})
    for side, size in (("BUY", "1"), ("SELL", "0.4"), ("SELL", "1.6"), ("BUY", "0.25")):
        order = Market.buy("ETH", quantity=size) if side == "BUY" else Market.sell("ETH", quantity=size)
        ex.place(order).wait("filled")
        mine = (
            ex.margin.total_collateral(),
            ex.margin.free_collateral(),
            ex.margin.maintenance_margin_ratio(),
        )
        listed = ex.rest.positions.list()
        its = (listed.total_collateral_value, listed.free_collateral, listed.maintenance_margin_ratio)
        assert mine == tuple(pytest.approx(value, abs=D("1e-7")) for value in its)


def test_positions_are_found_by_every_spelling_that_orders_take(ex: Orderly):
    """And what is not there says so in a sentence."""
    with pytest.raises(KeyError, match="no open position in PERP_ETH_USDC"):
        ex.positions["ETH/USDC:USDC"]
    ex.place(Market.buy("eth", quantity="0.1")).wait("filled")
    ex.place(Ioc.buy("ETH-PERP", quantity="0.2", price="3450", margin_mode="ISOLATED")).wait("filled")
    for spelt in ("ETH", "eth", "ETH-PERP", "ETH/USDC:USDC", ETH):
        assert spelt in ex.positions
        assert ex.positions[spelt].quantity == D("0.1")
        assert ex.positions.get(f"{spelt}:ISOLATED") is ex.positions[f"{ETH}:ISOLATED"]
    assert sorted(ex.positions) == [ETH, f"{ETH}:ISOLATED"]
    for strange in ("", "no symbol!", None, 7, ":ISOLATED"):
        assert strange not in ex.positions
        assert ex.positions.get(strange) is None  # type: ignore[call-overload]
        with pytest.raises(KeyError, match="is no symbol"):
            ex.positions[strange]  # type: ignore[index]
    with pytest.raises(KeyError, match="no holding of WBTC"):
        ex.holdings["WBTC"]


def test_a_flat_position_leaves_the_list_and_its_pnl_stays_in_the_margin(ex: Orderly):
    """What is open is listed; what is flat and unsettled stands aside, its size shown, and counts."""
    ex.place(Market.buy("ETH", quantity="0.1")).wait("filled")
    ex.place(Market.sell("ETH", quantity="0.1")).wait("filled")
    assert (len(ex.positions), list(ex.positions), "ETH" in ex.positions) == (0, [], False)
    assert repr(ex.positions) == "positions: 0"
    flat = ex.positions.flat[ETH]
    assert "position_qty=0" in repr(flat)
    assert flat.unsettled_pnl == ex.margin.unsettled_pnl() != 0
    assert ex.margin.total_collateral() == ex.rest.positions.list().total_collateral_value


def test_a_hook_reads_the_position_of_its_own_fill(ex: Orderly):
    """Every partial fill in its turn: the position is never behind the report."""
    ex.paper.faults(delay_pushes={"position": 300})
    seen: list[tuple[Decimal, Decimal]] = []
    ex.on(
        topics.execution_report(),
        lambda one: seen.append((one.filled, ex.positions["ETH"].quantity)) if one.is_fill else None,
    )
    ex.place(Market.buy("ETH", quantity="30")).wait("filled")
    eventually(lambda: seen and seen[-1][0] == 30)
    assert len(seen) > 1
    assert all(held >= filled for filled, held in seen)
