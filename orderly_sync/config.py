"""Which hosts to speak to, and how long to wait for them."""

from __future__ import annotations

import math
import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import attrs

from orderly_sync.errors import UsageError

__all__ = ["MAINNET", "TESTNET", "Network", "Timeouts", "network"]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_HOST_URL = re.compile(r"([a-z]+)://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?(/[A-Za-z0-9/._~-]*)?")
"""No user, query, fragment, space, escape or letter outside ASCII: nothing that two parsers could read in two ways."""


def _check_url(url: str, schemes: tuple[str, str]) -> str:
    """The URL without a trailing slash; plain schemes only on loopback."""
    secure, plain = schemes
    if not _HOST_URL.fullmatch(url) or not url.startswith((f"{secure}://", f"{plain}://")):
        # Not quoted: it may hold a password.
        raise UsageError(f"a host is given as {secure}://name[:port][/path], without user, query or fragment")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as exc:
        raise UsageError(f"{url!r} is no URL: {exc}") from None
    if parts.scheme == plain and not _is_loopback(host):
        raise UsageError(f"{plain}:// is only for loopback; use {secure}:// for {host!r}")
    return url.rstrip("/")


def _check_http(url: str) -> str:
    return _check_url(url, ("https", "http"))


def _check_ws(url: str) -> str:
    return _check_url(url, ("wss", "ws"))


@attrs.frozen(kw_only=True)
class Network:
    """One venue: its hosts and the contracts that wallets sign for.

    ``ws_public`` and ``ws_private`` are bases; a client appends ``/{account_id}``. Plain http and ws are accepted on
    loopback only.
    """

    name: str
    rest: str = attrs.field(converter=_check_http)
    ws_public: str = attrs.field(converter=_check_ws)
    ws_private: str = attrs.field(converter=_check_ws)
    rest_strategy_vault: str | None = attrs.field(
        default=None, converter=attrs.converters.optional(_check_http)
    )
    ledger_contract: str | None = None
    chain_id: int | None = None
    faucet: str | None = attrs.field(default=None, converter=attrs.converters.optional(_check_http))


MAINNET = Network(
    name="mainnet",
    rest="https://api.orderly.org",
    rest_strategy_vault="https://api-sv.orderly.org",
    ws_public="wss://ws-evm.orderly.org/ws/stream",
    ws_private="wss://ws-private-evm.orderly.org/v2/ws/private/stream",
    ledger_contract="0x6F7a338F2aA472838dEFD3283eB360d4Dff5D203",
    chain_id=42161,
)

TESTNET = Network(
    name="testnet",
    rest="https://testnet-api.orderly.org",
    rest_strategy_vault="https://testnet-api-sv.orderly.org",
    ws_public="wss://testnet-ws-evm.orderly.org/ws/stream",
    ws_private="wss://testnet-ws-private-evm.orderly.org/v2/ws/private/stream",
    ledger_contract="0x1826B75e2ef249173FC735149AE4B8e9ea10abff",
    chain_id=421614,
    faucet="https://testnet-operator-evm.orderly.org",
)

_KNOWN = {known.name: known for known in (MAINNET, TESTNET)}


def network(value: str | Network) -> Network:
    """The network of that name, or the value itself.

    Raises:
        UsageError: The name is unknown.
    """
    if isinstance(value, Network):
        return value
    try:
        return _KNOWN[value]
    except KeyError:
        names = ", ".join(repr(name) for name in _KNOWN)
        raise UsageError(
            f"no network called {value!r}; use {names}, 'paper' in connect(), or a Network(...)"
        ) from None


def _seconds(value: object) -> float:
    if not (isinstance(value, (int, float)) and math.isfinite(value) and value > 0):
        raise UsageError(f"a timeout is a positive number of seconds, not {value!r}")
    return float(value)


def _wait(default: float) -> float:
    waited: float = attrs.field(default=default, converter=_seconds)
    return waited


@attrs.frozen(kw_only=True)
class Timeouts:
    """How long each wait may take, in seconds.

    Raises:
        UsageError: One of them is not a positive, finite number.
    """

    connect: float = _wait(5.0)
    """Until a TCP and TLS connection stands."""
    request: float = _wait(10.0)
    """From the first byte sent to the last byte read of one REST try."""
    ready: float = _wait(15.0)
    """Until a stream is dialled, logged in and subscribed."""
    ack: float = _wait(10.0)
    """Until the venue acknowledges a login or a subscription."""
    silence: float = _wait(20.0)
    """Without a byte received, after which the connection counts as dead."""
    stop: float = _wait(2.0)
    """Until stop() returns, whatever the threads do."""
