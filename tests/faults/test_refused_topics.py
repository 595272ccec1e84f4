"""A venue that refuses a topic which was heard before: the client knows that it is deaf, says so, and asks again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from orderly_sync import (
    Connected,
    Market,
    Orderly,
    Rest,
    Resynced,
    StaleBook,
    Stream,
    SubscriptionRefused,
    Timeouts,
    connect,
    topics,
)
from orderly_sync.live.session import Session
from tests.support.paper import ETH, WAIT, account_of, eventually, paper
from tests.support.streams import make, mark, quick
from tests.support.wire_server import Peer, WireServer, acknowledge

OWN = ["executionreport", "algoexecutionreportv2", "position", "balance", "account"]
REFUSAL = {"success": False, "errorMsg": "the topic is not available"}


class Refusing:
    """Acknowledges all, but refuses a topic so many times once it is told to."""

    def __init__(self, topic: str, times: int = 0) -> None:
        self.topic = topic
        self.times = times

    def __call__(self, peer: Peer, message: dict[str, Any]) -> Any:
        if message.get("topic") == self.topic and message["event"] == "subscribe" and self.times > 0:
            self.times -= 1
            return {"id": message["id"], "event": "subscribe", **REFUSAL}
        return acknowledge(peer, message)


@pytest.mark.parametrize("topic", OWN)
def test_what_the_state_needs_is_not_given_up_and_nothing_is_ready_without_it(topic: str):
    """Filled while deaf: the fill is told once the venue takes the subscription, and not before is it resynced."""
    with paper() as ex:
        refused, resyncs, fills = ex.stream(SubscriptionRefused), ex.stream(Resynced), []
        ex.on(topics.execution_report(), lambda one: one.is_fill and fills.append(one.trade_id))
        before = len(ex.paper.ledger(account_of(ex)))
        ex.paper.faults(refuse_topics=[topic])
        ex.paper.drop_connections()
        told = [refused.get(timeout=WAIT) for _ in range(3)]
        assert {one.topic for one in told} == {topic}
        assert all(one.retry_in is not None for one in told)
        assert ex.status == "down"
        ex.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="0.1")
        with pytest.raises(TimeoutError):
            resyncs.get(timeout=0.05)
        ex.paper.faults(clear=True)
        resyncs.get(timeout=WAIT)
        eventually(lambda: ex.status == "ready")
        eventually(lambda: fills)
        trades = [
            one["data"]["tradeId"]
            for one in ex.paper.ledger(account_of(ex), before)
            if one["topic"] == "executionreport" and one["data"]["tradeId"]
        ]
        assert Counter(fills) == Counter(trades)


@pytest.mark.parametrize("times", [1, 3])
def test_a_user_topic_refused_on_a_new_dial_is_heard_again(times: int):
    """The consumer that stood all the while gets the next push; the status says what is the matter until then."""
    name = topics.mark_price("ETH").name
    answer = Refusing(name)
    with WireServer(answer) as server, make(server) as stream:
        ups, refusals = stream.stream(Connected), stream.stream(SubscriptionRefused)
        prices = stream.stream(topics.mark_price("ETH"))
        answer.times = times
        server.peer().cut()
        assert [refusals.get(timeout=WAIT).topic for _ in range(times)] == [name] * times
        told = [ups.get(timeout=WAIT).resumed for _ in range(3)]
        assert told == [False, True, True]  # once more when what was deaf hears again
        stream.wait_ready(WAIT)
        server.peer(1).send(mark(7))
        assert prices.get(timeout=WAIT).price == 7
        asked = [one for one in server.peer(1).received if one.get("topic") == name]
        assert len(asked) == times + 1


def test_one_refused_topic_keeps_no_other_from_being_heard():
    """The rest of the connection works; whoever asks for the refused one in vain is told at once why."""
    trades = topics.trade("ETH")
    answer = Refusing(trades.name)
    with WireServer(answer) as server, make(server) as stream:
        prices = stream.stream(topics.mark_price("ETH"))
        stream.on(trades, print)
        refusals = stream.stream(SubscriptionRefused)
        answer.times = 1_000_000
        server.peer().cut()
        refusals.get(timeout=WAIT)
        server.wait_subscribed(topics.mark_price("ETH").name, 1).send(mark(5))
        assert prices.get(timeout=WAIT).price == 5
        assert stream.status == "down"
        with pytest.raises(SubscriptionRefused, match="is not available"):
            stream.on(trades, repr)
        with pytest.raises(TimeoutError, match="refused the topic 'PERP_ETH_USDC@trade'"):
            stream.wait_ready(0.05)
        stream.on(topics.bbo("ETH"), print, timeout=WAIT)
        answer.times = 0
        stream.wait_ready(WAIT)
        assert [hook["name"] for hook in stream.stats()["hooks"]].count("builtins.print") == 2


def test_a_topic_refused_when_it_is_first_asked_for_is_not_asked_for_again():
    """The venue may not know it at all: the caller is told, and nothing is left."""
    answer = Refusing("balance", 1_000_000)
    with WireServer(answer) as server, make(server) as stream:
        stream.stream(topics.position())
        with pytest.raises(SubscriptionRefused) as caught:
            stream.stream(topics.balance())
        assert caught.value.retry_in is None
        stream.wait_ready(WAIT)
        assert "balance" not in stream.hub.routes
        assert [one.get("topic") for one in server.peer().received].count("balance") == 1


def test_connect_names_what_was_refused():
    """A client that would be deaf from the beginning does not come about."""
    with paper() as owner:
        credentials = owner.rest.credentials
        owner.paper.faults(refuse_topics=["executionreport"])
        with pytest.raises(SubscriptionRefused, match="executionreport"):
            connect(
                owner.rest.network, credentials=credentials, rate_limits=False, timeouts=Timeouts(ready=0.4)
            )
        owner.paper.faults(clear=True)
        assert owner.status == "ready"


def test_a_refusal_at_the_start_that_passes_is_outlasted():
    """Within the time that a connect may take."""
    with paper() as owner:
        owner.paper.faults(refuse_topics=["position"])
        network, credentials = owner.rest.network, owner.rest.credentials
        stream = Stream(network, credentials, delays=quick)
        session = Session(Rest(network, credentials, rate_limits=False), stream.hub)
        stream.on(SubscriptionRefused, lambda _: owner.paper.faults(clear=True))
        with Orderly(session.rest, stream, session) as ex:
            session.start()
            assert ex.status == "ready"
            assert ex.place(Market.buy(ETH, quantity="0.1")).wait("filled", WAIT).is_fill
            eventually(lambda: ETH in ex.positions)


def test_a_book_whose_topic_is_refused_is_not_shown():
    """Until it is acknowledged, although its snapshot could be asked for all the while."""
    with paper() as ex:
        assert ex.book(ETH).bids
        stale = ex.stream(StaleBook)
        ex.paper.faults(refuse_topics=[topics.orderbook_update(ETH).name])
        ex.paper.drop_connections()
        refused = ex.stream(SubscriptionRefused)
        assert refused.get(timeout=WAIT).topic == topics.orderbook_update(ETH).name
        assert stale.get(timeout=WAIT).symbol == ETH
        refused.get(timeout=WAIT)
        with pytest.raises(StaleBook):
            ex.book(ETH)
        ex.paper.faults(clear=True)
        eventually(lambda: ex.status == "ready")
        eventually(lambda: ex.stats()["books"][ETH]["status"] == "live")
        assert ex.book(ETH).bids
