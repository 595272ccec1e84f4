"""The three bots of examples/, by the fixtures that their users have for tests of their own."""

from __future__ import annotations

import importlib.util
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from orderly_sync import Market, Orderly, UsageError
from orderly_sync.errors import InvalidOrder
from orderly_sync.testing import FrozenMarket, PaperVenue, until

EXAMPLES = Path(__file__).parents[2] / "examples"
BOTS = ("grid_bot", "trend_bot", "bracket_bot")


@pytest.fixture
def ex(venue: PaperVenue) -> Orderly:
    """A client that refuses orders worth more than 1,000 USDC."""
    return venue.connect(max_notional=1000)


def bot(name: str) -> ModuleType:
    """An example as a module."""
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def is_flat(ex: Orderly) -> bool:
    """Nothing is held and nothing is open, by the venue's word."""
    orders = ex.rest.orders
    is_held = any(row.position_qty for row in ex.rest.positions.list().rows)
    return not (
        is_held or orders.list(status="INCOMPLETE").rows or orders.list_algo(status="INCOMPLETE").rows
    )


def test_the_grid_turns_fills_around_and_ends_flat(ex: Orderly, frozen_market: FrozenMarket) -> None:
    middle = round(frozen_market.price("ETH"))
    grid = bot("grid_bot").Grid(ex, levels=2, step=3)
    assert sorted(order.price for order in ex.orders.values()) == [middle + at for at in (-6, -3, 3, 6)]
    frozen_market.move("ETH", by=-4)
    grid.run(1)
    assert grid.turns == 1
    assert middle in [order.price for order in ex.orders.values()]

    grid.close()
    assert is_flat(ex)


@pytest.mark.parametrize(("steps", "side"), [((1, 1, 1, 1), 1), ((-1, -1, -1, -1), -1)], ids=["up", "down"])
def test_the_trend_is_entered_at_a_break_and_left_by_the_trailing_stop(
    ex: Orderly, frozen_market: FrozenMarket, steps: tuple[int, ...], side: int
) -> None:
    trend = bot("trend_bot").Trend(ex, quantity="0.1", window=3, callback="0.001")
    for by in steps:
        trend.on_price(frozen_market.move("ETH", by=by))
    assert ex.positions["ETH"].position_qty * side > 0
    trend.on_price(frozen_market.move("ETH", by=20 * side))
    frozen_market.move("ETH", by=-10 * side)
    trend.stop.wait("done", timeout=5)
    trend.on_price(frozen_market.price("ETH"))

    assert trend.trades == 1
    assert is_flat(ex)


def test_the_trend_waits_inside_its_range(ex: Orderly, frozen_market: FrozenMarket) -> None:
    trend = bot("trend_bot").Trend(ex, window=3)
    for by in (1, -1, 0, 0.5, -0.5):
        trend.on_price(frozen_market.move("ETH", by=by))
    assert not ex.positions


def test_the_bracket_moves_its_stop_when_half_way(ex: Orderly, frozen_market: FrozenMarket) -> None:
    """And ends flat by it when the price comes back."""
    bracket_bot = bot("bracket_bot").BracketBot(ex, width=20)
    entry = frozen_market.price("ETH")
    bracket_bot.on_price(entry)
    until(lambda: ex.positions)
    bracket_bot.on_price(frozen_market.move("ETH", by=12))
    frozen_market.set("ETH", entry - 1)
    bracket_bot.bracket.wait("done", timeout=5)

    until(lambda: is_flat(ex))
    assert -1 < bracket_bot.pnl < 0


@pytest.mark.parametrize("cause", ["loss", "kill"])
def test_a_limit_ends_the_bracket_bot(
    ex: Orderly, frozen_market: FrozenMarket, tmp_path: Path, cause: str
) -> None:
    """It goes no further, and flatten leaves nothing."""
    module = bot("bracket_bot")
    trader = module.BracketBot(ex, width=100, max_loss=5, kill=tmp_path / "stop")
    trader.on_price(frozen_market.price("ETH"))
    until(lambda: ex.positions)
    if cause == "loss":
        frozen_market.move("ETH", by=-60)
    else:
        (tmp_path / "stop").touch()
    with pytest.raises(module.Halt, match="USDC lost" if cause == "loss" else "is there"):
        trader.on_price(frozen_market.price("ETH"))

    trader.flatten()
    assert is_flat(ex)


def test_the_bracket_bot_places_no_order_beyond_its_limit(ex: Orderly, frozen_market: FrozenMarket) -> None:
    trader = bot("bracket_bot").BracketBot(ex, quantity="2")
    with pytest.raises(InvalidOrder, match="1000"):
        trader.on_price(frozen_market.price("ETH"))
    assert not ex.positions


@pytest.mark.parametrize("name", ["trend_bot", "bracket_bot"])
def test_flatten_closes_what_has_no_handle(ex: Orderly, name: str) -> None:
    """As when Ctrl-C came between an order and its handle; twice is as good as once."""
    made = bot(name).Trend(ex) if name == "trend_bot" else bot(name).BracketBot(ex)
    ex.place(Market.sell("ETH", quantity="0.2")).wait("filled", timeout=5)

    made.flatten()
    made.flatten()
    assert is_flat(ex)


@pytest.mark.parametrize(("name", "line"), [("trend_bot", "BUY"), ("bracket_bot", "brackets in")])
def test_ctrl_c_ends_a_bot_clean_and_flat(name: str, line: str) -> None:
    """Exit status 0, nothing on stderr, no position and no order."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-u", str(EXAMPLES / f"{name}.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        while line not in (told := running.stdout.readline()) and "SELL" not in told:
            assert told
        running.send_signal(signal.SIGINT)
        told, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")
    assert "0 positions, 0 orders left" in told


@pytest.mark.parametrize("name", BOTS)
def test_a_bot_is_short_and_needs_a_key_on_a_real_venue(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under 120 lines; and without credentials one sentence says what to set."""
    assert (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").count("\n") < 120
    monkeypatch.setattr(sys, "argv", [name, "--network", "testnet"])
    with pytest.raises(UsageError, match="ORDERLY_"):
        bot(name).main()
