"""Every method of every group, called once with arguments made from its own signature."""

from __future__ import annotations

import inspect
import types
from collections import abc
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import attrs

from orderly_sync.models.enums import OpenEnum
from orderly_sync.rest.api_client import Answer, ApiClient
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request, build
from orderly_sync.wire.json import decode
from tests.contract.samples import SAMPLES

__all__ = ["Call", "Groups", "answered", "arguments", "bound", "called", "methods"]

MOMENT = 1_767_225_600_000
ACCOUNT = "0x" + "ab" * 32


class Call(NamedTuple):
    """What a method did with its arguments."""

    method: str
    """``orders.create``."""
    arguments: tuple[str, ...]
    """The names it was called with."""
    required: frozenset[str]
    """Those of its arguments that have no default."""
    op: str
    """``POST /v1/order``."""
    signed: bool
    result: Any
    at: frozenset[str]
    query: frozenset[str]
    body: Mapping[str, Any]
    headers: frozenset[str]


class _Recorded(Exception):
    """Carries the call out of a method, whatever the method wanted to do with its answer."""


class _Recorder(ApiClient):
    def __init__(self, *, signed: bool) -> None:
        super().__init__(_nothing, signed=signed)
        self.is_signed = signed

    def _call(self, method: str, path: str, result: type[Any], **parts: Any) -> Any:
        at, query, body = (parts.get(name) or {} for name in ("at", "query", "body"))
        headers = parts.get("headers") or {}
        request = build(
            method, path, at=at, query=query, body=body or None, signed=self.is_signed, headers=headers
        )
        raise _Recorded(
            f"{method} {path}",
            self.is_signed,
            result,
            frozenset(at),
            _given(query),
            decode(request.body, "body") if request.body else {},
            _given(headers),
        )


def _nothing(_: Request) -> Answer:
    raise AssertionError("a recording caller sends nothing")


def _given(values: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(name for name, value in values.items() if value is not None)


class Groups(RestGroups):
    """All groups over two callers of a test's own."""

    def __init__(self, public: ApiClient, signed: ApiClient) -> None:
        self._public = self._vault = self._faucet = public
        self._signed = signed


def methods() -> Iterator[str]:
    """The names of all methods, ``orders.create``."""
    menu = Groups(_Recorder(signed=False), _Recorder(signed=True))
    for group in GROUPS:
        for name, _ in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            if not name.startswith("_"):
                yield f"{group}.{name}"


def bound(menu: RestGroups, name: str) -> Callable[..., Any]:
    """The method of that name."""
    group, method = name.split(".")
    found: Callable[..., Any] = getattr(getattr(menu, group), method)
    return found


@cache
def called(name: str, *, everything: bool) -> Call:
    """What the method asks for, given only what it requires, or everything it takes."""
    method = bound(Groups(_Recorder(signed=False), _Recorder(signed=True)), name)
    required = frozenset(
        parameter.name
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is parameter.empty
    )
    positional, keywords = arguments(name, method, everything=everything)
    try:
        method(*positional, **keywords)
    except _Recorded as recorded:
        names = tuple(inspect.signature(method).parameters)[: len(positional)] + tuple(keywords)
        return Call(name, names, required, *recorded.args)
    raise AssertionError(f"{name} asked for nothing")


class _Canned(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def answered(name: str, body: bytes) -> Any:
    """What the method makes of that answer."""

    def send(_: Request) -> Answer:
        return _Canned(200, {}, body)

    method = bound(Groups(ApiClient(send, signed=False), ApiClient(send, signed=True)), name)
    positional, keywords = arguments(name, method, everything=False)
    return method(*positional, **keywords)


def arguments(name: str, method: Callable[..., Any], *, everything: bool) -> tuple[list[Any], dict[str, Any]]:
    """What a method can be called with: positional ones and keywords, only the required or all it takes."""
    hints = get_type_hints(method)
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    for parameter in inspect.signature(method).parameters.values():
        is_required = parameter.default is parameter.empty
        if not is_required and not everything:
            continue
        value = SAMPLES.get(f"{name}.{parameter.name}", SAMPLES.get(parameter.name))
        if value is None:
            value = _sample(f"{name}.{parameter.name}", hints[parameter.name])
        if parameter.kind is parameter.KEYWORD_ONLY:
            keywords[parameter.name] = value
        else:
            positional.append(value)
    return positional, keywords


_BY_CHOICES = (
    (frozenset({int, datetime, str}), MOMENT),
    (frozenset({date, str}), "2026-01-31"),
    (frozenset({str, int, Decimal, float}), "0.5"),
)
_BY_TYPE: dict[Any, Any] = {bool: True, int: 5, str: "abc", Decimal: Decimal("0.5"), float: 0.5}


def _sample(name: str, hint: Any) -> Any:
    """A value that the annotation allows."""
    choices = set(get_args(hint)) if get_origin(hint) in {Union, types.UnionType} else {hint}
    choices.discard(type(None))
    for known, value in _BY_CHOICES:
        if choices == known:
            return value
    for choice in choices:
        if get_origin(choice) is Literal:
            return get_args(choice)[0]
    for choice in choices:
        if isinstance(choice, type) and issubclass(choice, OpenEnum):
            return next(iter(choice)).value
    for choice in choices:
        if isinstance(choice, type) and attrs.has(choice):
            return _instance(name, choice)
    for choice in choices:
        if get_origin(choice) is abc.Mapping:
            return {"PERP_ETH_USDC": _sample(name, get_args(choice)[1])}
        if get_origin(choice) in {abc.Sequence, abc.Iterable, tuple, list}:
            return [_sample(name, get_args(choice)[0])]
    for choice in (bool, int, str, Decimal, float):
        if choice in choices:
            return _BY_TYPE[choice]
    raise AssertionError(f"{name}: write a sample for {hint}")


def _instance(name: str, kind: type[Any]) -> Any:
    """A model with every one of its own fields given."""
    hints = get_type_hints(kind)
    fields = [field.name for field in attrs.fields(kind) if field.metadata.get("wire") != ()]
    return kind(**{field: _sample(f"{name}.{field}", hints[field]) for field in fields})
