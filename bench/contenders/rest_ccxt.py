"""ccxt's woofipro, its own throttle off."""

NAME = "ccxt (woofipro)"
NEEDS = ("ccxt",)


def calls(feed):
    import ccxt

    exchange = ccxt.woofipro(
        {"apiKey": feed.key, "secret": feed.secret, "accountId": feed.account_id, "enableRateLimit": False}
    )
    exchange.urls["api"] = {"public": feed.http, "private": feed.http}
    exchange.load_markets()
    symbol = exchange.markets_by_id[feed.symbol][0]["symbol"]
    params = {"clientOrderId": "bench-0001"}
    return {
        "order": lambda: exchange.create_order(symbol, "limit", "buy", 0.1, 3000, params),
        "positions": exchange.fetch_positions,
    }
