"""The idiom of most bots: WebSocketApp in a thread, json in on_message, everything by default."""

import threading

NAME = "WebSocketApp + json"
NEEDS = ("websocket-client",)


def start(feed, sink):
    import json

    from websocket import WebSocketApp

    def on_open(ws):
        ws.send(feed.subscription)

    def on_message(_ws, message):
        sink.take(json.loads(message))

    app = WebSocketApp(feed.bare_url, on_open=on_open, on_message=on_message)
    threading.Thread(target=app.run_forever, daemon=True).start()
