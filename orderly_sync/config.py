"""Which hosts to speak to, and how long to wait for them."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from ipaddress import ip_address
from numbers import Real
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs

from orderly_sync.errors import UsageError

__all__ = [
    "MAINNET",
    "SHORTEST",
    "TESTNET",
    "Network",
    "Timeouts",
    "deadline",
    "file_path",
    "limit",
    "network",
    "number_type",
    "seconds",
    "timeouts_of",
    "venue_line",
]


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


def _kind_of(host: str) -> str:
    """Whose host that is: ``"loopback"``, ``"mainnet"``, ``"testnet"``, or ``"other"``."""
    if _is_loopback(host):
        return "loopback"
    if not host.endswith(".orderly.org") or "xn--" in host:
        return "other"
    return "testnet" if host.startswith("testnet-") else "mainnet"


@attrs.frozen(kw_only=True)
class Network:
    """One venue: its hosts and the contracts that wallets sign for.

    ``ws_public`` and ``ws_private`` are bases; a client appends ``/{account_id}``. Plain http and ws are accepted on
    loopback only. A key is only shown to hosts under ``orderly.org`` or on this machine, unless told otherwise, and
    never to those of the testnet and of the mainnet at once.

    Raises:
        UsageError: A host is none, is not one of the venue's, or they are of different networks.
    """

    name: str = attrs.field(repr=ascii)
    rest: str = attrs.field(converter=_check_http)
    ws_public: str = attrs.field(converter=_check_ws)
    ws_private: str = attrs.field(converter=_check_ws)
    rest_strategy_vault: str | None = attrs.field(
        default=None, converter=attrs.converters.optional(_check_http)
    )
    ledger_contract: str | None = None
    chain_id: int | None = None
    faucet: str | None = attrs.field(default=None, converter=attrs.converters.optional(_check_http))
    ws_oracle: str | None = attrs.field(default=None, converter=attrs.converters.optional(_check_ws))
    """Base of a builder's index prices, see ``OracleFeed``; None where none is known."""
    allow_untrusted_host: bool = False
    """Whether hosts may be other than the venue's own: whoever runs them sees what is signed and can act on it."""

    def __attrs_post_init__(self) -> None:
        urls = (
            self.rest,
            self.ws_public,
            self.ws_private,
            self.rest_strategy_vault,
            self.faucet,
            self.ws_oracle,
        )
        hosts = {urlsplit(url).hostname or "": "" for url in urls if url is not None}
        kinds = {_kind_of(host.lower()) for host in hosts}
        if kinds >= {"mainnet", "testnet"}:
            raise UsageError(
                "these hosts are partly of the testnet, partly of the mainnet; a key is shown to one only"
            )
        if self.allow_untrusted_host:
            return
        strange = sorted(host for host in hosts if _kind_of(host.lower()) == "other")
        if strange:
            raise UsageError(
                f"{strange[0]} is none of the venue's hosts, which end in .orderly.org; whoever runs it sees what is "
                "signed. Pass allow_untrusted_host=True if that is meant"
            )
        if len(kinds) > 1:
            raise UsageError(
                "these hosts are partly on this machine, partly the venue's own; pass allow_untrusted_host=True if "
                "that is meant"
            )

    @classmethod
    def from_venue(cls, place: str | Mapping[str, object]) -> Network:
        """The network of a paper venue served apart, on this machine.

        Args:
            place: The JSON line that ``orderly-sync venue`` prints, as text or read; or any of the URLs in it.

        Raises:
            UsageError: It is neither.
        """
        line = venue_line(place)
        urls = _urls_of(str(place)) if line is None else line
        try:
            rest, ws_public, ws_private = (str(urls[name]) for name in ("rest", "ws_public", "ws_private"))
        except KeyError as exc:
            raise UsageError(
                f"the line of a venue has {exc.args[0]!r}; give the whole line it prints"
            ) from None
        ws_oracle = str(urls["ws_oracle"]) if "ws_oracle" in urls else None
        hosts = [
            urlsplit(url).hostname for url in (rest, ws_public, ws_private, ws_oracle) if url is not None
        ]
        if not all(_is_loopback(host or "") for host in hosts):
            raise UsageError("a venue served apart is on this machine; for another host make a Network(...)")
        return cls(
            name="paper",
            rest=rest,
            ws_public=ws_public,
            ws_private=ws_private,
            chain_id=TESTNET.chain_id,
            ledger_contract=TESTNET.ledger_contract,
            faucet=rest,
            ws_oracle=ws_oracle,
        )


def venue_line(place: str | Mapping[str, object]) -> Mapping[str, Any] | None:
    """The JSON line of a venue, read; None if it is a URL.

    Raises:
        UsageError: It is no JSON object. What it is is not shown, for a line holds secrets.
    """
    if isinstance(place, Mapping):
        return place
    if "://" in place and not place.lstrip().startswith("{"):
        return None
    try:
        line = json.loads(place)
    except ValueError:
        line = None
    if not isinstance(line, dict):
        raise UsageError(
            "a venue is named by the JSON line it prints, or by a URL of it: http://127.0.0.1:PORT"
        )
    return line


_PATHS = ("", "/v1/ws/oracle/push", "/venue", "/ws/stream", "/v2/ws/private/stream")


