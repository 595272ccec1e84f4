"""Path, query, body and signature of every operation, for random arguments, against the rule written down once more."""

from __future__ import annotations

import base64
import inspect
import json
import types
from collections import abc
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from urllib.parse import unquote

import attrs
import base58
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from orderly_sync.clock import ManualClock
from orderly_sync.config import Timeouts
from orderly_sync.credentials import Credentials, Secret
from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.models.enums import OpenEnum
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.retry import Retries
from orderly_sync.rest.sender import RequestSender
from orderly_sync.rest.transport import HttpRequest, HttpResponse
from tests.contract.calls import Groups, bound, called, methods
from tests.contract.samples import SAMPLES

BASE = "https://api.example"
SECRET = Secret.generate()
ME = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
KEY = VerifyKey(base58.b58decode(SECRET.public.removeprefix("ed25519:")))
METHODS = tuple(methods())

MOMENTS = st.integers(1_500_000_000_000, 1_900_000_000_000) | st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(timezone.utc)
)
NUMBERS = (
    st.decimals(0, 10**6, places=6) | st.integers(0, 10**6) | st.floats(0, 10**6).map(lambda f: round(f, 6))
)
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_]{0,11}", fullmatch=True)
_KNOWN_CHOICES = (
    (frozenset({int, datetime, str}), MOMENTS),
    (frozenset({date, str}), st.dates()),
    (frozenset({str, int, Decimal, float}), NUMBERS),
)
_KNOWN_TYPES: Mapping[Any, st.SearchStrategy[Any]] = {
    bool: st.booleans(),
    int: st.integers(1, 500),
    str: TEXTS,
    Decimal: NUMBERS,
    float: NUMBERS,
}


def values(name: str, hint: Any) -> st.SearchStrategy[Any]:
    """What an argument of that annotation may be."""
    leaf = name.rpartition(".")[2]
    if (sample := SAMPLES.get(name, SAMPLES.get(leaf))) is not None:
        return st.just(sample)
    choices = set(get_args(hint)) if get_origin(hint) in {Union, types.UnionType} else {hint}
    choices.discard(type(None))
    for known, strategy in _KNOWN_CHOICES:
        if choices == known:
            return strategy
    for choice in choices:
        if isinstance(choice, type) and issubclass(choice, OpenEnum):
            return st.sampled_from(list(choice))
        if get_origin(choice) is Literal:
            return st.sampled_from(get_args(choice))
    for choice in choices:
        if isinstance(choice, type) and attrs.has(choice):
            hints = get_type_hints(choice)
            fields = [field.name for field in attrs.fields(choice) if field.metadata.get("wire") != ()]
            return st.builds(choice, **{field: values(f"{name}.{field}", hints[field]) for field in fields})
    for choice in choices:
        if get_origin(choice) is abc.Mapping:
            return st.dictionaries(NAMES, values(name, get_args(choice)[1]), min_size=1, max_size=3)
        if get_origin(choice) in {abc.Sequence, abc.Iterable, tuple, list}:
            return st.lists(values(name, get_args(choice)[0]), min_size=1, max_size=3)
    return next(strategy for kind, strategy in _KNOWN_TYPES.items() if kind in choices)


MANY_LETTERS = 30


def leaves(value: Any) -> Iterator[Any]:
    """The single values inside an argument or a body."""
    if isinstance(value, Mapping):
        yield from value
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from leaves(inner)
    elif attrs.has(type(value)):
        yield from leaves(attrs.asdict(value, recurse=False))
    else:
        yield value


