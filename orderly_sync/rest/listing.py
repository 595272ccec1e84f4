"""Every operation as data, read from the methods themselves: the path stands in each, once."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator

import attrs

from orderly_sync.rest.api_client import Answer, ApiClient
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request
from orderly_sync.rest.retired import is_retired
from orderly_sync.rest.sources import source_of

__all__ = ["Operation", "operations"]

_VERBS = {"get": "GET", "post": "POST", "put": "PUT", "delete": "DELETE"}


@attrs.frozen(kw_only=True)
class Operation:
    """One operation and the call that performs it."""

    method: str
    """The verb."""
    path: str
    """The path template, ``/v1/order/{order_id}``."""
    call: str
    """``orders.get(order_id)``."""
    summary: str
    """The first line of the method's docstring."""
    signed: bool
    """Whether it needs credentials."""
    retired: bool
    """Whether the venue has given it up."""
    source: str
    """Where it is known from: ``openapi``, ``js-sdk 3.2.1``, ``docs page August 2026`` or ``ccxt``."""


def operations() -> tuple[Operation, ...]:
    """All of them, in the order of the menu and of their names."""
    return tuple(_all())


class _Blank(RestGroups):
    """Groups that are looked at and never called."""

    def __init__(self) -> None:
        self._public = self._vault = self._faucet = self._signed = ApiClient(_refuse, signed=False)


def _refuse(_: Request) -> Answer:
    raise NotImplementedError


def _all() -> Iterator[Operation]:
    menu = _Blank()
    for group in GROUPS:
        for name, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            if not name.startswith("_"):
                yield _operation(f"{group}.{name}", function)


def _operation(name: str, function: Callable[..., object]) -> Operation:
    doc = inspect.getdoc(function) or ""
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="_public" | "_signed" as who), attr=verb),
                args=[ast.Constant(value=str(path)), *_],
            ) if verb in _VERBS:
                return Operation(
                    method=_VERBS[verb],
                    path=path,
                    call=f"{name}({_arguments(function)})",
                    summary=doc.partition("\n")[0],
                    signed=who == "_signed",
                    retired=is_retired(function),
                    source=source_of(_VERBS[verb], path),
                )
    raise TypeError(f"{name} calls no operation")


def _arguments(function: Callable[..., object]) -> str:
    """The names of the arguments, the optional ones with an equals sign."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return ", ".join(item.name if item.default is item.empty else f"{item.name}=" for item in parameters)
