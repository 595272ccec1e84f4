"""A hook that raises is never silent: logging hears of it, or stderr where nobody else would."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.errors import HookError
from orderly_sync.stream.failures import Failures

ROOT = Path(__file__).parents[3]
OURS = logging.getLogger("orderly_sync")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes logging what it is in a script that never heard of it."""

    def strip() -> None:
        # Not before the test itself runs: its runner puts handlers there just before.
        monkeypatch.setattr(OURS, "handlers", [logging.NullHandler()])
        monkeypatch.setattr(logging.getLogger(), "handlers", [])

    return strip


def error(hook: str = "bot.on_fill", cause: BaseException | None = None) -> HookError:
    made = HookError(hook, "executionreport")
    try:
        raise cause or NameError("fil")
    except BaseException as exc:
        made.__cause__ = exc
    return made


def test_an_unheard_error_reaches_stderr_once_with_its_traceback(bare: Callable[[], None], capsys: Any):
    """The second of its kind is only counted; the end says in one line how many."""
    bare()
    failures = Failures()
    failures.tell(error(), first=True, heard=False)
    said = capsys.readouterr().err
    assert said.startswith(
        "orderly_sync: the hook bot.on_fill raised NameError('fil') on 'executionreport'\n"
    )
    assert "Traceback (most recent call last)" in said
    assert 'in error\n    raise cause or NameError("fil")' in said
    failures.tell(error(), first=False, heard=False)
    assert capsys.readouterr().err == ""
    failures.sum_up()
    assert capsys.readouterr().err == "orderly_sync: hooks raised 2 times: bot.on_fill (2)\n"
    failures.sum_up()
    assert capsys.readouterr() == ("", "")


def test_without_an_error_nothing_is_said(bare: Callable[[], None], capsys: Any):
    """Neither by logging nor on stderr."""
    bare()
    Failures().sum_up()
    assert capsys.readouterr() == ("", "")


def test_who_hears_of_errors_needs_no_stderr(bare: Callable[[], None], capsys: Any):
    """With a hook for HookError, nothing is printed, neither then nor at the end."""
    bare()
    failures = Failures()
    failures.tell(error(), first=True, heard=True)
    failures.sum_up()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", [None, "orderly_sync", "orderly_sync.stream.hooks"])
def test_where_logging_is_set_up_it_is_told_all_and_stderr_nothing(
    bare: Callable[[], None], capsys: Any, name: str | None, monkeypatch: pytest.MonkeyPatch
):
    """Whichever logger the handler is on; each error with its traceback, and the count."""
    bare()
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign]
    logger = logging.getLogger(name)
    monkeypatch.setattr(logger, "handlers", [*logger.handlers, handler])
    failures = Failures()
    for first in (True, False):
        failures.tell(error(), first=first, heard=False)
    failures.tell(error("other"), first=True, heard=True)
    failures.sum_up()
    *errors, last = (one.getMessage() for one in records)
    assert len(errors) == 3
    assert all("Traceback" in one for one in errors)
    assert last == "hooks raised 3 times: bot.on_fill (2), other (1)"
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("how", ["level", "disable", "lastResort"])
def test_logging_that_was_told_to_be_silent_is_obeyed(
    bare: Callable[[], None], capsys: Any, how: str, monkeypatch: pytest.MonkeyPatch
):
    """In each of the ways that logging has."""
    if how == "level":
        monkeypatch.setattr(logging.getLogger("orderly_sync.stream.hooks"), "level", logging.CRITICAL + 1)
        logging.getLogger("orderly_sync.stream.hooks")._cache.clear()  # type: ignore[attr-defined]
    elif how == "disable":
        monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
        logging.getLogger("orderly_sync.stream.hooks")._cache.clear()  # type: ignore[attr-defined]
    else:
        monkeypatch.setattr(logging, "lastResort", None)
    bare()
    failures = Failures()
    failures.tell(error(), first=True, heard=False)
    failures.sum_up()
    monkeypatch.undo()
    logging.getLogger("orderly_sync.stream.hooks")._cache.clear()  # type: ignore[attr-defined]
    assert capsys.readouterr() == ("", "")


