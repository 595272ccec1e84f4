"""What a journal promises, over kill -9: no report is lost, and none is told twice without a flag that says so.

By hand: ``python -m tests.soak.kills --kills 1000 --seed 1``. A venue is served here, a bot in a process of its own trades
and is killed at random moments, its start included, while another client of the same account trades on. In the end the
venue's ledger is compared with what all the bot's hooks were told. Prints what was found; ends with status 1 if anything
was lost or repeated without a flag.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from orderly_sync import Credentials, Rest
from orderly_sync.config import Network
from orderly_sync.control.served import attach
from orderly_sync.errors import OrderlyError
from orderly_sync.journal.journal import MOST_UNMARKED
from orderly_sync.models.base import Frame
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wire import topics
from tests.support.killed_bot import LAST

ROOT = Path(__file__).parent.parent.parent
WAIT = 60.0
TAKERS = 1
"""Threads of the bot that take reports: that of the hooks."""
TOPICS = {
    "executionreport": topics.execution_report(),
    "algoexecutionreportv2": topics.algo_execution_report(),
}


class Outcome(NamedTuple):
    """What became of one run."""

    reports: int
    """In the venue's ledger."""
    lost: list[str]
    """Ids that no hook was told."""
    unflagged: list[str]
    """Ids that were told again without ``redelivered``."""
    flagged: int
    """Tellings that were marked as repeated."""
    most_flagged: int
    """The most of them by one start."""
    most_repeated: int
    """The most by one start of those that a hook had been told before."""
    recovered: int
    """Tellings that REST brought."""
    strange: list[str]
    """Ids that the venue never told."""

    @property
    def is_right(self) -> bool:
        """Whether the promise was kept."""
        is_bound = self.most_repeated <= MOST_UNMARKED + TAKERS
        return is_bound and not (self.lost or self.unflagged or self.strange)


def ledger_of(venue: Venue, account: str) -> set[str]:
    """The ids of all reports that the venue ever told an account."""
    control, _, _ = attach(venue.line())
    assert control is not None
    ids: set[str] = set()
    for entry in control.ledger(account):
        topic = TOPICS.get(entry["topic"])
        if topic is not None:
            ids |= {report.event_id for report in topic.read(entry["data"], Frame(topic.name, entry["ts"]))}
    return ids


class _Trader:
    """Another program with the same account, that trades whether the bot lives or not."""

    def __init__(self, network: Network, credentials: Credentials, seed: int) -> None:
        self._rest = Rest(network, credentials, rate_limits=False)
        self._chance = random.Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(WAIT)
        self._rest.close()

    def _run(self) -> None:
        orders = self._rest.orders
        while not self._ended.wait(0.05):
            side = self._chance.choice(["BUY", "SELL"])
            try:
                if self._chance.random() < 0.6:
                    orders.create(
                        symbol="PERP_ETH_USDC", order_type="MARKET", side=side, order_quantity="0.01"
                    )
                else:
                    kept = orders.create(
                        symbol="PERP_ETH_USDC",
                        order_type="LIMIT",
                        side="BUY",
                        order_price="3000",
                        order_quantity="0.02",
                    )
                    orders.cancel(symbol="PERP_ETH_USDC", order_id=kept.order_id)
            except OrderlyError as exc:
                print(f"the other trader: {exc}", file=sys.stderr)  # noqa: T201


def run(kills: int, seed: int, folder: Path) -> Outcome:
    """So many kills, and one life more in which all that is missing is told."""
    chance = random.Random(seed)
    told = folder / "told"
    with Venue(seed=seed, market="calm", rate_limits=False) as venue:
        network = Network.from_venue(venue.line())
        credentials = Credentials(**json.loads(venue.line())["accounts"][0])
        trader: _Trader | None = None
        command = [
            sys.executable,
            "-m",
            "tests.support.killed_bot",
            venue.line(),
            str(folder / "bot.db"),
            str(told),
        ]
        try:
            for number in range(kills):
                with _bot(command, f"{seed}.{number}") as bot:
                    # What was before the bot's first start is not its to tell.
                    if trader is None or chance.random() < 0.85:
                        assert bot.stdout is not None
                        bot.stdout.readline()
                    trader = trader or _Trader(network, credentials, seed)
                    time.sleep(chance.random() * chance.choice([0.05, 0.6, 1.5]))
                    bot.kill()
        finally:
            if trader is not None:
                trader.stop()
        with _bot(command, LAST) as bot:
            time.sleep(4.0)  # its second looks
            until = time.monotonic() + WAIT
            while time.monotonic() < until:
                known = {row[0] for row in _told(told)}
                if ledger_of(venue, credentials.account_id) <= known:
                    break
                time.sleep(1.0)
            bot.communicate(timeout=WAIT)
        return _outcome(ledger_of(venue, credentials.account_id), _told(told))


def _bot(command: list[str], seed: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*command, seed], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _told(path: Path) -> list[tuple[str, str, str]]:
    if not path.exists():
        return []
    rows: list[Any] = [line.rsplit(" ", 2) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(name, flags, process) for name, flags, process in rows]


def _outcome(ledger: set[str], told: list[tuple[str, str, str]]) -> Outcome:
    seen: set[str] = set()
    unflagged = []
    by_process: Counter[str] = Counter()
    again: Counter[str] = Counter()
    for name, flags, process in told:
        if flags[1] == "1":
            by_process[process] += 1
            again[process] += name in seen
        elif name in seen:
            unflagged.append(name)
        seen.add(name)
    return Outcome(
        reports=len(ledger),
        lost=sorted(ledger - seen),
        unflagged=unflagged,
        flagged=by_process.total() if hasattr(by_process, "total") else sum(by_process.values()),
        most_flagged=max(by_process.values(), default=0),
        most_repeated=max(again.values(), default=0),
        recovered=sum(flags[0] == "1" for _, flags, _ in told),
        strange=sorted(seen - ledger),
    )


def main() -> int:
    """Run it and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(wanted.kills, wanted.seed, Path(folder))
    print(  # noqa: T201
        f"{wanted.kills} kills, seed {wanted.seed}, {time.monotonic() - began:.0f} s: {outcome.reports} reports, "
        f"{len(outcome.lost)} lost, {len(outcome.unflagged)} repeated without a flag, {outcome.flagged} flagged as "
        f"redelivered (at most {outcome.most_flagged} by one start, {outcome.most_repeated} of them told before), {outcome.recovered} recovered, "
        f"{len(outcome.strange)} that the venue never told"
    )
    for what in ("lost", "unflagged", "strange"):
        for name in getattr(outcome, what)[:20]:
            print(f"{what}: {name}")  # noqa: T201
    return 0 if outcome.is_right else 1


if __name__ == "__main__":
    sys.exit(main())
