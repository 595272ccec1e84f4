"""Which venue a command speaks to, and as whom."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs

from orderly_sync.cli.key_files import stored_for
from orderly_sync.cli.output import note
from orderly_sync.config import Network, venue_line
from orderly_sync.config import network as find_network
from orderly_sync.control.served import attach
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.rest import Rest
from orderly_sync.waiting import Flag

__all__ = ["Target"]

_LINE_LIMIT = 1_000_000
_STARTING = 5.0
"""Seconds in which a venue that was started just now writes its line."""
_LOOK = 0.05
_PASSING = (
    "this paper venue began with this command and ends with it; for one that stays, run orderly-sync venue "
    "and name its URL or its line by --network or ORDERLY_NETWORK"
)


@attrs.frozen(kw_only=True)
class Target:
    """What ``--network``, ``--account``, ``--credentials`` and ``--proxy`` say.

    Raises:
        UsageError: From each method: the network is unknown, or no account can be found where one is needed.
    """

    place: str = attrs.field(repr=False)  # the line of a venue holds its keys
    account: str | None = None
    file: Path | None = None
    proxy: str | None = None
    private: bool = False
    """Whether the account is asked for."""
    needed: bool = True
    """Whether it must be there then."""

    def optional(self) -> Target:
        """The same, where one can do without an account."""
        return attrs.evolve(self, needed=False)

    @property
    def is_own_paper(self) -> bool:
        """Whether the venue lives in this process, and no longer."""
        return self.place == "paper"

    @property
    def line(self) -> str:
        """What names the venue: a file's line stands for the file."""
        if _is_served(self.place):
            return self.place
        path = Path(self.place)
        return _line_of(path) if path.is_file() else self.place

    @contextmanager
    def found(self) -> Iterator[tuple[Network, Credentials | None]]:
        """The venue and the account; a paper venue of its own lives as long as the block."""
        with ExitStack() as ends:
            if self.is_own_paper:
                if self.private and self.needed:
                    note(_PASSING)
                yield self._start(ends)
                return
            line = self.line
            if _is_served(line):
                _, network, first = attach(line)
                yield network, self._account_at(line, network, first)
                return
            network = find_network(line)
            yield network, self._account_at(None, network, None)

    def _start(self, ends: ExitStack) -> tuple[Network, Credentials | None]:
        # Imported here: who trades elsewhere does not need the extra.
        from orderly_sync.venue.server.serve import Venue

        venue = Venue()
        ends.callback(venue.stop)
        _, network, first = attach(venue.line())
        return network, first

    def _account_at(
        self, line: str | None, network: Network, first: Credentials | None
    ) -> Credentials | None:
        if not self.private:
            return None
        if self.file is not None:
            return Credentials.from_file(self.file)
        if self.account is not None and line is not None:
            accounts = (venue_line(line) or {}).get("accounts") or []
            fits = [one for one in accounts if str(one.get("account_id", "")).startswith(self.account)]
            if len(fits) == 1:
                return Credentials(**fits[0])
        if self.account is None and first is not None:
            return first
        known = stored_for(network.name, self.account)
        if known is None and self.needed:
            raise UsageError(f"no account for {network.name}: {_way_to_one(line, network)}")
        return known

    @contextmanager
    def rest(self) -> Iterator[Rest]:
        """The REST half alone: no threads, nothing but what is asked."""
        with self.found() as (network, credentials):
            proxy = None if self.is_own_paper else self.proxy
            with Rest(network, credentials, proxy=proxy) as rest:
                yield rest

    def venue(self) -> str | Network:
        """What ``connect`` takes as its network."""
        if self.is_own_paper:
            if self.private:
                note(_PASSING)
            return "paper"
        line = self.line
        return line if _is_served(line) else find_network(line)

    def account_of(self, venue: str | Network) -> Mapping[str, Any]:
        """The further keywords that ``connect`` takes for a venue."""
        if venue == "paper":
            return {}
        served = isinstance(venue, str)
        network, first = attach(venue)[1:] if isinstance(venue, str) else (venue, None)
        credentials = self._account_at(str(venue) if served else None, network, first)
        return {"credentials": credentials, "proxy": self.proxy}


def _way_to_one(line: str | None, network: Network) -> str:
    """What gives a command an account."""
    if line is not None and venue_line(line) is None:
        return (
            "a URL tells none; give the JSON line that orderly-sync venue printed, or a file that holds it, by "
            "--network or ORDERLY_NETWORK, or set ORDERLY_ACCOUNT_ID and ORDERLY_SECRET"
        )
    return (
        "set ORDERLY_ACCOUNT_ID and ORDERLY_SECRET, name a file by --credentials, or keep a key with: "
        f"orderly-sync keys add --network {network.name}"
    )


def _line_of(path: Path) -> str:
    """The first line of a file; a venue that was started just now may not have written it yet."""
    until = time.monotonic() + _STARTING
    while True:
        with path.open(encoding="utf-8", errors="replace") as held:
            line = held.readline(_LINE_LIMIT)
        if line.endswith("\n") or (line and time.monotonic() >= until):
            return line
        if time.monotonic() >= until:
            raise UsageError(
                f"{path} is empty; it must hold the line of a venue that runs: orderly-sync venue > {path}"
            )
        Flag().wait(_LOOK)


def _is_served(line: str) -> bool:
    return "{" in line or "://" in line
