"""The envelope of an answer: data, or the right error. Bytes in, values out, no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, get_origin

import attrs

from orderly_sync import errors
from orderly_sync.models.base import Acknowledged
from orderly_sync.wire import error_codes as codes
from orderly_sync.wire.converter import structure
from orderly_sync.wire.json import decode, excerpt
from orderly_sync.wire.pages import is_page

__all__ = ["error_for", "read_answer", "refusal_of", "retry_after", "told_time"]

T = TypeVar("T")

_ENVELOPE = frozenset({"success", "data"})
_NUMERIC = re.compile(r"-?[0-9]{1,9}")
_MESSAGE_LIMIT = 2_000
_TIME_FIRST = re.compile(
    rb'\s*\{\s*"success"\s*:\s*(?:true|false)\s*,\s*"timestamp"\s*:\s*([0-9]{13})\s*[,}]'
)
_TIME_LAST = re.compile(rb',\s*"timestamp"\s*:\s*([0-9]{13})\s*\}\s*\Z')
_TAIL = 100
_OK = range(200, 300)
_REDIRECT = range(300, 400)
_RETRY_CAP = 60.0
_UNAUTHORIZED, _NOT_FOUND, _CONFLICT, _TOO_MANY, _UNAVAILABLE = 401, 404, 409, 429, 503

_BY_CODE: dict[int, type[errors.ApiError]] = {
    codes.INVALID_SIGNATURE: errors.AuthenticationError,
    codes.UNAUTHORIZED: errors.AuthenticationError,
    codes.TOO_MANY_REQUEST: errors.RateLimited,
    codes.UNKNOWN_PARAM: errors.BadRequest,
    codes.INVALID_PARAM: errors.BadRequest,
    codes.RESOURCE_NOT_FOUND: errors.NotFound,
    codes.DUPLICATE_REQUEST: errors.Duplicate,
    codes.QUANTITY_TOO_HIGH: errors.BadRequest,
    codes.CAN_NOT_WITHDRAWAL: errors.BadRequest,
    codes.RPC_NOT_CONNECT: errors.Maintenance,
    codes.RPC_REJECT: errors.BadRequest,
    codes.RISK_TOO_HIGH: errors.InsufficientMargin,
    codes.MIN_NOTIONAL: errors.InvalidOrder,
    codes.PRICE_FILTER: errors.InvalidOrder,
    codes.SIZE_FILTER: errors.InvalidOrder,
    codes.PERCENTAGE_FILTER: errors.InvalidOrder,
}
_BY_PATH: dict[str, dict[int, type[errors.ApiError]]] = {
    f"{prefix}/broker/order_enum": {
        codes.TAG_TAKEN: errors.Duplicate,
        codes.TAG_NOT_FOUND: errors.NotFound,
        codes.TAG_NOT_ACTIVE: errors.BadRequest,
        codes.TAG_ALREADY_ARCHIVED: errors.BadRequest,
        codes.TAG_UNARCHIVED_TOO_LATE: errors.BadRequest,
        codes.TAG_LIMIT_REACHED: errors.BadRequest,
        codes.TAG_BAD_ID: errors.BadRequest,
        codes.TAG_BAD_FEE_RATE: errors.BadRequest,
        codes.TAG_ID_TOO_LONG: errors.BadRequest,
        codes.TAG_BAD_SYMBOL: errors.BadRequest,
    }
    for prefix in ("/v1", "/v1/public")
}
"""Codes that mean something else below these paths: elsewhere TAG_TAKEN and TAG_NOT_FOUND are about liquidations."""

_BY_STATUS: dict[int, type[errors.ApiError]] = {
    400: errors.BadRequest,
    _UNAUTHORIZED: errors.AuthenticationError,
    403: errors.AuthenticationError,
    _NOT_FOUND: errors.NotFound,
    _CONFLICT: errors.Duplicate,
    _TOO_MANY: errors.RateLimited,
    _UNAVAILABLE: errors.Maintenance,
}
_BY_NAME: dict[str, type[errors.ApiError]] = {
    "RATE_LIMIT_EXCEEDED": errors.RateLimited,
    "ADDRESS_NOT_FOUND": errors.NotFound,
    "ORDER_NOT_FOUND": errors.NotFound,
    "SERVICE_UNAVAILABLE": errors.Maintenance,
    "POSITION_CALC_TIMEOUT": errors.Maintenance,
    "UNKNOWN_TYPE": errors.BadRequest,
    "MISSING_PARAM": errors.BadRequest,
    "INVALID_PARAM": errors.BadRequest,
    "INVALID_CODE": errors.BadRequest,
}


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds asked for by ``Retry-After``, between 0 and 60; None where it is absent or senseless."""
    text = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    if text is None:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            when = parsedate_to_datetime(text)
        except (ValueError, TypeError):
            return None
        when = when if when.tzinfo else when.replace(tzinfo=timezone.utc)
        seconds = (when - (now or datetime.now(timezone.utc))).total_seconds()
    return min(seconds, _RETRY_CAP) if 0 <= seconds < float("inf") else None


