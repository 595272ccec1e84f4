"""What an I/O thread blocks on, and what becomes of it when there never is such a thread."""

from __future__ import annotations

import os

import pytest

from orderly_sync.stream.wakeup import Wakeup


def test_a_wait_ends_when_it_is_woken():
    wakeup = Wakeup()
    wakeup.wake()
    assert wakeup.wait(20.0, writes=False) == (False, False)
    assert wakeup.wait(0.0, writes=False) == (False, False)
    wakeup.close()


def test_it_is_closed_any_number_of_times_and_waking_it_then_does_nothing():
    wakeup = Wakeup()
    wakeup.close()
    wakeup.close()
    wakeup.wake()


def test_one_that_nobody_closes_leaves_nothing_open():
    """As where a Ctrl-C fell between its making and the start of its thread; an open socket would be a warning."""
    wakeup = Wakeup()
    descriptors = [wakeup._inner.fileno(), wakeup._outer.fileno()]
    del wakeup
    for descriptor in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_one_that_was_never_made_whole_is_let_go_in_silence():
    Wakeup.__new__(Wakeup).__del__()
