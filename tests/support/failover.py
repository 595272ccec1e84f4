"""A primary and its replica behind one address, which lags, is led to and is promoted as a test says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.paper import eventually
from tests.support.redis_servers import ServedRedis, served_redis
from tests.support.relayed import KEYS, commands
from tests.support.tcp_proxy import TcpProxy

__all__ = ["ReplicatedRedis", "replicated_redis"]


class _Address(TcpProxy):
    """One that leads somewhere else from some moment on."""

    def lead_to(self, url: str) -> None:
        """Break what stands, and dial that from now on."""
        self._target = urlsplit(url)
        self.drop()


class ReplicatedRedis:
    """Both, and the address that relay and bots know.

    Args:
        primary: The one that takes writes.
        replica: Its copy.
        address: Where both are reached, one at a time.
        other: The same for the first relay alone, that it can be cut off.
        link: Between the two.
    """

    def __init__(
        self, primary: ServedRedis, replica: ServedRedis, address: _Address, other: _Address, link: TcpProxy
    ) -> None:
        self.primary, self.replica = primary, replica
        self._address, self._other, self._link = address, other, link
        self._is_cut_off = False

    @property
    def url(self) -> str:
        """The address."""
        return self._address.url

    @property
    def first_url(self) -> str:
        """The first relay's address."""
        return self._other.url

    def cut_off_first(self) -> None:
        """The first relay reaches neither of the two any more."""
        self._is_cut_off = True
        self._other.lead_to("redis://127.0.0.1:1")

    def wait_copied(self) -> None:
        """Wait until the replica holds what the primary does."""
        with commands(self.primary.url) as one, commands(self.replica.url) as other:
            eventually(lambda: one.get(KEYS.head) == other.get(KEYS.head))

    def lag(self) -> None:
        """Let nothing through to the replica any more."""
        self._link.freeze()

    def fail(self) -> None:
        """Kill the primary; the address leads to the replica, which takes no writes yet."""
        self.primary.kill()
        self._link.drop()
        self._address.lead_to(self.replica.url)
        if not self._is_cut_off:
            self._other.lead_to(self.replica.url)

    def promote(self) -> None:
        """The replica takes writes."""
        with commands(self.replica.url) as client:
            client.execute_command("REPLICAOF", "NO", "ONE")


@contextmanager
def replicated_redis(folder: Path) -> Iterator[ReplicatedRedis]:
    """A pair as long as the block; skips the test where no Redis is installed."""
    folders = [folder / "primary", folder / "replica"]
    for one in folders:
        one.mkdir()
    with (
        served_redis(folders[0], "--repl-diskless-sync-delay", "0") as primary,
        TcpProxy(primary.url) as link,
        _Address(primary.url) as address,
        _Address(primary.url) as other,
        served_redis(folders[1], "--replicaof", "127.0.0.1", str(link.port)) as replica,
    ):
        with commands(replica.url) as client:
            eventually(lambda: client.info("replication")["master_link_status"] == "up")
        yield ReplicatedRedis(primary, replica, address, other, link)
