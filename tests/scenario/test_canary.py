"""A whole session with everything turned on that talks: not a half of the secret, and not one signature in our own words."""

from __future__ import annotations

import http.client
import io
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import base58
import pytest
import websocket

from orderly_sync import (
    Credentials,
    Limit,
    Network,
    Orderly,
    OrderlyError,
    Rest,
    Resynced,
    connect,
    topics,
)
from orderly_sync.paper.start import start_paper
from orderly_sync.signing import PREFIX, Secret
from tests.test_secrets import canaries

SYMBOL = "PERP_ETH_USDC"
FAR = "2500.1"
"""A price at which nothing trades."""


@pytest.fixture
def said() -> Iterator[Callable[[], str]]:
    """Everything that any logger says, from DEBUG on, with the locals of the frames of exceptions."""
    stream = io.StringIO()

    class Talkative(logging.Formatter):
        def formatException(self, ei: Any) -> str:
            return "".join(traceback.TracebackException(*ei, capture_locals=True).format())

    handler = logging.StreamHandler(stream)
    handler.setFormatter(Talkative("%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def signatures(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every signature that is made."""
    made: list[str] = []
    sign = Secret.sign

    def record(self: Secret, message: bytes) -> str:
        made.append(sign(self, message))
        return made[-1]

    monkeypatch.setattr(Secret, "sign", record)
    return made


@pytest.fixture
def traced(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The libraries below print what they send."""
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    handler = logging.NullHandler()
    websocket.enableTrace(True, handler)
    yield
    websocket.enableTrace(False)
    logging.getLogger("websocket").removeHandler(handler)


class Telltale:
    """Gathers what a careless program would print."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.errors: list[BaseException] = []

    def expect(self, call: Callable[[], object]) -> None:
        """The call fails with an error of this package; note all that it could show."""
        with pytest.raises(OrderlyError) as caught:
            call()
        error: BaseException | None = caught.value
        while error is not None:
            self.errors.append(error)
            told = traceback.TracebackException.from_exception(error, capture_locals=True)
            # The frames of this test hold the secret on purpose.
            told.stack[:] = [frame for frame in told.stack if frame.filename != __file__]
            self.shown += [*told.format(chain=False), repr(error.args), repr(vars(error))]
            error = error.__cause__ or error.__context__

    def show(self, *values: object) -> None:
        """Note how values show themselves."""
        self.shown += [f"{value!r} {value}" for value in values]


def session(ex: Orderly, tell: Telltale) -> None:
    """Orders, refusals, a hook that raises, a lost connection."""
    seen: list[object] = []

    def careless(report: object) -> None:
        seen.append(report)
        raise ValueError(ex, report)

    ex.on(topics.execution_report(), careless)
    order = ex.place(Limit.buy(SYMBOL, price=FAR, quantity="0.1"))
    order.cancel()
    order.wait("done", timeout=10)
    tell.show(ex, order, ex.stats(), ex.rest, ex.positions, ex.orders, *seen)
    tell.expect(lambda: ex.place(Limit.buy(SYMBOL, price=FAR, quantity="1000000")))
    tell.expect(lambda: ex.rest.orders.get(1))
    with ex.stream(Resynced) as resynced:
        ex.paper.drop_connections()
        tell.show(resynced.get(timeout=15))


def strangers(network: Network, own: Credentials, foreign: Credentials, tell: Telltale) -> None:
    """A key that the venue does not know, and a venue that is not there."""
    tell.expect(lambda: connect(network, credentials=foreign).stop())
    nowhere = Network(
        name="nowhere", rest="http://127.0.0.1:1", ws_public="ws://127.0.0.1:1", ws_private="ws://127.0.0.1:1"
    )
    with Rest(nowhere, own) as rest:
        tell.expect(rest.positions.list)
        tell.expect(
            lambda: rest.orders.create(
                symbol=SYMBOL, order_type="LIMIT", side="BUY", order_price=FAR, order_quantity="1"
            )
        )


def talkative() -> tuple[Telltale, list[Secret]]:
    """A session and strangers; what they gave away, and the secrets that nothing may hold."""
    tell = Telltale()
    venue, network, own = start_paper(seed=7, market="frozen")
    foreign = Credentials(account_id=own.account_id, secret=Secret.generate())
    try:
        with connect("paper", seed=7, market="frozen") as ex:
            session(ex, tell)
        strangers(network, own, foreign, tell)
    finally:
        venue.stop()
    return tell, [own.secret, foreign.secret]


@pytest.mark.usefixtures("traced")
def test_a_talkative_session_keeps_its_secret(
    said: Callable[[], str], signatures: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """DEBUG logs of all libraries, their traces, every error with its frames, every object's text: no half of a secret."""
    tell, secrets = talkative()

    printed = capfd.readouterr()
    everything = "\n".join([said(), *tell.shown, printed.out, printed.err])
    for secret in secrets:
        seed = base58.b58decode(secret.reveal().removeprefix(PREFIX))
        assert [part for part in canaries(secret.reveal(), seed) if part in everything] == []
    assert len(signatures) > 5
    assert "hook" in said()


def test_no_log_holds_a_signature(said: Callable[[], str], signatures: list[str]) -> None:
    """A signature with its timestamp can be sent again for five minutes: no error and no logger carries one, urllib3's and websocket-client's neither."""
    tell, _ = talkative()

    carried = [f"{error} {error!r} {error.args} {vars(error)}" for error in tell.errors]
    carried += [str(getattr(getattr(error, "request", None), "headers", "")) for error in tell.errors]
    assert len(signatures) > 5
    assert [one for one in signatures if one in "\n".join([*carried, said()])] == []
