"""A connection's state machine in hand, and a venue that answers it at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from orderly_sync import Timeouts, topics
from orderly_sync.stream.effects import Send
from orderly_sync.stream.protocol import StreamProtocol
from orderly_sync.stream.transitions import State
from orderly_sync.wire.json import decode

TRADE = topics.trade("ETH")
BBO = topics.bbo("ETH")


def delays() -> Iterator[float]:
    return itertools.chain([1.0, 2.0], itertools.repeat(4.0))


def make(*, private: bool = True, **timeouts: float) -> StreamProtocol:
    logins = itertools.count(1)
    login = (lambda request_id: {"id": request_id, "event": "auth", "n": next(logins)}) if private else None
    return StreamProtocol(login=login, delays=delays, timeouts=Timeouts(**timeouts))


def sent(protocol: StreamProtocol) -> list[dict[str, Any]]:
    return [decode(effect.text, "test") for effect in protocol.effects() if isinstance(effect, Send)]


def ready(protocol: StreamProtocol, now: float = 0.0) -> None:
    """Bring a protocol to READY, acknowledging whatever it asks."""
    if protocol.state is State.IDLE:
        protocol.connect(now)
    protocol.opened(now)
    while asked := sent(protocol):
        for frame in asked:
            protocol.received({"id": frame["id"], "event": frame["event"], "success": True}, now)
    assert protocol.state is State.READY


def refuse(protocol: StreamProtocol, name: str, now: float = 0.0) -> None:
    """Answer the subscriptions that are under way: one topic refused, the others acknowledged."""
    for frame in sent(protocol):
        asked = frame.get("topic")
        answer = {"id": frame["id"], "event": frame["event"], "success": asked != name, "errorMsg": "busy"}
        protocol.received(answer, now)
        if asked is None:
            refuse(protocol, name, now)


def redial(protocol: StreamProtocol, now: float) -> None:
    protocol.lost("cut", now)
    protocol.tick(protocol.deadline or now)
    protocol.effects()
    protocol.opened(now)