def told_time(body: bytes) -> int | None:
    """The ``timestamp`` of an envelope, ms, where it stands at one of its ends; None elsewhere.

    It is looked for in the text, so that an answer need not be read twice: what stands between the ends is data.
    """
    found = _TIME_FIRST.match(body) or _TIME_LAST.search(body, max(0, len(body) - _TAIL))
    return None if found is None else int(found[1])


def refusal_of(body: bytes) -> tuple[int | str | None, object]:
    """The code and the ``timestamp`` of a body that refuses; None each where it has none."""
    try:
        answer = decode(body, "a refusal")
    except errors.DecodingError:
        return None, None
    return (_code(answer.get("code")), answer.get("timestamp")) if isinstance(answer, dict) else (None, None)


def _by_code(code: int, path: str) -> type[errors.ApiError] | None:
    own = next((codes for prefix, codes in _BY_PATH.items() if path.startswith(prefix)), {})
    return own.get(code) or _BY_CODE.get(code)


def _milliseconds_left(value: object) -> float | None:
    """The public query says in its body how long to wait, in ms; None where it does not."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value < 0:
        return None
    return min(float(value) / 1000, _RETRY_CAP)


def _code(said: object) -> int | str | None:
    """A code as it is documented, a number or a name; None for what is neither, whatever a host sends."""
    if isinstance(said, Decimal) and said == said.to_integral_value():
        said = int(said)
    if isinstance(said, str):
        return int(said) if _NUMERIC.fullmatch(said) else said
    return said if isinstance(said, int) and not isinstance(said, bool) else None


def error_for(
    code: object,
    message: str,
    status: int,
    path: str,
    method: str,
    *,
    headers: Mapping[str, str] | None = None,
) -> errors.ApiError:
    """The error of an answer that refuses, by code first and HTTP status second."""
    number = _code(code)
    kind = _by_code(number, path) if isinstance(number, int) else _BY_NAME.get(str(number))
    kind = kind or _BY_STATUS.get(status) or errors.ApiError
    error = kind(number, message, status, path, method)
    if isinstance(error, errors.RateLimited):
        error.retry_after = retry_after(headers or {})
    return error


def read_answer(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    result: type[T],
    *,
    method: str,
    path: str,
    numbers: type = Decimal,
    bare: bool = False,
) -> T:
    """The value of an answer.

    Args:
        status: The HTTP status.
        headers: The answer's headers.
        body: The answer's body, whole.
        result: The type of ``data``.
        method: The verb, for errors.
        path: The path template, for errors.
        numbers: ``Decimal`` or ``float``.
        bare: The body is the data itself, without envelope (the charting calls).

    Raises:
        ApiError: The venue refused: any status outside 2xx, or ``success`` false whatever the status.
        DecodingError: The body is not what was promised.
    """
    where = f"{method} {path}"
    if status in _REDIRECT:
        raise errors.ApiError(None, "the host redirects; redirects are never followed", status, path, method)
    try:
        answer = decode(body, where)
    except errors.DecodingError:
        if status in _OK:
            raise
        said = excerpt(body) or "no body"
        raise error_for(
            None, f"the host answered without JSON: {said}", status, path, method, headers=headers
        ) from None
    if not isinstance(answer, dict):
        if status not in _OK:
            raise error_for(None, excerpt(body), status, path, method, headers=headers)
        if bare:
            return structure(answer, result, where, numbers)
        raise errors.DecodingError(where, excerpt(body), "an object was expected")
    if status in _OK and not bare and not isinstance(answer.get("success", True), bool):
        raise errors.DecodingError(f"{where} success", excerpt(body), "true or false was expected")
    # The charting calls have an envelope of their own: "s" is "ok", "no_data" or "error".
    refused = answer.get("success") is False or (bare and answer.get("s") == "error")
    if status not in _OK or refused:
        said = str(answer.get("message") or answer.get("errmsg") or answer.get("error") or "no reason given")
        error = error_for(
            answer.get("code"), excerpt(said, _MESSAGE_LIMIT), status, path, method, headers=headers
        )
        if isinstance(error, errors.RateLimited) and error.retry_after is None:
            error.retry_after = _milliseconds_left(answer.get("retry_after"))
        raise error
    return structure(_data(answer, result, bare=bare), result, where, numbers)


def _data(answer: dict[str, object], result: object, *, bare: bool) -> object:
    if bare:
        return answer
    if isinstance(result, type) and issubclass(result, Acknowledged):
        # Some venues write "status" beside "success" instead of into "data"; both are read.
        data = answer.get("data")
        outer = {name: value for name, value in answer.items() if name not in _ENVELOPE}
        return {**outer, **data} if isinstance(data, dict) else outer
    data, meta = answer.get("data"), answer.get("meta")
    if is_page(result) and isinstance(data, dict) and isinstance(meta, dict):
        # The fee lists of the strategy-vault host carry "meta" beside "data" instead of in it.
        return {"meta": meta, **data}
    if data.__class__ is dict and len(data) == 1 and "rows" in data and not _has_rows(result):
        # Documented as a list of one where the live venue answers the object itself.
        rows = data["rows"]
        return rows[0] if isinstance(rows, list) and len(rows) == 1 else data
    return data


def _has_rows(result: Any) -> bool:
    """Whether an answer's ``rows`` belong to its type."""
    return get_origin(result) is not None or not attrs.has(result) or "rows" in attrs.fields_dict(result)
