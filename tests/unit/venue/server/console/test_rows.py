"""Rows for a page: digits as text, trees from root to leaf."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.models.enums import AlgoType, OrderSide
from orderly_sync.venue.engine.orders import AlgoNode
from orderly_sync.venue.server.console.rows import text, tree_rows


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        ("0.10", "0.1"),
        ("1E+3", "1000"),
        ("-0.00", "0"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("1E-12", "0.000000000001"),
        ("100", "100"),
        ("1767000000000000010", "1767000000000000010"),
    ],
)
def test_digits_are_exact(value, digits):
    """No exponent, no trailing zeros, nothing rounded."""
    assert text(Decimal(value)) == digits


def test_no_number_is_no_text():
    """Null stays null."""
    assert text(None) is None


def node(number: int, parent: int, kind: AlgoType, **more) -> AlgoNode:
    return AlgoNode(
        algo_order_id=number, root_algo_order_id=1, parent_algo_order_id=parent, account_id="a", symbol="PERP_ETH_USDC",
        algo_type=kind, side=OrderSide.SELL, **more,
    )  # fmt: skip


def bracket(executed: str) -> tuple[AlgoNode, ...]:
    legs = {"trigger_price": Decimal(3000)}
    return (
        node(1, 0, AlgoType.BRACKET, executed_quantity=Decimal(executed)),
        node(2, 1, AlgoType.TP_SL),
        node(3, 2, AlgoType.TAKE_PROFIT, **legs),
        node(4, 2, AlgoType.STOP_LOSS, **legs),
    )


def test_children_stand_below_their_parents():
    """In the order of their ids, as deep as they are."""
    rows = tree_rows(bracket("0"))

    assert [(row["id"], row["depth"]) for row in rows] == [("1", 0), ("2", 1), ("3", 2), ("4", 2)]


@pytest.mark.parametrize(("executed", "armed"), [("0", []), ("0.1", ["3", "4"])])
def test_the_legs_of_a_bracket_sleep_until_its_entry_fills(executed, armed):
    """As in the engine: only then a price can fire them."""
    assert [row["id"] for row in tree_rows(bracket(executed)) if row["armed"]] == armed


def test_a_trailing_stop_shows_where_it_fires_now():
    """Its callback away from the best price; what waits to become active says at which price it does."""
    trails = {"callback_value": Decimal(10)}
    (active,) = tree_rows((node(1, 0, AlgoType.TRAILING_STOP, extreme_price=Decimal(3400), **trails),))
    (waiting,) = tree_rows(
        (node(1, 0, AlgoType.TRAILING_STOP, is_activated=False, activated_price=Decimal(3500), **trails),)
    )

    assert (active["trigger"], active["activates_at"]) == ("3390", None)
    assert (waiting["trigger"], waiting["activates_at"]) == (None, "3500")
