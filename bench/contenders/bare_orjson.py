"""websocket-client and orjson: the reference of the tables."""

from contenders import plain_loop

NAME = "websocket-client + orjson"
NEEDS = ("websocket-client", "orjson")


def start(feed, sink):
    from orjson import loads

    take = sink.take
    plain_loop.run(feed, lambda text: take(loads(text)))
