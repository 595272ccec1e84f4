"""websocket-client alone: the text of a frame, undecoded."""

from contenders import plain_loop

NAME = "websocket-client alone"
NEEDS = ("websocket-client",)


def start(feed, sink):
    plain_loop.run(feed, sink.take)
