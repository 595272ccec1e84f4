"""websocket-client and the json of the standard library."""

from contenders import plain_loop

NAME = "websocket-client + json"
NEEDS = ("websocket-client",)


def start(feed, sink):
    from json import loads

    take = sink.take
    plain_loop.run(feed, lambda text: take(loads(text)))
