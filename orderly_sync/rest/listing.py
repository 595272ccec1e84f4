"""Every operation as data: where it is asked for, and the call that performs it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator

import attrs

from orderly_sync.rest.api_client import Answer, ApiClient
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request
from orderly_sync.rest.retired import is_retired
from orderly_sync.rest.sources import source_of
from orderly_sync.wire.operations import OPERATIONS

__all__ = ["Operation", "methods", "operations"]


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


def methods() -> Iterator[tuple[str, Callable[..., object]]]:
    """The method of each operation, by its group's name and its own: ``orders.get``."""
    menu = _Blank()
    for group in GROUPS:
        for name, function in inspect.getmembers(type(getattr(menu, group)), inspect.isfunction):
            if not name.startswith("_"):
                yield f"{group}.{name}", function


def _all() -> Iterator[Operation]:
    return (_operation(name, function) for name, function in methods())


def _operation(name: str, function: Callable[..., object]) -> Operation:
    endpoint = OPERATIONS[name]
    return Operation(
        method=endpoint.method,
        path=endpoint.path,
        call=f"{name}({_arguments(function)})",
        summary=(inspect.getdoc(function) or "").partition("\n")[0],
        signed=endpoint.signed,
        retired=is_retired(function),
        source=source_of(endpoint.method, endpoint.path),
    )


def _arguments(function: Callable[..., object]) -> str:
    """The names of the arguments, the optional ones with an equals sign."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return ", ".join(item.name if item.default is item.empty else f"{item.name}=" for item in parameters)
