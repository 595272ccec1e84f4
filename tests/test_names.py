"""One word, one meaning: no two public classes of the package share a name, save those listed with their reason."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import orderly_sync

PACKAGE = Path(__file__).parent.parent / "orderly_sync"

SHARED = {
    "a section of the venue's menu, reached as ex.rest.<name>, beside what users place or the engine keeps": (
        "Account Funding Market"
    ),
    "a row of REST and a push of the same thing: the venue calls both so, and their fields differ": (
        "AccountLiquidation LiquidatorLiquidation MaintenanceWindow OpenInterest Level"
    ),
    "the same figures from the public query and from an operation of their own, with other fields": (
        "ExchangeFunding FundingComparison"
    ),
    "a snapshot of REST, and the live book made of it and of updates": "Book",
    "what the exchange keeps itself, and what a client reads of it by the venue's name": (
        "Fill FundingFee FundingRate Holding LiquidatedPosition Order Position SymbolRules"
    ),
}
"""Why two classes may share a name, and which do."""


def classes() -> dict[str, list[str]]:
    """The files in which each public class stands."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(file.relative_to(PACKAGE).as_posix())
    return found


def test_no_two_public_classes_share_a_name() -> None:
    """And whatever is listed still shares one, so the list grows no weeds."""
    twice = {name: files for name, files in classes().items() if len(files) > 1}
    listed = [name for names in SHARED.values() for name in names.split()]

    assert len(listed) == len(set(listed))
    assert {name: files for name, files in twice.items() if name not in listed} == {}
    assert sorted(set(listed) - set(twice)) == []


OTHER_NAMES = {"AlgoOrderType": "OrderType", "AlgoStatus": "OrderStatus"}
"""What is imported from the top by a second name, for algo orders have the types and states of ordinary ones."""


def test_names_at_the_top_mean_one_class() -> None:
    """What users import from the package bears the name by which its module knows it."""
    exported = {name: getattr(orderly_sync, name) for name in orderly_sync.__all__}
    others = {
        name: one.__name__ for name, one in exported.items() if isinstance(one, type) and one.__name__ != name
    }

    assert others == OTHER_NAMES


RETIRED = {
    "Ask": "the price of sellers; a query is a QueryCall",
    "Desk": "HandleRegistry and OrderEntry",
    "Past": "HistoryRange",
    "Standing": "MarkedPosition",
    "Submits": "CommandSubmitter",
    "Tells": "AccountNotifier",
    "guest": "a connection",
    "letter": "NotificationDraft",
    "mail": "StoredNotification",
    "obey": "run what was submitted",
}
"""Metaphors and second meanings that names had once, and what stands for them."""


def test_no_name_is_one_that_was_given_up() -> None:
    """Neither of a class or function nor of a variable, by the words it is made of."""
    words = {word.lower() for word in RETIRED if word not in {"Ask", "Past", "Standing"}}
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "name", None) or getattr(node, "id", None) or getattr(node, "arg", None)
            if isinstance(name, str) and (name in RETIRED or words & set(name.lower().strip("_").split("_"))):
                found.append(f"{file.relative_to(PACKAGE)}:{node.lineno} {name}")
    assert found == []
