"""Logging a private connection in: what is signed, and what a refusal says of this machine's clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orderly_sync.corrected_clock import CorrectedClock, off_by
from orderly_sync.credentials import Credentials
from orderly_sync.logs import log_of
from orderly_sync.signing import login_message

__all__ = ["Login", "may_be_about_login"]

log = log_of("orderly_sync.stream")


class Login:
    """Makes login frames, each signed when it is made: the venue refuses a stale one.

    Args:
        credentials: Who logs in.
        clock: Where the time comes from; what the venue says of its own is told to it.
    """

    def __init__(self, credentials: Credentials, clock: CorrectedClock) -> None:
        self._credentials = credentials
        self._clock = clock
        self._stamp = 0
        self._made = 0.0

    def __call__(self, request_id: str) -> Mapping[str, Any]:
        """The frame of a login."""
        own, self._stamp, self._made = self._credentials, self._clock.time_ms(), self._clock.monotonic()
        sign = own.secret.sign(login_message(self._stamp))
        params = {"orderly_key": own.key, "sign": sign, "timestamp": self._stamp}
        return {"id": request_id, "event": "auth", "params": params}

    def answered(self, message: Mapping[str, object], refused: bool) -> str | None:
        """Take the venue's answer to the last frame; of a refusal, why another login may be taken.

        Returns:
            A clause where the time in the frame was wrong, so that the refusal says nothing of the key; None elsewhere.
        """
        self._clock.answered(message.get("ts"), None, self._made)
        if not refused or not self._clock.refused(self._stamp, self._made):
            return None
        known = off_by(self._clock.offset())
        log.warning("the venue refused a login for its time: %s; it is signed anew", known)
        return f"the venue refused the login for its time: {known}"


def may_be_about_login(message: Mapping[str, object]) -> bool:
    """Whether a frame without the login's id may acknowledge or refuse it: none that names another event or topic."""
    event = message.get("event")
    return event == "auth" or (event is None and message.get("id") is None and "topic" not in message)
