"""What each command prints, field by field; see ``columns``. Prices are in USDC, quantities in base units."""

from __future__ import annotations

from typing import Any

import attrs

from orderly_sync.cli.columns import Layout, column, hidden
from orderly_sync.cli.local_layouts import LOCAL
from orderly_sync.models.algo import AlgoOrder
from orderly_sync.models.order import Order
from orderly_sync.models.position import Position

__all__ = ["LAYOUTS", "layout_of"]

_SYMBOL = column("symbol", "text", "the market, PERP_ETH_USDC", needed=True)
_SIDE = column("side", "text", "BUY or SELL")
_MODE = hidden("margin_mode", "text", "CROSS or ISOLATED; null is not said")
_OWN_ID = hidden("client_order_id", "text", "the caller's own id")
_TAG = hidden("order_tag", "text", "the order's tag")
_REDUCE = hidden("reduce_only", "flag", "whether it may only shrink a position")


def _side(row: Any) -> object:
    return row.side if isinstance(row, Position) else None


def _quantity(row: Any) -> object:
    return row.quantity if isinstance(row, Position) else None


def _filled(row: Any) -> object:
    return row.filled if isinstance(row, Order) else row.total_executed_quantity


def _status(row: Any) -> object:
    return row.algo_status if isinstance(row, AlgoOrder) else row.status


_ORDER = (
    column("order_id", "integer", "the venue's id", "id"),
    _SYMBOL,
    _SIDE,
    column("type", "text", "LIMIT, MARKET, IOC, FOK, POST_ONLY ..."),
    column("status", "text", "NEW, PARTIAL_FILLED, FILLED, CANCELLED or REJECTED"),
    column("quantity", "number", "ordered, base units; null where an amount was ordered"),
    hidden("amount", "number", "ordered, USDC; null where a quantity was ordered"),
    column("price", "number", "the limit, USDC; null on market orders"),
    column("filled", "number", "filled so far, base units", of=_filled),
    column("average_executed_price", "number", "mean price of the fills, USDC", "average"),
    hidden("total_fee", "number", "fees so far, in fee_asset; below 0 is a rebate"),
    hidden("fee_asset", "text", "the token of the fees"),
    _REDUCE,
    _OWN_ID,
    _TAG,
    _MODE,
    column("created_time", "time", "when the venue took it", "created"),
    hidden("updated_time", "time", "when it last changed"),
)

_ALGO = (
    column("algo_order_id", "integer", "id of this node", "id", needed=True),
    column("root_algo_order_id", "integer", "id of its tree's root", "root"),
    hidden("parent_algo_order_id", "integer", "id of the node above; 0 on the root"),
    column("symbol", "text", "the market; null on children, whose root says it"),
    column(
        "algo_type", "text", "STOP, TP_SL, BRACKET, TRAILING_STOP ...; of children TAKE_PROFIT ...", "type"
    ),
    _SIDE,
    column("algo_status", "text", "where this node stands", "status", of=_status),
    column("quantity", "number", "base units; 0 or null follows the position"),
    column("trigger_price", "number", "the mark price that sets it off, USDC", "trigger"),
    column("price", "number", "the limit after that, USDC; null or 0 trades at market"),
    column("callback_rate", "number", "trailing: the distance, a fraction", "callback rate"),
    column("callback_value", "number", "trailing: the distance, USDC", "callback"),
    hidden("activated_price", "number", "trailing: the mark price from which on it trails"),
    hidden("extreme_price", "number", "trailing: the best mark price so far"),
    column("is_triggered", "flag", "whether it has been set off", "triggered"),
    column("filled", "number", "filled so far, base units", of=_filled),
    hidden("average_executed_price", "number", "mean price of the fills, USDC"),
    _REDUCE,
    _OWN_ID,
    _TAG,
    _MODE,
    column("created_time", "time", "when it was created", "created"),
    hidden("updated_time", "time", "when it last changed"),
)

_FUTURES = (
    _SYMBOL,
    column("mark_price", "number", "what positions are valued at, USDC", "mark"),
    column("index_price", "number", "weighted mean of the sources, USDC", "index"),
    column("close_24h", "number", "the last price, USDC", "last"),
    column("open_24h", "number", "the price 24 hours ago, USDC", "24h open"),
    column("high_24h", "number", "highest of 24 hours, USDC", "24h high"),
    column("low_24h", "number", "lowest of 24 hours, USDC", "24h low"),
    column("volume_24h", "number", "traded in 24 hours, base units", "24h volume"),
    hidden("amount_24h", "number", "traded in 24 hours, USDC"),
    column("open_interest", "number", "held on one side, base units", "open interest"),
    column("est_funding_rate", "number", "the next funding as things stand, a fraction", "next funding"),
    hidden("last_funding_rate", "number", "what was charged last, a fraction"),
    hidden("next_funding_time", "time", "when funding is next charged"),
)

