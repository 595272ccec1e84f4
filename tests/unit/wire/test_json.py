"""JSON to values and back: no digit lost, nothing guessed, every breakage one typed error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.errors import DecodingError, UsageError
from orderly_sync.models.enums import OrderSide
from orderly_sync.wire import json as json_module
from orderly_sync.wire.json import decode, decode_push, encode, excerpt, plain

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=20,
)


def same(left: Any, right: Any) -> bool:
    """Equality that also tells 1.0 from 1.00 and True from 1."""
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        return Decimal(left) == Decimal(right) and not isinstance(left, bool) and not isinstance(right, bool)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


@given(VALUES)
def test_values_survive_the_wire(value: Any) -> None:
    """What is encoded is decoded as it was, every number by its value, big ids too."""
    assert same(decode(encode(value), "here"), value)


@given(NUMBERS)
def test_fractions_keep_their_own_text(number: Decimal) -> None:
    """``1.50`` stays ``1.50``: the text on the wire is the text of the number, without exponent."""
    text = plain(number)

    assert "e" not in text.lower()
    assert encode(number) == text.encode()
    if "." in text:
        assert str(decode(text, "here").as_tuple()) == str(number.as_tuple())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_go_out_by_their_shortest_text(number: float) -> None:
    """0.1 is 0.1, not its binary neighbour."""
    assert Decimal(encode(number).decode()) == Decimal(repr(number))


@given(VALUES)
def test_another_library_reads_the_same(value: Any) -> None:
    """What goes out is JSON for everyone."""
    read = json.loads(encode(value), parse_float=Decimal)

    assert same(read, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"9007199254740993", 9007199254740993),
        (b"123456789012345678901234567890", 123456789012345678901234567890),
        (b"1730181536341943600", 1730181536341943600),
        (b"-0", 0),
        (b"1e5", Decimal("1E+5")),
        (b"0.10", Decimal("0.10")),
        (b"3.1400000000000001243449787580", Decimal("3.1400000000000001243449787580")),
        (b'"\\u00e9"', "é"),
        (b"null", None),
        (bytearray(b"[true]"), [True]),
        (memoryview(b'{"a":{}}'), {"a": {}}),
        ("[1, 2]", [1, 2]),
    ],
)
def test_decoding(text: bytes, value: Any) -> None:
    """Bytes or text, exact numbers of any size."""
    decoded = decode(text, "here")

    assert decoded == value
    assert type(decoded) is type(value)
    assert str(decoded) == str(value)


BROKEN = [
    b"",
    b" ",
    b"{",
    b"[1,]",
    b"{'a': 1}",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"nul",
    b"1 2",
    b"\xff",
    b'"\xff"',
    b'"\xed\xa0\x80"',
    b'"\\ud800"',
    b'"\x00"',
    b'"\n"',
    b"\xef\xbb\xbf{}",
    b"<html>502</html>",
    b"9" * 5_000,
    b"1e99999999999999999999",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    '"\ud800"',
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: repr(text)[:20])
def test_broken_text_is_one_typed_error(text: bytes | str) -> None:
    """Whatever is wrong with it: a DecodingError that names the place, without a cause that quotes the whole."""
    with pytest.raises(DecodingError) as caught:
        decode(text, "GET /v1/orders")

    assert caught.value.where == "GET /v1/orders"
    assert len(str(caught.value)) < 600
    assert str(caught.value).isprintable()
    assert caught.value.__cause__ is None


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """A value or a DecodingError, and the two libraries agree on which."""
    try:
        value = decode(data, "here")
    except DecodingError:
        return
    assert same(value, json.loads(data, parse_float=Decimal))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1E+5"), b"100000"),
        (Decimal("1.50"), b"1.50"),
        (Decimal("-0.00"), b"-0.00"),
        (Decimal("1E-18"), b"0.000000000000000001"),
        (1e22, b"10000000000000000000000"),
        (1e-7, b"0.0000001"),
        (2**80, b"1208925819614629174706176"),
        (True, b"true"),
        (None, b"null"),
        ("ü\n", '"ü\\n"'.encode()),
        (OrderSide.BUY, b'"BUY"'),
        (OrderSide("LATER"), b'"LATER"'),
        ({"a": 1, "b": [Decimal("0.1"), (1, 2)]}, b'{"a":1,"b":[0.1,[1,2]]}'),
        (MappingProxyType({"a": OrderSide.SELL}), b'{"a":"SELL"}'),
        ([], b"[]"),
    ],
    ids=repr,
)
def test_encoding(value: Any, text: bytes) -> None:
    """Compact, exact, without exponents."""
    assert encode(value) == text


@attrs.define
class Thing:
    """An object that an eager encoder would spell out."""

    secret: str = "x"


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1E+400"),
        Decimal("1E-400"),
        float("nan"),
        float("inf"),
        -float("inf"),
        10**5000,
        "\ud800",
        {"\ud800": 1},
        {None: 1},
        b"bytes",
        {1, 2},
        datetime.now(timezone.utc),
        Thing(),
        object(),
        1j,
    ],
    ids=lambda value: f"{type(value).__name__}-{value!r:.12}" if not isinstance(value, int) else "huge",
)
def test_what_has_no_json_form_is_refused(value: Any) -> None:
    """At the top and deep inside, as a usage error."""
    for wrapped in (value, [value], {"a": {"b": value}}):
        with pytest.raises(UsageError):
            encode(wrapped)


def test_endless_nesting_is_refused() -> None:
    """A structure that holds itself is a usage error too."""
    loop: list[Any] = []
    loop.append(loop)
    deep: Any = 1
    for _ in range(100):
        deep = {"a": [deep]}
    for value in (loop, deep):
        with pytest.raises(UsageError, match="nested too deep"):
            encode(value)


@given(st.text(max_size=500) | st.binary(max_size=500), st.integers(1, 300))
def test_excerpts_fit_one_line_of_a_log(data: str | bytes, limit: int) -> None:
    """Printable, of bounded length, never a second line, no terminal escape, no reversed text."""
    shown = excerpt(data, limit)

    assert shown.isprintable()
    assert len(shown) <= 10 * limit + len("...")
    assert shown.encode("utf-8").decode("utf-8") == shown


def test_excerpts_keep_plain_text() -> None:
    """What is short and printable is shown as it is; the rest is escaped or cut."""
    assert excerpt(b'{"a": "\xc3\xa9"}') == '{"a": "\\xe9"}'
    assert excerpt("a\r\nb\x1b[31m\u202e") == "a\\r\\nb\\x1b[31m\\u202e"
    assert excerpt("x" * 201) == "x" * 200 + "..."
    assert excerpt("x" * 200) == "x" * 200


def test_mappings_of_any_kind_are_objects() -> None:
    """Not only dict: whatever is a Mapping."""

    class Fixed(Mapping[str, int]):
        def __getitem__(self, key: str) -> int:
            return {"a": 1}[key]

        def __iter__(self) -> Any:
            return iter(["a"])

        def __len__(self) -> int:
            return 1

    assert encode(Fixed()) == b'{"a":1}'


def test_decimals_are_shared_while_that_pays(monkeypatch: pytest.MonkeyPatch):
    """Where frames repeat their digits; not where each brings its own, and it is tried again later."""
    sharing = json_module._SharedDecimals()
    monkeypatch.setattr(json_module, "_shared_decimals", sharing)

    def stream(frames: int, text: Callable[[int], str]) -> list[Any]:
        read = []
        for start in range(0, frames, json_module.LOOK):
            read += [decode_push(text(number).encode()) for number in range(start, start + json_module.LOOK)]
            json_module.decoded(json_module.LOOK)
        return read

    repeating = stream(1024, lambda _: '{"a":3000.1,"b":0.0}')
    assert repeating[0] == repeating[-1] == {"a": Decimal("3000.1"), "b": Decimal("0.0")}
    assert repeating[0]["a"] is repeating[-1]["a"]
    distinct = stream(512, lambda number: f'{{"a":{number}.25,"b":{number}.75}}')
    assert [one["a"] for one in distinct] == [Decimal(number) + Decimal("0.25") for number in range(512)]
    alone = stream(256, lambda _: '{"a":3000.1}')
    assert alone[0]["a"] is not alone[-1]["a"]
    stream(sharing.REST, lambda _: "{}")
    again = stream(256, lambda _: '{"a":3000.1}')
    assert again[0]["a"] is again[-1]["a"]
