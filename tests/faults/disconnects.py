"""Thousands of lost connections, each at a byte and in a state drawn by lot, judged by the venue's ledger.

Half of them come thick and fast: the next falls into the handshake, the login, the acknowledgements or the reading after
the one before. The other half are sparse: all is judged when the gap is closed, before the next, so that no recovery can
make up for the one before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

import attrs

from orderly_sync import GapClosed, GapOpened, Orderly
from orderly_sync.paper.start import start_paper
from tests.faults.oracles import Auditor, Verdict, is_quiet, state_is_the_venues
from tests.support.paper import eventually, joined
from tests.support.random_trading import Trading
from tests.support.tcp_proxy import TcpProxy

__all__ = ["Disconnects", "proxied"]

STEPS = 60
"""Steps of trading after which a cut that has not come yet is made."""
DENSE_BYTES, SPARSE_BYTES = 2_500, 1_200
STORM = 20
"""Dense disconnects between two verdicts."""


@contextmanager
def proxied(*, seed: int = 7, later: Sequence[float] = (0.02, 0.06)) -> Iterator[tuple[Orderly, TcpProxy]]:
    """A client on a frozen market of its own, its private stream by way of a proxy."""
    venue, network, credentials = start_paper(seed=seed, market="frozen", venue_rate_limits=False)
    with TcpProxy(network.ws_private) as proxy:
        network = attrs.evolve(network, ws_private=proxy.url)
        with joined(venue, network, credentials, later=later) as ex:
            yield ex, proxy


class Disconnects:
    """Trades at random and loses connections at random; ``run`` gives the verdict.

    Args:
        ex: The client.
        proxy: On the way of its private stream.
        lots: What is drawn from.
    """

    def __init__(self, ex: Orderly, proxy: TcpProxy, lots: Random) -> None:
        self.ex = ex
        self.proxy = proxy
        self.lots = lots
        self.trading = Trading(ex, lots)
        self.auditor = Auditor(ex)
        self.gaps: list[GapOpened | GapClosed] = []
        self.done = 0
        ex.on(GapOpened, self.gaps.append)
        ex.on(GapClosed, self.gaps.append)

    def run(self, count: int, *, each: Callable[[int], object] = lambda _done: None) -> Verdict:
        """Lose so many connections, half of them sparse.

        Raises:
            AssertionError: The state is not the venue's at the end, or nothing settles.
        """
        while self.done < count and self.auditor.verdict.is_clean:
            for _ in range(min(STORM, count - self.done)):
                self._dense()
            self._judge()
            for _ in range(min(STORM, count - self.done)):
                self._sparse()
            each(self.done)
            # Hundreds of ends at once, and no order left: the cost of a gap does not grow with the length of the run.
            self.trading.close()
            self.trading.handles.clear()
        self._judge()
        state_is_the_venues(self.ex)
        return self.auditor.verdict

    def _lose(self, most: int) -> None:
        """Lose the connection at a byte of what comes next, with events in flight before and after it."""
        before = self.proxy.cuts
        self.proxy.cut_after(self.lots.randint(0, most), reset=self.lots.random() < 0.5)
        for _ in range(STEPS):
            self.trading.step()
            if self.proxy.cuts > before:
                break
        else:
            self.proxy.cut_after(0)
            self.proxy.drop()
        self.done += 1
        for _ in range(self.lots.randint(0, 3)):
            self.trading.step()

    def _dense(self) -> None:
        self._lose(DENSE_BYTES)

    def _sparse(self) -> None:
        opened = self._opened()
        self._lose(SPARSE_BYTES)
        eventually(lambda: self._opened() > opened and self._is_closed())
        self._judge()

    def _opened(self) -> int:
        return sum(isinstance(one, GapOpened) for one in self.gaps)

    def _is_closed(self) -> bool:
        return isinstance(self.gaps[-1], GapClosed) and is_quiet(self.ex)

    def _judge(self) -> None:
        """Nothing is missing now that the gap is closed; nothing may come later."""
        self.proxy.cut_after(1 << 40)
        eventually(lambda: not self.gaps or self._is_closed())
        self.auditor.settled()
        # What was told at this very moment may still be on its way: it is given the time of a quiet connection.
        try:
            eventually(lambda: is_quiet(self.ex) and self.auditor.settled(), 5)
        except AssertionError:
            self.auditor.conclude()
