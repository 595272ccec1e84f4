"""ccxt's woofipro, unmodified but for its base URLs: loads markets, trades over REST, watches over ccxt.pro."""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from decimal import Decimal

import ccxt
import ccxt.pro
from common import WAIT, Checks, Venue, on_grid

MARKET_ID = "PERP_ETH_USDC"


def options(venue: Venue) -> dict:
    """What an exchange object is made with."""
    account = venue.account
    return {
        "apiKey": account["orderly_key"],
        "secret": account["orderly_secret"],
        "accountId": account["account_id"],
    }


def point_at(exchange: ccxt.Exchange, venue: Venue) -> None:
    """Replace its base URLs, the only thing that is changed."""
    line = venue.line
    streams = {"public": line["ws_public"], "private": line["ws_private"]}
    exchange.urls["api"] = {"public": line["rest"], "private": line["rest"], "ws": streams}


def reads(exchange: ccxt.woofipro, checks: Checks) -> dict:
    """Markets, account and prices; the market to trade."""
    exchange.load_markets()
    market = exchange.markets_by_id[MARKET_ID][0]
    symbol = market["symbol"]
    checks.holds("the market is a swap", market["swap"] and symbol == "ETH/USDC:USDC", market)
    checks.holds(
        "its steps are read",
        market["precision"]["price"] and market["precision"]["amount"],
        market["precision"],
    )
    checks.holds("USDC is a currency", "USDC" in exchange.currencies, list(exchange.currencies))
    checks.holds("the venue has a time", exchange.fetch_time() > 0)
    balance = exchange.fetch_balance()
    checks.holds("the account holds USDC", balance["USDC"]["total"] > 0, balance)
    checks.holds("there is no position yet", exchange.fetch_positions() == [])
    book = exchange.fetch_order_book(symbol)
    checks.holds("the book has two sides", book["bids"][0][0] < book["asks"][0][0], book)
    candles = exchange.fetch_ohlcv(symbol, "1m", limit=5)
    checks.holds("there are candles", candles and len(candles[0]) == 6, candles)
    rate = exchange.fetch_funding_rate(symbol)
    checks.holds("there is a funding rate", rate["symbol"] == symbol and rate["fundingTimestamp"], rate)
    checks.holds("there is a fee", exchange.fetch_trading_fees()[symbol]["taker"] is not None)
    return market


def trades(exchange: ccxt.woofipro, market: dict, checks: Checks) -> None:
    """Places, edits, cancels and fills ordinary orders."""
    holds, symbol = checks.holds, market["symbol"]
    bid = Decimal(str(exchange.fetch_order_book(symbol)["bids"][0][0]))
    low, lower = (
        float(on_grid(bid * Decimal(share), market["precision"]["price"])) for share in ("0.9", "0.89")
    )
    amount = float(on_grid(100 / bid, market["precision"]["amount"]))

    placed = exchange.create_order(symbol, "limit", "buy", amount, low, {"clientOrderId": "ccxt-1"})
    opened = exchange.fetch_order(placed["id"], symbol)
    holds("the order is open", opened["status"] == "open" and opened["price"] == low, opened)
    holds("it keeps its client order id", opened["clientOrderId"] == "ccxt-1", opened)
    listed = exchange.fetch_open_orders(symbol)
    holds("it is listed", [order["id"] for order in listed] == [placed["id"]], listed)
    exchange.edit_order(placed["id"], symbol, "limit", "buy", amount, lower)
    edited = exchange.fetch_order(placed["id"], symbol)
    holds("the edited price holds", edited["price"] == lower, edited)
    exchange.cancel_order(placed["id"], symbol)
    canceled = exchange.fetch_order(placed["id"], symbol)
    holds("it is cancelled", canceled["status"] == "canceled", canceled)

    bought = exchange.create_order(symbol, "market", "buy", amount)
    filled = exchange.fetch_order(bought["id"], symbol)
    holds("a market order is filled", filled["status"] == "closed" and filled["filled"] == amount, filled)
    mine = exchange.fetch_my_trades(symbol)
    holds(
        "its trade is listed with a fee",
        mine[-1]["order"] == bought["id"] and mine[-1]["fee"]["cost"] > 0,
        mine,
    )
    position = exchange.fetch_position(symbol)
    holds("the position is there", position["contracts"] == amount and position["side"] == "long", position)
    try:
        exchange.create_order(symbol, "limit", "buy", market["limits"]["amount"]["max"], low)
    except ccxt.InsufficientFunds as error:
        holds("more than the account can carry is refused", "-1101" in str(error), error)
    else:
        holds("more than the account can carry is refused", condition=False)