_RULES = (
    _SYMBOL,
    column("status", "text", "whether it trades"),
    column("quote_tick", "number", "step of prices, USDC", "price step"),
    column("quote_min", "number", "lowest price, USDC", "lowest price"),
    column("quote_max", "number", "highest price, USDC", "highest price"),
    column("base_tick", "number", "step of quantities", "quantity step"),
    column("base_min", "number", "smallest quantity", "smallest"),
    column("base_max", "number", "largest quantity", "largest"),
    column("min_notional", "number", "least price times quantity, USDC", "least notional"),
    column(
        "price_range", "number", "how far a price may go through the mark price, a fraction", "price range"
    ),
    column("price_scope", "number", "how far it may stay behind it, a fraction", "price scope"),
    column("base_imr", "number", "initial margin ratio of a small position", "initial margin"),
    column("base_mmr", "number", "maintenance margin ratio of a small position", "maintenance margin"),
    column("funding_period", "integer", "hours between two fundings", "funding hours"),
)

_PLACE = Layout(
    "place",
    "What was placed, or with --dry-run what would have been sent.",
    (
        column("sent", "flag", "whether it was sent; false of --dry-run", needed=True),
        column("request", "text", "the request, POST /v1/order or the like", needed=True),
        hidden("body", "text", "its JSON body", needed=True),
        column("order_id", "integer", "the venue's id; null where nothing was sent", "id"),
        column("client_order_id", "text", "its own id, by which it can be asked for", "own id", needed=True),
        column("status", "text", "where it stood when the command ended"),
        column("filled", "number", "filled until then, base units"),
        column("average_price", "number", "mean price of the fills, USDC", "average"),
        column("fee", "number", "fees so far, USDC"),
    ),
    "object",
)
_ALGO_KINDS = ("stop", "trailing-stop", "tp-sl", "positional-tp-sl", "bracket")

_PRIVATE: tuple[Layout, ...] = (
    Layout(
        "balance",
        "What the account holds of each token, in the token's units.",
        (
            column("token", "text", "the token, such as USDC", needed=True),
            column("holding", "number", "all of it; below 0 is owed"),
            column("frozen", "number", "what withdrawals hold back"),
            column("pending_short", "number", "reserve for pending shorts", "pending short"),
            column("isolated_margin", "number", "what is in isolated positions", "isolated margin"),
            column("updated_time", "time", "when it last changed", "updated"),
        ),
    ),
    Layout(
        "positions",
        "The open positions.",
        (
            _SYMBOL,
            column("side", "text", "BUY is long, SELL is short", of=_side),
            column("quantity", "number", "base units; below 0 is short", of=_quantity),
            column("average_open_price", "number", "mean price of opening, USDC", "entry"),
            column("mark_price", "number", "mark price, USDC", "mark"),
            column(
                "est_liq_price",
                "number",
                "mark price at which liquidation begins; null or 0 is nowhere",
                "liquidation",
            ),
            column("unsettled_pnl", "number", "PnL not yet in the balance, USDC", "unsettled PnL"),
            hidden("unrealized_pnl", "number", "quantity times the way from entry to mark, USDC"),
            column("leverage", "integer", "of the symbol"),
            column("margin_mode", "text", "CROSS or ISOLATED; null is not said", "margin"),
            hidden("margin", "number", "USDC set aside for an isolated position"),
            hidden("updated_time", "time", "when it last changed"),
        ),
    ),
    Layout("orders", "Ordinary orders, newest first.", _ORDER),
    Layout("algo list", "Algo orders, newest first, each root followed by the nodes below it.", _ALGO),
    Layout("algo show", "One algo order: its root followed by the nodes below it.", _ALGO),
    _PLACE,
    *(attrs.evolve(_PLACE, command=f"algo {kind}") for kind in _ALGO_KINDS),
    Layout(
        "cancel",
        "What was cancelled. The venue answers that it has passed the cancel on; the order's end comes later.",
        (
            column("order_id", "integer", "the order; null where all were cancelled", "id"),
            column("symbol", "text", "the market; null is all markets"),
            column("kind", "text", "order or algo", needed=True),
            column("status", "text", "CANCEL_SENT or CANCEL_ALL_SENT"),
        ),
    ),
)

_CANDLES = (
    column("start_timestamp", "time", "when it began", "began", needed=True),
    column("symbol", "text", "the market"),
    *(column(name, "number", f"{name} price, USDC") for name in ("open", "high", "low", "close")),
    column("volume", "number", "traded, base units"),
    hidden("amount", "number", "traded, USDC; null where the venue does not say"),
)

