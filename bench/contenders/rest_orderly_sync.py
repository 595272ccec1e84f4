"""This project: typed, exact, signed over the bytes that are sent; its rate limits off, as the others have none."""

from contenders.orderly_sync_stream import credentials, network

NAME = "orderly_sync"
NEEDS = ("orderly_sync",)


def calls(feed):
    from orderly_sync import Rest

    rest = Rest(network(feed), credentials(feed), rate_limits=False)
    return {
        "order": lambda: rest.orders.create(
            symbol=feed.symbol,
            order_type="LIMIT",
            side="BUY",
            order_price="3000",
            order_quantity="0.1",
            client_order_id="bench-0001",
        ),
        "positions": lambda: rest.positions.list().rows,
    }