def _urls_of(url: str) -> dict[str, str]:
    """The URLs of a venue, by any one of them."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    path = next((one for one in _PATHS if parts.path.rstrip("/") == one), None)
    if parts.scheme not in {"http", "ws"} or path is None or parts.query or parts.username or parts.password:
        raise UsageError("the URL of a venue served apart is http://127.0.0.1:PORT, as in the line it prints")
    return {
        "rest": f"http://{parts.netloc}",
        "ws_public": f"ws://{parts.netloc}/ws/stream",
        "ws_private": f"ws://{parts.netloc}/v2/ws/private/stream",
        "ws_oracle": f"ws://{parts.netloc}/v1/ws/oracle/push",
    }


MAINNET = Network(
    name="mainnet",
    rest="https://api.orderly.org",
    rest_strategy_vault="https://api-sv.orderly.org",
    ws_public="wss://ws-evm.orderly.org/ws/stream",
    ws_private="wss://ws-private-evm.orderly.org/v2/ws/private/stream",
    ledger_contract="0x6F7a338F2aA472838dEFD3283eB360d4Dff5D203",
    chain_id=42161,
    ws_oracle="wss://ws-oracle.orderly.org/v1/ws/oracle/push",
)
"""Where real money is traded: ``connect("mainnet")``."""

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
"""Where the money is the faucet's: ``connect("testnet")``."""

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


LONGEST = 1_000_000.0
"""Seconds, eleven days: what the operating system can be asked to wait for a socket, and more than anybody means."""

SHORTEST = 1e-9
"""Seconds; a step over the network cannot take none."""

_SHOWN = 60


def file_path(value: Any, name: str) -> Path:
    """The path of a file that a parameter names.

    Raises:
        UsageError: It is none.
    """
    try:
        text = os.fsdecode(value)
    except TypeError:
        text = ""
    if not text:
        raise UsageError(f"{name}={value!a:.60}: pass the path of a file")
    return Path(text)


def seconds(value: object, name: str = "timeout", *, least: float = 0.0) -> float:
    """A length of time in seconds, as every timeout of this package is read.

    Taken are ints, floats, Decimals and other real numbers (NumPy's, fractions), from ``least`` to a million. Text is
    refused, since ``"1"`` may be a second or a minute; so are bools, nan, infinity, negative numbers and None.

    Raises:
        UsageError: It is none of these.
    """
    number = _float(value)
    if least <= number <= LONGEST:
        return number
    what = "a positive number of seconds" if least else "a number of seconds from 0 on"
    if value is None:
        advice = "this wait needs a limit, such as 2.5"
    elif number > LONGEST:
        advice = f"pass {LONGEST:.0f} at most"
    else:
        advice = "pass one such as 2.5"
    raise UsageError(f"{name}={ascii(value)[:_SHOWN]} is not {what}; {advice}")


def limit(value: object, name: str = "timeout") -> float | None:
    """The same for waits that may last for ever, which is what None means.

    Raises:
        UsageError: It is neither None nor a length of time.
    """
    if _float(value) == math.inf:
        raise UsageError(f"{name}={ascii(value)[:_SHOWN]}: pass None to wait without a limit")
    return None if value is None else seconds(value, name)


def deadline(timeout: Any, now: float, name: str = "timeout") -> float:
    """The moment at which a wait ends that begins ``now``; infinity for None, which is without a limit.

    Raises:
        UsageError: It is neither None nor a length of time.
    """
    given = limit(timeout, name)
    return math.inf if given is None else now + given


def _float(value: object) -> float:
    """What a real number is as a float; nan for all else."""
    if type(value) is bool or not isinstance(value, (Real, Decimal)):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return LONGEST * 2 if value > Decimal(0) else -1.0  # type: ignore[operator]
    except ValueError:  # a signalling nan
        return math.nan


def timeouts_of(value: object) -> Timeouts:
    """These Timeouts, or the usual ones for None.

    Raises:
        UsageError: It is anything else, such as a bare number: which wait it is for cannot be known.
    """
    if value is None or isinstance(value, Timeouts):
        return value or Timeouts()
    raise UsageError(f"timeouts={ascii(value)[:_SHOWN]}: pass Timeouts(...), which names each wait")


def number_type(value: object) -> Any:
    """What numbers of answers and events are made of: ``Decimal`` or ``float``.

    Raises:
        UsageError: It is anything else.
    """
    if value is Decimal or value is float:
        return value
    shown = value.__name__ if isinstance(value, type) else repr(value)
    raise UsageError(f"numbers={shown}: pass Decimal (exact) or float")


def _positive(value: object, field: attrs.Attribute[Any]) -> float:
    return seconds(value, field.name, least=SHORTEST)


def _wait(default: float) -> float:
    waited: float = attrs.field(default=default, converter=attrs.Converter(_positive, takes_field=True))
    return waited


@attrs.frozen(kw_only=True)
class Timeouts:
    """How long each wait may take, in seconds; none of them may last for ever, so None is refused here.

    Raises:
        UsageError: One of them is no positive number of seconds; see ``seconds``.
    """

    connect: float = _wait(5.0)
    """Until a TCP and TLS connection stands."""
    request: float = _wait(10.0)
    """From the first byte sent to the last byte read of one REST try."""
    ready: float = _wait(15.0)
    """Until a stream is dialled, logged in and subscribed; with ``connect`` until the account's state is read, too."""
    ack: float = _wait(10.0)
    """Until the venue acknowledges a login or a subscription."""
    send: float = _wait(5.0)
    """Until the connection of a stream has taken what is sent over it; one that has not is dialled anew."""
    silence: float = _wait(20.0)
    """Without a byte received, after which the connection counts as dead."""
    stop: float = _wait(2.0)
    """Until stop() returns, whatever the threads do."""
