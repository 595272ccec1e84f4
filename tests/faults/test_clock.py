"""A machine whose clock is off: at the start, from one moment to the next, and right again; the venue is always right."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

import attrs
import pytest

from orderly_sync import (
    AuthenticationError,
    ClockSkew,
    Connected,
    Credentials,
    Disconnected,
    Limit,
    LoginRefused,
    Market,
    OracleFeed,
    Orderly,
    OrderOutcomeUnknown,
    Rest,
    Stop,
    Stream,
    connect,
    topics,
)
from orderly_sync.clock import SkewedClock
from orderly_sync.credentials import Secret
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper
from orderly_sync.wallet.flows import settle_pnl
from orderly_sync.wallet.onboarding import add_key, onboard
from orderly_sync.wallet.wallet import Wallet
from tests.faults.oracles import census, is_quiet, judge, watch
from tests.support.http_host import HttpHost, plain, raw
from tests.support.paper import ETH, WAIT, account_of, eventually, mark, paper
from tests.support.streams import quick

FAR = [-86_400_000, -3_600_000, -301_000, 301_000, 3_600_000, 3 * 86_400_000]
NEAR = [-299_000, -6_000, -1_000, 1_000, 6_000, 299_000]


@contextmanager
def skewed(skew: int, market: str = "frozen") -> Iterator[tuple[Orderly, SkewedClock]]:
    """A client on a machine whose clock shows ``skew`` ms too much, and that clock."""
    venue, network, credentials = start_paper(seed=7, market=market, venue_rate_limits=False)
    machine = SkewedClock(skew)
    rest = Rest(network, credentials, rate_limits=False, clock=machine)
    stream = Stream(network, credentials, delays=quick, clock=rest.clock)
    ex = Orderly(rest, stream, Session(rest, stream.hub, later=(0.05, 0.2)), venue)
    try:
        ex._session.start()  # type: ignore[union-attr]
        yield ex, machine
    finally:
        ex.stop()


def goes_on(ex: Orderly) -> None:
    """Orders with a window of 5 s, cancels and algo orders: all that is signed is taken, by both halves."""
    assert ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT).status == "FILLED"
    resting = ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
    resting.cancel()
    resting.wait("done", WAIT)
    stop = ex.place(Stop.sell(ETH, quantity="0.1", trigger=mark(ex) - 100))
    stop.cancel()
    stop.wait("done", WAIT)


def dials(ex: Orderly) -> int:
    return int(ex.stats()["connections"]["private"]["dials"])


@pytest.mark.parametrize("market", ["frozen", "calm"])
@pytest.mark.parametrize("skew", FAR)
def test_a_clock_that_is_far_off_from_the_start_trades(
    skew: int, market: str, caplog: pytest.LogCaptureFixture
):
    """One login is refused at most; the offset is known, warned of, and nothing after that is refused."""
    with census(), skewed(skew, market) as (ex, _machine):
        goes_on(ex)
        stats = ex.stats()
        assert abs(stats["clock_offset"] + skew) <= stats["clock_error"] + 50
        assert dials(ex) <= 2
        assert stats["rest"].resigned <= 2
        warned = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
        assert any("clock" in one and ("ahead of" if skew > 0 else "behind") in one for one in warned)


@pytest.mark.parametrize("skew", NEAR)
def test_a_clock_that_is_nearly_off_costs_nothing(skew: int):
    """The venue takes 300 s either way, but of an order with a window 5 s only: what is signed is corrected before."""
    with census(), skewed(skew, "calm") as (ex, _machine):
        goes_on(ex)
        assert dials(ex) == 1
        assert ex.stats()["rest"].resigned == 0
        assert abs(ex.stats()["clock_offset"] + skew) <= ex.stats()["clock_error"] + 50


@pytest.mark.parametrize("market", ["frozen", "calm"])
@pytest.mark.parametrize("skew", FAR)
def test_a_clock_that_goes_off_before_a_redial_and_is_right_again_later_loses_nothing(skew: int, market: str):
    """The stream comes back each time, what was traded meanwhile is told once, and the offset follows back."""
    with census(), skewed(0, market) as (ex, machine):
        after, seen = len(ex.paper.ledger(account_of(ex))), watch(ex)
        for now in (skew, 0, -skew, 0):
            machine.skew_ms = now
            ex.paper.drop_connections()
            goes_on(ex)
            eventually(lambda: ex.status == "ready")
            offset = ex._rest.clock.offset()
            assert offset is None or abs(offset.ms + now) <= offset.error + 50
        eventually(lambda: is_quiet(ex))
        judge(ex, seen, after)


@pytest.mark.parametrize("skew", FAR)
def test_a_clock_that_is_set_while_all_is_connected_is_corrected_at_the_next_request(skew: int):
    """Nothing is dialled anew for it; each request is signed anew once at most."""
    with census(), skewed(0, "calm") as (ex, machine):
        dialled = dials(ex)
        for now in (skew, 0, skew):
            machine.skew_ms = now
            before = ex.stats()["rest"].resigned
            goes_on(ex)
            assert ex.stats()["rest"].resigned - before <= 1
        assert dials(ex) == dialled


@pytest.mark.parametrize("market", ["frozen", "calm"])
@pytest.mark.parametrize("skew", FAR)
def test_the_user_is_told_when_the_clock_goes_off_and_when_it_is_right_again(skew: int, market: str):
    """As an event, once each."""
    with census(), skewed(0, market) as (ex, machine), ex.stream(ClockSkew) as told:
        machine.skew_ms = skew
        for _ in range(3):
            ex.rest.orders.list()
        event = told.get(timeout=WAIT)
        assert event.is_off
        assert abs(event.offset + skew) <= event.error + 50
        machine.skew_ms = 0
        for _ in range(3):
            ex.rest.orders.list()
        event = told.get(timeout=WAIT)
        assert not event.is_off
        assert abs(event.offset) <= 1_000
        assert len(told) == 0


def test_a_stream_by_itself_logs_in_anew():
    """Without REST the header of the handshake and the refusal tell the time; nothing is final."""
    with paper() as ex:
        machine = SkewedClock(-301_000)
        with Stream(ex.rest.network, own(ex), delays=quick, clock=machine) as stream:
            stream.on(topics.position(), print)
            assert stream.status == "ready"
            assert stream.stats()["connections"]["private"]["dials"] == 2
            for now in (0, 3_600_000, 301_000, 0):
                machine.skew_ms = now
                with stream.stream(Connected) as connected:
                    ex.paper.drop_connections()
                    eventually(lambda: connected.get(timeout=WAIT).resumed)
                assert stream.status == "ready"


def own(ex: Orderly) -> Credentials:
    found = ex._stream.hub.options.credentials
    assert found is not None
    return found


@pytest.mark.parametrize("skew", [0, *FAR])
def test_rest_by_itself_is_signed_anew(skew: int):
    """The first read is refused, then nothing."""
    with paper() as ex, Rest(ex.rest.network, own(ex), clock=SkewedClock(skew)) as rest:
        for _ in range(5):
            rest.orders.list()
        assert rest.stats().resigned == (1 if skew else 0)


@pytest.mark.parametrize("skew", FAR)
def test_a_key_that_is_refused_stays_refused_with_a_clock_that_is_off(skew: int):
    """A clock excuses a refusal once: with the venue's own time in it the next one is the key's, and final."""
    with paper() as ex:
        stranger = Credentials(account_id=own(ex).account_id, secret=Secret.generate())
        with Rest(ex.rest.network, stranger, clock=SkewedClock(skew)) as rest:
            with pytest.raises(AuthenticationError):
                rest.orders.list()
            assert rest.stats().sent == 2
        with Stream(ex.rest.network, stranger, delays=quick, clock=SkewedClock(skew)) as stream:
            with pytest.raises(LoginRefused, match="key"):
                stream.on(topics.position(), print)
            assert stream.stats()["connections"]["private"]["dials"] == 2


@pytest.mark.parametrize("skew", [-301_000, 301_000])
def test_a_venue_that_refuses_logins_of_a_clock_that_is_off_is_dialled_until_it_takes_one(skew: int):
    """Refused for whatever reason while the time was wrong: not final, for the time may have been it."""
    with paper() as ex:
        ex.paper.faults.refuse_login(count=1)
        with Stream(ex.rest.network, own(ex), delays=quick, clock=SkewedClock(skew)) as stream:
            stream.on(topics.position(), print)
            assert stream.status == "ready"


@pytest.mark.parametrize("skew", [0, *FAR])
@pytest.mark.parametrize("market", ["frozen", "calm"])
def test_messages_of_a_wallet_bear_the_venues_time(skew: int, market: str):
    """Registration, a key, a settlement: each with a clock of its own that knows nothing yet."""
    venue, network, _ = start_paper(seed=7, market=market, venue_rate_limits=False)
    try:
        wallet = Wallet.generate()
        credentials = onboard(network, wallet, "orderly", "read,trading,asset", clock=SkewedClock(skew))
        with Rest(network, clock=SkewedClock(skew)) as rest:
            another = add_key(rest, wallet, "orderly", account=credentials.account_id)
        for each in (credentials, another):
            with Rest(network, each, clock=SkewedClock(skew)) as rest:
                assert rest.account.info().account_id == credentials.account_id
        with Rest(network, credentials, clock=SkewedClock(skew)) as rest:
            settle_pnl(rest, wallet)
    finally:
        venue.stop()


@pytest.mark.parametrize("skew", [0, *FAR])
def test_prices_of_a_builder_are_pushed(skew: int):
    """A login that was refused for its time costs one price at most."""
    venue, network, credentials = start_paper(seed=7, market="frozen", venue_rate_limits=False)
    try:
        with Rest(network, credentials) as rest:
            rest.listing.set_oracle_feed(base_ccy="GOLD", visibility="private", status="active")
            with OracleFeed(network, credentials, clock=SkewedClock(skew)) as feed:
                pushed(feed)
                feed.check(0.2)
            eventually(lambda: rest.listing.builder_sources(base_ccy="GOLD")[0]["price"] == 3)
    finally:
        venue.stop()


def pushed(feed: OracleFeed) -> None:
    """Push until one price has gone through; what the feed says of those before is that they did not."""
    lost = 0
    for _ in range(2):
        try:
            feed.publish("GOLD", 3)
            feed.check(0.3)
        except Disconnected as exc:
            assert "clock" in str(exc)  # noqa: PT017 - the second try must pass
            lost += 1
        else:
            return
    pytest.fail(f"{lost} prices were lost")


@pytest.mark.parametrize("skew", [-3_600_000, -301_000, -1_500, 0, 1_500, 301_000, 3_600_000])
@pytest.mark.parametrize("market", ["frozen", "calm"])
def test_a_venue_whose_clock_is_off_can_be_had(skew: int, market: str):
    """``connect("paper", clock=SkewedClock(...))``: to see what a bot does on a machine whose clock is off."""
    with connect("paper", seed=7, market=market, clock=SkewedClock(skew)) as ex:
        goes_on(ex)
        offset = ex.stats()["clock_offset"]
        assert offset is None or abs(offset - skew) <= ex.stats()["clock_error"] + 50
        assert offset is not None or (market == "frozen" and abs(skew) < 300_000)


@pytest.mark.parametrize("options", [{"speed": 60}, {"market": "frozen"}, {"market": "calm"}])
def test_a_venue_whose_time_leaves_the_wall_clock_calls_no_clock_wrong(
    options: dict[str, object], caplog: pytest.LogCaptureFixture
):
    """Sixty times as fast, standing still, or told to leap: signatures are held against the wall clock all the same."""
    with connect("paper", seed=7, rate_limits=False, **options) as ex, ex.stream(ClockSkew) as told:
        for ms in (100, 1_500, 2_500, 4_000, 60_000, 3_600_000):
            ex.paper.advance(ms)
            ex.rest.orders.list()
            ex.rest.system.info()
        assert ex.stats()["rest"].resigned == 0
        assert len(told) == 0
    assert [one for one in caplog.records if one.name == "orderly_sync.clock"] == []


@pytest.mark.parametrize("seconds", ["301", "-3600.5"])
def test_a_venue_served_apart_may_have_a_clock_of_its_own(seconds: str):
    """``orderly-sync venue --clock-skew``; the client tells by how much its own clock is off."""
    command = [sys.executable, "-m", "orderly_sync", "venue", "--market", "frozen", "--clock-skew", seconds]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None
        try:
            with connect(served.stdout.readline()) as ex:
                goes_on(ex)
                assert abs(ex.stats()["clock_offset"] / 1000 - float(seconds)) <= 1.0
        finally:
            served.terminate()


@pytest.mark.parametrize("status", [401, 403])
def test_a_handshake_refused_for_the_time_in_its_url_is_made_anew(status: int):
    """The header of the refusal tells the time; a second refusal is the key's."""
    ahead = formatdate(time.time() + 3_600, usegmt=True)
    with HttpHost(raw(plain(b"", status, f"Date: {ahead}\r\n"))) as host:
        there = attrs.evolve(host.network, ws_oracle=host.url.replace("http", "ws"))
        credentials = Credentials(account_id="0x" + "ab" * 32, secret=Secret.generate())
        with OracleFeed(there, credentials) as feed:
            with pytest.raises(Disconnected, match="clock"):
                feed.publish("GOLD", 3)
            with pytest.raises(LoginRefused):
                feed.publish("GOLD", 3)
    stamps = [int(parse_qs(urlsplit(one.target).query)["timestamp"][0]) for one in host.seen]
    assert len(stamps) == 2
    assert abs(stamps[1] - stamps[0] - 3_600_000) <= 2_000


def test_when_a_lost_order_is_certain_to_be_nowhere_counts_from_its_signature():
    """Not from before it waited for its turn, or was refused for its time."""
    with census(), skewed(0) as (ex, _machine):
        ex.paper.faults.lose_answer("/v1/order", method="POST", executed=False, count=1)
        before = time.monotonic()
        with pytest.raises(OrderOutcomeUnknown) as caught:
            ex.place(Limit.buy(ETH, quantity="0.1", price=mark(ex) - 50))
        lost = caught.value
        assert lost.signed_at is not None
        assert lost.certain_at is not None
        assert lost.signed_at >= before
        assert lost.certain_at - lost.signed_at == pytest.approx(5 + 300 + 5), (
            "in a frozen market no time is known"
        )


def test_the_timer_of_a_dead_mans_switch_is_kept():
    """Set at the start and off at the end, with a clock that is an hour off."""
    with connect("paper", market="frozen", clock=SkewedClock(3_600_000), cancel_on_silence=30) as ex:
        assert ex.stats()["cancel_on_silence"]["armed"] is True
