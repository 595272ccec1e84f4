"""Answers of the venue, and the objects that bodies of requests hold."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from orderly_sync.errors import DecodingError
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.encoding import encode
from orderly_sync.wire.error_codes import INVALID_PARAM, http_status
from orderly_sync.wire.json import decode

__all__ = ["HttpAnswer", "read_object", "refusal"]


@attrs.frozen
class HttpAnswer:
    """What goes back: status, JSON body, and the template that was matched."""

    status: int
    body: bytes
    template: str | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict)


def refusal(
    code: int, message: str, now: int, status: int | None = None, template: str | None = None
) -> HttpAnswer:
    """The answer that says no."""
    body = encode({"success": False, "code": code, "message": message, "timestamp": now})
    return HttpAnswer(http_status(code) if status is None else status, body, template)


def read_object(body: bytes) -> dict[str, object]:
    """The JSON object of a body, empty for an empty one.

    Raises:
        Refused: -1005, it is something else.
    """
    if not body.strip():
        return {}
    try:
        value = decode(body, "body")
    except DecodingError as exc:
        raise Refused(INVALID_PARAM, f"the body is not JSON: {exc.detail}") from None
    if not isinstance(value, dict):
        raise Refused(INVALID_PARAM, "the body must be a JSON object")
    return value
