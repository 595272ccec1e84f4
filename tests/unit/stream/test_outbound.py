"""Bytes on their way out: how long the oldest of them has waited."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.stream.outbound import Outbound


def test_nothing_to_send_is_due_never() -> None:
    """Neither before nor after."""
    out = Outbound(5.0)
    assert out.deadline is None
    out.add(b"abc", 1.0)
    out.taken(3)
    assert (out.deadline, len(out)) == (None, 0)


def test_the_oldest_bytes_count_whatever_is_taken_of_them() -> None:
    """A peer that takes a byte now and then does not take the frame."""
    out = Outbound(5.0)
    out.add(b"x" * 100, 10.0)
    for _ in range(99):
        out.taken(1)
        assert out.deadline == 15.0
    out.add(b"y", 14.0)
    assert out.deadline == 15.0
    out.taken(1)
    assert out.deadline == 19.0


def test_what_a_new_connection_sends_has_its_own_time() -> None:
    """Nothing of the old one remains."""
    out = Outbound(5.0)
    out.add(b"x" * 100, 10.0)
    out.taken(40)
    out.clear()
    out.add(b"y", 30.0)
    assert (bytes(out.data), out.deadline) == (b"y", 35.0)


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 3), st.integers(0, 80)), max_size=60))
def test_no_byte_is_due_late_nor_much_too_soon(steps: list[tuple[int, float, int]]) -> None:
    """Each byte is held to its own time, up to a quarter of a second too early."""
    out, now, waiting = Outbound(5.0), 0.0, []
    for size, later, taken in steps:
        now += later
        out.add(b"x" * size, now)
        waiting += [now] * size
        count = min(taken, len(waiting))
        out.taken(count)
        del waiting[:count]
        assert len(out) == len(waiting)
        if not waiting:
            assert out.deadline is None
        else:
            assert out.deadline is not None
            assert waiting[0] + 4.75 - 1e-9 <= out.deadline <= waiting[0] + 5.0 + 1e-9


def test_a_flood_of_small_frames_leaves_few_marks() -> None:
    """What is kept of time does not grow with what waits."""
    out = Outbound(5.0)
    for number in range(10_000):
        out.add(b"p", number / 10_000)
    assert len(out._marks) <= 5


@pytest.mark.parametrize("patience", [0.5, 5.0])
def test_the_patience_is_the_callers(patience: float) -> None:
    """As it was said."""
    out = Outbound(patience)
    out.add(b"p", 2.0)
    assert out.deadline == 2.0 + patience
