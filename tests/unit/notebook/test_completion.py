"""What tab completes: where a cursor stands, and what may stand there."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import orderly_sync
from orderly_sync import Market, Rest, UsageError, topics
from orderly_sync.live.positions import LivePositions
from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.market import SymbolRules
from orderly_sync.models.position import Position
from orderly_sync.notebook.completion import Completed, Site, choices_of, completed, site_of
from orderly_sync.notebook.symbols import Symbols


@pytest.mark.parametrize(
    ("text", "site"),
    [
        ('f("a', Site("f", "(", 0, "", '"', "a")),
        ("ex.book('", Site("ex.book", "(", 0, "", "'", "")),
        ('f(1, (2, 3), "x, y", "a', Site("f", "(", 3, "", '"', "a")),
        ('f(g("b", 1), name="a b', Site("f", "(", 1, "name", '"', "a b")),
        ('f(\n    1,\n    side = "', Site("f", "(", 1, "side", '"', "")),
        ('f(g("', Site("g", "(", 0, "", '"', "")),
        ('x["', Site("x", "[", 0, "", '"', "")),
        ("x.y[12", Site("x.y", "[", 0, "", "", "12")),
        ("x.y.z", Site("x.y", ".", 0, "", "", "z")),
        ("f(x.", Site("x", ".", 0, "", "", "")),
        ('"""don\'t(""" + f("', Site("f", "(", 0, "", '"', "")),
        ("# don't (\nf('", Site("f", "(", 0, "", "'", "")),
        ('f("a")', None),
        ('"', None),
        ("", None),
        ('f()("', None),
        ('f().g("', None),
        ('f(r"', None),
        ('f(1 + "', None),
        ('f(x == "', None),
        ('[1, "', None),
        ("'a'.x", None),
    ],
)
def test_where_a_cursor_stands(text: str, site: Site | None) -> None:
    """In which bracket of what, as which argument; None where that is not plain."""
    assert site_of(text) == site


@given(st.text(alphabet="ab.,()[]{}'\"#=\\\n 1", max_size=40))
def test_any_text_is_somewhere_or_nowhere(text: str) -> None:
    """What is found is what was written last."""
    site = site_of(text)
    assert site is None or text.endswith(site.quote + site.fragment)
    assert completed(text, {"a": Market, "b": topics}, lambda _: ["ab"]) is None or site is not None


class Colour(Enum):
    RED = "red"
    TWO = 2


@pytest.mark.parametrize(
    ("hint", "texts"),
    [
        (Colour, ["red"]),
        (Colour | None, ["red"]),
        (Literal["a", 1] | Colour | float, ["a", "red"]),
        (KlineInterval | Literal["1m"], [one.value for one in KlineInterval]),
        (str, []),
        (list[Literal["a"]], []),
        ("unknown", []),
    ],
)
def test_the_few_values_that_a_type_admits(hint: object, texts: list[str]) -> None:
    """Texts only, each once."""
    assert choices_of(hint) == texts


def names() -> dict[str, Any]:
    live = LivePositions()
    live.put("PERP_ETH_USDC", Position(symbol="PERP_ETH_USDC"))
    live.put("PERP_BTC_USDC:ISOLATED", Position(symbol="PERP_BTC_USDC"))
    mine = Symbols(lambda: [SymbolRules(symbol=name) for name in ("PERP_ETH_USDC", "PERP_SOL_USDC")])
    return {
        "orderly_sync": orderly_sync,
        "Market": Market,
        "topics": topics,
        "Rest": Rest,
        "held": live,
        "mine": mine,
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Market.buy("E', ["ETH"]),
        ('orderly_sync.Market.sell(symbol="E', ["ETH"]),
        ('topics.trade("', ["ETH", "SOL"]),
        ('Market.buy("ETH", quantity=1, margin_mode="I', ["ISOLATED"]),
        ('held["P', ["PERP_ETH_USDC", "PERP_BTC_USDC:ISOLATED"]),
        ('held["B', ["BTC:ISOLATED"]),
        ("held[", ["'PERP_ETH_USDC'", "'PERP_BTC_USDC:ISOLATED'", "'ETH'", "'BTC:ISOLATED'"]),
        ("mine.S", ["SOL"]),
        ('mine["PERP_E', ["PERP_ETH_USDC"]),
    ],
)
def test_what_may_stand_there(text: str, found: list[str]) -> None:
    """Symbols, keys in every spelling, attributes that are made up, values of enumerations."""
    made = completed(text, names(), lambda _: ["ETH", "SOL"])
    assert made is not None
    assert sorted(made.texts) == sorted(found)
    assert all(one.startswith(made.fragment) for one in made.texts)


@pytest.mark.parametrize(
    "text",
    ['Market.buy("X', 'Market.buy("ETH", "', 'Market.nowhere("', 'unknown("', 'theirs.buy("', 'print("', 'Market.buy("ETH", tag="', "held.", 'Market._private("', "topics.", 'held.get("'],
)  # fmt: skip
def test_where_others_know_better(text: str) -> None:
    """Names that are none, arguments without values to choose from, and objects of other packages, which are not touched."""

    class Theirs:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    assert completed(text, {**names(), "theirs": Theirs(), "print": print}, lambda _: ["ETH"]) is None


@pytest.mark.parametrize("error", [UsageError("it has stopped"), TimeoutError()])
def test_a_client_that_cannot_tell_has_nothing_to_complete(error: Exception) -> None:
    """A tab raises nothing."""

    def fails(_: object) -> list[str]:
        raise error

    assert completed('Market.buy("', names(), fails) is None


def test_symbols_are_those_of_the_client_that_is_named() -> None:
    """The object before the bracket is told to who knows the symbols."""
    asked: list[object] = []

    def symbols(root: object) -> list[str]:
        asked.append(root)
        return ["ETH"]

    assert completed('Market.buy("', names(), symbols) == Completed("", ["ETH"])
    assert asked == [Market]
