"""What a class of orders says of itself: its help, and one sentence to who gives it what it does not take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import wraps
from inspect import cleandoc
from typing import Any, TypeVar

from orderly_sync.errors import UsageError
from orderly_sync.trading.terms import TERMS, advice

__all__ = ["keywords", "placeable"]

C = TypeVar("C", bound=type)

_FORMS = "Numbers are str, int, Decimal or float; a float stands for its shortest text, so 0.1 is 0.1."
_RAISES = """Raises:
    UsageError: A keyword that it does not have, one that it lacks, or a value that cannot be right. What the rules of
        the symbol and the venue may refuse besides, ``place`` raises."""


def placeable(*, buy: str, sell: str) -> Callable[[C], C]:
    """Make a class of orders say what it takes: in its help, and in one sentence to who gives it anything else.

    Each thing is written once: what the order does in the docstring of the class, which keywords it has in the
    signatures of ``buy`` and ``sell``, what each of them means in ``TERMS``.

    Args:
        buy: The arguments of an example of ``buy``.
        sell: The arguments of an example of ``sell``.
    """

    def made(kind: C) -> C:
        name, summary, page = kind.__name__, cleandoc(kind.__doc__ or ""), kind.page  # type: ignore[attr-defined]
        examples = {"buy": f"ex.place({name}.buy({buy}))", "sell": f"ex.place({name}.sell({sell}))"}
        for side, example in examples.items():
            method = _inherited(kind, side)
            wrapped = _checked(method)
            wrapped.__qualname__ = f"{name}.{side}"
            first = cleandoc(method.__doc__ or "")
            wrapped.__doc__ = _help(f"{first}\n\n{summary}", method, [example], page)
            setattr(kind, side, classmethod(wrapped))
        init: Any = vars(kind)["__init__"]
        kind.__doc__ = _help(summary, init, examples.values(), page)
        setattr(kind, "__init__", _checked(init))  # noqa: B010 - the type checker forbids the plain assignment
        return kind

    return made


def keywords(local: Mapping[str, object]) -> dict[str, Any]:
    """The arguments of the class method whose ``locals()`` these are."""
    given = dict(local)
    del given["cls"]
    return given


def _inherited(kind: type, name: str) -> object:
    """The function of a class method, as the nearest of the bases wrote it."""
    return next(vars(base)[name].__func__ for base in kind.__mro__ if name in vars(base))


def _checked(method: Any) -> Any:
    """The same, but arguments that it does not have are answered with those that it has."""
    first, names = _parameters(method)
    own = frozenset(names)
    needed = own.difference(method.__kwdefaults__ or ())

    @wraps(method)
    def checked(owner: Any, *args: object, **terms: object) -> Any:
        if len(args) != len(first) or not needed <= terms.keys() <= own:
            kind = owner if isinstance(owner, type) else type(owner)
            placed = dict(zip(first, args, strict=False))
            _check_once(kind, placed, terms)
            terms = {**placed, **terms}
            _check(kind, (*first, *names), args[len(first) :], terms)
            # What is missing the class itself asks for: it knows what may stand for what.
            return method(owner, **{**dict.fromkeys(needed), **terms})
        return method(owner, *args, **terms)

    return checked


def _parameters(method: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that take a place, save the owner's, and those that are keywords only."""
    code = method.__code__
    end = code.co_argcount + code.co_kwonlyargcount
    return code.co_varnames[1 : code.co_argcount], code.co_varnames[code.co_argcount : end]


def _help(summary: str, method: object, examples: Iterable[str], page: str) -> str:
    first, names = _parameters(method)
    rows = "\n".join(f"    {name}: {TERMS[name].meaning}" for name in (*first, *names))
    shown = "\n".join(f"    {example}" for example in examples)
    return f"{summary}\n\n{_FORMS}\n\nExample::\n\n{shown}\n\nArgs:\n{rows}\n\n{_RAISES}\n\n{page}"


def _check_once(kind: type, placed: Iterable[str], terms: Collection[str]) -> None:
    for term in placed:
        if term in terms:
            raise UsageError(f"{kind.__name__} is given its {term} twice: by its place and as {term}=")


def _check(kind: Any, own: Sequence[str], args: Sequence[object], given: dict[str, object]) -> None:
    """Refuse arguments that a kind of order does not have, or cannot do without; the message names the right one."""
    name = kind.__name__
    if args:
        known = ", ".join(f"{each}=..." for each in own if each in {"quantity", "price", "trigger"})
        raise UsageError(f"{name} takes its terms by keyword: {name}.buy(symbol, {known or '...'})")
    for term, why in kind.refused.items():
        if given.pop(term, None) is not None:
            raise UsageError(why)
    for term in given:
        if term not in own:
            raise UsageError(f"{name} has no {term!a:.60}: {advice(term, own)}")
    for term in ("symbol", "side"):
        if term in own and term not in given:
            raise UsageError(
                f"{name} needs a {term}: write {name}.buy(symbol, ...) or {name}.sell(symbol, ...)"
            )
