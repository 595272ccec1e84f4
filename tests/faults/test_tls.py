"""TLS of the stream: certificates and host names are checked, and nothing is said to a stranger."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync import Timeouts, topics
from tests.support.http_host import TLS
from tests.support.streams import WAIT, make, report
from tests.support.wire_server import WireServer


def test_a_known_authority_is_trusted():
    """With ca_file the stream speaks TLS as it speaks plain TCP, large frames and pings included."""
    with (
        WireServer(tls=TLS / "host.pem") as server,
        make(server, ca_file=str(TLS / "authority.pem")) as stream,
    ):
        events = stream.stream(topics.execution_report())
        peer = server.wait_subscribed("executionreport")
        for number in range(1, 300):
            peer.send(report(number))
        peer.send(report(300, reason="x" * 200_000))
        peer.send({"event": "ping", "ts": 1})
        assert [events.get(timeout=WAIT).order_id for _ in range(300)] == list(range(1, 301))
        server.wait(lambda: {"event": "pong"} in peer.received)


@pytest.mark.parametrize(
    ("certificate", "options"),
    [("host.pem", {}), ("stranger.pem", {"ca_file": str(TLS / "authority.pem")})],
    ids=["unknown authority", "another authority"],
)
def test_a_stranger_is_refused_before_the_login(certificate: str, options: dict[str, Any]):
    """No handshake, no login, no key: the dial fails and says why."""
    with WireServer(tls=TLS / certificate) as server:
        stream = make(server, timeouts=Timeouts(ready=0.5), **options)
        with stream, pytest.raises(TimeoutError, match="cannot connect: the host's certificate is refused"):
            stream.on(topics.execution_report(), print)
        assert server.peers == []
