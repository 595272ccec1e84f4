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
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from orderly_sync import Credentials, Market, Relay, connect, topics
from orderly_sync.control.served import attach
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay_errors import RelayError
from tests.support.redis_servers import ServedRedis, served_redis

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()
ROOT = Path(__file__).parents[2]
LEASE = 1.0
FLAGS = ("recovered", "redelivered", "out_of_order")


def say(text: str) -> None:
    """A line of what this run prints, or of what a part of it complains of."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


# The parts, each a process of its own ------------------------------------------------------------------------------------


def relay_process(line: str, url: str, folder: Path, number: int) -> None:
    """A relay; its name stands in a file."""
    _, network, credentials = attach(line)
    with (
        connect(network, credentials=credentials, rate_limits=False) as ex,
        Relay(ex, url, lease=LEASE) as relay,
    ):
        (folder / f"relay-{number}").write_text(relay.name, encoding="ascii")
        ex.run_forever()


def bots_process(line: str, url: str, folder: Path, first: int, count: int, every: float) -> None:
    """Several bots; while the file ``trade`` is there, each places orders."""
    _, _, credentials = attach(line)
    assert credentials is not None
    threads = [
        threading.Thread(target=one_bot, args=(url, folder, credentials, first + at, every))
        for at in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def one_bot(url: str, folder: Path, credentials: Credentials, number: int, every: float) -> None:
    """One bot of its own group."""
    log = os.open(folder / f"bot-{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def take(report: Any) -> None:
        flags = "".join(name[0] for name in FLAGS if getattr(report, name))
        os.write(log, f"{report.order_id} {report.event_id} {flags or '-'}\n".encode())

    bot = None
    while bot is None:
        try:
            bot = connect(via=url, credentials=credentials, group=f"bot-{number}", rate_limits=False)
        except Exception as exc:
            say(f"bot {number}: {exc}")
            time.sleep(0.2)
    bot.on(REPORTS, take)
    sides = (Market.buy, Market.sell)
    turn = number
    while not (folder / "stop").exists():
        if (folder / "trade").exists():
            try:
                bot.place(sides[turn % 2]("ETH", quantity="0.01"))
            except Exception as exc:
                say(f"bot {number}: {exc}")
            turn += 1
            time.sleep(every)
        else:
            time.sleep(0.1)
    bot.stop()


def readers_process(url: str, folder: Path, count: int) -> None:
    """So many simulated readers, by turns: each reads on from its own place and looks for holes."""
    places, numbers, holes = ["0-0"] * count, [0] * count, 0
    server = RedisServer(url)
    while not (folder / "stop").exists():
        for at in range(count):
            try:
                with server.asking():
                    rows: Any = server.client.xrange(KEYS.events(REPORTS.name), f"({places[at]}", "+", 500)
            except RelayError:
                time.sleep(0.05)
                continue
            for entry_id, fields in rows:
                number = int(fields[b"n"])
                holes += numbers[at] > 0 and number != numbers[at] + 1
                places[at], numbers[at] = entry_id.decode(), number
    (folder / "readers").write_text(f"{holes} {min(numbers)} {max(numbers)}", encoding="ascii")


# What is held against what -------------------------------------------------------------------------------------------


def emitted(ex: Any, account: str) -> dict[int, list[str]]:
    """The ids of the reports that the venue emitted, by order, in its order."""
    told: dict[int, list[str]] = {}
    for entry in ex.paper.ledger(account, 0):
        if entry["topic"] != REPORTS.name:
            continue
        data = entry["data"]
        rows = data if isinstance(data, list) else [data]
        for row in rows:
            order, trade = row["orderId"], row.get("tradeId") or 0
            name = (
                f"executionreport/{order}/fill/{trade}"
                if trade
                else f"executionreport/{order}/{row['status']}"
            )
            told.setdefault(order, []).append(name)
    return told


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

    def part(self, *words: object) -> subprocess.Popen[bytes]:
        told = (self.folder / "errors").open("ab")
        command = [sys.executable, "-m", "tests.soak.fanout", "--part", *map(str, words)]
        environ = {**os.environ, "FANOUT_LINE": self.line}
        process = subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told, env=environ)
        told.close()
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

    def reports(self) -> int:
        """How many reports were published."""
        try:
            with self.server.asking():
                told: Any = self.server.client.hget(KEYS.counts, REPORTS.name)
        except RelayError:
            return 0
        return int(told or 0)

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

    @staticmethod
    def end(process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait(10)

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


def run(options: argparse.Namespace) -> int:
    began = time.monotonic()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        (folder / "redis").mkdir()
        redis = ends.enter_context(served_redis(folder / "redis"))
        line = ends.enter_context(served_venue(options.seed))
        one = Run(options, folder, redis, line)
        watcher = ends.enter_context(connect(line, rate_limits=False))
        for number in range(2):
            one.start_relay(number)
        until(lambda: one.leader() is not None, 60, "a leader")
        for number in range(options.processes):
            one.start_bots(number)
        readers = one.part("readers", redis.url, folder, options.readers) if options.readers else None
        until(lambda: len(list(folder.glob("bot-*"))) >= options.bots, 120, "all bots")
        time.sleep(5.0)
        (folder / "trade").touch()
        end = time.monotonic() + options.minutes * 60
        while time.monotonic() < end and not (one.is_harmed() and one.reports() >= options.reports):
            time.sleep(options.pause)
            one.harm()
        (folder / "trade").unlink()
        account = json.loads(line)["accounts"][0]["account_id"]
        time.sleep(3.0)
        truth = emitted(watcher, account)
        total = sum(map(len, truth.values()))
        paths = [folder / f"bot-{number}" for number in range(options.bots)]
        until(lambda: all(judged(path, truth)[1] == 0 for path in paths), 90, "the last reports")
        rows = [judged(path, truth) for path in paths]
        (folder / "stop").touch()
        for process in (*one.relays.values(), *one.bots.values()):
            Run.end(process)
        if readers is not None:
            readers.wait(60)
            say(f"readers: holes, least and most entries: {(folder / 'readers').read_text(encoding='ascii')}")
        one.server.close()
    lost, repeats, wrong = (sum(row[at] for row in rows) for at in (1, 2, 3))
    say(
        f"seed {options.seed}, {time.monotonic() - began:.0f} s: {total} reports of the venue, {options.bots} bots in "
        f"{options.processes} processes, {options.readers} readers; {one.done['relay']} leaders killed, Redis restarted "
        f"{one.done['redis']} times, {one.done['bot']} bots killed"
    )
    say(
        f"told {sum(row[0] for row in rows)} reports; lost {lost}, unflagged repeats {repeats}, out of order {wrong}"
    )
    return int(bool(lost or repeats or wrong))


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
    parser.add_argument("--minutes", type=float, default=90.0)
    options = parser.parse_args()
    if not options.part:
        return run(options)
    kind, url, folder, *numbers = options.part
    line = os.environ["FANOUT_LINE"]
    if kind == "relay":
        relay_process(line, url, Path(folder), int(numbers[0]))
    elif kind == "bots":
        bots_process(line, url, Path(folder), int(numbers[0]), int(numbers[1]), float(numbers[2]))
    else:
        readers_process(url, Path(folder), int(numbers[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
