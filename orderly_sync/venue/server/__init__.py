"""The paper venue as a server on loopback: HTTP, WebSocket, control and ledger around the exchange.

``Venue`` is all there is to use. Everything below it but ``door``, ``sockets`` and ``app`` is free of I/O.
"""

from __future__ import annotations

from orderly_sync.venue.server.accounts import PaperAccount
from orderly_sync.venue.server.serve import Venue

__all__ = ["PaperAccount", "Venue"]
