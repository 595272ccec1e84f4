"""The official connector, unmodified."""

NAME = "orderly-evm-connector"
NEEDS = ("orderly-evm-connector",)


def calls(feed):
    feed.point_connector_here()
    from orderly_evm_connector.rest import Rest

    rest = Rest(
        orderly_key=feed.key,
        orderly_secret=feed.secret,
        orderly_testnet=True,
        orderly_account_id=feed.account_id,
    )
    return {
        "order": lambda: rest.create_order(
            feed.symbol, "LIMIT", "BUY", client_order_id="bench-0001", order_price=3000, order_quantity=0.1
        )["data"],
        "positions": lambda: rest.get_all_positions_info()["data"]["rows"],
    }
