"""One venue, two relays, many bots, and kills: what each bot was told is held against what the venue emitted.

    python -m tests.soak.fanout --reports 100000 --relay-kills 100 --redis-restarts 10 --bot-kills 200

Bots place market orders and write each report they are told of into a file before their hook returns, so that what a bot
that was killed had taken is known. In the end, of each bot: reports that the venue emitted and it was never told of (lost),
reports told twice without a flag, and reports of one order told out of the venue's order.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from orderly_sync import connect
from orderly_sync.relay.redis_server import RedisServer
from tests.soak.fanout_parts import KEYS, REPORTS, run_part, say
from tests.support.redis_servers import ServedRedis, served_redis

ROOT = Path(__file__).parents[2]
STALL = 90.0
"""Seconds without one more report told after which the rest is given up for lost."""


# What is held against what -------------------------------------------------------------------------------------------


class Truth:
    """The ids of the reports that the venue emitted, by order, in its order; read on as the run goes on.

    Args:
        ex: A client of the venue.
        account: The account's id.
    """

    def __init__(self, ex: Any, account: str) -> None:
        self.by_order: dict[int, list[str]] = {}
        self.total = 0
        self._ex, self._account, self._at = ex, account, 0

    def read(self) -> None:
        """What the venue has emitted since."""
        for entry in self._ex.paper.ledger(self._account, self._at):
            self._at = entry["seq"]
            if entry["topic"] == REPORTS.name:
                data = entry["data"]
                for row in data if isinstance(data, list) else [data]:
                    self._add(row["orderId"], row.get("tradeId") or 0, row["status"])

    def _add(self, order: int, trade: int, status: str) -> None:
        name = f"executionreport/{order}/fill/{trade}" if trade else f"executionreport/{order}/{status}"
        self.by_order.setdefault(order, []).append(name)
        self.total += 1


def judged(path: Path, truth: dict[int, list[str]]) -> tuple[int, int, int, int]:
    """Of one bot: how many reports it was told of, lost, repeated without a flag, and out of order."""
    first: dict[int, list[str]] = {}
    plain: set[str] = set()
    repeats = 0
    for line in path.read_text(encoding="ascii").splitlines():
        order, name, flags = line.split(" ")
        repeats += flags == "-" and name in plain
        if flags == "-":
            plain.add(name)
        names = first.setdefault(int(order), [])
        if name not in names:
            names.append(name)
    lost = sum(len(set(names) - set(first.get(order, ()))) for order, names in truth.items())
    wrong = sum(
        [name for name in truth.get(order, ()) if name in names]
        != [name for name in names if name in truth.get(order, ())]
        for order, names in first.items()
    )
    return sum(map(len, first.values())), lost, repeats, wrong


# The run ---------------------------------------------------------------------------------------------------------------


class Run:
    """All processes of a run, and what was done to them."""

    def __init__(self, options: argparse.Namespace, folder: Path, redis: ServedRedis, line: str) -> None:
        self.options, self.folder, self.redis, self.line = options, folder, redis, line
        self.random = random.Random(options.seed)
        self.done = {"relay": 0, "redis": 0, "bot": 0}
        self.relays: dict[int, subprocess.Popen[bytes]] = {}
        self.bots: dict[int, subprocess.Popen[bytes]] = {}
        self.each = options.bots // options.processes
        self.server = RedisServer(redis.url)
        self.died = 0
        self.parts: list[subprocess.Popen[bytes]] = []
        self.began = self.told_next = time.monotonic()

    def part(self, *words: object) -> subprocess.Popen[bytes]:
        told = (self.folder / "errors").open("ab")
        command = [sys.executable, "-m", "tests.soak.fanout", "--part", *map(str, words)]
        environ = {**os.environ, "FANOUT_LINE": self.line}
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told, env=environ)
        told.close()
        self.parts.append(process)
        return process

    def start_relay(self, number: int) -> None:
        self.relays[number] = self.part("relay", self.redis.url, self.folder, number)

    def start_bots(self, number: int) -> None:
        self.bots[number] = self.part(
            "bots", self.redis.url, self.folder, number * self.each, self.each, self.options.every
        )

    def leader(self) -> int | None:
        """Which relay leads; None if none does."""
        with self.server.asking():
            told: Any = self.server.client.get(KEYS.leader)
        for number in self.relays:
            path = self.folder / f"relay-{number}"
            if told is not None and path.exists() and path.read_text(encoding="ascii") == told.decode():
                return number
        return None

    def look_for_dead(self) -> None:
        """A part that ended by itself is a fault, and is started again."""
        for parts, start in ((self.relays, self.start_relay), (self.bots, self.start_bots)):
            for number, process in list(parts.items()):
                if process.poll() is not None:
                    self.died += 1
                    say(f"a part ended by itself, with status {process.returncode}: {self.errors()}")
                    start(number)

    def errors(self) -> str:
        """The last that any part complained of."""
        lines = (self.folder / "errors").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(line for line in lines if not line.startswith("bot "))[-2000:]

    def harm(self) -> None:
        """Kill or restart something, of what is to be killed still."""
        options = self.options
        left = {
            "relay": options.relay_kills - self.done["relay"],
            "redis": options.redis_restarts - self.done["redis"],
            "bot": options.bot_kills - self.done["bot"],
        }
        kinds = [kind for kind, count in left.items() if count > 0]
        if not kinds:
            return
        kind = self.random.choices(kinds, [left[one] for one in kinds])[0]
        if kind == "relay":
            number = self.leader()
            if number is not None:
                self.end(self.relays[number])
                self.done["relay"] += 1
                self.start_relay(number)
        elif kind == "redis":
            self.redis.restart()
            self.done["redis"] += 1
        else:
            number = self.random.randrange(options.processes)
            self.end(self.bots[number])
            self.done["bot"] += self.each
            self.start_bots(number)

    def close(self) -> None:
        """End all that is left, however the run ended."""
        for process in self.parts:
            self.end(process)
        self.server.close()

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

    def tell(self, paths: list[Path], total: int) -> None:
        """Say now and then how far all are."""
        if time.monotonic() >= self.told_next:
            self.told_next = time.monotonic() + 30.0
            told = [path.read_bytes().count(b"\n") for path in paths]
            say(
                f"{time.monotonic() - self.began:5.0f} s: {total} reports, told {min(told)} to {max(told)}; {self.done}"
            )

    def is_harmed(self) -> bool:
        """Whether all was killed that is to be."""
        options = self.options
        wanted = {"relay": options.relay_kills, "redis": options.redis_restarts, "bot": options.bot_kills}
        return all(self.done[kind] >= count for kind, count in wanted.items())


@contextmanager
def served_venue(seed: int) -> Iterator[str]:
    """The line of a venue in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "orderly_sync",
        "venue",
        "--seed",
        str(seed),
        "--market",
        "calm",
        "--no-rate-limits",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as venue:
        assert venue.stdout is not None
        try:
            yield venue.stdout.readline()
        finally:
            venue.send_signal(signal.SIGTERM)


