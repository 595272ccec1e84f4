"""A real Redis on a free port of this machine, with ``appendonly``; tests that need one are skipped where there is none."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orderly_sync.relay.redis_server import RedisServer
from orderly_sync.relay_errors import RelayError
from orderly_sync.waiting import Flag
from tests.support.http_host import TLS

__all__ = ["ServedRedis", "TlsRedis", "redis_program", "served_redis"]

PATIENCE = 20.0


def redis_program() -> str | None:
    """The server's program; None where none is installed."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


class ServedRedis:
    """One server, which may be stopped, killed and started again; its files are kept.

    Args:
        folder: Where its files lie.
        config: Lines of its configuration.
    """

    def __init__(self, folder: Path, *config: str) -> None:
        program = redis_program()
        assert program is not None
        self._program, self._folder, self._config = program, folder, config
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}"

    def url_of(self, user: str, password: str) -> str:
        """The same, as somebody."""
        return f"redis://{user}:{password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = [*self._listening(), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        words += ["--appendonly", "yes", "--save", "", "--loglevel", "warning", *self._config]
        self._process = subprocess.Popen([self._program, *words], stdout=subprocess.DEVNULL)
        until = time.monotonic() + PATIENCE
        probe = RedisServer(self._own_url, timeout=1.0)
        try:
            while not self._answers(probe):
                self._still_begins()
                assert time.monotonic() < until, "the server does not answer"
                Flag().wait(0.02)
        finally:
            probe.close()

    def _listening(self) -> list[str]:
        return ["--port", str(self.port)]

    @property
    def _own_url(self) -> str:
        """Where it is asked whether it answers."""
        return self.url

    def _still_begins(self) -> None:
        assert self._process is not None
        assert self._process.poll() is None, "the server ended as it began"

    def _answers(self, probe: RedisServer) -> bool:
        try:
            with probe.asking():
                return bool(probe.client.ping())
        except RelayError as exc:
            return "refused user or password" in str(exc)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def pause(self) -> None:
        """Have it answer nothing, though connections stand."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def restart(self) -> None:
        """Kill it, and start it again with what it had written."""
        self.kill()
        self.start()

    def _end(self, number: int) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            process.send_signal(signal.SIGCONT)
            process.wait(PATIENCE)


class TlsRedis(ServedRedis):
    """One that speaks TLS on its port, and nothing else there.

    Args:
        folder: Where its files lie.
        config: Lines of its configuration.
        certificate: The file of its certificate and key.
        authority: The file of the authority that bots name.
    """

    def __init__(
        self, folder: Path, *config: str, certificate: str = "host.pem", authority: str = "authority.pem"
    ) -> None:
        super().__init__(folder, *config)
        self._certificate, self._authority = certificate, authority

    @property
    def url(self) -> str:
        """Where it is, and who vouches for it."""
        return f"rediss://127.0.0.1:{self.port}?ssl_ca_certs={TLS / self._authority}"

    def _listening(self) -> list[str]:
        own = str(TLS / self._certificate)
        words = ["--port", "0", "--tls-port", str(self.port), "--tls-cert-file", own, "--tls-key-file", own]
        words += ["--tls-ca-cert-file", str(TLS / "clients.pem"), "--tls-auth-clients", "no"]
        return [*words, "--unixsocket", str(self._folder / "own.sock")]

    @property
    def _own_url(self) -> str:
        return f"unix://{self._folder / 'own.sock'}"

    def _answers(self, probe: RedisServer) -> bool:
        return (self._folder / "own.sock").exists() and super()._answers(probe)

    def _still_begins(self) -> None:
        if self._process is not None and self._process.poll() is not None:
            pytest.skip("this Redis is built without TLS; on Debian: apt-get install redis-server")


@contextmanager
def served_redis(
    folder: Path, *config: str, make: Callable[..., ServedRedis] = ServedRedis
) -> Iterator[ServedRedis]:
    """A server as long as the block; skips the test where none is installed."""
    if redis_program() is None:
        pytest.skip("no Redis is installed; on Debian: apt-get install redis-server")
    server = make(folder, *config)
    try:
        server.start()
        yield server
    finally:
        server.stop()