def test_the_end_names_the_hooks_that_raised_most(bare: Callable[[], None], capsys: Any):
    """In one line, however many they are."""
    bare()
    failures = Failures()
    for number in range(9):
        for _ in range(number + 1):
            failures.tell(error(f"h{number}"), first=False, heard=False)
    failures.sum_up()
    said = capsys.readouterr().err
    assert said == "orderly_sync: hooks raised 45 times: h8 (9), h7 (8), h6 (7) and 6 others\n"


SCRIPT = """
    import sys, threading
    from orderly_sync import Connected, HookError, OrderlyError, Stream, topics
    from tests.support.streams import make, mark
    from tests.support.wire_server import WireServer

    came = threading.Semaphore(0)
    heard = []
    def typo(event):
        came.release()
        print(evnt)
    def other(event):
        try:
            raise ValueError("caf\\u00e9") if event.price < 3 else KeyError("three")
        finally:
            came.release()

    server = WireServer().__enter__()
    stream = make(server)
    {before}
    stream.start()
    stream.on(topics.mark_price("ETH"), typo)
    stream.on(topics.mark_price("ETH"), other)
    for price in (1, 2, 3):
        server.peer().send(mark(price))
    for _ in range(6):
        assert came.acquire(timeout=30)
    {after}
"""


def run(before: str = "", after: str = "") -> str:
    """What a script says on stderr whose hooks raise three times each."""
    script = textwrap.dedent(SCRIPT).format(before=before, after=after)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout, done.returncode) == ("", 0)
    return done.stderr


@pytest.mark.parametrize("after", ["", "stream.stop()", "stream.close(); stream.stop()"])
def test_a_script_with_a_typo_in_its_hook_shows_it(after: str):
    """A traceback for each hook and kind of error, and the count once, by stop() or at the end of the script."""
    said = run(after=after)
    assert said.count("Traceback") == 3
    assert said.count("NameError: name 'evnt' is not defined") == 1
    assert said.count("KeyError: 'three'") == 1
    assert said.count("hooks raised 6 times: __main__.typo (3), __main__.other (3)") == 1
    assert said.splitlines()[-1].startswith("orderly_sync: hooks raised 6 times")


def test_a_hook_for_hook_errors_keeps_stderr_clean():
    """Each error is its to tell; the count is not printed either."""
    after = "stream.stop(); assert len(heard) == 6"
    assert run(before="stream.on(HookError, heard.append)", after=after) == ""


@pytest.mark.parametrize("kind", ["HookError", "OrderlyError"])
def test_a_hook_for_hook_errors_that_raises_is_shown_and_not_called_for_itself(kind: str):
    """Once for each error it was given, not for ever."""
    said = run(before=f"stream.on({kind}, lambda error: error.nothing_of_this_name)")
    assert said.count("AttributeError") >= 1
    assert said.count("Traceback") == 1
    assert "hooks raised 12 times" in said


def test_a_replay_shows_what_its_hooks_raise(tmp_path: Path):
    """As live; the count is said when the recording ends."""
    path = tmp_path / "day.jsonl"
    frame = '{"topic": "PERP_ETH_USDC@markprice", "ts": 1, "data": {"symbol": "PERP_ETH_USDC", "price": 1}}'
    script = textwrap.dedent(f"""
        from orderly_sync import Replay, topics
        from orderly_sync.recording.record import Recorder
        recorder = Recorder({str(path)!r})
        for _ in range(3):
            recorder.frame("public", 1, {frame.encode()!r})
        recorder.close()
        with Replay({str(path)!r}) as replay:
            replay.on(topics.mark_price("ETH"), lambda event: event.prise)
            replay.run()
            assert replay.frames == 3
    """)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.count("Traceback") == 1
    assert done.stderr.count("hooks raised 3 times: __main__.<lambda> (3)") == 1
    assert done.returncode == 0
