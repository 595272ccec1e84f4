"""This project, a hook that reads every level of every book."""

from contenders import orderly_sync_stream

NAME = "orderly_sync, every level read"
NEEDS = ("orderly_sync",)


def start(feed, sink):
    def hook(book):
        assert len(book.bids) == len(book.asks)
        sink.take(book)

    return orderly_sync_stream.start(feed, sink, hook)
