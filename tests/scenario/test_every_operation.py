"""Every operation there is, called by the real client at one running venue, its answer understood whole.

What the venue's small world lacks it answers with an empty list, or refuses in the real venue's words, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_origin, get_type_hints

import attrs
import pytest

from orderly_sync.errors import ApiError
from orderly_sync.models.base import Model, Page
from orderly_sync.models.pages import CursorPage
from orderly_sync.venue.server.serve import Venue
from tests.contract.shapes import extras
from tests.scenario.operations import accounts, trading, vaults, world
from tests.scenario.operations.calls import NAMES, RecordedKit, play

ROWS = trading.ROWS + accounts.ROWS + world.ROWS + vaults.ROWS

EMPTY: dict[str, str] = {
    "assets.receiver_events": "there is no chain on which a token could be sent to a receiver address",
    "admin.convert_history": "USDC is the only collateral, so nothing is ever converted",
    "assets.convert_history": "USDC is the only collateral, so nothing is ever converted",
    "market.rwa_info": "no market here is one on a real-world asset",
}
"""Operations whose lists are empty at this venue, and why; any other must have something to say."""

REFUSED: dict[str, tuple[int, str]] = {
    "assets.manual_convert": (-1005, "token USDT is not held here; only USDC is"),
}
"""Operations that this venue refuses with the venue's code, and its words; any other is carried out."""


@pytest.fixture(scope="module")
def kit() -> Iterator[RecordedKit]:
    """All of them called, in their order."""
    with Venue(seed=11, market="frozen", rate_limits=False, accounts=5) as venue:
        made = RecordedKit(venue)
        made.kept["raised"] = play(made, ROWS)
        yield made
        made.close()


def test_the_table_names_every_operation_once():
    """Those that ``orderly-sync api list`` prints."""
    named = [name for name, _ in ROWS]

    assert sorted(named) == sorted(NAMES)


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_has_the_venues_code(kit: RecordedKit, name: str):
    """And one sentence that says why."""
    raised = kit.kept["raised"].get(name)

    assert isinstance(raised, ApiError)
    assert (raised.code, raised.message) == REFUSED[name]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED])
def test_an_answer_is_understood_whole(kit: RecordedKit, name: str):
    """Of the promised type, with nothing left over, and not empty."""
    if (raised := kit.kept["raised"].get(name)) is not None:
        raise raised
    answer = kit.answers[name]

    assert isinstance(answer, _promised(kit, name))
    assert list(extras(answer)) == []
    assert _says_something(answer) == (name not in EMPTY)


def _promised(kit: RecordedKit, name: str) -> type:
    """The type that a method's signature promises."""
    group, _, method = name.partition(".")
    hint = get_type_hints(getattr(type(getattr(kit.public, group)), method))["return"]
    kind: type = get_origin(hint) or hint
    return kind


def _says_something(answer: Any) -> bool:
    """Whether a list has rows, or a model at least one field that is set and no empty list."""
    if isinstance(answer, (tuple, Mapping)):
        return bool(answer)
    if not isinstance(answer, (Model, Page, CursorPage)):
        return answer is not None
    if isinstance(answer, (Page, CursorPage)):
        return bool(len(answer))
    own = [field.name for field in attrs.fields(type(answer)) if field.name not in {"extra", "frame"}]
    return not own or any(_says_something(getattr(answer, each)) for each in own)
