"""The official connector, unmodified; its callback gets text, so the user's json.loads is part of it."""

NAME = "orderly-evm-connector"
NEEDS = ("orderly-evm-connector",)


def start(feed, sink):
    import json

    feed.point_connector_here()
    from orderly_evm_connector.websocket import websocket_api as api

    def on_message(_manager, message):
        sink.take(json.loads(message))

    if feed.private:
        client = api.WebsocketPrivateAPIClient(
            orderly_testnet=True,
            orderly_account_id=feed.account_id,
            orderly_key=feed.key,
            orderly_secret=feed.secret,
            wss_id="bench",
            on_message=on_message,
        )
        subscribe = {"algo": client.get_algo_execution_report, "execution": client.get_execution_report}[
            feed.base
        ]
        subscribe()
    else:
        client = api.WebsocketPublicAPIClient(orderly_testnet=True, wss_id="bench", on_message=on_message)
        {"book": client.get_orderbook, "bbo": client.get_bbo}[feed.kind](feed.topic)
    return client
