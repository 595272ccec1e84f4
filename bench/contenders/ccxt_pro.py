"""ccxt.pro's woofipro in an event loop of its own thread; it hands out the newest state, several frames at once."""

import asyncio
import threading

NAME = "ccxt.pro (woofipro)"
NEEDS = ("ccxt",)
DIALECT = "ccxt"
NEWEST_ONLY = True


def start(feed, sink):
    import ccxt.pro

    async def main():
        exchange = ccxt.pro.woofipro(
            {"apiKey": feed.key, "secret": feed.secret, "accountId": feed.account_id}
        )
        sockets = {"public": f"{feed.ws}/ws/stream", "private": f"{feed.ws}/v2/ws/private/stream"}
        exchange.urls["api"] = {"public": feed.http, "private": feed.http, "ws": sockets}
        await exchange.load_markets()
        symbol = exchange.markets_by_id[feed.symbol][0]["symbol"]
        watch = {"algo": _orders, "execution": _orders, "book": _book, "bbo": _bbo}[feed.base]
        while True:
            await watch(exchange, symbol, feed.base == "algo", sink)

    threading.Thread(target=asyncio.run, args=(main(),), daemon=True).start()


async def _orders(exchange, symbol, trigger, sink):
    # An algo report gives its orders no id, so they fall together in its cache; the report's own time tells them apart.
    for order in await exchange.watch_orders(symbol, params={"trigger": trigger}):
        sink.upto(order["info"]["timestamp"], order)


async def _book(exchange, symbol, _trigger, sink):
    book = await exchange.watch_order_book(symbol)
    sink.upto(book["timestamp"], book)


async def _bbo(exchange, symbol, _trigger, sink):
    tickers = await exchange.watch_bids_asks([symbol])
    sink.upto(tickers[symbol]["timestamp"], tickers)
