"""Placing, listing and cancelling from the command line, at a venue that is served apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
Told = Callable[..., Any]


@pytest.fixture(autouse=True)
def _nothing_left(run: Run, place: str) -> Any:
    yield
    assert run("cancel", "--all", "--yes", "--network", place).exit_code == 0


def test_an_order_is_placed_listed_and_cancelled(told: Told) -> None:
    """Under one id in all three, and found by it."""
    placed = told("place", "buy", "ETH", "0.5", "--price", "3300", "--yes")
    assert (placed["sent"], placed["status"], placed["filled"]) == (True, "NEW", "0")
    (listed,) = told("orders")
    assert (listed["order_id"], listed["price"]) == (placed["order_id"], "3300")

    (cancelled,) = told("cancel", placed["client_order_id"])
    assert (cancelled["order_id"], cancelled["kind"]) == (placed["order_id"], "order")
    assert told("orders") == []
    assert placed["order_id"] in [one["order_id"] for one in told("orders", "--status", "done")]


def test_a_market_order_is_waited_for(told: Told) -> None:
    """Its row says what it traded; the position shows it."""
    placed = told("place", "sell", "BTC", "0.01", "--yes")
    assert (placed["status"], placed["filled"]) == ("FILLED", "0.01")
    (held,) = told("positions", "--symbol", "BTC")
    assert (held["side"], held["quantity"]) == ("SELL", "-0.01")
    assert told("positions", "--symbol", "BTC", "--side", "BUY") == []


def test_what_will_be_sent_is_shown_and_asked_for(run: Run, place: str, told: Told) -> None:
    """An answer of no sends nothing, yes sends it; without an answer nothing is sent either."""
    order = ("place", "buy", "ETH", "0.1", "--price", "3350", "--network", place)
    declined = run(*order, typed="n\n")
    assert declined.exit_code == 130
    assert '"order_price":3350' in declined.stderr
    assert run(*order).exit_code == 130
    assert told("orders") == []
    assert run(*order, typed="y\n").exit_code == 0
    assert len(told("orders")) == 1


@pytest.mark.parametrize("extra", [(), ("--yes",)])
def test_a_dry_run_sends_nothing(told: Told, extra: tuple[str, ...]) -> None:
    """It shows the request, whatever else is said."""
    planned = told("place", "buy", "ETH", "0.5", "--price", "3300", "--dry-run", *extra)
    assert (planned["sent"], planned["request"], planned["order_id"]) == (False, "POST /v1/order", None)
    assert '"order_quantity":0.5' in planned["body"]
    assert told("orders") == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("buy", "ETH", "0.5", "--price", "3300.001"), 1, "3300"),
        (("buy", "ETH", "0.5", "--price", "3300", "--max-notional", "1000"), 1, "1000"),
        (("buy", "ETH", "--yes"), 2, "quantity or an amount"),
        (("buy", "ETH", "much"), 2, "much"),
        (("buy", "ETHX", "1"), 2, "no PERP_ETHX_USDC"),
        (("buy", "ETH", "1", "--type", "fok"), 2, "needs a price"),
        (("buy", "ETH", "1", "--price", "3300", "--slippage", "0.1"), 2, "takes no --slippage"),
        (("hold", "ETH", "1"), 2, "hold"),
        (("buy", "ETH", "1", "--max-notional", "lots"), 2, "lots"),
        (("buy", "ETH", "1", "--network", "mars"), 2, "mars"),
        (("buy", "ETH", "1", "--network", "http://127.0.0.1:9"), 2, "a URL tells none; give the JSON line"),
        (("buy", "ETH", "1", "--network", "mainnet"), 2, "keys add --network mainnet"),
    ],
)
def test_what_cannot_be_is_one_line(run: Run, place: str, arguments: Any, code: int, words: str) -> None:
    """With its exit code; nothing is asked before, and nothing sent."""
    where = () if "--network" in arguments else ("--network", place)
    result = run("place", *arguments, *where, typed="y\n")

    assert (result.exit_code, result.stdout) == (code, "")
    (line,) = [one for one in result.stderr.splitlines() if one.startswith("Error: ")]
    assert words in line


def test_a_venue_that_cannot_be_reached(run: Run) -> None:
    """Is exit code 3, and one line."""
    result = run("market", "--network", "http://127.0.0.1:9")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("terms", "kind", "nodes"),
    [
        (("stop", "sell", "ETH", "0.5", "--trigger", "3200"), "STOP", 1),
        (("trailing-stop", "sell", "ETH", "0.5", "--callback-rate", "0.01"), "TRAILING_STOP", 1),
        (("tp-sl", "sell", "ETH", "0.5", "--take-profit", "3500", "--stop-loss", "3200"), "TP_SL", 3),
        (("positional-tp-sl", "sell", "ETH", "--stop-loss", "3200"), "POSITIONAL_TP_SL", 2),
        (("bracket", "buy", "ETH", "0.5", "--price", "3300", "--take-profit", "3500"), "BRACKET", 3),
    ],
)
def test_each_type_of_algo_order(
    run: Run, place: str, told: Told, terms: tuple[str, ...], kind: str, nodes: int
) -> None:
    """Is placed, listed with its nodes, shown by its id and cancelled by it."""
    assert run("place", "buy", "ETH", "1", "--yes", "--network", place).exit_code == 0
    result = run("algo", *terms, "--yes", "--json", "--network", place)
    assert result.exit_code == 0, result.stderr

    rows = told("algo list", "--symbol", "ETH")
    assert (rows[0]["algo_type"], len(rows)) == (kind, nodes)
    assert told("algo list", "--type", "STOP" if kind != "STOP" else "BRACKET") == []
    assert told("algo show", rows[0]["algo_order_id"])[0]["algo_type"] == kind
    assert told("cancel", rows[0]["algo_order_id"])[0]["kind"] == "algo"
    assert told("algo list") == []


@pytest.mark.parametrize("arguments", [(), ("--symbol", "ETH"), ("7", "--all"), ("7", "--symbol", "ETH")])
def test_a_cancel_of_nothing_in_particular_is_refused(
    run: Run, place: str, arguments: tuple[str, ...]
) -> None:
    """It says what it takes."""
    result = run("cancel", *arguments, "--network", place)
    assert result.exit_code == 2
    assert "ids of orders, or --all" in result.stderr


@pytest.mark.parametrize("name", ["4711", "nobodys-own"])
def test_a_cancel_of_an_order_that_is_not_there(run: Run, place: str, name: str) -> None:
    """Is the venue's refusal: exit code 1."""
    result = run("cancel", name, "--network", place)
    assert result.exit_code == 1


def test_filters_of_a_list(told: Told) -> None:
    """By side, age, market and number of rows."""
    for side, price in (("buy", "3300"), ("buy", "3301"), ("sell", "3500")):
        told("place", side, "ETH", "0.1", "--price", price, "--yes")

    assert [one["price"] for one in told("orders", "--side", "buy")] == ["3301", "3300"]
    assert [one["price"] for one in told("orders", "--limit", "1")] == ["3500"]
    assert told("orders", "--symbol", "BTC") == []
    assert len(told("orders", "--since", "1h")) == 3
    assert told("orders", "--since", "2020-01-01", "--until", "2020-01-02T12:00") == []
