"""What makes no algo order, and in which order things happen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import MarginMode, OrderStatus
from orderly_sync.venue.engine.commands import CancelAlgo, PlaceAlgo
from orderly_sync.venue.engine.facts import AlgoReported
from tests.support.algo_specs import bracket, legs, positional, spec, stop, tp_sl, trailing
from tests.support.venue_kit import ExchangeKit

D = Decimal
NEW, USELESS = "NEW", "USELESS"


@pytest.mark.parametrize(
    ("root", "code", "says"),
    [
        (spec("TAKE_PROFIT", "SELL", "MARKET", quantity=1, trigger_price=1), -1005, "cannot be a root"),
        (stop(trigger="3390.55"), -1103, "the nearest valid price is 3390.5"),
        (stop(price="3380.01"), -1103, "nearest"),
        (stop(quantity="0.00015"), -1104, "nearest"),
        (stop(quantity="0.001"), -1102, "minimum"),
        (spec("STOP", "SELL", "MARKET", quantity=1), -1005, "trigger_price is required"),
        (spec("STOP", "SELL", "LIMIT", quantity=1, trigger_price=3390), -1005, "price is required"),
        (spec("STOP", None, "MARKET", quantity=1, trigger_price=3390), -1005, "side is required"),
        (spec("STOP", "SELL", "MARKET", trigger_price=3390), -1005, "quantity is required"),
        (spec("STOP", "SELL", "FOK", quantity=1, trigger_price=3390), -1005, "LIMIT or MARKET"),
        (stop(visible_quantity=2), -1104, "from 0 to 1"),
        (stop(trigger="NaN"), -1005, "not a number"),
        (stop(trigger_price_type="INDEX"), -1005, "MARK_PRICE"),
        (stop(client_order_id="a b"), -1005, "1 to 36"),
        (
            spec("STOP", "SELL", "MARKET", quantity=1, trigger_price=3390, children=legs("SELL", 1)),
            -1005,
            "no child",
        ),
        (spec("TP_SL", quantity=1), -1005, "one of each"),
        (
            spec("TP_SL", quantity=1, children=(*legs("SELL", 3420), *legs("SELL", 3430))),
            -1005,
            "one of each",
        ),
        (spec("TP_SL", quantity=1, children=(stop(),)), -1005, "one of each"),
        (tp_sl(type="CLOSE_POSITION"), -1005, "LIMIT or MARKET"),
        (
            spec("TP_SL", quantity=1, children=(*legs("SELL", 3420), *legs("BUY", None, 3400))),
            -1005,
            "closing side",
        ),
        (spec("TP_SL", children=legs("SELL", 3420)), -1005, "quantity"),
        (spec("TP_SL", quantity=1, children=legs("SELL", 3420, 3380, quantity=2)), -1005, "must be the same"),
        (
            spec("TP_SL", quantity=1, children=legs("SELL", 3420, symbol="PERP_BTC_USDC")),
            -1005,
            "all nodes trade",
        ),
        (positional(quantity=1), -1005, "leave quantity out"),
        (spec("POSITIONAL_TP_SL", children=legs("SELL", 3420)), -1005, "LIMIT or CLOSE_POSITION"),
        (spec("BRACKET", "BUY", "LIMIT", quantity=1, price=3390), -1005, "one child"),
        (
            spec("BRACKET", "BUY", None, quantity=1, children=(tp_sl(quantity=None),)),
            -1005,
            "type and quantity",
        ),
        (bracket(quantity=None, price=3390), -1005, "type and quantity"),
        (bracket(quantity="0.00015", price=3390), -1104, "nearest"),
        (
            spec("BRACKET", "SELL", "LIMIT", quantity=1, price=3410, children=(tp_sl(quantity=None),)),
            -1005,
            "closing",
        ),
        (
            spec("BRACKET", "BUY", "LIMIT", quantity=1, price=3390, children=(tp_sl(quantity=2),)),
            -1005,
            "at most 1",
        ),
        (
            spec("BRACKET", "BUY", "LIMIT", quantity=1, price=3390, children=(positional(quantity=1),)),
            -1005,
            "out",
        ),
        (trailing(), -1005, "exactly one of"),
        (trailing(callback_rate="0.01", callback_value=5), -1005, "exactly one of"),
        (trailing(callback_rate="0.0005"), -1005, "the nearest is 0.001"),
        (trailing(callback_rate="0.06"), -1005, "the nearest is 0.05"),
        (trailing(callback_rate="0.0123"), -1005, "the nearest is 0.012"),
        (trailing(callback_value=0), -1005, "above 0"),
        (trailing(callback_value=3400), -1005, "below mark"),
        (trailing(callback_rate="0.01", activated_price="3400.55"), -1103, "nearest"),
        (spec("TRAILING_STOP", "SELL", "LIMIT", quantity=1, callback_rate="0.01"), -1005, "must be MARKET"),
        (stop(symbol="PERP_NO_USDC"), -1005, "not traded"),
    ],
)
def test_what_makes_no_algo_order_is_refused(kit: ExchangeKit, root: Any, code: int, says: str):
    """With the code of the rule and a sentence that helps."""
    refused = kit.refusal(PlaceAlgo(root=root))
    assert (refused.code, says in refused.message) == (code, True), refused.message


def test_a_client_order_id_is_unique_among_open_algo_orders(kit: ExchangeKit):
    """-1007 while the first is open."""
    root = kit.algo(stop(), client_order_id="x")[0]
    assert kit.refusal(PlaceAlgo(root=stop(), client_order_id="x")).code == -1007
    kit.submit(CancelAlgo(order_id=root.algo_order_id))
    again = kit.algo(stop(client_order_id="x"))[0]
    assert kit.exchange.algo_by_client_id("alice", "x") == (again,)
    assert kit.exchange.algo_by_client_id("alice", "y") == ()
    assert kit.refusal(PlaceAlgo(root=stop(), order_tag="t" * 129)).code == -1005


def test_trees_read_newest_first(kit: ExchangeKit):
    """Each root first; any node's id finds its tree."""
    first, second = kit.algo(stop()), kit.algo(tp_sl())
    assert kit.exchange.algos("alice") == [second, first]
    assert kit.tree(second[2].algo_order_id) == second
    assert kit.tree(5) == ()
    assert first[0].margin_mode is MarginMode.CROSS


def test_triggers_of_all_accounts_fire_in_the_order_of_accounts_and_ids(kit: ExchangeKit):
    """Deterministically: alice's before bob's, older before younger."""
    kit.algo(stop("SELL", 3390), by="bob")
    second = kit.algo(stop("SELL", 3395))[0]
    kit.algo(stop("SELL", 3395))
    kit.mark(3390)
    fired = [fact.nodes[0] for fact in kit.facts if isinstance(fact, AlgoReported) and fact.fill]
    assert [node.account_id for node in fired] == ["alice", "alice", "bob"]
    assert fired[0].algo_order_id == second.algo_order_id
    assert all(node.algo_status is OrderStatus.FILLED for node in fired)
