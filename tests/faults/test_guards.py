"""Nothing that a program's own code does to a thread of this package ends it in silence: it goes on, or all are told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NoReturn

import pytest

from orderly_sync import DecodingError, Disconnected, HookError, Limit, Market, Orderly, Resynced, topics
from orderly_sync.live.account_refresh import AccountRefresh
from orderly_sync.live.cancel_on_silence import CancelOnSilence
from orderly_sync.reports.other_topics import OtherTopics
from orderly_sync.reports.recovery import Recovery
from orderly_sync.stream.connection import Connection
from orderly_sync.stream.protocol import StreamProtocol
from tests.faults.oracles import census
from tests.support.paper import ETH, WAIT, eventually, mark, paper
from tests.support.streams import make, report
from tests.support.wire_server import WireServer


class Defect(Exception):
    """Stands for any mistake in this package."""


class _Emitting(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        raise ValueError(record.levelname)


class _Handling(logging.Handler):
    def handle(self, record: logging.LogRecord) -> NoReturn:
        raise OSError(record.levelname)


class _Filtering(logging.Handler):
    def filter(self, record: logging.LogRecord) -> NoReturn:
        raise RuntimeError(record.levelname)


@pytest.fixture(params=["emit", "handle", "filter of a handler", "filter of the logger", "record factory"])
def broken_logging(request: pytest.FixtureRequest) -> Iterator[None]:
    """A program whose logging raises at every record of this package, in one of its parts."""
    root, ours = logging.getLogger("orderly_sync"), logging.getLogger("orderly_sync.stream")
    level, factory = ours.level, logging.getLogRecordFactory()
    kinds = {"emit": _Emitting, "handle": _Handling, "filter of a handler": _Filtering}
    handler = kinds.get(request.param, logging.NullHandler)()

    def raising(*args: Any, **_: Any) -> NoReturn:
        raise LookupError(str(args[0]))

    def make_record(name: str, *args: Any, **options: Any) -> logging.LogRecord:
        return raising(name) if name.startswith("orderly_sync") else factory(name, *args, **options)

    root.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    if request.param == "filter of the logger":
        ours.addFilter(raising)
    if request.param == "record factory":
        logging.setLogRecordFactory(make_record)
    try:
        yield
    finally:
        root.removeHandler(handler)
        ours.setLevel(level)
        ours.removeFilter(raising)
        logging.setLogRecordFactory(factory)


@pytest.mark.usefixtures("broken_logging")
def test_logging_that_raises_costs_no_thread(capsys: pytest.CaptureFixture[str]):
    """Lost connections, raising hooks, unreadable frames: each is logged, and each thread goes on; stderr tells."""
    with WireServer() as server, make(server) as stream:
        seen: list[int] = []

        def hook(event: Any) -> None:
            seen.append(event.order_id)
            if event.order_id == 1:
                raise RuntimeError("a hook of the user's")

        errors = stream.stream(HookError)
        stream.on(topics.execution_report(), hook)
        server.peer().send(report(1))
        assert errors.get(timeout=WAIT).event.order_id == 1
        server.peer().cut()
        server.wait_subscribed("executionreport", 1)
        stream.wait_ready(WAIT)
        server.peer(1).send(report(2))
        eventually(lambda: seen == [1, 2])
        assert stream.status == "ready"
    told = capsys.readouterr().err
    assert "logging raised" in told
    assert "Traceback" in told


@pytest.mark.usefixtures("broken_logging")
def test_logging_that_raises_does_not_come_between_an_order_and_its_handle(monkeypatch: pytest.MonkeyPatch):
    """The order is placed though what would be logged on the way raises."""
    monkeypatch.setattr("orderly_sync.trading.unknown_writes.WITHIN_A_CALL", (0.0, 0.0, 0.0, 0.5, 0.5))
    logging.getLogger("orderly_sync.state").setLevel(logging.DEBUG)
    try:
        with paper() as ex:
            ex.paper.faults(
                mute=["executionreport"],
                http=[
                    {"path": "/v1/order", "method": "POST", "reset": True, "commit": True},
                    {"path": "/v1/client/order/{client_order_id}", "status": 500, "times": 4},
                ],
            )
            order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
            assert order.order_id in ex.orders
    finally:
        logging.getLogger("orderly_sync.state").setLevel(logging.NOTSET)


class _NoRepr(Exception):
    def __repr__(self) -> NoReturn:
        raise ValueError("repr")


class _NoText(Exception):
    def __str__(self) -> NoReturn:
        raise ValueError("str")

    __repr__ = __str__


class _OddText(Exception):
    def __str__(self) -> Any:
        return 7  # noqa: PLE0307 - that is its fault

    __repr__ = __str__


class _Deep(Exception):
    def __repr__(self) -> str:
        return repr(self)


@pytest.mark.parametrize("kind", [_NoRepr, _NoText, _OddText, _Deep, SystemExit, GeneratorExit])
def test_whatever_a_hook_raises_the_next_event_comes(kind: type[BaseException]):
    """And the HookError that tells of it can be shown."""
    with WireServer() as server, make(server) as stream:
        seen: list[int] = []

        def hook(event: Any) -> None:
            seen.append(event.order_id)
            raise kind

        errors = stream.stream(HookError)
        stream.on(topics.execution_report(), hook)
        server.peer().send(report(1))
        server.peer().send(report(2))
        told = [errors.get(timeout=WAIT) for _ in range(2)]
        assert seen == [1, 2]
        assert all(kind.__name__ in str(one) and type(one.__cause__) is kind for one in told)
        assert stream.status == "ready"


@pytest.mark.parametrize("times", [1, 3])
def test_a_defect_in_the_middle_of_a_connection_costs_that_connection_alone(
    times: int, monkeypatch: pytest.MonkeyPatch
):
    """What came meanwhile is doubtful: it is dialled anew, and the gap is read over."""
    left = [times]
    original = StreamProtocol.heard

    def heard(self: StreamProtocol, now: float) -> None:
        if left[0] and self.is_ready and self._login is not None:
            left[0] -= 1
            raise Defect
        original(self, now)

    with paper() as ex:
        resyncs, order = ex.stream(Resynced), ex.place(Limit.buy(ETH, price=mark(ex) - 10, quantity="0.1"))
        eventually(lambda: order.last)
        downs = ex.stream(Disconnected)
        monkeypatch.setattr(StreamProtocol, "heard", heard)
        ex.paper.set_mark_price(ETH, mark(ex) - 20)
        for _ in range(times):
            assert "a defect of this package: Defect" in downs.get(timeout=WAIT).reason
            eventually(lambda: ex._stream.status == "ready")
            ex.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="0.1")
        assert order.wait("filled", WAIT).is_fill
        assert resyncs.get(timeout=WAIT)
        eventually(lambda: ex.status == "ready")


def _raise(*_: Any, **__: Any) -> NoReturn:
    raise Defect


def _break_dial(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("orderly_sync.stream.driver.shake_hands", _raise)
    ex.paper.drop_connections()


def _break_tick(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Connection, "occurred", _raise)
    ex.paper.drop_connections()


def _break_memory(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    def no_memory(*_: Any) -> NoReturn:
        raise MemoryError

    patch.setattr(StreamProtocol, "lost", no_memory)
    ex.paper.drop_connections()


def _break_exit(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    def leave(*_: Any) -> NoReturn:
        raise SystemExit

    patch.setattr(Connection, "occurred", leave)
    ex.paper.drop_connections()


def _break_hooks(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    del patch
    ex._session.hub.dispatcher._queue.put(object())  # type: ignore[union-attr, arg-type]


def _break_recovery(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Recovery, "poll", _raise)
    ex.paper.drop_connections()


def _break_account(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(AccountRefresh, "_try", _raise)
    ex.paper.drop_connections()


def _break_other_topics(ex: Orderly, patch: pytest.MonkeyPatch) -> None:
    ex.on(topics.wallet(), print)
    patch.setattr(OtherTopics, "_pause", _raise)
    ex.paper.drop_connections()


BREAKS: dict[str, Callable[[Orderly, pytest.MonkeyPatch], None]] = {
    "dialling": _break_dial,
    "telling of a loss": _break_tick,
    "no memory": _break_memory,
    "an exit": _break_exit,
    "hooks": _break_hooks,
    "recovery": _break_recovery,
    "account": _break_account,
    "other topics": _break_other_topics,
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_thread_that_ends_makes_the_client_failed_and_wakes_all_who_wait(
    name: str, monkeypatch: pytest.MonkeyPatch
):
    """Waiting without a limit, they learn why; nothing is shown as ready."""
    with paper() as ex:
        order = ex.place(Limit.buy(ETH, price=mark(ex) - 300, quantity="0.1"))
        ex.on(topics.execution_report(), print)
        reports = ex.stream(topics.execution_report(), symbol="PERP_BTC_USDC")
        with monkeypatch.context() as patch:
            BREAKS[name](ex, patch)
            for wait in (
                ex.run_forever,
                reports.get,
                lambda: order.wait("done", None),
                lambda: ex.wait_for(topics.execution_report(), timeout=None),
            ):
                with pytest.raises(Disconnected, match="ended by a defect of this package") as caught:
                    wait()
                assert caught.value.final
            assert ex.status == "failed"


def test_the_timer_that_ends_makes_the_client_failed(monkeypatch: pytest.MonkeyPatch):
    """Nobody would set it anew, and the venue would cancel all orders unannounced."""
    with paper() as ex:
        assert ex._session is not None
        switch = CancelOnSilence.over(ex.rest, ex._stream.hub, 30.0)
        monkeypatch.setattr(CancelOnSilence, "pause", _raise)
        ex._session._switch = switch
        switch.start()
        with pytest.raises(Disconnected, match="ended by a defect"):
            ex.run_forever()


@pytest.mark.parametrize(
    "failure", [OSError(24, "Too many open files"), RuntimeError("can't start new thread")]
)
@pytest.mark.parametrize("part", ["opening.Connection", "driver.Wakeup", "driver.Driver.start"])
def test_a_connection_that_cannot_be_made_for_marks_costs_no_fill(
    failure: Exception, part: str, monkeypatch: pytest.MonkeyPatch
):
    """Hooks, handle and state have it; the mark price is followed once a connection can be made."""

    def broken(*_: Any, **__: Any) -> NoReturn:
        raise failure

    with paper() as ex:
        reports: list[Any] = []
        errors = ex.stream(DecodingError)
        ex.on(topics.execution_report(), reports.append)
        with monkeypatch.context() as patch:
            patch.setattr(f"orderly_sync.stream.{part}", broken)
            for _ in range(2):
                order = ex.place(Market.buy(ETH, quantity="0.1"))
                assert order.wait("filled", WAIT).is_fill
            eventually(lambda: sum(one.is_fill for one in reports) == 2)
            assert ex.positions[ETH].quantity == Decimal("0.2")
        ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT)
        new = mark(ex) + 7
        ex.paper.set_mark_price(ETH, new)
        eventually(lambda: ex.positions[ETH].mark_price == new)
        assert len(errors) == 0


def test_state_that_raises_keeps_no_fill_from_hooks(monkeypatch: pytest.MonkeyPatch):
    """A defect in what counts fills is told, and each report is heard once."""
    monkeypatch.setattr("orderly_sync.live.session.count_fill", _raise)
    with paper() as ex:
        reports, errors = ex.stream(topics.execution_report()), ex.stream(DecodingError)
        for _ in range(3):
            ex.place(Market.buy(ETH, quantity="0.1"))
        fills = [one for one in (reports.get(timeout=WAIT) for _ in range(6)) if one.is_fill]
        assert len({one.trade_id for one in fills}) == 3
        assert "Defect" in str(errors.get(timeout=WAIT))


@pytest.mark.parametrize("missing", ["socket.socketpair", "selectors.DefaultSelector"])
def test_a_connection_that_cannot_be_made_leaves_no_descriptor(
    missing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Though whoever keeps the records of the log keeps what they name."""

    def broken(*_: Any, **__: Any) -> NoReturn:
        raise OSError(24, "Too many open files")

    with census(), paper() as ex:
        with monkeypatch.context() as patch:
            patch.setattr(f"orderly_sync.stream.wakeup.{missing}", broken)
            for _ in range(3):
                ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT)
        told = [one for one in caplog.records if "mark prices cannot be followed" in one.getMessage()]
        assert told
        assert not any(isinstance(fact, BaseException) for one in told for fact in one.args or ())
