"""What tab may complete at a cursor: symbols, keys of live mappings, and the few values that an argument takes.

Pure but for the objects that are asked: text and names in, texts out. IPython's own completion evaluates no property
and knows no argument's values, so that ``ex.positions["`` and ``Market.buy("`` had none.
"""

from __future__ import annotations

import inspect
import re
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from orderly_sync.errors import OrderlyError

__all__ = ["Completed", "Site", "choices_of", "completed", "site_of"]

_TOKEN = re.compile(
    r"""(?P<skipped>\#[^\n]*|(?:'{3}(?:[^'\\]|\\.|'(?!''))*'{3}|"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<begun>['"][^\n]*\Z)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)|(?P<other>[^'"\#()\[\]{},]+|.)""",
    re.DOTALL | re.VERBOSE,
)
_DOTTED = re.compile(r"(?<![\w.)\]'\"])[A-Za-z_][\w.]*\Z")
_OURS = "orderly_sync"


class Site(NamedTuple):
    """Where a cursor stands within brackets."""

    owner: str
    """The dotted name before the bracket."""
    bracket: str
    """``(``, ``[``; or ``.`` behind an attribute's dot."""
    position: int
    """Arguments before it."""
    keyword: str
    """The argument's name where it is given by name."""
    quote: str
    """The quote that it stands behind, if it does."""
    fragment: str
    """What is written of it."""


class Completed(NamedTuple):
    """What may stand in the place of a fragment."""

    fragment: str
    texts: list[str]


def site_of(text: str) -> Site | None:
    """Where the end of a text stands; None where nothing of ours can be."""
    opened: list[
        list[int]
    ] = []  # of each open bracket: its place, arguments before, where the present one begins
    begun = -1
    for token in _TOKEN.finditer(text):
        kind, at = token.lastgroup, token.start()
        if kind == "open":
            opened.append([at, 0, token.end()])
        elif kind == "close" and opened:
            opened.pop()
        elif kind == "comma" and opened:
            opened[-1][1:] = [opened[-1][1] + 1, token.end()]
        elif kind == "begun":
            begun = at
    if begun < 0:
        owner, dot, fragment = _dotted(text).rpartition(".")
        if dot and _is_dotted(owner):
            return Site(owner, ".", 0, "", "", fragment)
    return _within(text, opened[-1], begun) if opened else None


def _dotted(text: str) -> str:
    """The letters and dots at the end of a text, from the first that can begin a name; empty if there are none."""
    found = _DOTTED.search(text)
    return "" if found is None else found[0]


def _is_dotted(text: str) -> bool:
    """Whether it is a name, or names with dots between them."""
    return all(part.isidentifier() for part in text.split("."))


def _within(text: str, bracket: list[int], begun: int) -> Site | None:
    at, position, start = bracket
    owner = _dotted(text[:at].rstrip())
    written = text[start:] if begun < 0 else text[start:begun]
    given = (
        re.fullmatch(r"\s*(?:(\w+)\s*=(?!=)\s*)?", written)
        if begun >= 0
        else re.fullmatch(r"\s*(\w*)", written)
    )
    if not _is_dotted(owner) or given is None:
        return None
    if begun >= 0:
        return Site(owner, text[at], position, given[1] or "", text[begun], text[begun + 1 :])
    return Site(owner, text[at], position, "", "", given[1])


def completed(
    text: str, names: Mapping[str, object], symbols: Callable[[object], Iterable[str]]
) -> Completed | None:
    """What may stand at the end of a text; None where others know better.

    Args:
        text: All that stands before the cursor.
        names: The names of the session.
        symbols: The venue's symbols as people write them, for the object that the name before the bracket begins with.
    """
    site = site_of(text)
    if site is None:
        return None
    root = names.get(site.owner.partition(".")[0])
    try:
        found = list(_values(site, root, symbols))
    except (OrderlyError, TimeoutError, AttributeError, NameError, TypeError, ValueError):
        return None  # a client that has stopped, a name that is none: there is nothing to complete
    texts = [one for one in dict.fromkeys(found) if one.startswith(site.fragment)]
    return Completed(site.fragment, texts) if texts else None


def _values(site: Site, root: object, symbols: Callable[[object], Iterable[str]]) -> Iterable[str]:
    owner = _resolved(site.owner, root)
    if owner is None:
        return ()
    if site.bracket == "[":
        return _keys(owner, is_quoted=bool(site.quote))
    if site.bracket == ".":
        return _attributes(owner)
    if not (site.bracket == "(" and site.quote and callable(owner)):
        return ()
    parameter = _parameter(owner, site)
    if parameter is None:
        return ()
    return symbols(root) if parameter.name in {"symbol", "symbols"} else choices_of(_hint(owner, parameter))


def _resolved(dotted: str, root: object) -> object:
    """What a dotted name stands for if it is of this package; other people's properties are not evaluated."""
    found = root if _is_ours(root) else None
    for name in dotted.split(".")[1:]:
        found = None if found is None or name.startswith("_") else getattr(found, name)
    return found


def _is_ours(value: object) -> bool:
    if isinstance(value, types.ModuleType):
        where = value.__name__
    elif isinstance(value, (type, types.FunctionType, types.MethodType)):
        where = value.__module__
    else:
        where = type(value).__module__
    return where.partition(".")[0] == _OURS


def _keys(owner: object, *, is_quoted: bool) -> Iterator[str]:
    """Keys as they are written: within their quotes, or with them."""
    told: Callable[[], Iterable[object]] | None = getattr(owner, "_ipython_key_completions_", None)
    for key in told() if told is not None else ():
        if is_quoted and isinstance(key, str):
            yield key
        elif not is_quoted:
            yield repr(key)


def _attributes(owner: object) -> Iterable[str]:
    """Those that no class shows, where a class of ours makes them up."""
    made_up = type(owner).__dir__ is not object.__dir__ and not isinstance(owner, (type, types.ModuleType))
    return {name for name in dir(owner) if name[:1] != "_"} - set(dir(type(owner))) if made_up else ()


def _parameter(function: Callable[..., object], site: Site) -> inspect.Parameter | None:
    given = inspect.signature(function).parameters
    if site.keyword:
        return given.get(site.keyword)
    placed = [one for one in given.values() if one.kind <= one.POSITIONAL_OR_KEYWORD]
    return placed[site.position] if site.position < len(placed) else None


def _hint(function: Callable[..., object], parameter: inspect.Parameter) -> object:
    """An argument's type; that of no other, some of which only type checkers know."""

    def asked() -> None:
        """Bears one annotation."""

    asked.__annotations__ = {"value": parameter.annotation}
    return get_type_hints(asked, globalns=vars(sys.modules[function.__module__]))["value"]


def choices_of(hint: object) -> list[str]:
    """The few texts that a type admits: of its literals and enumerations."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return [one.value for one in hint if isinstance(one.value, str)]
    if get_origin(hint) is Literal:
        return [one for one in get_args(hint) if isinstance(one, str)]
    if get_origin(hint) in {Union, types.UnionType}:
        return list(dict.fromkeys(text for one in get_args(hint) for text in choices_of(one)))
    return []
