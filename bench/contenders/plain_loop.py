"""The shortest loop on websocket-client: one thread, no UTF-8 validation, what arrives goes to a function."""

from __future__ import annotations

import threading
from collections.abc import Callable

from feed import Feed


def run(feed: Feed, give: Callable[[str], None]) -> None:
    """Dial, subscribe and read in a thread of its own; ``give`` gets the text of each frame."""
    from websocket import create_connection

    ws = create_connection(feed.bare_url, skip_utf8_validation=True)
    ws.send(feed.subscription)

    def read() -> None:
        recv = ws.recv
        while True:
            give(recv())

    threading.Thread(target=read, daemon=True).start()
