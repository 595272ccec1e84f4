"""What is marked as assumed in this package, and what documents leave to be measured: its check, or why there is none.

A mark is found by its file and words that stand in its line. ``tests/unit/conformance/test_assumptions.py`` holds that
no mark of the source is missing here, that none has gone, and that each check exists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

__all__ = ["MARKED", "MEASURED", "NO_CHECK", "untold"]

_ADMIN = "only the admin key of a builder sees it, and what it changes concerns other people's accounts"
_MONEY = (
    "it takes a loss, a liquidation or a transfer to see it; a run moves no money but that of a tiny fill"
)
_OWN = "a simplification of the paper venue's own: nothing of this package rests on it"
_INSIDE = "the matching engine's inside: it shows only with a second account on the other side of a thin book"
_PROGRAM = "a programme's arithmetic over days; its operations are held against their models, its sums are the venue's"

NO_CHECK = frozenset({_ADMIN, _MONEY, _OWN, _INSIDE, _PROGRAM})
"""Reasons for which no run can tell."""

MARKED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "live/fills.py": (
        ("Average prices are kept to eight decimals", "decimals of average prices"),
        ("Shares of a margin are cut here", _MONEY),
        ("Of an order without a limit", "margin of an isolated fill"),
    ),
    "live/marks.py": (
        ("run with those of the execution reports", "marks of a position"),
        ("How long after a fill the ledger", "ledger lag"),
    ),
    "live/positions.py": (("run with those of the execution reports", "marks of a position"),),
    "reports/__init__.py": (("for the worst that is assumed", "read lag of fills"),),
    "rest/unknown_outcome.py": (("REST shows may be behind", "read lag"),),
    "rest/groups/liquidations.py": (
        ("POST /v1/liquidation", _MONEY),
        ("POST /v1/claim_insurance_fund", _MONEY),
    ),
    "rest/groups/assets.py": (("POST /v1/internal_transfer", _MONEY),),
    "rest/groups/algo_orders.py": (
        ("DELETE /v1/algo/order", "algo STOP"),
        ("DELETE /v1/algo/client/order", "algo edit"),
        ("DELETE /v1/algo/orders", "cancel all algo"),
    ),
    "rest/groups/orders.py": (("POST /v1/order/cancel_all_after", "cancel all after"),),
    "venue/server/oracle.py": (("What it answers is assumed", _ADMIN),),
    "venue/server/topics.py": (("months and years are taken", "candle of a month"),),
    "venue/server/routes/market.py": (("their values are assumed", "market.rules"),),
    "venue/server/routes/account.py": (("Past values are not kept", _OWN),),
    "venue/server/routes/conversion.py": (("the sign of the second", "assets.auto_convert_threshold"),),
    "venue/server/routes/sub_accounts.py": (("the API states no number", _OWN),),
    "venue/server/queries/wallet.py": (("Values worked back from now", _OWN),),
    "venue/programs/builders/fees.py": (("the upper bound is assumed", _ADMIN),),
    "venue/programs/builders/listing_routes.py": (
        ("the fields of rows are assumed", "listing.index_sources"),
        ("no market opens", _ADMIN),
    ),
    "venue/programs/builders/listing.py": (
        ("The sources that every builder", "listing.index_sources"),
        ("that of a provider's feed", _ADMIN),
        ("waits for a review", _ADMIN),
    ),
    "venue/programs/builders/order_tag_routes.py": (("has an own rate in", _ADMIN),),
    "venue/programs/builders/order_tags.py": (("refused with -1005", _ADMIN),),
    "venue/programs/builders/builders.py": (("the first main account that registered", _OWN),),
    "venue/programs/points/routes.py": (
        ("Merits are points of an epoch", _PROGRAM),
        ("Merits from which on", _PROGRAM),
    ),
    "venue/programs/points/points.py": (("times the stage's boost", _PROGRAM),),
    "venue/programs/referral/multilevel_admin_routes.py": (("what all users have earned", _PROGRAM),),
    "venue/programs/referral/routes.py": (("Only before the first trade", _PROGRAM),),
    "venue/programs/referral/multilevel.py": (("the highest rate it can give", _PROGRAM),),
    "venue/programs/campaigns/routes.py": (
        ("Who signed up takes part", _PROGRAM),
        ("any other value is refused", "campaigns.stats_details"),
    ),
    "venue/engine/treasury.py": (("of isolated positions to their own margin", _MONEY),),
    "venue/engine/liquidator.py": (("How long liquidators have", _MONEY),),
    "venue/engine/liquidation.py": (("are taken as they are now", _MONEY),),
    "venue/engine/intake.py": (("narrowed by its slippage", _INSIDE),),
    "venue/engine/ledger.py": (
        ("the average open price stays free of them", "average open price"),
        ("A flat entry has no settle price", "back to flat"),
    ),
    "venue/engine/pending.py": (("must go: the newest", _INSIDE),),
    "venue/engine/rules/size.py": (("At most 8 decimals", "decimals of a quantity"),),
    "venue/engine/rules/__init__.py": (("the order of its error codes", "order of refusals"),),
    "venue/engine/rules/numbers.py": (("the minimum itself is accepted", "least notional"),),
    "venue/engine/rules/risk.py": (("caps isolated positions alike", _MONEY),),
    "venue/engine/algo_parser.py": (
        ("beyond the activation price activates at once", "trailing stop that is active at once"),
        ("The side of all legs", "algo TP_SL"),
    ),
    "venue/engine/funding.py": (("is taken whole", _INSIDE),),
    "venue/engine/isolated.py": (
        ("A market order's bound is given back", "margin of an isolated fill"),
        ("unless losses have eaten it", _MONEY),
    ),
    "venue/engine/trading.py": (
        ("keeps its place in time", _INSIDE),
        ("beyond the position, newest first", _INSIDE),
        ("the account's own orders included", _INSIDE),
        ("ends CANCELLED", "order IOC"),
    ),
    "venue/engine/algo_edits.py": (("the JS SDK deletes it then", "algo edit"),),
    "venue/engine/orders.py": (("beyond its trigger counts as reaching it", "algo fill"),),
    "venue/engine/algos.py": (
        ("would say that this very order", "second POSITIONAL_TP_SL"),
        ("may not grow any more", _INSIDE),
        ("its own report comes too, and first", "algo fill"),
    ),
}
"""By file, each mark: words of its line, and the name of its check or the reason why no run can tell."""

MEASURED: Mapping[str, tuple[str, ...]] = {
    "tradeId of the stream is the id of REST": ("tradeId", "algo fill"),
    "scope of seq": ("scope of seq",),
    "500 rows are the most of a page, and meta.total holds": (
        "page limit of list",
        "page limit of fills",
        "page limit of list_algo",
    ),
    "GET /v1/orders from a moment on": ("time window of list", "time window of fills"),
    "how far back lists go": ("retention of list", "retention of fills", "retention of list_algo"),
    "how far REST lags behind the stream": ("read lag", "read lag of fills"),
    "whether REJECTED orders are listed": ("rejected orders",),
    "where fills of algo orders are told": ("algo fill",),
    "effect of x-recv-window": ("x-recv-window",),
    "Retry-After on 429": ("rate limit refusal",),
    "status after an edit": ("edit",),
    "frames of account and notifications": ("topic account", "topic notifications"),
    "a second session on one key": ("second session",),
    "a client's ping": ("pings",),
    "whether the venue closes connections after a day": (
        "a run is over in two minutes: connections that are closed are redialled, whatever the age",
    ),
}
"""What only the real venue can tell, with the checks that do; a sentence with a colon says why none can."""


def untold() -> Iterator[tuple[str, str, str]]:
    """Each mark that no run can tell: its file, words of its line, and why."""
    for file, rows in MARKED.items():
        for words, told in rows:
            if told in NO_CHECK:
                yield file, words, told
