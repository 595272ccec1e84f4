"""Who is asking: the keys that the venue knows, and the checks of a signed request and of a WebSocket login. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

import attrs

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyStatus
from orderly_sync.signing import PREFIX, login_message, request_message, verify
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.wire.error_codes import INVALID_SIGNATURE, UNAUTHORIZED

__all__ = ["SCOPES", "SKEW_MS", "KeyTable", "RegisteredKey", "ip_span"]

SKEW_MS = 300_000
"""How old, or how early, a timestamp may be."""
_LONGEST_STAMP = 16
SCOPES = frozenset({"read", "trading", "asset"})

_Address = IPv4Address | IPv6Address


@attrs.frozen(kw_only=True)
class RegisteredKey:
    """A public key the venue knows: whose it is, what it may do, how long, and from where."""

    public: str
    account_id: str
    scopes: frozenset[str] = SCOPES
    expires: int | None = None
    """Wall-clock ms after which it counts as unknown; None for never."""
    number: int = 0
    """Its place among all keys."""
    tag: str = ""
    status: KeyStatus = KeyStatus.ACTIVE
    restriction: IpRestrictionStatus = IpRestrictionStatus.ALLOW_ALL_IPS
    ips: tuple[str, ...] = ()
    """The addresses, networks and ranges (``first-last``) it may be used from, if it is restricted to a list."""

    @property
    def is_active(self) -> bool:
        """Whether it was not removed."""
        return self.status is KeyStatus.ACTIVE

    @property
    def scope(self) -> str:
        """Its scopes joined by commas, as on the wire."""
        return ",".join(scope for scope in ("read", "trading", "asset") if scope in self.scopes)

    def allows(self, who: str) -> bool:
        """Whether it may be used from an address."""
        if self.restriction is IpRestrictionStatus.ALLOW_ALL_IPS:
            return True
        if self.restriction is IpRestrictionStatus.DISALLOW_ALL_IPS:
            return False
        try:
            address = ip_address(who)
        except ValueError:
            return False
        return any(_holds(span, address) for span in map(ip_span, self.ips))


def ip_span(text: str) -> tuple[_Address, _Address]:
    """The first and last address of ``192.168.0.1``, ``192.168.0.1-192.168.0.10`` or ``192.168.0.0/24``.

    Raises:
        ValueError: It is none of these.
    """
    if "/" in text:
        network = ip_network(text, strict=False)
        return network[0], network[-1]
    first, dash, last = text.partition("-")
    span = ip_address(first.strip()), ip_address((last if dash else first).strip())
    if span[0].version != span[1].version or int(span[0]) > int(span[1]):
        raise ValueError(f"{text} is no range of addresses")
    return span


def _holds(span: tuple[_Address, _Address], address: _Address) -> bool:
    return span[0].version == address.version and int(span[0]) <= int(address) <= int(span[1])


class KeyTable:
    """The public keys the venue knows; no other is ever accepted.

    A timestamp counts if it is within five minutes of the wall clock, or of the venue's own time: a client that sets
    its clock by the venue's answers is right too, although a frozen market's time stands elsewhere.

    Args:
        keys: The first ones.
        main_of: Tells the main account of a sub-account: its keys act for the sub-account, too.
    """

    def __init__(
        self, keys: Iterable[RegisteredKey] = (), main_of: Callable[[str], str | None] = lambda _: None
    ) -> None:
        self._keys: dict[tuple[str, str], RegisteredKey] = {}
        self._main_of = main_of
        for key in keys:
            self.add(key)

    def add(self, key: RegisteredKey) -> None:
        """Accept one more key, or replace what is known of it."""
        self._keys[key.public, key.account_id.lower()] = key

    def remove(self, public: str, account_id: str) -> None:
        """Requests signed with this key for this account are refused from now on; it stays on record."""
        key = self._keys[public, account_id.lower()]
        self.add(attrs.evolve(key, status=KeyStatus.REMOVED))

    def get(self, public: str, account_id: str) -> RegisteredKey | None:
        """A key of an account, removed ones too."""
        return self._keys.get((public, account_id.lower()))

    def of(self, account_id: str) -> list[RegisteredKey]:
        """The keys of one account, oldest first, removed ones too."""
        return [key for key in self._keys.values() if key.account_id.lower() == account_id.lower()]

    @property
    def count(self) -> int:
        """How many keys there ever were."""
        return len(self._keys)

    def restrict(self, key: RegisteredKey, status: IpRestrictionStatus, ips: tuple[str, ...] = ()) -> None:
        """Say from where a key may be used from now on."""
        self.add(attrs.evolve(key, restriction=status, ips=ips))

    def check_request(
        self,
        method: str,
        target: str,
        body: bytes,
        headers: Mapping[str, str],
        clocks: tuple[int, ...],
        *,
        who: str = "",
    ) -> RegisteredKey:
        """The key that signed a request.

        Args:
            method: The verb.
            target: Path and query as they came.
            body: The body as it came.
            headers: Header values by lower-case name.
            clocks: Readings, in ms, that a timestamp may be near; the wall clock first.
            who: The caller's address.

        Raises:
            Refused: -1001 where key, timestamp or signature are missing, malformed or wrong, -1002 where the key is
                unknown, expired, removed, another account's, or not allowed from there.
        """
        stamp = _stamp(headers.get("orderly-timestamp"))
        public = _public(headers.get("orderly-key"))
        signature = headers.get("orderly-signature")
        account_id = headers.get("orderly-account-id")
        if not signature or not account_id:
            raise Refused(INVALID_SIGNATURE, "orderly-signature and orderly-account-id are required headers")
        _check_age(stamp, clocks)
        key = self._known(public, account_id, clocks, who)
        messages = [request_message(stamp, method, target, body)]
        decoded = unquote(target)
        if decoded != target:  # Some clients sign the query before they percent-encode it.
            messages.append(request_message(stamp, method, decoded, body))
        if not any(verify(public, message, signature) for message in messages):
            raise Refused(
                INVALID_SIGNATURE, "the signature is not that of timestamp, method, path with query and body"
            )
        return key

    def check_login(
        self,
        account_id: str,
        public: object,
        stamp: object,
        signature: object,
        clocks: tuple[int, ...],
        *,
        who: str = "",
    ) -> RegisteredKey:
        """The key that signed a WebSocket login.

        Raises:
            Refused: As for a request.
        """
        when = _stamp(stamp)
        key_text = _public(public)
        _check_age(when, clocks)
        key = self._known(key_text, account_id, clocks, who)
        if not isinstance(signature, str) or not verify(key_text, login_message(when), signature):
            raise Refused(INVALID_SIGNATURE, "the signature is not that of the timestamp")
        return key

    def _known(self, public: str, account_id: str, clocks: tuple[int, ...], who: str) -> RegisteredKey:
        key = self.get(public, account_id)
        if key is None or not key.is_active:  # The main account's key may act for a sub-account.
            main_id = self._main_of(account_id)
            key = None if main_id is None else self.get(public, main_id)
        if key is None or not key.is_active or (key.expires is not None and key.expires <= clocks[0]):
            raise Refused(UNAUTHORIZED, "this orderly key is unknown, expired, removed, or another account's")
        if not key.allows(who):
            raise Refused(UNAUTHORIZED, f"this orderly key may not be used from {who}")
        return key


def _stamp(value: object) -> int:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_STAMP:
        raise Refused(INVALID_SIGNATURE, "the timestamp is missing or no number of milliseconds")
    return int(text)


def _public(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise Refused(INVALID_SIGNATURE, "the orderly key is missing")
    return PREFIX + value.removeprefix(PREFIX)


def _check_age(stamp: int, clocks: tuple[int, ...]) -> None:
    if all(abs(clock - stamp) > SKEW_MS for clock in clocks):
        seconds = (clocks[0] - stamp) / 1000
        raise Refused(
            INVALID_SIGNATURE,
            f"the timestamp is {seconds:.0f} s away from the venue's clock; at most 300 s are allowed",
        )
