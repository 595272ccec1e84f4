"""pybit's socket class with its own dispatcher; the payload is Orderly's, the envelope Bybit's."""

NAME = "pybit"
NEEDS = ("pybit",)
DIALECT = "bybit"


def start(feed, sink):
    from pybit._websocket_stream import _V5WebSocketManager

    socket = _V5WebSocketManager("bench", testnet=False)
    socket._connect(f"{feed.ws}/v5/public/linear")
    topic = "orderbook.100.{symbol}" if feed.kind == "book" else feed.topic
    socket.subscribe(topic, sink.take, feed.symbol)
    return socket