def trades_algo(exchange: ccxt.woofipro, market: dict, checks: Checks) -> None:
    """Places and cancels an algo order, then leaves the account flat."""
    symbol, holds = market["symbol"], checks.holds
    position = exchange.fetch_position(symbol)
    trigger = float(
        on_grid(Decimal(str(position["markPrice"])) * Decimal("0.97"), market["precision"]["price"])
    )
    amount = position["contracts"]
    stop = exchange.create_order(
        symbol, "market", "sell", amount, None, {"triggerPrice": trigger, "reduceOnly": True}
    )
    # It looks for the camelCase names of another venue in algo orders; what arrived stands in "info".
    waiting = exchange.fetch_order(stop["id"], symbol, {"trigger": True})["info"]
    holds("a stop waits for its trigger", float(waiting["trigger_price"]) == trigger, waiting)
    exchange.cancel_order(stop["id"], symbol, {"trigger": True})
    left = exchange.fetch_open_orders(symbol, params={"trigger": True})
    holds("it is cancelled", left == [], left)
    exchange.create_order(symbol, "market", "sell", amount, None, {"reduceOnly": True})
    flat = exchange.fetch_position(symbol)  # listed until its profit or loss is settled
    holds("the position is closed", flat["contracts"] == 0, flat)


async def watches(venue: Venue, checks: Checks) -> None:
    """The public book, and the reports of an order that is placed meanwhile."""
    exchange = ccxt.pro.woofipro(options(venue))
    point_at(exchange, venue)
    try:
        await exchange.load_markets()
        market = exchange.markets_by_id[MARKET_ID][0]
        symbol = market["symbol"]
        book = await asyncio.wait_for(exchange.watch_order_book(symbol), WAIT)
        checks.holds("the book is pushed", book["bids"][0][0] < book["asks"][0][0], book)
        reports = asyncio.create_task(_statuses(exchange, symbol))
        await asyncio.sleep(1)  # it tells nobody when it is subscribed
        price = float(
            on_grid(Decimal(str(book["bids"][0][0])) * Decimal("0.9"), market["precision"]["price"])
        )
        amount = float(on_grid(100 / Decimal(str(price)), market["precision"]["amount"]))
        placed = await exchange.create_order(symbol, "limit", "buy", amount, price)
        await asyncio.sleep(0.5)
        await exchange.cancel_order(placed["id"], symbol)
        seen = await asyncio.wait_for(reports, WAIT)
        checks.holds(
            "its reports arrive in order", seen == [(placed["id"], "open"), (placed["id"], "canceled")], seen
        )
    finally:
        await exchange.close()


async def _statuses(exchange: ccxt.pro.woofipro, symbol: str) -> list[tuple[str, str]]:
    """The reports until the first cancellation."""
    seen: list[tuple[str, str]] = []
    while True:
        for order in await exchange.watch_orders(symbol):
            seen.append((order["id"], order["status"]))
            if order["status"] == "canceled":
                return seen


def main() -> None:
    """All of it, in order; the status is 0 only if all held."""
    status = 1
    try:
        venue, checks = Venue(), Checks()
        exchange = ccxt.woofipro(options(venue))
        point_at(exchange, venue)
        market = reads(exchange, checks)
        trades(exchange, market, checks)
        trades_algo(exchange, market, checks)
        asyncio.run(watches(venue, checks))
        print(f"  {checks.count} facts held")
        status = 0
    except AssertionError:
        pass  # said already
    except Exception:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
