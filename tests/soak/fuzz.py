"""A million payloads through the decoder and a hundred thousand frames through a socket, most of them broken.

``python -m tests.soak.fuzz --payloads 1000000 --frames 100000 --seed 7``. Between them go reports that are whole: each of
those must be heard, within seconds. No thread may end, nothing but a ``DecodingError`` be raised, and memory stay flat.
Prints a line for each half; exits 1 if anything else happened.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from orderly_sync import DecodingError, topics
from orderly_sync.stream.dispatch import Dispatcher
from orderly_sync.stream.frame_decoder import FrameDecoder
from orderly_sync.stream.routes import Route
from tests.faults.oracles import census
from tests.support.protocols import make as make_protocol
from tests.support.protocols import ready
from tests.support.streams import make, mark, report
from tests.support.wire_server import Peer, WireServer, frame

EVERY = 100
"""Broken ones between two that are whole."""
WHOLE = 10**12
"""Order ids of those begin here."""
FLAT_KIB = 32 * 1024
STALL = 5.0
ODD: list[Any] = [
    None, True, "", "NaN", "\x00", "\ud800", -1, 2**53 + 1, 10**400, 1e308, [], {}, [[]], {"a": {}}, "9" * 5000,
    "2026-01-01", "PERP_ETH_USDC", "FILLED", "executionreport",
]  # fmt: skip
PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b":",
    b",",
    b"\xff",
    b"\x00",
    b"NaN",
    b"1e999",
    b"[" * 600,
    b"\\ud800",
    b"-",
]


def samples() -> list[dict[str, Any]]:
    """Frames of each kind that a venue sends."""
    return [
        report(5, quantity=0.5, tradeId=7, executedQuantity=0.1, totalExecutedQuantity=0.1),
        report(6, status="CANCELLED"),
        mark(3400.5),
        {
            "topic": "balance",
            "ts": 1,
            "data": {"balances": {"USDC": {"holding": 10, "frozen": 0, "version": 1}}},
        },
        {
            "topic": "position",
            "ts": 1,
            "data": {"positions": [{"symbol": "PERP_ETH_USDC", "positionQty": 1}]},
        },
        {
            "topic": "algoexecutionreportv2",
            "ts": 1,
            "data": {"algoOrderId": 9, "childOrders": [{"algoOrderId": 10}]},
        },
        {"topic": "account", "data": {"accountDetail": {}}},
        {"event": "ping", "ts": 1},
        {"id": "1", "event": "subscribe", "success": True, "ts": 1},
        {"event": "auth", "success": False, "errorMsg": "no"},
    ]


class Breaker:
    """Breaks frames, each in another way."""

    def __init__(self, lots: Random) -> None:
        self._lots = lots
        self._samples = samples()

    def text(self) -> bytes:
        """A payload that is broken, or whole and senseless."""
        value = self._lots.choice(self._samples)
        if self._lots.random() < 0.5:
            value = self._swapped(value)
        data = json.dumps(value).encode()
        return self._bitten(data) if self._lots.random() < 0.7 else data

    def _swapped(self, value: Any) -> Any:
        """With some value in it replaced by an odd one."""
        if isinstance(value, dict) and value and self._lots.random() < 0.85:
            name = self._lots.choice(list(value))
            return {**value, name: self._swapped(value[name])}
        if isinstance(value, list) and value and self._lots.random() < 0.7:
            return [self._swapped(value[0]), *value[1:]]
        return self._lots.choice(ODD)

    def _bitten(self, data: bytes) -> bytes:
        at, to = sorted(self._lots.randrange(len(data) + 1) for _ in range(2))
        return self._lots.choice(
            [
                lambda: data[:at],
                lambda: data[:at] + data[to:],
                lambda: data[:at] + self._lots.choice(PIECES) + data[at:],
                lambda: data[:at] + self._lots.choice(PIECES) + data[to:],
                lambda: data[:at] + bytes([self._lots.randrange(256)]) + data[at + 1 :],
                lambda: data[:to] + data[at:],
                lambda: self._lots.randbytes(self._lots.randrange(40)),
            ]
        )()

    def frames(self) -> bytes:
        """One frame as it goes over the wire: mostly of the protocol, at times a breach of it."""
        text, kind = self.text(), self._lots.random()
        if kind < 0.8:
            return frame(text)
        if kind < 0.9:
            cut = self._lots.randrange(len(text) + 1)
            return frame(text[:cut], fin=False) + frame(text[cut:], 0)
        if kind < 0.95:
            return frame(self._lots.randbytes(self._lots.randrange(126)), self._lots.choice([9, 10]))
        if kind < 0.995:
            return frame(text, 2)
        return self._lots.choice(
            [frame(b"\xff\xfe"), b"\xf1\x00", frame(b"x", 0), b"\x81\xff", frame(text, 11)]
        )


class Listener:
    """What the decoder reads for."""

    def __init__(self, heard: Callable[[Any], object]) -> None:
        wanted: list[Any] = [
            topics.execution_report(), topics.mark_price("PERP_ETH_USDC"), topics.balance(), topics.position(),
            topics.algo_execution_report(), topics.account(),
        ]  # fmt: skip
        self.routes: dict[str, Route] = {topic.name: Route(topic) for topic in wanted}
        self.dispatcher = Dispatcher(lambda _: None, lambda _: None)
        self.numbers: type = Decimal
        for route in self.routes.values():
            route.observers = (heard,)

    def announce(self, event: object) -> None:
        """Nobody listens."""


def payloads(count: int, seed: int) -> Counter[str]:
    """So many payloads through the decoder and what it leaves to the protocol; what happened."""
    breaker, told, heard = Breaker(Random(seed)), Counter[str](), set[int]()

    def on_event(event: Any) -> None:
        if getattr(event, "order_id", 0) is not None and getattr(event, "order_id", 0) >= WHOLE:
            heard.add(event.order_id)

    decoder = FrameDecoder("private", Listener(on_event))
    for number in range(count):
        if number % 10_000 == 0:
            protocol = make_protocol()
            ready(protocol)
        whole = number % EVERY == 0
        text = json.dumps(report(WHOLE + number)).encode() if whole else breaker.text()
        try:
            left = decoder.read(text, float(number))
            if left is not None:
                protocol.received(left, 1.0)
                protocol.effects()
        except DecodingError:
            told["refused"] += 1
        except Exception as error:
            told[f"undocumented {type(error).__name__}: {error!s:.80} of {text[:80]!r}"] += 1
        if whole:
            told["whole"] += 1
            told["unheard"] += WHOLE + number not in heard
            heard.clear()
    return told


def frames(count: int, seed: int) -> Counter[str]:
    """So many frames through a socket; what happened."""
    breaker, told, heard = Breaker(Random(seed)), Counter[str](), set[int]()
    with WireServer() as server, make(server) as stream:
        stream.on(DecodingError, lambda _error: None)
        stream.on(topics.execution_report(), lambda event: heard.add(event.order_id))
        peer = server.wait_subscribed("executionreport")
        for start in range(0, count, EVERY):
            for _ in range(min(EVERY, count - start)):
                peer = _sent(server, peer, breaker.frames(), told)
            wanted, slept, end = WHOLE + start, 0, time.monotonic() + STALL
            while wanted not in heard and time.monotonic() < end:
                if slept % 50 == 0:  # a connection that was just lost took it along
                    peer = _sent(server, peer, frame(json.dumps(report(wanted)).encode()), told)
                slept += 1
                threading.Event().wait(0.002)
            told["whole"] += 1
            told["unheard"] += wanted not in heard
            heard.clear()
        told["dials"] = server.dials
        told["failed"] = int(stream.status not in {"ready", "connecting", "down"})
    return told


def _sent(server: WireServer, peer: Peer, data: bytes, told: Counter[str]) -> Peer:
    """Send on the connection that is open, which is told; the frame is gone if it was not."""
    if peer.closed.is_set() or peer is not server.peers[-1]:
        peer = server.wait_subscribed(
            "executionreport", len(server.peers) - 1 if peer is not server.peers[-1] else len(server.peers)
        )
    with contextlib.suppress(OSError):
        peer.send_raw(data)
        told["frames"] += 1
    return peer


def said(what: str, count: int, told: Counter[str], seconds: float) -> int:
    """Print what happened; 1 if it should not have."""
    bad = {
        name: number
        for name, number in told.items()
        if number and name.startswith(("undoc", "unheard", "failed"))
    }
    fine = ", ".join(
        f"{name} {number}" for name, number in sorted(told.items()) if name not in bad and number
    )
    sys.stdout.write(
        f"{what}: {count} in {seconds:.0f} s ({fine}): {bad or 'nothing undocumented, none unheard'}\n"
    )
    sys.stdout.flush()
    return int(bool(bad))


def main() -> int:
    """Both halves; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--payloads", type=int, default=1_000_000)
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    logging.getLogger("orderly_sync").addHandler(logging.NullHandler())
    failed = 0
    for run, what in ((payloads, "payloads"), (frames, "frames")):
        count = getattr(given, what)
        if count:
            run(min(count, 2_000), given.seed + 1)  # what is kept once and for all is kept now
            began = time.monotonic()
            with census(kib=FLAT_KIB):
                told = run(count, given.seed)
            failed |= said(what, count, told, time.monotonic() - began)
    return failed


if __name__ == "__main__":
    sys.exit(main())
