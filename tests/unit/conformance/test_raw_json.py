"""JSON whose numbers keep their text."""

from __future__ import annotations

import pytest

from orderly_sync.conformance.raw_json import NumberText, json_kind, read_raw


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("7", "integer"),
        ("-7", "integer"),
        ("7.0", "decimal"),
        ("5.74e-6", "exponent"),
        ("1E3", "exponent"),
        ('"7.5"', "number in text"),
        ('"-1e5"', "number in text"),
        ('"NEW"', "text"),
        ("true", "boolean"),
        ("null", "null"),
        ("{}", "object"),
        ("[1]", "list"),
        ("NaN", "decimal"),
    ],
)
def test_each_kind(text: str, kind: str) -> None:
    """Of numbers how they are spelt."""
    assert json_kind(read_raw(text)) == kind


def test_a_number_keeps_its_text() -> None:
    """However long."""
    assert read_raw("[12345678901234567890.10]") == ["12345678901234567890.10"]
    assert isinstance(read_raw("1"), NumberText)


@pytest.mark.parametrize("text", [b"", b"<html>", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_none(text: bytes) -> None:
    """A portal's page, half an answer."""
    assert read_raw(text) is None
