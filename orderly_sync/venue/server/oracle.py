"""The WebSocket by which builders push index prices. What it answers is assumed: a guide shows only what is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import is_admin_of
from orderly_sync.venue.server.call import Services
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.sessions import SocketSession
from orderly_sync.wire.error_codes import INVALID_PARAM, UNAUTHORIZED

__all__ = ["ORACLE_PATH", "OracleSession", "take_push"]

ORACLE_PATH = "/v1/ws/oracle/push"
_TOPIC = "indexpricefeed"


def take_push(services: Services, account_id: str, data: Fields) -> None:
    """Keep a price as the last one of the builder's feed; no market here follows it.

    Raises:
        Refused: The account is not its builder's admin, the price is none, or no active feed is registered for it.
    """
    member = services.accounts.get(account_id)
    if not is_admin_of(services.accounts, member):
        raise Refused(UNAUTHORIZED, "only the builder's admin may push prices")
    base, price = data.required_text("base_ccy").upper(), data.number("price")
    if price is None or price <= 0:
        raise Refused(INVALID_PARAM, "price must be above 0")
    if not services.programs.listings.push(member.broker_id, base, price, services.markets.now()):
        raise Refused(INVALID_PARAM, f"no active feed is registered for {base}")


class OracleSession(SocketSession):
    """One connection of a builder; its login comes with the URL, or it is closed.

    Args:
        take: Takes the account that pushes and what it pushes; raises Refused.
        more: As of ``Session``.
    """

    def __init__(self, *, take: Callable[[str, Fields], None], **more: Any) -> None:
        super().__init__(**more)
        self._take = take

    def opened(self, query: Mapping[str, str]) -> None:
        """The handshake is done; without a login in the URL it was for nothing."""
        super().opened({"sign": "", **query})

    def handler(self, event: str) -> Callable[[Mapping[str, Any]], None] | None:
        """Prices and heartbeats; nothing can be subscribed here."""
        if event == "publish":
            return self._publish
        return super().handler(event) if event in {"ping", "pong"} else None

    def _publish(self, frame: Mapping[str, object]) -> None:
        topic, data = frame.get("topic"), frame.get("data")
        if topic != _TOPIC:
            self.refuse(frame, f"invalid topic {topic}")
            return
        if self.account_id is None:
            self.refuse(frame, "Auth is needed.")
            return
        try:
            self._take(self.account_id, Fields(data if isinstance(data, dict) else {}))
        except Refused as exc:
            self.refuse(frame, exc.message)
        else:
            self.acknowledge(frame)
