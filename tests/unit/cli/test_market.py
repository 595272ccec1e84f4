"""What everybody may see, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from click.testing import Result


def test_markets_by_name_or_all(told: Callable[..., Any]) -> None:
    """In the order in which they were named."""
    assert [row["symbol"] for row in told("market", "BTC", "eth")] == ["PERP_BTC_USDC", "PERP_ETH_USDC"]
    assert len(told("market")) > 2


def test_a_book_has_asks_above_bids(told: Callable[..., Any]) -> None:
    """Descending by price from top to bottom, totals growing away from the middle."""
    rows = told("book", "ETH", "--levels", "4")
    prices = [Decimal(row["price"]) for row in rows]
    assert [row["side"] for row in rows] == ["ASK"] * 4 + ["BID"] * 4
    assert prices == sorted(prices, reverse=True)
    assert Decimal(rows[0]["total"]) == sum(Decimal(row["quantity"]) for row in rows[:4])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("market", "DOGEX"), "no PERP_DOGEX_USDC"),
        (("market", "--trades"), "name one"),
        (("market", "ETH", "--trades", "--rules"), "leave out --rules"),
        (("book", "ETHX"), "no PERP_ETHX_USDC"),
    ],
)
def test_what_is_not_there(run: Callable[..., Result], place: str, arguments: Any, words: str) -> None:
    """Is said in one line."""
    result = run(*arguments, "--network", place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_rules_and_trades_are_of_the_market(run: Callable[..., Result], place: str) -> None:
    """Tables for people have their heads in words."""
    rules = run("market", "ETH", "--rules", "--network", place).stdout
    assert "price step" in rules
    assert "PERP_ETH_USDC" in rules
    assert run("place", "buy", "ETH", "0.3", "--yes", "--network", place).exit_code == 0
    assert "0.3" in run("market", "ETH", "--trades", "--network", place).stdout
