"""What ``orderly-sync watch`` draws, at widths and on terminals of all kinds."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.cli.watch_view import WatchMoment, drawn, facts
from orderly_sync.live.book import Book
from orderly_sync.models.enums import OrderSide
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.book import Level
from orderly_sync.models.pushes.market import Trade

ETH = "PERP_ETH_USDC"


def level(price: int) -> Level:
    return Level(price=Decimal(price), quantity=Decimal("1.5"))


FULL = WatchMoment(
    symbol=ETH,
    network="paper",
    status="ready",
    time=1_795_900_000_000,
    book=Book(ETH, 1, tuple(map(level, (3399, 3398))), tuple(map(level, (3401, 3402)))),
    mark=Decimal(3400),
    trades=(Trade(symbol=ETH, price=Decimal(3401), size=Decimal("0.25"), side=OrderSide.BUY),),
    positions=(Position(symbol=ETH, position_qty=Decimal("-0.5")),),
    orders=(Order(order_id=77, symbol=ETH, price=Decimal(3300)),),
    reports=("12:00:00 \x1b[2J a report \u2028 of [red]theirs",),
)


def shown(moment: WatchMoment, width: int, encoding: str = "utf-8", **options: Any) -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=file, width=width, markup=False, **options)
    console.print(drawn(moment, width, 5))
    file.flush()
    assert isinstance(file.buffer, io.BytesIO)
    return file.buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [200, 100, 40, 20])
def test_what_counts_is_there_at_any_width(width: int) -> None:
    """Nothing is wider than the terminal, and the best levels are never cut."""
    text = shown(FULL, width)
    assert max(len(line) for line in text.splitlines()) <= width
    assert "3399" in text
    assert "3401" in text


def test_a_terminal_of_ascii_gets_ascii() -> None:
    """Tables are drawn of what it has."""
    assert shown(FULL, 100, "ascii").isascii()


@pytest.mark.parametrize("options", [{"force_terminal": True, "no_color": True}, {}])
def test_without_colours_there_are_none(options: dict[str, bool]) -> None:
    """And what others wrote neither colours nor clears anything."""
    text = shown(FULL, 100, **options)
    assert "\x1b[3" not in text
    assert "\x1b[2J" not in text
    assert "[red]theirs" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"book": None}, "being built"),
        ({"positions": ()}, "no positions"),
        ({"status": "down"}, "down"),
        ({"reports": ()}, "no reports yet"),
        ({"book": Book(ETH, 1, (), ())}, "book"),
    ],
)
def test_what_is_missing_is_said(change: dict[str, Any], words: str) -> None:
    """An empty book and an empty account are drawn too."""
    assert words in shown(attrs.evolve(FULL, **change), 100)


def test_without_an_account_nothing_private_is_drawn() -> None:
    """Neither as words nor as facts."""
    moment = attrs.evolve(FULL, positions=None)
    assert "positions" not in shown(moment, 100)
    assert facts(moment)["orders"] is None


@pytest.mark.parametrize("change", [{}, {"book": None, "mark": None, "trades": ()}, {"positions": None}])
def test_facts_answer_the_schema(change: dict[str, Any]) -> None:
    """Whatever is not known yet is null."""
    layout = LAYOUTS["watch"]
    Draft202012Validator(layout.schema()).validate(layout.row(facts(attrs.evolve(FULL, **change))))
