"""How bots and dashboard of the fleet connect: over the relay, as soon as it leads."""

from __future__ import annotations

import json
import os
import time

from orderly_sync import Credentials, Orderly, RelayMismatch, RelayUnreachable, connect

__all__ = ["over_relay"]


def over_relay(group: str | None) -> Orderly:
    """A client over the relay of ``FLEET_REDIS``: with a group, a bot of the account; without, one that only reads."""
    (account, *_) = json.loads(os.environ["ORDERLY_NETWORK"])["accounts"]
    credentials = Credentials(**account) if group is not None else None
    until = time.monotonic() + 90
    while True:
        try:
            return connect(via=os.environ["FLEET_REDIS"], credentials=credentials, group=group)
        except (RelayUnreachable, RelayMismatch):  # noqa: PERF203 - the relay is starting still
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