_FILLS = (
    column("executed_timestamp", "time", "when it was matched", "time"),
    column("id", "integer", "the trade id", needed=True),
    column("order_id", "integer", "the order it belongs to", "order", needed=True),
    column("symbol", "text", "the market"),
    _SIDE,
    column("executed_price", "number", "USDC", "price"),
    column("executed_quantity", "number", "base units", "quantity"),
    column("fee", "number", "in fee_asset; below 0 is a rebate"),
    hidden("fee_asset", "text", "the token of the fee"),
    column("realized_pnl", "number", "what it realised, USDC, before its fee", "realised PnL"),
    column("is_maker", "flag", "whether it rested in the book", "maker"),
    hidden("match_id", "text", "the venue's id of the match"),
    _MODE,
    _TAG,
)

_FUNDING = (
    column("created_time", "time", "when it was charged", "time"),
    _SYMBOL,
    column("funding_rate", "number", "a fraction of the notional", "rate"),
    column("mark_price", "number", "USDC", "mark"),
    column("funding_fee", "number", "USDC; above 0 was paid", "fee"),
    column("payment_type", "text", "Pay or Receive", "type"),
    column("status", "text", "Accrued or Settled"),
    _MODE,
)

_TOKEN = (
    column("token", "text", "the token, such as USDC"),
    column("amount", "number", "in units of the token, above 0"),
)

_PAST: tuple[Layout, ...] = (
    Layout("history fills", "Fills of the account, oldest first.", _FILLS, "lines"),
    Layout("history orders", "Orders that were created in the span, oldest first.", _ORDER, "lines"),
    Layout("history funding", "Funding payments, oldest first.", _FUNDING, "lines"),
    Layout(
        "history transfers",
        "Transfers between accounts, oldest first.",
        (
            column("created_time", "time", "when it was asked for", "time"),
            column("id", "text", "the venue's id", needed=True),
            *_TOKEN,
            column("from_account_id", "text", "who gave", "from"),
            column("to_account_id", "text", "who received", "to"),
            column("status", "text", "CREATED, PENDING, COMPLETED or FAILED"),
        ),
        "lines",
    ),
    Layout(
        "history assets",
        "Deposits and withdrawals, oldest first.",
        (
            column("created_time", "time", "when it was asked for", "time"),
            column("id", "text", "the venue's id", needed=True),
            column("side", "text", "DEPOSIT or WITHDRAW"),
            *_TOKEN,
            column("fee", "number", "what the venue keeps, in units of the token"),
            column("trans_status", "text", "where it stands", "status"),
            hidden("tx_id", "text", "hash of the transaction on the chain"),
            hidden("chain_id", "text", "the EVM chain"),
        ),
        "lines",
    ),
    Layout(
        "history candles",
        "Candles of a market, oldest first.",
        _CANDLES,
        "lines",
        {"start_timestamp": "time"}
        | {name: name for name in ("open", "high", "low", "close", "volume", "amount")},
    ),
)

_PUBLIC: tuple[Layout, ...] = (
    Layout("market", "Where each market stands.", _FUTURES),
    Layout("market rules", "What orders of each market must keep to.", _RULES),
    Layout(
        "market trades",
        "The newest trades of a market, newest first.",
        (
            column("executed_timestamp", "time", "when", "time"),
            _SYMBOL,
            column("side", "text", "the taker's side"),
            column("executed_price", "number", "USDC", "price"),
            column("executed_quantity", "number", "base units", "quantity"),
        ),
    ),
    Layout(
        "watch",
        "A market and one's own part in it, each time.",
        (
            column("time", "time", "when", needed=True),
            _SYMBOL,
            column("status", "text", "of the client: ready, resyncing, down ...", needed=True),
            column("bid", "number", "best bid, USDC; null while the book is being built"),
            hidden("bid_quantity", "number", "at the best bid, base units"),
            column("ask", "number", "best ask, USDC"),
            hidden("ask_quantity", "number", "at the best ask, base units"),
            column("mark_price", "number", "USDC; null before it was first told", "mark"),
            column("last_price", "number", "of the last trade seen, USDC", "last"),
            column("position", "number", "of this market, base units; null without an account"),
            column("orders", "integer", "how many are open in all markets; null without an account"),
            column("algo_orders", "integer", "likewise", "algo orders"),
        ),
        "lines",
    ),
    Layout(
        "book",
        "The levels of an order book: asks from the highest down to the best, then bids from the best down.",
        (
            column("side", "text", "ASK or BID", needed=True),
            column("price", "number", "USDC", needed=True),
            column("quantity", "number", "base units", needed=True),
            column("total", "number", "of this and all better levels, base units", needed=True),
        ),
    ),
)

LAYOUTS: dict[str, Layout] = {one.command: one for one in (*_PRIVATE, *_PUBLIC, *_PAST, *LOCAL)}
"""By command."""


def layout_of(command: str) -> Layout:
    """What a command prints."""
    return LAYOUTS[command]
