"""The latest row of each key."""

from __future__ import annotations

import pytest

from orderly_sync.live.holdings import LiveHoldings
from orderly_sync.live.orders import OpenAlgoOrders, OpenOrders
from orderly_sync.live.positions import LivePositions
from orderly_sync.live.table import Table


def test_it_reads_like_a_mapping():
    """Rows by key, read only."""
    table: Table[str, int] = Table("numbers")
    table.put("a", 1)
    table.put("b", 2)
    assert (table["a"], list(table), len(table), dict(table)) == (1, ["a", "b"], 2, {"a": 1, "b": 2})
    with pytest.raises(KeyError):
        table["c"]
    table.drop("a")
    table.drop("a")
    assert "a" not in table


def test_it_prints_as_one_line():
    """Its name, its size, its first rows."""
    table: Table[int, int] = Table("numbers")
    for number in range(7):
        table.put(number, number)
    assert repr(table) == "numbers: 7 [0; 1; 2; 4 more]"


def test_a_snapshot_does_not_move():
    """Later changes build a new mapping."""
    table: Table[str, int] = Table("numbers")
    table.put("a", 1)
    before = table.snapshot()
    table.put("a", 2)
    assert (before["a"], table["a"]) == (1, 2)


def test_what_pushes_touch_while_rest_is_read_is_newer():
    """A row set or dropped meanwhile stays so; everything else is as REST says."""
    table: Table[str, int] = Table("numbers")
    table.put("set", 1)
    table.put("gone", 1)
    table.put("old", 1)
    assert not table.seeded
    table.begin()
    table.put("set", 2)
    table.drop("gone")
    table.seed({"set": 9, "gone": 9, "new": 9})
    assert dict(table) == {"set": 2, "new": 9}
    assert table.seeded


def test_a_refinement_does_not_count_as_touched():
    """What only a price changed is as REST says."""
    table: Table[str, int] = Table("numbers")
    table.put("a", 1)
    table.begin()
    table.refine("a", 2)
    table.seed({"a": 9})
    assert table["a"] == 9


def test_a_seed_without_a_beginning_replaces_all():
    """Nothing was touched."""
    table: Table[str, int] = Table("numbers")
    table.put("a", 1)
    table.seed({"b": 2})
    assert dict(table) == {"b": 2}


@pytest.mark.parametrize(
    ("shown", "more"),
    [
        (LivePositions(), {"flat"}),
        (LiveHoldings(), set()),
        (OpenOrders(), set()),
        (OpenAlgoOrders(), set()),
        (Table[str, str]("texts"), set()),
    ],
    ids=lambda one: type(one).__name__,
)
def test_tab_shows_what_users_call(shown: object, more: set[str]) -> None:
    """What reads, and nothing of what feeds: whoever completes ``ex.positions.`` cannot break it by a guess."""
    reads = {"get", "items", "keys", "values", "snapshot", "df", "arrow", "to_polars"}
    assert {name for name in dir(shown) if not name.startswith("_")} == reads | more
    assert callable(shown.put)  # type: ignore[attr-defined]  # it is there all the same
