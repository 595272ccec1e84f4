"""Logging that never holds up the thread that logs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from orderly_sync import logs
from orderly_sync.logs import log_of

WAIT = 20.0
NAME = "orderly_sync.tests.logs"


class Kept(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def handler() -> Iterator[Kept]:
    kept = Kept()
    logger = logging.getLogger(NAME)
    logger.addHandler(kept)
    yield kept
    logger.removeHandler(kept)


def say(text: str) -> None:
    """Log from another thread, which must come back."""
    thread = threading.Thread(target=log_of(NAME).warning, args=(text,), daemon=True)
    thread.start()
    thread.join(WAIT)
    assert not thread.is_alive(), "the thread waits for a handler's lock"


def test_a_handler_whose_lock_was_left_taken_holds_nobody_up(
    handler: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a Ctrl-C in a line that the program logs may leave it: told once on stderr; given back, all goes on."""
    monkeypatch.setattr(logs, "PATIENCE", 0.01)
    assert handler.lock is not None
    handler.acquire()
    say("first")
    say("second")
    told = capsys.readouterr().err
    assert told.count("the lock of a Kept") == 1
    handler.release()
    say("third")
    assert handler.said == ["third"]


def test_the_thread_that_holds_the_lock_may_log(handler: Kept) -> None:
    """It is this thread's: nothing to wait for."""
    handler.acquire()
    log_of(NAME).warning("mine")
    handler.release()
    assert handler.said == ["mine"]


def test_a_handler_without_a_lock_holds_nobody_up(handler: Kept) -> None:
    """A NullHandler has none."""
    nothing = logging.NullHandler()
    logging.getLogger(NAME).addHandler(nothing)
    say("free")
    logging.getLogger(NAME).removeHandler(nothing)
    assert handler.said == ["free"]
