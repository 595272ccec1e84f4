"""Logging that never holds up the thread that logs."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from orderly_sync import logs
from orderly_sync.logs import LONGEST, log_of

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


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        ("one\r\nERROR forged line", "one\\r\\nERROR forged line"),
        ("\x1b]0;title\x07\x1b[2J", "\\x1b]0;title\\x07\\x1b[2J"),
        ("\u202egnp.exe \x85\u2028", "\\u202egnp.exe \\x85\\u2028"),
        ("half \ud800, nul \x00", "half \\ud800, nul \\x00"),
        ("<b>not rendered</b> %s %d", "<b>not rendered</b> %s %d"),
        (ValueError("in\nan error"), "in\\nan error"),
        (["in\na list"], "['in\\na list']"),
        (12, "12"),
        (None, "None"),
    ],
)
def test_a_strangers_words_stay_on_their_line(handler: Kept, fact: object, shown: str) -> None:
    """No line break forges a line, no escape reaches a terminal, whatever the fact is of."""
    log_of(NAME).warning("the venue says: %s", fact)
    assert handler.said == [f"the venue says: {shown}"]


@pytest.mark.parametrize("fact", ["x" * 1_000_000, "\x1b" * 5_000, ValueError("y" * 9_999)])
def test_a_long_fact_is_cut(handler: Kept, fact: object) -> None:
    """At two kilobytes, escapes counted."""
    log_of(NAME).error("%s", fact)
    assert len(handler.said[0]) == LONGEST + len("...") == 2051


def test_numbers_keep_their_formats(handler: Kept) -> None:
    """What is logged as a number is formatted as one."""
    log_of(NAME).warning("%d of %.2f and %r", 3, 1.5, "text")
    assert handler.said == ["3 of 1.50 and 'text'"]


def test_a_fact_without_a_text_is_left_to_the_handlers(handler: Kept) -> None:
    """Logging shows whose defect that is, and whoever logs goes on."""

    class Mute:
        def __str__(self) -> str:
            raise RuntimeError("no text")

    log_of(NAME).warning("%s", Mute())
    log_of(NAME).warning("next")
    assert handler.said == ["next"]
