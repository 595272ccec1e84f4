"""What must hold when a client is stopped in the middle of something, and streams that dial without waiting."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import Any

from orderly_sync import Credentials, Network, Stream, Timeouts, topics
from tests.support.streams import SECRET
from tests.support.stuck_peers import orderly_threads

__all__ = ["CREDENTIALS", "LIMIT", "LONG", "PATIENT", "dialling", "stops_in_time", "stream_at"]

LIMIT = 5.0
LONG = 60.0
"""No timeout of the client's own comes to the help of ``stop``."""
PATIENT = Timeouts(connect=LONG, request=LONG, ready=LONG, ack=LONG, send=LONG, silence=LONG)
CREDENTIALS = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)


def stops_in_time(client: Any, *, but: tuple[str, ...] = ()) -> None:
    """It ends in time, and with it every thread save those that run what a user gave it."""
    began = time.monotonic()
    client.stop()
    took = time.monotonic() - began
    assert took < LIMIT, f"stop() took {took:.1f} s"
    assert [name for name in orderly_threads() if name not in but] == []


def stream_at(url: str, **options: Any) -> Stream:
    """A stream that dials there and waits for nothing."""
    network = Network(
        name="test", rest="http://127.0.0.1:1", ws_public=url, ws_private=url, allow_untrusted_host=True
    )
    return Stream(network, CREDENTIALS, timeouts=PATIENT, **options)


@contextlib.contextmanager
def dialling(stream: Stream) -> Iterator[Stream]:
    """Begin to dial, on both connections."""
    stream.hub.observe(topics.execution_report(), lambda _: None)
    stream.hub.observe(topics.mark_price("ETH"), lambda _: None)
    stream.hub.start()
    try:
        yield stream
    finally:
        stream.stop()
