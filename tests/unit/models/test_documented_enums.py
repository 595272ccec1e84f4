"""Every enumeration links the venue's page, and its members say what they mean where their names do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orderly_sync.models
from orderly_sync.models.enums import OpenEnum

_HOME = Path(orderly_sync.models.__file__).parent
_PAGES = "https://orderly.network/docs/"

PLAIN = {
    "FeedVisibility",
    "InternalTransferSide",
    "KlineInterval",
    "LiquidationSort",
    "NotificationLevel",
    "OrderStatusFilter",
    "RefereeSort",
    "VaultChartRange",
    "VaultTransactionType",
}
"""Enumerations that have members whose name is all there is to say."""


class Described(NamedTuple):
    """An enumeration as its source describes it."""

    name: str
    doc: str
    silent: list[str]
    """Its members without a text."""


def described(source: str) -> Iterator[Described]:
    """The open enumerations of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and "OpenEnum" in map(ast.unparse, node.bases):
            pairs = zip(node.body, [*node.body[1:], None], strict=True)
            silent = [
                ast.unparse(each.targets[0])
                for each, after in pairs
                if isinstance(each, ast.Assign)
                and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
            ]
            yield Described(node.name, ast.get_docstring(node) or "", silent)


ALL = [each for path in sorted(_HOME.rglob("*.py")) for each in described(path.read_text(encoding="utf-8"))]


def test_every_enumeration_links_the_venues_page() -> None:
    assert [each.name for each in ALL if _PAGES not in each.doc] == []


def test_members_say_what_they_mean() -> None:
    assert {each.name: each.silent for each in ALL if each.silent and each.name not in PLAIN} == {}


def test_no_exception_outlives_its_reason() -> None:
    assert PLAIN - {each.name for each in ALL if each.silent} == set()


def test_the_count_reaches_all_that_can_be_imported() -> None:
    ours = {
        kind.__name__ for kind in OpenEnum.__subclasses__() if kind.__module__.startswith("orderly_sync.")
    }
    assert {each.name for each in ALL} >= ours


def test_a_bare_enumeration_is_found() -> None:
    (bare,) = described(
        'class Hue(OpenEnum):\n    """Of light."""\n\n    RED = "red"\n    """Long."""\n    BLUE = "blue"\n'
    )
    assert (bare.name, bare.silent, _PAGES in bare.doc) == ("Hue", ["BLUE"], False)
