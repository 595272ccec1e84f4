"""A paper venue served apart, by ``orderly-sync venue``: connecting to it, and its control over loopback HTTP.

line = process.stdout.readline()          # the JSON line that it prints
ex = connect(line)                        # its first account, and ex.paper controls it
other = connect(line, credentials=Credentials(**json.loads(line)["accounts"][1]))
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode, urlsplit

from orderly_sync.config import Network, venue_line
from orderly_sync.credentials import Credentials
from orderly_sync.errors import ConnectFailed, UsageError
from orderly_sync.wire.json import decode, encode
from orderly_sync.wire.moments import TimeLike, milliseconds
from orderly_sync.wire.numbers import finite
from orderly_sync.wire.symbols import symbol as native_symbol

__all__ = ["ServedControl", "attach"]

_SECONDS = 30.0
_OK = 200


class ServedControl:
    """The control of a venue served apart; its methods may be called from any thread.

    Each is one request on a connection of its own. What the venue refuses is a UsageError, as if it ran in here.

    Args:
        urls: The URLs of its JSON line; ``control`` is used.
        token: The ``token`` of its JSON line.
        console: The ``console`` of its JSON line, where it serves one.
        accounts: The ``accounts`` of its JSON line.
    """

    in_process = False

    def __init__(
        self,
        urls: Mapping[str, str],
        token: str,
        console: str | None = None,
        accounts: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.console = console
        """Where a browser finds the venue's page, the control token in its fragment; None where there is none."""
        self.urls: dict[str, str] = dict(urls)
        """``rest``, ``ws_public``, ``ws_private`` and ``control``."""
        self._gone: str | None = None
        self.at_stop: list[Callable[[], object]] = []
        """Never called: it runs on."""
        self.__token = token
        self.__accounts = [dict(account) for account in accounts]
        place = urlsplit(self.urls["control"])
        self._host, self._port, self._base = place.hostname or "", place.port, place.path.rstrip("/")

    def __repr__(self) -> str:
        return f"ServedControl({self.urls['control']!r})"

    @property
    def stale(self) -> tuple[str, ...]:
        """Always empty: a venue served apart is asked by ``health``; its silent price topics are announced as Stale."""
        return ()

    def on_source(self, listener: Callable[[tuple[str, ...], float], object]) -> None:
        """Does nothing: see ``stale``."""

    def line(self) -> str:
        """The JSON line that says all a client needs, secrets too."""
        page = {} if self.console is None else {"console": self.console}
        return encode({**self.urls, **page, "token": self.__token, "accounts": self.__accounts}).decode()

    def mark_price(self, symbol: str) -> Decimal:
        """A market's mark price, USDC."""
        return finite(self._get("mark-price", symbol=native_symbol(symbol))["price"], "price")

    def set_market(self, prices: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Take markets from elsewhere: by symbol, those of ``mark``, ``index``, ``bid`` and ``ask`` that are known."""
        read = {
            native_symbol(symbol): {name: finite(price, name) for name, price in told.items()}
            for symbol, told in prices.items()
        }
        for symbol, told in read.items():
            self._post("market", symbol=symbol, **told)

    def set_mark_price(self, symbol: str, price: Decimal | str | float) -> int:
        """Move a market's mark price; triggers fire before this returns. The venue's time of it, ms."""
        told = self._post("mark-price", symbol=native_symbol(symbol), price=finite(price, "price"))
        return int(told["ts"])

    def advance(self, ms: int) -> int:
        """Let the venue's clock run ahead by so many milliseconds; the time then."""
        return int(self._post("advance", ms=ms)["ts"])

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""
        return int(self._post("announce", message=message, url=url)["announcement_id"])

    def set_maintenance(
        self, status: int, start: TimeLike | None = None, end: TimeLike | None = None
    ) -> None:
        """Begin maintenance (status 2) or end it (0); while it lasts trading is refused."""
        begin, until = milliseconds(start, "start"), milliseconds(end, "end")
        self._post("maintenance", status=status, start=begin, end=until)

    def tell(self, topic: str, data: Any, account_id: str | None = None) -> None:
        """Push any data of any topic: to all who listen, or to one account and into its ledger."""
        self._post("tell", topic=topic, data=data, account_id=account_id)

    def drop_connections(self) -> int:
        """Cut every WebSocket; how many."""
        return int(self._post("drop-connections")["dropped"])

    def faults(self, **wanted: Any) -> Mapping[str, Any]:
        """Have the venue misbehave; ``faults(clear=True)`` ends that."""
        told: dict[str, Any] = self._post("faults", **wanted)
        return told

    def ledger(self, account_id: str, after: int = 0) -> list[dict[str, Any]]:
        """Every private event ever emitted for an account, in order: ``{"seq", "ts", "topic", "data"}``."""
        rows: list[dict[str, Any]] = self._get("ledger", account_id=account_id, after=after)["rows"]
        return rows

    def snapshot(self, account_id: str) -> dict[str, Any]:
        """The account as the venue holds it now: orders, algo orders, positions, holdings."""
        held: dict[str, Any] = self._get("snapshot", account_id=account_id)
        return held

    def health(self) -> dict[str, Any]:
        """``speed`` (``asked``, ``achieved``, ``slowed``) and ``source`` (``name``, ``age``, ``stale``, or None)."""
        told: dict[str, Any] = self._get("health")
        return told

    def now(self) -> int:
        """The venue's time, ms since 1970."""
        return int(self._ask("GET", f"{self._base}/health", None)["timestamp"])

    def refuse_all(self, why: str) -> None:
        """Ask nothing any more, since there is no venue: each call is a UsageError that says why."""
        self._gone = why

    def stop(self) -> None:
        """Does nothing: a venue served apart belongs to whoever started it, and runs on."""

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    def _post(self, call: str, **values: Any) -> Any:
        body = encode({name: value for name, value in values.items() if value is not None})
        return self._ask("POST", f"{self._base}/{call}", body)["data"]

    def _get(self, call: str, **values: Any) -> Any:
        query = f"?{urlencode(values)}" if values else ""
        return self._ask("GET", f"{self._base}/{call}{query}", None)["data"]

    def _ask(self, verb: str, target: str, body: bytes | None) -> Any:
        what = f"{verb} {target.partition('?')[0]}"
        if self._gone is not None:
            raise UsageError(self._gone)
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_SECONDS)
        try:
            headers = {"x-venue-token": self.__token, "Content-Type": "application/json"}
            connection.request(verb, target, body, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as exc:
            raise ConnectFailed(what, f"the venue at {self.urls['control']} does not answer: {exc}") from None
        finally:
            connection.close()
        told = decode(text, what)
        if status != _OK or not told.get("success"):
            raise UsageError(str(told.get("message", f"status {status}")))
        return told


def attach(place: str | Mapping[str, Any]) -> tuple[ServedControl | None, Network, Credentials | None]:
    """What is known of a venue served apart: its control, its hosts and its first account.

    Args:
        place: Its JSON line, as text or read; or a URL of it, which tells neither token nor accounts.

    Raises:
        UsageError: It is neither.
    """
    network, line = Network.from_venue(place), venue_line(place)
    if line is None:
        return None, network, None
    token, accounts = line.get("token"), line.get("accounts") or []
    control = None
    if isinstance(token, str) and isinstance(line.get("control"), str):
        page = line.get("console")
        control = ServedControl(
            {name: str(line[name]) for name in _URLS},
            token,
            page if isinstance(page, str) else None,
            accounts,
        )
    return control, network, Credentials(**accounts[0]) if accounts else None


_URLS = ("rest", "ws_public", "ws_private", "control")
