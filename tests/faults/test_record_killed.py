"""A recording outlives the process that made it: what is left of it, and what a damaged file still gives."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orderly_sync import Replay
from orderly_sync.errors import DecodingError
from orderly_sync.recording.record import Line, Recorder, lines_of
from tests.support.paper import eventually

WRITES = """
import sys, threading, time
from orderly_sync.recording.record import Recorder
recorder, pace = Recorder(sys.argv[1]), threading.Event()
for number in range(1_000_000):
    recorder.frame("public", time.time_ns() // 1_000_000, b'{"topic":"n","data":%d}' % number)
    print(number, time.time_ns() // 1_000_000, flush=True)
    pace.wait(0.01)
"""
TRADES = """
import sys
from orderly_sync import Market, connect
ex = connect("paper", market="frozen", record=sys.argv[1])
ex.place(Market.buy("ETH", quantity="0.1")).wait("filled", 20)
print("filled", flush=True)
ex.run_forever()
"""
FORKS = """
import os, sys, warnings
from orderly_sync.recording.record import Recorder
warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of a fork beside threads
recorder = Recorder(sys.argv[1])
for number in range(50):
    recorder.frame("public", number, b'{"data":%d}' % number)
while recorder.written < 50:
    pass
child = os.fork()
if child:
    os.waitpid(child, 0)
    recorder.close()
"""


def whole_lines(path: Path) -> list[Line]:
    return [line for line in lines_of(path) if isinstance(line, Line)]


def numbers(lines: list[Line]) -> list[int]:
    return [json.loads(line.content)["data"] for line in lines]


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("name", ["day.jsonl.gz", "day.jsonl"])
def test_a_killed_process_loses_a_second_of_its_recording_at_most(
    tmp_path: Path, name: str, end: signal.Signals
):
    """All lines up to a second before the end are there, in order, without a hole."""
    path = tmp_path / name
    with subprocess.Popen(
        [sys.executable, "-c", WRITES, str(path)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        told: list[tuple[int, int]] = []
        for line in running.stdout:
            number, at = line.split()
            told.append((int(number), int(at)))
            if told[-1][1] - told[0][1] >= 1700:
                break
        running.send_signal(end)
    recorded = numbers(whole_lines(path))
    assert recorded == list(range(len(recorded)))
    last = dict(told)[recorded[-1]] if recorded[-1] <= told[-1][0] else told[-1][1]
    assert told[-1][1] - last <= 1000


@pytest.mark.slow
def test_a_killed_client_leaves_a_recording_that_plays(tmp_path: Path):
    """A recording is there without any end of the program, and without another frame to push it out."""
    path = tmp_path / "day.jsonl.gz"
    with subprocess.Popen(
        [sys.executable, "-c", TRADES, str(path)], stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "filled\n"
        eventually(
            lambda: any(
                b'"FILLED"' in line.content for line in whole_lines(path) if line.channel == "private"
            )
        )
        running.kill()
    replay = Replay(path).run()
    assert replay.positions["PERP_ETH_USDC"].quantity
    assert replay.frames > 0


def test_a_quiet_recorder_puts_its_last_lines_into_the_file(tmp_path: Path):
    """Nothing more comes, nobody closes it: its own timer does."""
    path = tmp_path / "day.jsonl.gz"
    recorder = Recorder(path)
    try:
        for number in range(3):
            recorder.frame("public", number, b"%d" % number)
        eventually(lambda: len(whole_lines(path)) >= 3)
        assert [line.time for line in whole_lines(path)] == [0, 1, 2]
    finally:
        recorder.close()
    assert [type(line) for line in lines_of(path)] == [Line] * 3  # and it ends properly
    assert gzip.decompress(path.read_bytes()).count(b"\n") == 3


def test_a_forked_process_adds_nothing_to_its_parents_recording(tmp_path: Path):
    """The child's copy of what was not yet written is dropped with the child, though it ends as programs do."""
    path = tmp_path / "day.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", FORKS, str(path)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert numbers(whole_lines(path)) == list(range(50))


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9])
def test_a_packed_file_is_read_up_to_its_last_whole_line(tmp_path: Path, keep: float):
    """Wherever it was cut: what comes is a beginning of what was written, then one error."""
    path = tmp_path / "day.jsonl.gz"
    recorder = Recorder(path)
    for number in range(3000):
        recorder.frame("public", number, b'{"data":%d,"noise":"%s"}' % (number, os.urandom(8).hex().encode()))
    recorder.close()
    text = path.read_bytes()
    path.write_bytes(text[: int(len(text) * keep)])
    *lines, last = lines_of(path)
    assert isinstance(last, DecodingError)
    assert numbers([line for line in lines if isinstance(line, Line)]) == list(range(len(lines)))
    assert len(lines) > 3000 * keep * 0.8


def test_damage_inside_a_packed_file_is_an_error_and_not_a_crash(tmp_path: Path):
    """Bytes that no packer writes: announced, counted, the lines before them are played."""
    path = tmp_path / "day.jsonl.gz"
    recorder = Recorder(path)
    for number in range(3000):
        recorder.frame("public", number, b'{"data":%d,"noise":"%s"}' % (number, os.urandom(8).hex().encode()))
    recorder.close()
    text = bytearray(path.read_bytes())
    middle = len(text) // 2
    text[middle : middle + 64] = b"\xff" * 64
    path.write_bytes(text)
    *lines, last = lines_of(path)
    assert isinstance(last, DecodingError)
    assert len(lines) > 500
