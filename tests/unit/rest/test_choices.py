"""Arguments mean the same in every method: those of few values, the two ends of a span, and pages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import OpenEnum
from orderly_sync.models.listing import ListingSource
from orderly_sync.rest import choices, group_choices
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request

NARROWER = {"Listed", "Type"}
"""Those that name fewer values than the enumeration has: lists know two kinds of order, and not every kind is sent."""
NOT_PUBLISHED = {
    ("query", "candles", "interval"),
    ("query", "market_detail", "candles_interval"),
    ("query", "portfolio", "interval"),
}
"""Arguments whose values the venue publishes nowhere: whatever is given is sent."""


def _parts(hint: Any) -> tuple[set[type[OpenEnum]], set[str]]:
    """The enumerations and the texts that a type takes."""
    kinds, texts = set(), set()
    for part in get_args(hint):
        if isinstance(part, type) and issubclass(part, OpenEnum):
            kinds.add(part)
        elif get_args(part):
            texts |= {text for text in get_args(part) if isinstance(text, str)}
    return kinds, texts


@pytest.mark.parametrize(
    ("module", "name"), [(module, name) for module in (choices, group_choices) for name in module.__all__]
)
def test_a_type_lists_the_values_of_its_enumeration(module, name):
    """Each text that a checker lets pass is one that the client sends, and none is forgotten."""
    ((kind,), texts) = _parts(getattr(module, name))
    values = {member.value for member in kind}

    assert texts
    assert texts <= values
    assert name in NARROWER or texts == values


class Asked(AssertionError):
    """A request would have been sent."""


class Menu(RestGroups):
    """All groups, over a sender that refuses to send."""

    def __init__(self) -> None:
        def send(request: Request) -> Any:
            raise Asked(request)

        self._public = self._vault = self._faucet = self._signed = ApiClient(send, signed=False)


def _arguments() -> Iterator[tuple[str, str, str]]:
    menu = Menu()
    for group in GROUPS:
        for method, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            if method.startswith("_"):
                continue
            for name, hint in get_type_hints(function).items():
                if name != "return" and _parts(hint)[0] and (group, method, name) not in NOT_PUBLISHED:
                    yield group, method, name


ALL = sorted(_arguments())


def _made_up(function: Any, name: str, value: object) -> dict[str, Any]:
    """Arguments for a call: the one in question, and some text for the others that it requires."""
    hints = get_type_hints(function)
    given: dict[str, Any] = {name: value}
    for parameter in list(inspect.signature(function).parameters.values()):
        if parameter.name != name and parameter.default is parameter.empty:
            kinds = _parts(hints[parameter.name])[0]
            first = next((next(iter(kind)) for kind in kinds), None)
            is_number = "int" in str(hints[parameter.name]) or "Decimal" in str(hints[parameter.name])
            given[parameter.name] = first or (1 if is_number else "PERP_ETH_USDC")
            if "ListingSource" in str(hints[parameter.name]):
                given[parameter.name] = [
                    ListingSource(
                        source="BINANCE", source_symbol="X", price_multiplier=Decimal(1), weight=100
                    )
                ]
            if "date" in parameter.name:
                given[parameter.name] = "2026-01-01"
    return given


@pytest.mark.parametrize(("group", "method", "name"), ALL, ids=lambda part: part)
def test_what_is_no_value_is_refused_before_sending(group, method, name):
    """A misspelt text, a number, and a member that answers are read with when the venue has made up a new one."""
    function = getattr(getattr(Menu(), group), method)
    (kind,) = _parts(get_type_hints(function)[name])[0]

    for wrong in ("no such value", kind("A_NEW_ONE"), 3, True):
        with pytest.raises(UsageError, match=rf"^{name}=.* is none of "):
            function(**_made_up(function, name, wrong))


def test_most_groups_are_covered():
    """The list above is read from signatures; were they to lose their types, it would be empty."""
    assert len(ALL) > 60
    assert issubclass(OpenEnum, Enum)


def test_every_list_by_page_begins_at_its_first_page():
    """Where a method takes a page it says which one and how many rows are read, rather than leave it to the host."""
    menu, seen = Menu(), 0
    for group in GROUPS:
        for name, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            taken = inspect.signature(function).parameters
            if not name.startswith("_") and "page" in taken:
                assert taken["page"].default == 1, f"{group}.{name}"
                assert type(taken["size"].default) is int, f"{group}.{name}"
                seen += 1
    assert seen > 50


def _spans() -> Iterator[tuple[str, str, str, str]]:
    """Every method with two ends of a span, by the names of the two."""
    menu = Menu()
    for group in GROUPS:
        for method, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            names = inspect.signature(function).parameters
            for first in names:
                last = re.sub(r"\bstart|(?<=_)start\b", "end", first)
                is_span = last != first and last in names and first != "start_r"  # those are ranks
                if is_span and not method.startswith("_"):
                    yield group, method, first, last


SPANS = sorted(_spans())


@pytest.mark.parametrize(("group", "method", "first", "last"), SPANS, ids=lambda part: part)
def test_a_span_that_ends_before_it_starts_is_refused_alike(group, method, first, last):
    """Whatever the wire calls its ends, and whether it counts days, seconds or milliseconds."""
    function = getattr(getattr(Menu(), group), method)
    start, end = ("2026-01-02", "2026-01-01") if "date" in first else (1767225600000, 1767225599000)
    given = {**_made_up(function, first, start), last: end}

    with pytest.raises(UsageError, match="comes before"):
        function(**given)


@pytest.mark.parametrize(("group", "method", "first", "last"), SPANS, ids=lambda part: part)
def test_a_span_of_one_moment_is_sent(group, method, first, last):
    """Both ends are included."""
    function = getattr(getattr(Menu(), group), method)
    moment = "2026-01-02" if "date" in first else 1767225600000

    with pytest.raises(Asked):
        function(**{**_made_up(function, first, moment), last: moment})


def test_most_spans_are_covered():
    """The lists of the account, of builders, of the public query, and charts."""
    assert len(SPANS) > 35
