"""A builder's own index prices, pushed over a connection of their own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from decimal import Decimal

import pytest

from orderly_sync import (
    MAINNET,
    TESTNET,
    Credentials,
    Disconnected,
    LoginRefused,
    Network,
    OracleFeed,
    OrderlyError,
    PushRefused,
    Rest,
    UsageError,
)
from orderly_sync.venue.server.serve import Venue
from tests.support.tunnel_proxy import TunnelProxy


@pytest.fixture
def venue() -> Iterator[Venue]:
    """A frozen venue of three accounts; the first is its builder's admin."""
    with Venue(seed=7, market="frozen", rate_limits=False, accounts=3) as running:
        yield running


def network(venue: Venue) -> Network:
    urls = {name: venue.urls[name] for name in ("rest", "ws_public", "ws_private", "ws_oracle")}
    return Network(name="paper", **urls)


def credentials(venue: Venue, index: int = 0) -> Credentials:
    own = venue.accounts[index]
    return Credentials(account_id=own.account_id, secret=own.orderly_secret)


@pytest.fixture
def admin(venue: Venue) -> Iterator[Rest]:
    """The builder's admin, with an active feed for GOLD."""
    with Rest(network(venue), credentials(venue)) as rest:
        rest.listing.set_oracle_feed(base_ccy="GOLD", visibility="private", status="active")
        yield rest


@pytest.fixture
def feed(venue: Venue) -> Iterator[OracleFeed]:
    with OracleFeed(network(venue), credentials(venue)) as made:
        yield made


def price(admin: Rest, base: str = "GOLD") -> Decimal | None:
    return admin.listing.builder_sources(base_ccy=base)[0]["price"]


def listen(feed: OracleFeed) -> None:
    """Hear what the venue has to say, however long it takes; raises what it is."""
    for _ in range(10):
        feed.check(1.0)


def push_on(feed: OracleFeed) -> None:
    """Push until the feed says why it cannot."""
    for each in range(2, 100):
        feed.publish("GOLD", each)
        feed.check(0.2)


def said(feed: OracleFeed) -> PushRefused:
    """The refusal that the venue has sent."""
    with pytest.raises(PushRefused) as caught:
        listen(feed)
    return caught.value


def taken(admin: Rest, wanted: Decimal) -> bool:
    """Whether the venue has come to that price within ten seconds."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if price(admin) == wanted:
            return True
    return False


@pytest.mark.parametrize(
    ("given", "kept"),
    [("2650.125", "2650.125"), (2650, "2650"), (0.1, "0.1"), (Decimal("1E-7"), "0.0000001")],
)
def test_a_price_arrives_exact(admin, feed, given, kept):
    """As text, whole, as a float by its shortest text, as a decimal."""
    assert price(admin) is None
    feed.publish("GOLD", given)
    assert taken(admin, Decimal(kept))
    feed.check(0.0)


def test_the_last_price_counts_and_ids_differ(admin, feed):
    """A hundred in a row, read in their order; the venue acknowledges each and nothing is refused."""
    ids = [feed.publish("gold", each) for each in range(1, 101)]
    assert taken(admin, Decimal(100))
    assert len(set(ids)) == 100
    feed.check(0.0)


def test_a_refusal_names_its_price_and_the_next_price_goes_on(admin, feed):
    """An asset without a feed is refused; prices of the registered one are still taken."""
    wrong = feed.publish("TIN", 5)
    refusal = said(feed)

    assert (refusal.push_id, refusal.message) == (wrong, "no active feed is registered for TIN")
    assert "no active feed" in str(refusal)
    feed.publish("GOLD", 6)
    assert taken(admin, Decimal(6))


def test_a_feed_that_rests_takes_no_price(admin, feed):
    """Until it is active again."""
    admin.listing.set_oracle_feed(base_ccy="GOLD", visibility="private", status="inactive")
    feed.publish("GOLD", 5)
    assert "no active feed" in said(feed).message
    admin.listing.set_oracle_feed(base_ccy="GOLD", visibility="private", status="active")
    feed.publish("GOLD", 7)
    assert taken(admin, Decimal(7))


def test_only_the_builders_admin_pushes(venue, admin):
    """Another account of the builder is told so."""
    with OracleFeed(network(venue), credentials(venue, 1)) as other:
        other.publish("GOLD", 5)
        assert "admin" in said(other).message
    assert price(admin) is None


def test_a_key_of_another_account_is_refused(venue, admin):
    """As a login, whenever the venue's word of it comes."""
    mixed = Credentials(account_id=venue.accounts[0].account_id, secret=venue.accounts[1].orderly_secret)
    with OracleFeed(network(venue), mixed) as feed, pytest.raises(LoginRefused, match="auth failed"):
        push_on(feed)
    assert price(admin) is None


