"""The parts of a fan-out, each a process of its own: relays, bots, readers.

A bot writes each report that it is told of into a file before its hook returns, so what one that was killed had taken is
known.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from orderly_sync import Credentials, Market, Relay, connect, topics
from orderly_sync.control.served import attach
from orderly_sync.relay.keys import KeyLayout
from orderly_sync.relay_errors import RelayError
from orderly_sync.waiting import Flag

__all__ = ["KEYS", "REPORTS", "run_part", "say"]

KEYS = KeyLayout("orderly")
REPORTS = topics.execution_report()
LEASE = 2.0
READERS_EVERY = 5.0
STATS_EVERY = 5.0
LOG = "%(asctime)s %(process)d %(levelname)s %(name)s %(message)s"
FLAGS = ("recovered", "redelivered", "out_of_order")


def say(text: str) -> None:
    """A line of what this run prints, or of what a part of it complains of."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_part(kind: str, url: str, folder: Path, numbers: list[str]) -> None:
    """Be one part until it is killed, or there is a file ``stop``."""
    line = os.environ["FANOUT_LINE"]
    if kind == "relay":
        relay_process(line, url, folder, int(numbers[0]))
    elif kind == "bots":
        bots_process(line, url, folder, int(numbers[0]), int(numbers[1]), float(numbers[2]))
    else:
        readers_process(url, folder, int(numbers[0]))


def relay_process(line: str, url: str, folder: Path, number: int) -> None:
    """A relay with a journal; its name stands in a file."""
    _, network, credentials = attach(line)
    logging.basicConfig(filename=folder / f"log-{number}", level=logging.INFO, format=LOG)
    with connect(network, credentials=credentials, rate_limits=False) as ex:
        while True:
            try:
                relay = Relay(ex, url, lease=LEASE, journal=folder / f"journal-{number}")
                break
            except RelayError as exc:  # it is being restarted
                logging.getLogger("fanout").warning("%s", exc)
                Flag().wait(0.2)
        with relay:
            (folder / f"relay-{number}").write_text(relay.name, encoding="ascii")
            while ex.status not in {"failed", "stopped"}:
                stats = {"relay": relay.stats(), "status": ex.status, "client": ex.stats()}
                (folder / f"stats-{number}").write_text(json.dumps(stats, default=str), encoding="utf-8")
                Flag().wait(STATS_EVERY)
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


class RawReader:
    """A reader with a connection of its own, which looks at no more of an entry than its id and its number.

    Args:
        place: Host and port of the Redis.
    """

    ENTRY = re.compile(
        rb"\r\n(\d+-\d+)\r\n\*\d+\r\n\$1\r\nv\r\n\$\d+\r\n\d+\r\n\$1\r\nn\r\n\$\d+\r\n(\d+)\r\n"
    )
    END = b"+PONG\r\n"

    def __init__(self, place: tuple[str, int]) -> None:
        self.number = 0
        self.holes = 0
        self._at = b"0-0"
        self._place = place
        self._socket: socket.socket | None = None

    def read(self) -> bool:
        """Read on from its own place; whether there was anything."""
        if self._socket is None:
            self._socket = socket.create_connection(self._place, 5)
        key = KEYS.events(REPORTS.name).encode()
        words = (b"XREAD", b"COUNT", b"5000", b"STREAMS", key, self._at)
        ask = b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)
        try:
            self._socket.sendall(ask + b"PING\r\n")
            told = bytearray()
            while not told.endswith(self.END):
                more = self._socket.recv(1 << 20)
                if not more:
                    raise ConnectionError
                told += more
        except OSError:
            self.close()
            raise
        found = self.ENTRY.findall(told)
        for _, number in found:
            self.holes += self.number > 0 and int(number) != self.number + 1
            self.number = int(number)
        if found:
            self._at = found[-1][0]
        return bool(found)

    def close(self) -> None:
        """Close its connection; the next reading makes another."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def readers_process(url: str, folder: Path, count: int) -> None:
    """So many simulated readers, by turns, every few seconds each, until there is no more to read."""
    parts = urlsplit(url)
    readers = [RawReader((parts.hostname or "", parts.port or 0)) for _ in range(count)]
    is_over = False
    while not is_over:
        is_over, began, read = (folder / "stop").exists(), time.monotonic(), False
        for reader in readers:
            try:
                read |= reader.read()
            except OSError:
                is_over = False
        is_over = is_over and not read
        time.sleep(max(0.0, READERS_EVERY - (time.monotonic() - began)))
    numbers = [reader.number for reader in readers]
    holes = sum(reader.holes for reader in readers)
    (folder / "readers").write_text(f"{holes} {min(numbers)} {max(numbers)}", encoding="ascii")
    for reader in readers:
        reader.close()
