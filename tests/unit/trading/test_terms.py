"""Whoever gives an order a term that it does not have is told the right one, in one sentence, before anything is sent."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync import Bracket, Fok, Ioc, Limit, Market, PositionalTpSl, PostOnly, Stop, TpSl, TrailingStop
from orderly_sync.connecting import connect
from orderly_sync.errors import InvalidOrder, UsageError
from orderly_sync.models.market import SymbolRules
from orderly_sync.recording.replay import Replay
from orderly_sync.trading.terms import TERMS

KINDS = (Limit, Ioc, Fok, PostOnly, Market, Stop, TpSl, PositionalTpSl, Bracket, TrailingStop)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ["buy", "sell", "construct"])
def test_terms_have_keywords(kind: Any, way: str):
    """Values by their place are refused, whichever way an order is made."""
    make = kind if way == "construct" else getattr(kind, way)
    with pytest.raises(UsageError, match=f"{kind.__name__} takes its terms by keyword") as caught:
        make("ETH", "0.1", 3000)
    assert str(caught.value).isascii()


@pytest.mark.parametrize(
    ("kind", "term", "right"),
    [
        (Limit, "qty", "write quantity="),
        (Limit, "Size", "write quantity="),
        (Limit, "limit_price", "write price="),
        (Limit, "quantiy", "write quantity="),
        (Limit, "post_only", "use PostOnly"),
        (Ioc, "time_in_force", "use Limit, Ioc"),
        (Market, "order_type", "the class says it"),
        (Market, "cost", "write amount="),
        (Limit, "amount", "write quantity="),
        (PostOnly, "post_only_adjust", "write adjust="),
        (Stop, "trigger_price", "write trigger="),
        (Stop, "stopPrice", "write"),
        (TpSl, "tp", "write take_profit="),
        (Bracket, "sl_trigger_price", "write stop_loss="),
        (Bracket, "leverage", "belongs to the account"),
        (TrailingStop, "activation_price", "write activation="),
        (TrailingStop, "trail_percent", "write callback_rate="),
        (PositionalTpSl, "xyz", "it takes"),
    ],
)
def test_other_words_are_answered_with_the_right_one(kind: Any, term: str, right: str):
    """Names of other libraries, of the wire, and misspelt ones."""
    for make in (kind.buy, kind.sell, lambda symbol, **terms: kind(symbol=symbol, side="BUY", **terms)):
        with pytest.raises(UsageError, match=right) as caught:
            make("ETH", **{term: 1})
        assert str(caught.value).startswith(f"{kind.__name__} has no")


def other_words() -> list[tuple[Any, str, str]]:
    """Each kind, what a term of its is called elsewhere, and the term."""
    fields = {kind: [field.name for field in attrs.fields(kind) if field.init] for kind in KINDS}
    return [
        (kind, word, name)
        for kind in KINDS
        for name in fields[kind]
        for word in TERMS[name].also
        if word not in fields[kind]
    ]


@pytest.mark.parametrize(("kind", "word", "name"), other_words())
def test_what_a_term_is_called_elsewhere_leads_to_it(kind: Any, word: str, name: str):
    """Of every kind and every such word, in small letters and in capitals; no word leads to two."""
    for given in (word, word.upper()):
        with pytest.raises(UsageError, match=f"has no '{given}': write {name}=$"):
            kind.buy("ETH", **{given: 1})


def test_an_order_of_ones_own_may_have_more_than_the_terms():
    """A subclass with a field of its own is made, held to the rules and told apart as its kind is."""

    @attrs.frozen(kw_only=True)
    class Noted(Limit):
        note: str = "grid"

    order = Noted.sell("ETH", quantity="0.5", price="3400.05")

    assert (order.note, order.side, order.quantity) == ("grid", "SELL", Decimal("0.5"))
    rules = SymbolRules(
        symbol="PERP_ETH_USDC", quote_min=Decimal(0), quote_max=Decimal(9000), quote_tick=Decimal("0.1"),
        base_min=Decimal("0.01"), base_max=Decimal(9), base_tick=Decimal("0.01"), min_notional=Decimal(10),
    )  # fmt: skip
    with pytest.raises(InvalidOrder, match=r"price 3400\.05"):
        order.check(rules)


def test_an_order_is_made_in_any_case_and_can_be_copied():
    """Sides and modes by word; pickled and copied orders are the same."""
    order = Limit(symbol="eth/USDC:USDC".upper(), side="sell", quantity=1, price=2, margin_mode="isolated")
    assert (order.symbol, order.side, order.margin_mode) == ("PERP_ETH_USDC", "SELL", "ISOLATED")
    for again in (pickle.loads(pickle.dumps(order)), copy.copy(order), copy.deepcopy(order)):
        assert again == order


@pytest.mark.parametrize("path", ["/no/such/recording.jsonl", "/", 7, b"x", "a\x00b"])
def test_a_recording_that_cannot_be_read_is_refused_at_once(path: Any):
    """By the player and by a venue that is to play it, not on some thread of theirs."""
    for use in (Replay, lambda name: connect("paper", replay=name)):
        with pytest.raises(UsageError, match=r"replay|recording"):
            use(path)
