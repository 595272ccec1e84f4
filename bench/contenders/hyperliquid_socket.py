"""hyperliquid's WebsocketManager; the payload is Orderly's, the envelope Hyperliquid's."""

NAME = "hyperliquid-python-sdk"
NEEDS = ("hyperliquid-python-sdk",)
DIALECT = "hyperliquid"


def start(feed, sink):
    from hyperliquid.websocket_manager import WebsocketManager

    subscription = {
        "book": {"type": "l2Book", "coin": feed.symbol},
        "bbo": {"type": "bbo", "coin": feed.symbol},
    }.get(feed.kind, {"type": "orderUpdates", "user": feed.account_id})
    manager = WebsocketManager(feed.ws.replace("ws://", "http://"))
    manager.subscribe(subscription, sink.take)
    manager.start()
    return manager
