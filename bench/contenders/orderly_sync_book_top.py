"""This project, a hook that reads the best bid and ask of every book."""

from contenders import orderly_sync_stream

NAME = "orderly_sync, the top read"
NEEDS = ("orderly_sync",)


def start(feed, sink):
    def hook(book):
        assert book.best_bid.price < book.best_ask.price
        sink.take(book)

    return orderly_sync_stream.start(feed, sink, hook)
