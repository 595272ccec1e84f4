"""The fixtures as a user's own tests have them: in a run of pytest by itself, with warnings as errors."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
FLAGS = ("-p", "orderly_sync.testing.plugin", "-p", "no:cacheprovider", "--strict-markers", "-W", "error")
TESTS = """
import threading
import pytest
from orderly_sync import Disconnected, Limit, Market, OrderOutcomeUnknown, Stop, topics
from orderly_sync.testing import until

def test_a_trigger(ex, frozen_market, clock):
    ex.place(Market.buy("ETH", quantity="0.5")).wait("filled", timeout=5)
    stop = ex.place(Stop.sell("ETH", quantity="0.5", trigger=frozen_market.price("ETH") - 10))
    frozen_market.move("ETH", by=-20)
    assert stop.wait("done", timeout=5).algo_status == "FILLED"
    before = clock.now()
    assert clock.advance(60_000) == before + 60_000

def test_nothing_is_left_of_another_test(ex, frozen_market):
    assert not ex.positions
    assert not ex.orders
    assert ex.holdings["USDC"].holding == 100_000
    assert len([one for one in threading.enumerate() if one.name == "orderly-paper-venue"]) == 1

def test_a_fault(ex, faults):
    faults.drop("executionreport", count=1)
    order = ex.place(Limit.buy("ETH", quantity="0.1", price=3300))
    assert [one.kind for one in faults.list()] == ["drop"]
    assert order.status == "NEW"

def test_a_lost_connection(ex, venue):
    venue.control.drop_connections()
    ex.wait_for(Disconnected, timeout=5) if ex.status == "ready" else None
    until(lambda: ex.status == "ready", timeout=10)

def test_a_clock_that_is_off(venue, clock):
    clock.skew_ms = 301_000
    assert abs(venue.connect().stats()["clock_offset"] - 301_000) < 2_000

@pytest.mark.orderly_venue(accounts=3, seed=5)
class TestMarked:
    def test_the_class_counts(self, venue):
        assert len(venue.credentials) == 3
        assert venue.connect(2).rest.account.info().account_id == venue.credentials[2].account_id

    @pytest.mark.orderly_venue(accounts=1)
    def test_the_nearest_counts(self, venue):
        assert len(venue.credentials) == 1

@pytest.fixture
def faults():
    return "mine"

class TestMine:
    def test_a_fixture_of_ones_own_goes_first(self, faults):
        assert faults == "mine"
"""
WRONG = """
import pytest

@pytest.mark.orderly_venue(acounts=3)
def test_keyword(venue): ...

@pytest.mark.orderly_venue(3)
def test_position(venue): ...

@pytest.mark.orderly_venue(market="sideways")
def test_value(venue): ...

def test_account(venue):
    venue.connect(2)
"""


def test_users_tests_pass_with_every_fixture(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Triggers, faults, lost connections, a clock that is off; a fixture of the user's own goes first."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    tests = TESTS.replace("def test_a_fault(ex, faults)", "def test_a_fault(ex, venue)").replace(
        "    faults.drop", "    faults = venue.faults\n    faults.drop"
    )
    pytester.makepyfile(test_shadowed=tests, test_plain=TESTS.partition("@pytest.fixture")[0])

    result = pytester.runpytest_subprocess(*FLAGS)

    result.assert_outcomes(passed=15)


def test_what_makes_no_sense_is_told_in_the_test_that_says_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyword that does not exist, one without its name, a value that is none, an account that is none."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("CI", raising=False)  # there pytest tells each error twice, whole
    pytester.makepyfile(WRONG)

    result = pytester.runpytest_subprocess(*FLAGS)

    result.assert_outcomes(errors=3, failed=1)
    text = result.stdout.str()
    assert text.count("takes these keywords: orderly_venue(seed=0") == 2
    assert "sideways" in text
    assert "open it with accounts=3" in text


def test_the_marker_and_the_fixtures_are_told(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By pytest's own lists."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    result = pytester.runpytest_subprocess(*FLAGS, "--markers", "--fixtures")

    result.stdout.fnmatch_lines("@pytest.mark.orderly_venue(*")


def test_a_run_that_does_not_use_it_loads_nearly_nothing() -> None:
    """The plugin is in every run of pytest: neither client nor venue come with it."""
    code = "import sys, orderly_sync.testing.plugin; print(*[m for m in sys.modules if m.startswith('orderly_sync')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert set(done.stdout.split()) == {
        "orderly_sync",
        "orderly_sync._version",
        "orderly_sync.testing",
        "orderly_sync.testing.plugin",
    }


def test_pytest_finds_it_by_itself_where_it_is_installed() -> None:
    """By the name of its module, so that ``-p`` with that name and the installed one are one plugin."""
    options = configparser.ConfigParser()
    options.read(ROOT / "setup.cfg", encoding="utf-8")
    module = "orderly_sync.testing.plugin"

    assert options["options.entry_points"]["pytest11"].split() == [module, "=", module]
