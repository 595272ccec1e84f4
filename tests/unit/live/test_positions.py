"""Positions and holdings, as pushes and rows tell of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.positions import LivePositions, position_key
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.holding import Holding
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import BalanceUpdate, PositionUpdate

ETH = "PERP_ETH_USDC"


def update(size: str, version: int | None = None, **fields: Any) -> PositionUpdate:
    return PositionUpdate(symbol=ETH, position_qty=Decimal(size), version=version, **fields)


def position(size: str, **fields: Any) -> Position:
    return Position(symbol=ETH, position_qty=Decimal(size), **fields)


def test_an_isolated_position_has_a_key_of_its_own():
    """Both modes may stand side by side."""
    assert position_key(ETH, None) == position_key(ETH, MarginMode.CROSS) == ETH
    assert position_key(ETH, MarginMode.ISOLATED) == f"{ETH}:ISOLATED"
    positions = LivePositions()
    positions.apply(update("1"))
    positions.apply(update("2", margin_mode=MarginMode.ISOLATED))
    assert {key: one.quantity for key, one in positions.items()} == {ETH: 1, f"{ETH}:ISOLATED": 2}


def test_an_older_version_changes_nothing():
    """Versions only grow."""
    positions = LivePositions()
    assert positions.apply(update("1", 5))
    assert not positions.apply(update("9", 4))
    assert positions.apply(update("2", 5))
    assert positions[ETH].quantity == 2


def test_a_flat_position_is_not_listed_and_its_unsettled_pnl_stands_aside():
    """Only what is open is listed; PnL that waits for its settlement is found among the flat ones."""
    positions = LivePositions()
    positions.apply(update("1"))
    positions.apply(update("0", unsettled_pnl=Decimal(-3)))
    assert (len(positions), list(positions), ETH in positions, positions.get(ETH)) == (0, [], False, None)
    assert {key: row.unsettled_pnl for key, row in positions.flat.items()} == {ETH: -3}
    assert positions.apply(update("0", unsettled_pnl=Decimal(0)))
    assert not positions.flat


def test_what_an_update_does_not_say_stays():
    """Absent fields keep what was known; leverage is whole."""
    positions = LivePositions()
    positions.seed_rows([position("1", average_open_price=Decimal(3000), leverage=10)])
    positions.apply(update("2", leverage=Decimal("5.0"), timestamp=3, updated_time=7))
    one = positions[ETH]
    assert (one.average_open_price, one.leverage, one.updated_time) == (Decimal(3000), 5, 7)
    positions.apply(update("3", frame=Frame("position", 9)))
    assert (positions[ETH].timestamp, positions[ETH].updated_time) == (3, 9)


def test_funding_and_margin_token_of_an_update_are_kept():
    """What the position has accrued since it was opened, and what its margin is held in."""
    positions = LivePositions()
    positions.apply(update("1", accrued_funding_fee=Decimal("-0.5"), margin_token="USDC"))
    positions.apply(update("2"))
    assert (positions[ETH].accrued_funding_fee, positions[ETH].margin_token) == (Decimal("-0.5"), "USDC")


def test_profit_follows_the_mark_price():
    """Unrealized and unsettled PnL move with quantity times the change."""
    positions = LivePositions()
    positions.seed_rows(
        [
            position(
                "-2", average_open_price=Decimal(3000), mark_price=Decimal(3010), unsettled_pnl=Decimal(-20)
            )
        ]
    )
    assert positions.mark(ETH, Decimal(2990))
    one = positions[ETH]
    assert (one.unrealized_pnl, one.unsettled_pnl, one.mark_price) == (20, 20, 2990)
    assert not positions.mark(ETH, Decimal(2990))
    assert not positions.mark("PERP_BTC_USDC", Decimal(1))


def test_profit_that_cannot_be_computed_is_left_alone():
    """Without an average there is no unrealized PnL, without a mark before no change."""
    positions = LivePositions()
    positions.apply(update("1"))
    positions.mark(ETH, Decimal(5))
    one = positions[ETH]
    assert (one.unrealized_pnl, one.unsettled_pnl, one.mark_price) == (None, None, 5)


def test_a_mark_price_does_not_hide_what_rest_says():
    """A price that comes while REST is read tells nothing of a position's size."""
    positions = LivePositions()
    positions.apply(update("1"))
    positions.begin()
    positions.mark(ETH, Decimal(5))
    positions.seed_rows([position("3")])
    assert positions[ETH].quantity == 3


def test_a_snapshot_is_a_new_beginning():
    """Versions may count anew after it; flat rows are not listed."""
    positions = LivePositions()
    positions.apply(update("1", 50))
    positions.seed_rows(
        [position("0"), position("0", unsettled_pnl=Decimal(1), margin_mode=MarginMode.ISOLATED)]
    )
    assert not positions
    assert list(positions.flat) == [f"{ETH}:ISOLATED"]
    assert positions.apply(update("4", 1))


def test_holdings_follow_balance_updates_by_version():
    """Absent fields stay, older versions change nothing, a snapshot begins anew."""
    holdings = LiveHoldings()
    assert holdings.apply(BalanceUpdate(token="USDC", holding=Decimal(10), frozen=Decimal(1), version=3))
    assert not holdings.apply(BalanceUpdate(token="USDC", holding=Decimal(9), version=2))
    assert holdings.apply(BalanceUpdate(token="USDC", holding=Decimal(11)))
    assert (holdings["USDC"].holding, holdings["USDC"].frozen) == (11, 1)
    holdings.seed_rows([Holding(token="USDC", holding=Decimal(5))])
    assert holdings["USDC"].holding == 5
    assert holdings.apply(BalanceUpdate(token="USDC", holding=Decimal(4), version=1))


@pytest.mark.parametrize("at", [None, 6, 7, 8])
@pytest.mark.parametrize("is_set", [False, True])
def test_of_two_mark_prices_of_one_moment_the_markets_own_counts(is_set: bool, at: int | None):
    """A position is told as a fill leaves it, while the step that moves the price may still be under way."""
    positions = LivePositions()
    positions.apply(update("1", frame=Frame("position", 5), mark_price=Decimal(3000), updated_time=5))
    if is_set:
        positions.set_mark("ETH", 2880, 7)
    else:
        positions.mark(ETH, Decimal(2880), 7)
    frame = Frame("position", at)
    positions.apply(update("2", frame=frame, mark_price=Decimal(3000), updated_time=at or 8))
    assert positions[ETH].mark_price == (2880 if at in {6, 7} else 3000)


def test_of_two_positions_of_one_moment_the_later_told_counts():
    """Nothing else is known of their mark prices."""
    positions = LivePositions()
    for price in (3000, 2880):
        positions.apply(update("1", frame=Frame("position", 5), mark_price=Decimal(price), updated_time=5))
    assert positions[ETH].mark_price == 2880
