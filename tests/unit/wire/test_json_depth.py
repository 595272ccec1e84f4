"""JSON: nesting is bounded even where somebody raised the recursion limit, as notebooks do."""

from __future__ import annotations

import sys

import pytest

from orderly_sync.errors import DecodingError
from orderly_sync.wire.json import decode, decode_push


@pytest.fixture(params=[1_000, 1_000_000])
def _recursion_limit(request):
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(request.param)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("_recursion_limit")
@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"]":'])
@pytest.mark.parametrize("depth", [20_000, 100_000])
def test_endless_nesting_is_refused_before_it_exhausts_the_stack(opening, depth):
    """A frame of brackets is an error, whatever the recursion limit; it does not end the process."""
    text = opening * depth
    for read in (
        lambda: decode(text, "test"),
        lambda: decode(text.encode(), "test"),
        lambda: decode_push(text.encode()),
    ):
        with pytest.raises(DecodingError, match="nested too deep"):
            read()


def test_many_brackets_are_not_deep():
    """Long lists and texts full of brackets are no nesting."""
    rows = "[" + ",".join(['{"a":[]}'] * 6_000) + "]"
    text = '"' + "[{" * 20_000 + '"'

    assert len(decode(rows, "test")) == 6_000
    assert decode(text, "test") == "[{" * 20_000
    assert len(decode_push(rows.encode())) == 6_000


def test_a_long_text_without_brackets_is_read():
    """Length alone is no fault."""
    assert decode('"' + "x" * 20_000 + '"', "test") == "x" * 20_000


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b"1e999", b"nul", b"[" * 5_000])
def test_a_broken_frame_is_one_typed_error(text):
    """The fast path for frames refuses what the other one refuses."""
    with pytest.raises(DecodingError, match="a frame of the stream"):
        decode_push(text)


def test_nesting_beyond_the_recursion_limit_is_a_typed_error():
    """Shorter texts are held up by the interpreter's own limit; newer interpreters count C calls apart and find the cut."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000)
    try:
        with pytest.raises(DecodingError, match=r"nested too deep|truncated"):
            decode("[" * 5_000, "test")
    finally:
        sys.setrecursionlimit(before)


@pytest.mark.parametrize(
    "tail",
    ['"' + '\\"' * 2_000_000, '"a' * 2_000_001, '"' + "\\" * 4_000_000, '"' + "x" * 4_000_000 + "\\"],
    ids=["escaped quotes", "many quotes", "backslashes", "a lone backslash"],
)
def test_a_text_that_never_ends_is_refused_in_one_pass(tail):
    """Four megabytes of quotes behind enough brackets to be counted: were each quote tried anew, this would take days."""
    text = "[" * 1 + "{}," * 10_001 + tail
    for read in (lambda: decode(text, "test"), lambda: decode_push(text.encode())):
        with pytest.raises(DecodingError):
            read()


def test_brackets_behind_an_escaped_quote_are_still_text():
    """A text ends where JSON says, and what follows counts again."""
    inside = r'"\\\"' + "[" * 20_000 + r'\\"'
    assert decode(f"[{inside}]", "test") == ['\\"' + "[" * 20_000 + "\\"]
    with pytest.raises(DecodingError, match="nested too deep"):
        decode(f"[{inside}," + "[" * 10_001, "test")
