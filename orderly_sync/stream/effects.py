"""What a protocol asks of its driver (effects) and tells its owner (occurrences). Values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from orderly_sync.errors import LoginRefused, SubscriptionRefused

__all__ = [
    "Abort",
    "Acked",
    "Answered",
    "Dial",
    "Effect",
    "Failed",
    "Lost",
    "ProtocolEvent",
    "Ready",
    "Send",
    "SubscriptionRejected",
    "Unknown",
]


class Effect:
    """Something the driver must do."""


@attrs.frozen
class Dial(Effect):
    """Open a connection; answer with ``opened`` or ``lost``."""


@attrs.frozen
class Send(Effect):
    """Send one text frame."""

    text: bytes


@attrs.frozen
class Abort(Effect):
    """Drop the connection at once; no answer is awaited."""


class ProtocolEvent:
    """Something the owner of the stream wants to know."""


@attrs.frozen
class Ready(ProtocolEvent):
    """Logged in, every wanted topic acknowledged or refused, and none of those refused that are required.

    Said once more when the last of those that were refused is acknowledged after all.
    """

    resumed: bool


@attrs.frozen
class Acked(ProtocolEvent):
    """The venue acknowledged a subscription."""

    topic: str


@attrs.frozen
class SubscriptionRejected(ProtocolEvent):
    """The venue refused a subscription; it is no longer wanted, unless the error says when it is asked for again."""

    error: SubscriptionRefused


@attrs.frozen
class Lost(ProtocolEvent):
    """The connection is gone; another will be dialled in ``delay`` seconds."""

    reason: str
    delay: float
    was_ready: bool


@attrs.frozen
class Failed(ProtocolEvent):
    """The stream has given up for good."""

    error: LoginRefused


@attrs.frozen
class Answered(ProtocolEvent):
    """The venue answered a request command; ``message`` is the whole frame."""

    request_id: str
    message: Mapping[str, Any]


@attrs.frozen
class Unknown(ProtocolEvent):
    """A frame that is neither a push nor any answer awaited here."""

    message: Mapping[str, Any]
