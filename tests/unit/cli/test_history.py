"""``orderly-sync history``: one past in every form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from orderly_sync import connect
from orderly_sync.cli.layouts import LAYOUTS
from orderly_sync.history.account_history import HistoryRange

Run = Callable[..., Result]
Told = Callable[..., Any]


@pytest.fixture(scope="module")
def _traded() -> list[int]:
    return []


@pytest.fixture
def traded(told: Told, _traded: list[int]) -> list[int]:
    """The ids of two orders that traded at the module's venue."""
    while len(_traded) < 2:
        _traded.append(told("place", "buy", "ETH", "0.2", "--yes")["order_id"])
    return _traded


def test_fills_as_json_and_csv_are_the_same(run: Run, told: Told, place: str, traded: list[int]) -> None:
    """Row by row and field by field; nothing but rows is on stdout."""
    rows = told("history fills", "--since", "1h")
    assert {row["order_id"] for row in rows} >= set(traded)
    table = list(csv.DictReader(io.StringIO(run("history", "fills", "--csv", "--network", place).stdout)))
    assert [line["executed_price"] for line in table] == [row["executed_price"] for row in rows]
    assert list(table[0]) == [one.name for one in LAYOUTS["history fills"].columns]
    assert {line["is_maker"] for line in table} <= {"true", "false"}


def test_candles_as_parquet_are_exact(run: Run, told: Told, place: str, tmp_path: Path) -> None:
    """Numbers are decimals, times have their zone; a second time the file is not overwritten."""
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "eth.parquet"
    until = str(told("history candles", "ETH", "1h", "--since", "6h")[-1]["start_timestamp"])
    since = str(int(until) - 5 * 3_600_000)
    span = ("candles", "ETH", "1h", "--since", since, "--until", until)
    assert run("history", *span, "--parquet", path, "--network", place).exit_code == 0
    kept = parquet.read_table(path).to_pylist()
    rows = told("history candles", *span[1:])
    assert len(kept) == len(rows) == 6
    assert [row["volume"] for row in kept[:5]] == [Decimal(row["volume"]) for row in rows[:5]]
    assert kept[0]["time"].timestamp() * 1000 == rows[0]["start_timestamp"]

    again = run("history", *span, "--parquet", path, "--network", place)
    assert (again.exit_code, "name a new file" in again.stderr) == (2, True)


def test_candles_as_csv_are_those_of_a_frame(run: Run, told: Told, place: str) -> None:
    """The columns and the times that ``ex.candles(...).df.to_csv()`` writes, so that either file can be read alike."""
    pandas = pytest.importorskip("pandas")
    until = told("history candles", "ETH", "1h", "--since", "6h")[-1]["start_timestamp"] - 1
    span = {"since": until - 5 * 3_600_000, "until": until}
    words = ("--since", str(span["since"]), "--until", str(until))
    written = run("history", "candles", "ETH", "1h", *words, "--csv", "--network", place).stdout
    with connect(Path(place).read_text(encoding="utf-8")) as ex:
        expected = ex.candles("ETH", "1h", **span).df

    read = pandas.read_csv(io.StringIO(written), index_col="time", parse_dates=["time"])
    again = pandas.read_csv(io.StringIO(expected.to_csv()), index_col="time", parse_dates=["time"])
    pandas.testing.assert_frame_equal(read, again, check_dtype=False)
    assert written.splitlines()[0] == "time,open,high,low,close,volume,amount"
    assert [line.partition(",")[0] for line in written.splitlines()] == [
        line.partition(",")[0] for line in expected.to_csv().splitlines()
    ]


def test_candles_answer_to_klines_too(run: Run, place: str) -> None:
    """As ``ex.history.klines`` is called."""
    words = ("ETH", "1h", "--since", "6h", "--csv", "--network", place)
    assert run("history", "klines", *words).stdout == run("history", "candles", *words).stdout != ""


@pytest.mark.parametrize("kind", ["orders", "funding", "assets", "transfers"])
def test_each_kind_answers_its_schema(told: Told, traded: list[int], kind: str) -> None:
    """Orders are there, the rest of a new account is empty."""
    more = ("--side", "IN") if kind == "transfers" else ()
    rows = told(f"history {kind}", *more, "--since", "1d")
    if kind == "orders":
        assert [row["order_id"] for row in rows] == sorted(row["order_id"] for row in rows)
        assert [row["order_id"] for row in told("history orders", "--limit", "1")] == [rows[-1]["order_id"]]


def test_a_symbol_without_trades_is_empty(run: Run, place: str) -> None:
    """In each form: no lines, a line of names, a sentence."""
    base = ("history", "fills", "--symbol", "SOL", "--network", place)
    assert run(*base, "--json").stdout == ""
    assert len(run(*base, "--csv").stdout.splitlines()) == 1
    assert "nothing to show" in run(*base).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("fills", "--since", "yesterday"), "give an age"),
        (("fills", "--json", "--csv"), "exclude each other"),
        (("fills", "--since", "1h", "--until", "2020-01-01"), "comes before"),
        (("candles", "ETH", "7m"), "7m"),
        (("fills", "--parquet", "/nowhere/at/all.parquet"), "cannot be written"),
    ],
)
def test_what_cannot_be(run: Run, place: str, arguments: tuple[str, ...], words: str) -> None:
    """Is exit code 2, one line, and nothing on stdout."""
    result = run("history", *arguments, "--network", place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_what_breaks_off_says_where_to_go_on(
    run: Run, place: str, traded: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came is printed, and the words to type next are on stderr."""
    whole = HistoryRange.__iter__

    def breaks(self: HistoryRange[Any]) -> Any:
        rows = list(whole(self))
        yield rows[0]
        self.reached = rows[0].executed_timestamp
        raise KeyboardInterrupt

    monkeypatch.setattr(HistoryRange, "__iter__", breaks)
    result = run("history", "fills", "--json", "--network", place)
    assert result.exit_code == 130
    reached = json.loads(result.stdout)["executed_timestamp"]
    assert f"--since {reached + 1} --until" in result.stderr
