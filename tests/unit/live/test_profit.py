"""Profit and loss of live positions, where REST does not tell it and where numbers are floats."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.live.positions import LivePositions
from orderly_sync.models.base import made
from orderly_sync.models.position import Position

ETH = "PERP_ETH_USDC"


def row(kind: Any = Decimal, **fields: Any) -> Position:
    figures = {"position_qty": 2, "average_open_price": 100, "mark_price": 110, "unsettled_pnl": 19, **fields}
    values = {name: kind(value) if value is not None else None for name, value in figures.items()}
    return made(Position, symbol=ETH, **values)


def test_a_row_of_rest_is_given_its_unrealized_pnl():
    """Quantity times the way from the entry to the mark price, without waiting for the price to move."""
    positions = LivePositions()
    positions.seed_rows([row()])
    assert (positions[ETH].unrealized_pnl, positions[ETH].unsettled_pnl) == (20, 19)


@pytest.mark.parametrize("missing", ["mark_price", "average_open_price"])
def test_a_row_that_lacks_a_price_has_none(missing: str):
    """Nothing is invented."""
    positions = LivePositions()
    positions.seed_rows([row(**{missing: None})])
    assert positions[ETH].unrealized_pnl is None


def test_floats_stay_floats():
    """With numbers=float nothing exact is mixed in, not even for a flat position with PnL to settle."""
    positions = LivePositions()
    positions.seed_rows([row(float, position_qty=0)])
    assert positions.mark(ETH, 115.0)  # type: ignore[arg-type]
    assert isinstance(positions.flat[ETH].unsettled_pnl, float)
    assert positions.flat[ETH].unsettled_pnl == 19.0
