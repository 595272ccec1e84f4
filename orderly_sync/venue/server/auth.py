"""Who is asking: the checks of a signed request and of a WebSocket login, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from orderly_sync.signing import PREFIX, login_message, request_message, verify
from orderly_sync.venue.facts import Refused
from orderly_sync.venue.server.accounts import OrderlyKey

__all__ = ["SKEW_MS", "Keys"]

SKEW_MS = 300_000
"""How old, or how early, a timestamp may be."""
_INVALID_SIGNATURE, _UNAUTHORIZED = -1001, -1002
_LONGEST_STAMP = 16


class Keys:
    """The public keys the venue issued; no other is ever accepted.

    A timestamp counts if it is within five minutes of the wall clock, or of the venue's own time: a client that sets
    its clock by the venue's answers is right too, although a frozen market's time stands elsewhere.
    """

    def __init__(self, keys: Iterable[OrderlyKey] = ()) -> None:
        self._keys = {key.public: key for key in keys}

    def add(self, key: OrderlyKey) -> None:
        """Accept one more key."""
        self._keys[key.public] = key

    def remove(self, public: str) -> None:
        """Forget a key; requests signed with it are refused from now on."""
        self._keys.pop(public, None)

    def of(self, account_id: str) -> list[OrderlyKey]:
        """The keys of one account."""
        return [key for key in self._keys.values() if key.account_id == account_id]

    def check_request(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str], clocks: tuple[int, ...]
    ) -> OrderlyKey:
        """The key that signed a request.

        Args:
            method: The verb.
            target: Path and query as they came.
            body: The body as it came.
            headers: Header values by lower-case name.
            clocks: Readings, in ms, that a timestamp may be near; the wall clock first.

        Raises:
            Refused: -1001 where key, timestamp or signature are missing, malformed or wrong, -1002 where the key is
                unknown, expired or another account's.
        """
        stamp = _stamp(headers.get("orderly-timestamp"))
        public = _public(headers.get("orderly-key"))
        signature = headers.get("orderly-signature")
        account_id = headers.get("orderly-account-id")
        if not signature or not account_id:
            raise Refused(_INVALID_SIGNATURE, "orderly-signature and orderly-account-id are required headers")
        _check_age(stamp, clocks)
        key = self._known(public, account_id, clocks)
        messages = [request_message(stamp, method, target, body)]
        decoded = unquote(target)
        if decoded != target:  # Some clients sign the query before they percent-encode it.
            messages.append(request_message(stamp, method, decoded, body))
        if not any(verify(public, message, signature) for message in messages):
            raise Refused(
                _INVALID_SIGNATURE, "the signature is not that of timestamp, method, path with query and body"
            )
        return key

    def check_login(
        self, account_id: str, public: object, stamp: object, signature: object, clocks: tuple[int, ...]
    ) -> OrderlyKey:
        """The key that signed a WebSocket login.

        Raises:
            Refused: As for a request.
        """
        when = _stamp(stamp)
        key_text = _public(public)
        _check_age(when, clocks)
        key = self._known(key_text, account_id, clocks)
        if not isinstance(signature, str) or not verify(key_text, login_message(when), signature):
            raise Refused(_INVALID_SIGNATURE, "the signature is not that of the timestamp")
        return key

    def _known(self, public: str, account_id: str, clocks: tuple[int, ...]) -> OrderlyKey:
        key = self._keys.get(public)
        if key is None or (key.expires is not None and key.expires <= clocks[0]):
            raise Refused(_UNAUTHORIZED, "this orderly key is unknown, expired or removed")
        if key.account_id.lower() != account_id.lower():
            raise Refused(_UNAUTHORIZED, "this orderly key belongs to another account")
        return key


def _stamp(value: object) -> int:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_STAMP:
        raise Refused(_INVALID_SIGNATURE, "the timestamp is missing or no number of milliseconds")
    return int(text)


def _public(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Refused(_INVALID_SIGNATURE, "the orderly key is missing")
    return PREFIX + value.removeprefix(PREFIX)


def _check_age(stamp: int, clocks: tuple[int, ...]) -> None:
    if all(abs(clock - stamp) > SKEW_MS for clock in clocks):
        seconds = (clocks[0] - stamp) / 1000
        raise Refused(
            _INVALID_SIGNATURE,
            f"the timestamp is {seconds:.0f} s away from the venue's clock; at most 300 s are allowed",
        )
