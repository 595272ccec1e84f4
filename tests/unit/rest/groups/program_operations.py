"""The published operations of these groups as data, calls of their methods, and a sender that records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timezone
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from orderly_sync.models.base import Model, Page
from orderly_sync.models.pages import CursorPage
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.request import Request

HERE = Path(__file__).parent

CLASSES = {
    "staking": "Staking",
    "valor": "Valor",
    "user_data": "UserData",
    "campaigns": "Campaigns",
    "fees": "Fees",
    "referral": "Referral",
    "builder_admin": "BuilderAdmin",
    "multilevel": "Multilevel",
    "admin": "Admin",
    "order_tags": "OrderTags",
    "points": "Points",
    "rewards": "Rewards",
    "query": "PublicQuery",
}

ARGUMENTS = {
    "start_t": "start",
    "end_t": "end",
    "start_time": "start",
    "end_time": "end",
    "created_time_start": "start",
    "created_time_end": "end",
    "update_start_t": "update_start",
    "update_end_t": "update_end",
    "aggregateBy": "aggregate_by",
}
"""The arguments that are not called as on the wire."""


class Parameter(NamedTuple):
    """One parameter of an operation; ``kind`` is a word, or the list of its values."""

    wire: str
    place: str
    kind: Any
    required: bool

    @property
    def name(self) -> str:
        return ARGUMENTS.get(self.wire, self.wire)


@attrs.frozen
class Operation:
    """One published operation and the method that calls it."""

    call: str
    method: str
    path: str
    signed: bool
    parameters: tuple[Parameter, ...]
    answer: dict[str, Any]

    def demands(self, parameter: Parameter) -> bool:
        """Whether the method demands it: two writes remove a description by null, so None has to be said."""
        spoken = parameter.wire == "description" and self.call.startswith("referral.edit_")
        return parameter.required or spoken

    @property
    def required(self) -> dict[str, Any]:
        """A sample of each argument that the method demands."""
        return {item.name: sample(item.kind) for item in self.parameters if self.demands(item)}

    @property
    def function(self) -> Any:
        group, name = self.call.split(".")
        return getattr(group_class(group), name)


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Recorder:
    """A sender that keeps what it is given and gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Any, status: int = 200) -> None:
        self.answers = [json.dumps(answer).encode() for answer in answers]
        self.status = status
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(self.status, {}, body)


def group_class(group: str) -> Any:
    return getattr(import_module(f"orderly_sync.rest.groups.{group}"), CLASSES[group])


def group(name: str, send: Any, numbers: type = Decimal) -> Any:
    return group_class(name)(
        ApiClient(send, signed=False, numbers=numbers), ApiClient(send, signed=True, numbers=numbers)
    )


def run(call: str, send: Any, **arguments: Any) -> Any:
    name, method = call.split(".")
    return getattr(group(name, send), method)(**arguments)


def _read(file: str) -> Any:
    return json.loads((HERE / file).read_text("utf-8"))


OPERATIONS = [
    Operation(**{**row, "parameters": tuple(Parameter(*item) for item in row["parameters"])})
    for row in _read("program_operations.json")
]
IDS = [operation.call for operation in OPERATIONS]
BY_CALL = dict(zip(IDS, OPERATIONS, strict=True))
QUERIES = _read("queries.json")

SAMPLES = {
    "day": "2026-01-31",
    "ms": 1_769_817_600_000,
    "text": "0xab",
    "slug": "PERP_ETH_USDC",
    "int": 3,
    "page": 2,
    "size": 40,
    "number": "0.25",
    "bool": True,
    "accounts": ["0x1", "0x2"],
    "symbols": ["PERP_ETH_USDC", "PERP_BTC_USDC"],
    "rates": {"PERP_ETH_USDC": "0.003"},
}


def sample(kind: Any) -> Any:
    """One valid value of a kind."""
    return kind[0] if isinstance(kind, list) else SAMPLES[kind]


def models(value: Any, path: str = "$") -> Iterator[tuple[str, Model]]:
    """Every model within an answer, by path."""
    if isinstance(value, Model):
        yield path, value
        for field in attrs.fields(type(value)):
            if field.name != "extra":
                yield from models(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, (Page, CursorPage)):
        yield from models(value.rows, path)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from models(item, f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from models(item, f"{path}[{index}]")


def extras(value: Any) -> dict[str, Any]:
    """Everything that a model did not know, by path."""
    return {f"{path}.{name}": item for path, model in models(value) for name, item in model.extra.items()}


def moments(value: Any) -> dict[str, bool]:
    """Whether each ``.time`` within an answer is one of its model's own times, in UTC; by path."""
    return {
        path: model.time.tzinfo is timezone.utc and round(model.time.timestamp() * 1000) in _values(model)
        for path, model in models(value)
        if getattr(model, "time", None) is not None
    }


def _values(model: Model) -> list[Any]:
    return [getattr(model, field.name) for field in attrs.fields(type(model))]
