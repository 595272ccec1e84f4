"""Cutting frames: whatever the pieces, the messages are the same; whatever the peer, the limits hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.stream.frames import BINARY, CLOSE, PING, TEXT, FrameError, FrameReader
from tests.support.wire_server import frame

SIZES = st.one_of(st.integers(0, 300), st.sampled_from([125, 126, 127, 65535, 65536, 70000]))


@given(st.lists(st.tuples(st.sampled_from([TEXT, BINARY]), SIZES), max_size=6), st.data())
def test_messages_do_not_depend_on_how_bytes_arrive(wanted: list[tuple[int, int]], data: st.DataObject):
    """Any cutting of the byte stream gives the same messages in the same order."""
    messages = [(opcode, bytes([number % 256]) * size) for number, (opcode, size) in enumerate(wanted)]
    stream = b"".join(frame(payload, opcode) for opcode, payload in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = FrameReader()
    got = []
    for begin, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        got += reader.feed(stream[begin:end])
    assert got == messages


@given(st.lists(st.binary(max_size=50), min_size=2, max_size=6))
def test_fragments_become_one_message_with_pings_in_between(parts: list[bytes]):
    """Control frames may stand between the fragments of a message."""
    stream = frame(parts[0], TEXT, fin=False) + frame(b"p", PING)
    for part in parts[1:-1]:
        stream += frame(part, 0, fin=False)
    stream += frame(parts[-1], 0)
    assert FrameReader().feed(stream) == [(PING, b"p"), (TEXT, b"".join(parts))]


def test_one_byte_at_a_time_is_enough():
    """A dripping peer is understood."""
    reader = FrameReader()
    stream = frame(b"x" * 200) + frame(b"", CLOSE)
    got = [message for byte in stream for message in reader.feed(bytes([byte]))]
    assert got == [(TEXT, b"x" * 200), (CLOSE, b"")]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"\x81\x7f" + (9 * 1024 * 1024).to_bytes(8, "big"), 1009),
        (b"\x81\xfe\x00\x80", 1002),
        (b"\x81\x80\x00\x00\x00\x00", 1002),
        (b"\x91\x00", 1002),
        (b"\x84\x00", 1002),
        (b"\x89\x7e\x01\x00", 1002),
        (b"\x08\x00", 1002),
        (b"\x80\x00", 1002),
        (b"\x01\x00\x81\x00", 1002),
    ],
    ids=["huge", "masked long", "masked", "rsv", "opcode", "long ping", "split close", "orphan", "nested"],
)
def test_violations_are_refused_before_their_payload(raw: bytes, code: int):
    """The header alone is enough to refuse; the error carries the close code."""
    with pytest.raises(FrameError) as caught:
        FrameReader().feed(raw)
    assert caught.value.code == code


def test_a_message_over_the_limit_is_refused_while_it_grows():
    """Fragments add up against the message limit."""
    reader = FrameReader(max_frame=100, max_message=250)
    reader.feed(frame(b"x" * 100, TEXT, fin=False) + frame(b"x" * 100, 0, fin=False))
    with pytest.raises(FrameError) as caught:
        reader.feed(frame(b"x" * 100, 0, fin=False))
    assert caught.value.code == 1009


def test_a_million_tiny_fragments_hold_few_objects():
    """Fragments are joined as they come, so their number does not matter."""
    reader = FrameReader()
    reader.feed(frame(b"{", TEXT, fin=False))
    tiny = frame(b"1", 0, fin=False) * 10_000
    for _ in range(10):
        reader.feed(tiny)
    assert len(reader._parts) < 2_000
    ((_, whole),) = reader.feed(frame(b"}", 0))
    assert len(whole) == 100_002


def test_what_came_whole_before_a_breach_is_not_lost():
    """The error carries the messages that the same bytes completed before it."""
    with pytest.raises(FrameError) as caught:
        FrameReader().feed(frame(b"first") + frame(b"second") + b"\x91\x00")
    assert caught.value.messages == [(TEXT, b"first"), (TEXT, b"second")]
