"""What the account has, from the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from orderly_sync.cli import target
from orderly_sync.venue.server.serve import Venue


def test_the_balance(told: Callable[..., Any]) -> None:
    """Exact, and by token."""
    (row,) = told("balance")
    assert (row["token"], row["holding"]) == ("USDC", "100000")
    assert told("balance", "--token", "usdc") == [row]
    assert told("balance", "--token", "BTC") == []


def test_another_account_of_a_venue(told: Callable[..., Any], venue: Venue) -> None:
    """Is named by the beginning of its id."""
    told("place", "buy", "ETH", "1", "--yes")
    assert len(told("positions")) == 1
    assert told("positions", "--account", venue.accounts[1].account_id[:12]) == []


def test_an_account_that_is_nobodys(run: Callable[..., Result], place: str) -> None:
    """Is refused, and the list of keys is pointed at."""
    result = run("balance", "--network", place, "--account", "0xdead")
    assert result.exit_code == 2
    assert "keys list" in result.stderr


@pytest.mark.parametrize("way", ["line", "url and file", "url and environment"])
def test_ways_to_name_a_venue(
    run: Callable[..., Result], venue: Venue, way: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line in ORDERLY_NETWORK; or a URL, with the account from a private file or from the environment."""
    second = venue.accounts[1]
    more: tuple[str, ...] = ("--network", venue.urls["rest"])
    if way == "line":
        monkeypatch.setenv("ORDERLY_NETWORK", venue.line())
        more = ()
    elif way == "url and file":
        path = tmp_path / "keys.json"
        path.write_text(json.dumps({"account_id": second.account_id, "secret": second.orderly_secret}))
        path.chmod(0o600)
        more += ("--credentials", str(path))
    else:
        monkeypatch.setenv("ORDERLY_ACCOUNT_ID", second.account_id)
        monkeypatch.setenv("ORDERLY_SECRET", second.orderly_secret)

    result = run("balance", "--json", *more)
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)[0]["holding"] == "100000"


def test_a_file_whose_line_is_still_to_come(run: Callable[..., Result], venue: Venue, tmp_path: Path) -> None:
    """As just after ``orderly-sync venue > venue.json &``: it is waited for."""
    path = tmp_path / "venue.json"
    path.touch()
    late = threading.Timer(0.2, path.write_text, (f"{venue.line()}\n",))
    late.start()
    result = run("balance", "--json", "--network", path)
    late.join()
    assert result.exit_code == 0, result.stderr


def test_a_file_that_stays_empty(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Says what it should hold."""
    monkeypatch.setattr(target, "_STARTING", 0.05)
    (tmp_path / "venue.json").touch()
    result = run("balance", "--network", tmp_path / "venue.json")
    assert result.exit_code == 2
    assert "orderly-sync venue >" in result.stderr


def test_an_empty_account_of_its_own(run: Callable[..., Result]) -> None:
    """Says on stderr that there is nothing, and that this venue does not stay."""
    result = run("positions")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "nothing to show" in result.stderr
    assert "ends with it" in result.stderr