def until(condition: Any, seconds: float, what: str) -> bool:
    """Wait; whether it came true."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            say(f"gave up waiting for {what}")
            return False
        time.sleep(0.1)
    return True


def drained(paths: list[Path], truth: Truth) -> None:
    """Wait until all bots have been told of all, or of nothing more for a while."""
    last, since, began = -1, time.monotonic(), time.monotonic()
    while time.monotonic() - since < STALL:
        told = [path.read_bytes().count(b"\n") for path in paths]
        if min(told) >= truth.total and all(judged(path, truth.by_order)[1] == 0 for path in paths):
            say(f"all told {time.monotonic() - began:.0f} s after the last order")
            return
        if sum(told) != last:
            last, since = sum(told), time.monotonic()
        time.sleep(2.0)
    say(f"nothing more was told for {STALL:.0f} s: {told}")


def run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        (folder / "redis").mkdir()
        paths = [folder / f"bot-{number}" for number in range(options.bots)]
        redis = ends.enter_context(served_redis(folder / "redis"))
        line = ends.enter_context(served_venue(options.seed))
        one = ends.enter_context(closing(Run(options, folder, redis, line)))
        watcher = ends.enter_context(connect(line, rate_limits=False))
        for number in range(2):
            one.start_relay(number)
        until(lambda: one.leader() is not None, 60, "a leader")
        for number in range(options.processes):
            one.start_bots(number)
        readers = one.part("readers", redis.url, folder, options.readers) if options.readers else None
        until(lambda: len(list(folder.glob("bot-*"))) >= options.bots, 120, "all bots")
        time.sleep(5.0)
        truth = Truth(watcher, json.loads(line)["accounts"][0]["account_id"])
        (folder / "trade").touch()
        end = time.monotonic() + options.minutes * 60
        while time.monotonic() < end and not (one.is_harmed() and truth.total >= options.reports):
            time.sleep(options.pause)
            one.look_for_dead()
            one.harm()
            truth.read()
            one.tell(paths, truth.total)
        (folder / "trade").unlink()
        time.sleep(3.0)
        truth.read()
        drained(paths, truth)
        rows = [judged(path, truth.by_order) for path in paths]
        (folder / "stop").touch()
        if options.keep is not None and any(any(row[1:]) for row in rows):
            shutil.copytree(folder, options.keep)
        if readers is not None:
            readers.wait(120)
            say(f"readers: holes, least and most entries: {(folder / 'readers').read_text(encoding='ascii')}")
    lost, repeats, wrong = (sum(row[at] for row in rows) for at in (1, 2, 3))
    say(
        f"seed {options.seed}, {time.monotonic() - began:.0f} s: {truth.total} reports of the venue, {options.bots} bots in "
        f"{options.processes} processes, {options.readers} readers; {one.done['relay']} leaders killed, Redis restarted "
        f"{one.done['redis']} times, {one.done['bot']} bots killed"
    )
    say(
        f"told {sum(row[0] for row in rows)} reports; lost {lost}, unflagged repeats {repeats}, out of order {wrong}"
    )
    return int(bool(lost or repeats or wrong or one.died))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", nargs="+")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--bots", type=int, default=50)
    parser.add_argument("--processes", type=int, default=5)
    parser.add_argument("--readers", type=int, default=1_000)
    parser.add_argument("--relay-kills", type=int, default=100)
    parser.add_argument("--redis-restarts", type=int, default=10)
    parser.add_argument("--bot-kills", type=int, default=200)
    parser.add_argument("--pause", type=float, default=4.0, help="seconds between two kills")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two orders of a bot")
    parser.add_argument(
        "--keep", type=Path, help="a folder for what the parts have written, if anything went wrong"
    )
    parser.add_argument("--minutes", type=float, default=90.0)
    options = parser.parse_args()
    if not options.part:
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))  # its parts end with it
        return run(options)
    kind, url, folder, *numbers = options.part
    run_part(kind, url, Path(folder), numbers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
