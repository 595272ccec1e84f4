"""How a stream stands, and waiting for it."""

from __future__ import annotations

import threading

import pytest

from orderly_sync.errors import Disconnected, HookError, LoginRefused, SubscriptionRefused
from orderly_sync.stream.status import StreamStatus

WAIT = 20.0


def test_an_acknowledged_topic_is_waited_for_no_longer():
    """acked() ends the wait; a lost connection takes its acknowledgements with it."""
    standing = StreamStatus()
    standing.begin("t")
    waiter = threading.Thread(target=standing.wait_acked, args=("t", WAIT))
    waiter.start()
    standing.acked("t")
    waiter.join(WAIT)
    assert not waiter.is_alive()
    standing.down("private", "broke", ["t"])
    with pytest.raises(TimeoutError, match="'t' was not acknowledged within 0 s; private: broke"):
        standing.wait_acked("t", 0)


def test_a_refused_topic_raises_until_it_is_asked_for_anew():
    """The refusal is the topic's own."""
    standing = StreamStatus()
    standing.refused(SubscriptionRefused("t", "no"), "public")
    with pytest.raises(SubscriptionRefused, match="no"):
        standing.wait_acked("t", WAIT)
    standing.begin("t")
    with pytest.raises(TimeoutError, match="no answer from the venue"):
        standing.wait_acked("t", 0)


def test_a_failed_stream_raises_why():
    """Whoever waits gets the refusal itself; whoever blocks gets Disconnected with it as its cause."""
    standing = StreamStatus()
    assert standing.trouble(in_hook=False) is None
    error = LoginRefused("the key is gone")
    standing.failed(error)
    with pytest.raises(LoginRefused):
        standing.wait(lambda: False, WAIT, "not ready")
    trouble = standing.trouble(in_hook=False)
    assert isinstance(trouble, Disconnected)
    assert trouble.final
    assert trouble.__cause__ is error


def test_a_stopped_stream_raises_that_it_was_stopped():
    """Every waiter wakes."""
    standing = StreamStatus()
    raised: list[BaseException] = []

    def wait() -> None:
        try:
            standing.wait(lambda: False, WAIT, "not ready")
        except Disconnected as exc:
            raised.append(exc)

    thread = threading.Thread(target=wait)
    thread.start()
    standing.stopped = True
    standing.notify()
    thread.join(WAIT)
    assert "stopped" in str(raised[0])
    trouble = standing.trouble(in_hook=True)
    assert isinstance(trouble, Disconnected)


def test_the_first_error_of_a_hook_is_raised_once_and_not_in_hooks():
    """strict=True: the caller hears of it, a hook that waits does not."""
    standing = StreamStatus()
    first, second = HookError("one", "t"), HookError("two", "t")
    standing.hook_failed(first)
    standing.hook_failed(second)
    assert standing.trouble(in_hook=True) is None
    assert standing.trouble(in_hook=False) is first
    assert standing.trouble(in_hook=False) is None


def test_a_pause_ends_with_a_change():
    """Nobody sleeps through news."""
    standing = StreamStatus()
    done = threading.Event()

    def pause() -> None:
        standing.pause()
        done.set()

    thread = threading.Thread(target=pause)
    thread.start()
    standing.notify()
    assert done.wait(WAIT)
    thread.join(WAIT)