def test_a_lost_connection_is_told_and_the_next_price_dials_anew(venue, admin, feed):
    """At most a few prices are lost, each with a word; then they arrive again."""
    feed.publish("GOLD", 1)
    assert taken(admin, Decimal(1))
    assert venue.drop_connections() == 1

    with pytest.raises(Disconnected, match="oracle"):
        push_on(feed)
    feed.publish("GOLD", 500)

    assert taken(admin, Decimal(500))


def test_pings_are_answered_with_the_next_price(venue, admin, feed):
    """The venue's heartbeat needs no thread of its own here."""
    feed.publish("GOLD", 1)
    assert taken(admin, Decimal(1))
    venue.faults(raw_frame='{"event":"ping","ts":1}')
    (socket,) = venue._app._sockets
    ends = time.monotonic() + 10
    while not socket.session.pongs and time.monotonic() < ends:
        feed.check(0.2)
    feed.publish("GOLD", 2)

    assert taken(admin, Decimal(2))
    assert socket.session.pongs == 1


@pytest.mark.parametrize("frame", ["[1]", "{", "3", '{"event":"news"}', '{"success":true}'])
def test_frames_that_mean_nothing_change_nothing(venue, admin, feed, frame):
    """The answer's form is not documented, so what is no refusal is let be."""
    feed.publish("GOLD", 1)
    assert taken(admin, Decimal(1))
    venue.faults(raw_frame=frame)
    feed.check(1.0)
    feed.publish("GOLD", 2)
    assert taken(admin, Decimal(2))


@pytest.mark.parametrize("base", ["", "PERP_GOLD_USDC", "GOLD/USDC", "G" * 33, None, "Gold!"])
def test_an_asset_that_is_none_is_not_sent(feed, base):
    """Nothing is dialled either."""
    with pytest.raises(UsageError, match="AAPL"):
        feed.publish(base, 1)


@pytest.mark.parametrize("wrong", [0, "0.0", -1, "nan", float("inf"), None, True, "1,5"])
def test_a_price_that_is_none_is_not_sent(feed, wrong):
    """Zero is no price, and neither is what is no number."""
    with pytest.raises(UsageError):
        feed.publish("GOLD", wrong)


def test_a_closed_feed_sends_nothing(venue, admin):
    """Closing twice is once."""
    feed = OracleFeed(network(venue), credentials(venue))
    feed.publish("GOLD", 1)
    feed.close()
    feed.close()
    with pytest.raises(UsageError, match="closed"):
        feed.publish("GOLD", 2)
    assert "closed" in repr(feed)


def test_a_venue_served_apart_takes_prices_too(venue, admin):
    """Found by the line that it prints, or by one of its URLs."""
    for each, place in enumerate((venue.line(), venue.urls["rest"], venue.urls["ws_oracle"]), start=1):
        with OracleFeed(Network.from_venue(place), credentials(venue)) as feed:
            feed.publish("GOLD", each)
            assert taken(admin, Decimal(each))


@pytest.mark.parametrize("way", [{"proxy": "socks5://127.0.0.1:1"}, {"proxy": ""}, {"ca_file": "/nowhere"}])
def test_a_way_that_cannot_be_gone_is_refused_at_once(venue, way):
    """Where it is passed, not with the first price."""
    with pytest.raises(UsageError):
        OracleFeed(network(venue), credentials(venue), **way)


def test_a_host_that_is_not_known_is_asked_for(venue):
    """Of the networks only the main one has a published host."""
    assert MAINNET.ws_oracle == "wss://ws-oracle.orderly.org/v1/ws/oracle/push"
    with pytest.raises(UsageError, match="ws_oracle"):
        OracleFeed(TESTNET, credentials(venue))


def test_a_host_that_is_away_is_told_without_the_signature(venue):
    """The URL holds a signature; no error shows it."""
    own = credentials(venue)
    gone = Network(
        name="gone",
        rest="http://127.0.0.1:1",
        ws_public="ws://127.0.0.1:1",
        ws_private="ws://127.0.0.1:1",
        ws_oracle="ws://127.0.0.1:1/push",
    )
    with OracleFeed(gone, own) as feed, pytest.raises(OrderlyError) as caught:
        feed.publish("GOLD", 1)
    assert isinstance(caught.value, Disconnected)
    assert caught.value.__cause__ is None
    assert "sign" not in str(caught.value)


def test_a_price_goes_through_the_proxy_that_is_given(venue, admin, monkeypatch):
    """And through none of the environment's."""
    with TunnelProxy() as mine, TunnelProxy() as theirs:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{theirs.port}")
        for proxy, price_of_it in ((None, "5.25"), (f"http://127.0.0.1:{mine.port}", "6.5")):
            with OracleFeed(network(venue), credentials(venue), proxy=proxy) as feed:
                feed.publish("GOLD", price_of_it)
                assert taken(admin, Decimal(price_of_it))
            assert len(mine.asked) == (proxy is not None)
        assert theirs.asked == []
