"""This project: typed, exact, in a hook on its own thread."""

NAME = "orderly_sync"
NEEDS = ("orderly_sync",)


def network(feed):
    from orderly_sync import Network

    return Network(
        name="bench",
        rest=feed.http,
        ws_public=f"{feed.ws}/ws/stream",
        ws_private=f"{feed.ws}/v2/ws/private/stream",
    )


def credentials(feed):
    from orderly_sync import Credentials

    return Credentials(account_id=feed.account_id, secret=feed.secret)


def topic(feed):
    from orderly_sync import topics

    if feed.base == "algo":
        return topics.algo_execution_report(version=1)
    if feed.base == "execution":
        return topics.execution_report()
    return {"book": topics.orderbook, "bbo": topics.bbo}[feed.base](feed.symbol)


def start(feed, sink, hook=None):
    from orderly_sync import Stream

    stream = Stream(network(feed), credentials(feed))
    stream.on(topic(feed), hook or sink.take)
    stream.start()
    return stream
