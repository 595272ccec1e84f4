"""Every field of every model says its unit, its sign and what None means, and every model links the venue's page.

What it says is for a reader to judge; that it says something, and where the venue says its part, is counted here. The
text is read as written, without importing: a field's text is the string below it.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import orderly_sync.models
from orderly_sync.models.base import Model

_HOME = Path(orderly_sync.models.__file__).parent
_PAGES = "https://orderly.network/docs/"

_UNITS = re.compile(
    r"USD|ORDER\b|VALOR|[Bb]ase units?|[Qq]uote units?|[Uu]nits? of|[Uu]nit unknown|[Ss]mallest units"
    r"|[Ff]raction|[Ff]actor|[Bb]asis points|[Pp]er ?cent|\d+x\b|[Tt]okens?\b|[Ss]hares?\b|[Pp]oints|[Mm]erits|[Vv]alor"
    r"|[Ww]ithout unit|in the (same )?unit|[Dd]ays|[Hh]ours|minutes|[Ss]econds|[Pp]art for|``\w*(asset|currency)``"
    r"|[Nn]ot documented|[Nn]ot explained"
)
"""What a decimal may be counted in, or that nobody says."""

_TIMED = re.compile(r"time|_ts$|^ts$|expir")
_CLOCKS = re.compile(r"\bms\b|seconds")

_ROOTS = {"Model", "Push"}
"""What all models come from, in ``models.base``."""

WITHOUT_A_PAGE = {
    "Model": "the base of all models",
    "Push": "the base of what the stream delivers",
    "Acknowledged": "the venue's plain yes, the answer of many operations",
    "ExchangeFunding": "only the venue's own web client asks for it",
    "FundingComparison": "only the venue's own web client asks for it",
    "FeatureFlag": "only the venue's own web client asks for it",
    "RestrictedAreas": "only the venue's own web client asks for it",
    "AutoConvertThreshold": "only the venue's own web client asks for it",
    "SwapToken": "only the venue's own web client asks for it",
    "SwapQuote": "only the venue's own web client asks for it",
}
"""Models that no page of the venue explains, and why."""


class Described(NamedTuple):
    """A model as its source describes it."""

    where: str
    name: str
    doc: str
    fields: dict[str, str]
    """Each field's text; empty where it has none."""
    types: dict[str, str]
    """Each field's annotation, as written."""


def _sources() -> list[Path]:
    return sorted(_HOME.rglob("*.py"))


def _bases(node: ast.ClassDef) -> set[str]:
    heads = (base.value if isinstance(base, ast.Subscript) else base for base in node.bases)
    return {head.id for head in heads if isinstance(head, ast.Name)}


def _text(node: ast.stmt | None) -> str:
    if (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ):
        return node.value.value.strip()
    return ""


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and not ast.unparse(node.annotation).startswith("ClassVar")


def described(where: str, source: str, kinds: set[str]) -> Iterator[Described]:
    """The models of a module: the roots, and the classes made of one of ``kinds``."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.ClassDef) or not (node.name in _ROOTS or _bases(node) & kinds):
            continue
        below = [*node.body[1:], None]
        texts = {
            each.target.id: _text(after)
            for each, after in zip(node.body, below, strict=True)
            if _is_field(each) and isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        types = {
            each.target.id: ast.unparse(each.annotation)
            for each in node.body
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
        }
        yield Described(f"{where}:{node.name}", node.name, ast.get_docstring(node) or "", texts, types)


def kinds_of(sources: list[str]) -> set[str]:
    """The names of all models, however far they stand from the two roots."""
    classes = [
        node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)
    ]
    kinds = set(_ROOTS)
    while more := {node.name for node in classes if _bases(node) & kinds} - kinds:
        kinds |= more
    return kinds


def _models() -> list[Described]:
    texts = {str(path.relative_to(_HOME)): path.read_text(encoding="utf-8") for path in _sources()}
    kinds = kinds_of(list(texts.values()))
    return [each for where, text in texts.items() for each in described(where, text, kinds)]


def without_text(models: list[Described]) -> list[str]:
    """The fields that say nothing."""
    return [f"{each.where}.{name}" for each in models for name, text in each.fields.items() if not text]


def without_unit(models: list[Described]) -> list[str]:
    """The decimals whose text names no unit, and the moments whose text does not say ms."""
    return [
        f"{each.where}.{name}"
        for each in models
        for name, text in each.fields.items()
        if ("Decimal" in each.types[name] and not _UNITS.search(text))
        or (each.types[name].startswith("int") and _TIMED.search(name) and not _CLOCKS.search(text))
    ]


def without_page(models: list[Described]) -> list[str]:
    """The models that link no page of the venue, but for those that have none."""
    return [each.where for each in models if _PAGES not in each.doc and each.name not in WITHOUT_A_PAGE]


MODELS = _models()


def test_every_field_says_what_it_is() -> None:
    assert without_text(MODELS) == []


def test_every_decimal_names_its_unit_and_every_moment_says_ms() -> None:
    assert without_unit(MODELS) == []


def test_every_model_links_the_venues_page() -> None:
    assert without_page(MODELS) == []


def test_no_exception_outlives_its_model_or_gains_a_page() -> None:
    lacking = {each.name for each in MODELS if _PAGES not in each.doc}
    assert set(WITHOUT_A_PAGE) - lacking == set()


@pytest.mark.parametrize(
    "kind", ["Order", "AlgoExecutionReport", "SymbolRules", "AdminFill", "LiquidatorLiquidation"]
)
def test_the_count_reaches_models_near_and_far_from_the_roots(kind: str) -> None:
    assert kind in {each.name for each in MODELS}


def test_the_count_reaches_all_that_can_be_imported() -> None:
    """Not fewer than a walk over the classes themselves finds."""
    for module in pkgutil.walk_packages([str(_HOME)], "orderly_sync.models."):
        importlib.import_module(module.name)
    found, queue = set(), [Model]
    while queue:
        kind = queue.pop()
        # Other tests have models of their own, and what is made at run time stands in no source.
        if kind.__module__.startswith("orderly_sync.") and hasattr(
            sys.modules[kind.__module__], kind.__name__
        ):
            found.add(kind.__name__)
        queue += kind.__subclasses__()
    counted = {each.name for each in MODELS}
    assert {name for name in found if name not in counted} == set()


_SAMPLE = '''
class Quote(Model):
    """A quote.

    https://orderly.network/docs/x
    """

    wire_case: ClassVar[str] = "camel"
    price: Decimal
    """USDC."""
    size: Decimal | None = None
    note: str | None = wire(
        "note",
    )

    """Apart, and yet its own."""


class Firm(Quote):
    """A quote that binds."""

    until: int
    fee: Decimal
    """What it costs."""
    updated_time: int | None
    """When it last changed."""
'''


def test_a_bare_field_and_a_bare_class_are_found() -> None:
    models = list(described("sample.py", _SAMPLE, kinds_of([_SAMPLE])))
    assert without_text(models) == ["sample.py:Quote.size", "sample.py:Firm.until"]
    assert without_page(models) == ["sample.py:Firm"]


def test_a_text_without_a_unit_is_found() -> None:
    models = list(described("sample.py", _SAMPLE, kinds_of([_SAMPLE])))
    assert without_unit(models) == [
        "sample.py:Quote.size",
        "sample.py:Firm.fee",
        "sample.py:Firm.updated_time",
    ]
