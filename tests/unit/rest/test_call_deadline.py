"""The moment by which a call must be over holds for that call, and for nothing after it."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.rest import call_deadline as module
from orderly_sync.rest.call_deadline import call_by, call_deadline, call_within


def test_it_holds_within_the_call_alone():
    assert call_by(7.0, call_deadline) == 7.0
    assert call_deadline() == math.inf


def test_the_earlier_moment_counts():
    """A call within a call cannot give itself more time."""
    assert call_by(7.0, call_by, 9.0, call_deadline) == 7.0
    assert call_by(9.0, call_by, 7.0, call_deadline) == 7.0


def test_none_sets_no_limit_of_its_own():
    assert call_within(None, call_deadline) == math.inf
    assert call_by(7.0, call_within, None, call_deadline) == 7.0


def test_it_counts_from_now():
    before = time.monotonic()
    assert before + 5 <= call_within(5, call_deadline) <= time.monotonic() + 5


@pytest.mark.parametrize("timeout", [-1, math.nan, "5", True, object()])
def test_what_is_no_length_of_time_is_refused(timeout: Any):
    with pytest.raises(UsageError):
        call_within(timeout, call_deadline)


def test_what_the_call_raises_goes_through():
    with pytest.raises(ZeroDivisionError):
        call_by(7.0, lambda: 1 // 0)
    assert call_deadline() == math.inf


def interrupted_at(step: int, call: Callable[[], object]) -> bool:
    """Whether a Ctrl-C fell into a call, at that instruction of this mechanism or of what stands behind it."""
    left = step
    where = (module.__file__, __file__, sys.modules["contextlib"].__file__)

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename not in where:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            left -= 1
            if left == 0:
                raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


@pytest.mark.parametrize(
    "call", [lambda: call_by(7.0, call_deadline), lambda: call_within(5.0, call_by, 9.0, call_deadline)]
)
def test_a_ctrl_c_wherever_it_lands_leaves_no_limit(call: Callable[[], object]):
    """Or each later call in this thread would be refused as too late, for ever."""
    # Python 3.12 sees no instructions of code that it has not traced before.
    assert not interrupted_at(sys.maxsize, call)
    step = 1
    while interrupted_at(step, call):
        assert call_deadline() == math.inf, f"left at instruction {step}"
        step += 1
    assert step > 20