def written(value: Any) -> set[str]:
    """How the wire may write one value, by the venue's own rules and not by this package's."""
    if isinstance(value, bool):
        return {str(value).lower(), str(int(value))}
    if isinstance(value, Enum):
        return {str(value.value)}
    if isinstance(value, datetime):
        ms = round(value.timestamp() * 1_000_000) // 1000
        return {str(ms), str(ms // 1000)}
    if isinstance(value, (int, float, Decimal)):
        exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        return {plain(exact), str(int(exact) // 1000)}
    return {str(value)}


def plain(number: Decimal) -> str:
    """Digits without an exponent or trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def seen(value: Any) -> str:
    """What stands on the wire, comparable to ``written``."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return plain(Decimal(value))
    try:
        return plain(Decimal(value)) if value.replace(".", "", 1).isascii() and value[:1].isdigit() else value
    except ArithmeticError:
        return str(value)


class Wire:
    """The groups over the real sender, whose transport only remembers."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        clock = ManualClock()
        sender = RequestSender(BASE, self, credentials=ME, timeouts=Timeouts(), clock=clock)
        once = Retries(tries=1)
        self.groups = Groups(
            ApiClient(sender, signed=False, retries=once), ApiClient(sender, signed=True, retries=once)
        )

    def send(self, request: HttpRequest) -> HttpResponse:
        self.sent.append(request)
        return HttpResponse(200, {}, b'{"success":true,"data":{}}')


@pytest.mark.parametrize("name", METHODS)
@settings(max_examples=5, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_is_sent_and_signed_follows_the_rule(name, data):
    """The query decodes to the arguments, the body holds them, the signature covers the very bytes."""
    wire = Wire()
    method = bound(wire.groups, name)
    hints = get_type_hints(method)
    positional, keywords, defaults = [], {}, []
    for parameter in inspect.signature(method).parameters.values():
        is_given = parameter.default is parameter.empty or data.draw(st.booleans(), label=parameter.name)
        if not is_given:
            defaults.append(parameter.default)
        else:
            value = data.draw(values(f"{name}.{parameter.name}", hints[parameter.name]), label=parameter.name)
            if parameter.kind is parameter.KEYWORD_ONLY:
                keywords[parameter.name] = value
            else:
                positional.append(value)
    try:
        method(*positional, **keywords)
    except UsageError:
        assume(condition=False)
    except OrderlyError:
        pass  # An empty answer is no answer; what was sent is what counts here.
    (prepared,) = wire.sent
    call = called(name, everything=False)

    verify_signature(prepared, is_signed=call.signed)
    check_places(prepared, call.op, [*positional, *keywords.values(), *defaults])


def verify_signature(prepared: Any, *, is_signed: bool) -> None:
    headers = prepared.headers
    assert is_signed == ("orderly-signature" in headers)
    if is_signed:
        message = f"{headers['orderly-timestamp']}{prepared.method}{prepared.url.removeprefix(BASE)}".encode()
        KEY.verify(message + prepared.body, base64.urlsafe_b64decode(headers["orderly-signature"]))
        assert headers["orderly-key"] == SECRET.public


def check_places(prepared: Any, op: str, arguments: list[Any]) -> None:
    known = {text for leaf in leaves(arguments) for text in written(leaf)}
    known |= {seen(text) for text in known} | {"true", "false"}
    # A symbol may be written as its base alone; the wire wants the market's whole name.
    known |= {f"PERP_{text.removesuffix('-PERP').upper()}_USDC" for text in known if len(text) < MANY_LETTERS}
    method, template = op.split(" ")
    path, _, query = prepared.url.removeprefix(BASE).partition("?")

    assert prepared.method == method
    for part, slot in zip(path.split("/"), template.split("/"), strict=True):
        assert part == slot or (slot.startswith("{") and unquote(part) in known)
    for pair in filter(None, query.split("&")):
        name, _, text = pair.partition("=")
        assert not set(name + text) & set(" #&=?/+'\"<>")
        assert {seen(unquote(text)), *map(seen, unquote(text).split(","))} & known or not text
    if prepared.body:
        body = json.loads(prepared.body, parse_float=Decimal)
        made_here = {body.get("client_order_id"), body.get("type")}
        assert {
            seen(leaf) for leaf in leaves(list(body.values())) if leaf not in made_here
        } <= known | wire_words(body)


def wire_words(body: Any) -> set[str]:
    """The names inside a body, which are the wire's, and ids made here."""
    if isinstance(body, Mapping):
        made = {body["client_order_id"]} if "client_order_id" in body else set()
        return set(body) | made | {word for inner in body.values() for word in wire_words(inner)}
    return {word for inner in body for word in wire_words(inner)} if isinstance(body, list) else set()
