"""Listing by builders' admins, conversions and quotes: what the venue takes and what it refuses, with its own codes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync import ApiError, Credentials, Rest, UsageError
from orderly_sync.models.listing import ListingSource
from orderly_sync.wallet.onboarding import add_key, register
from orderly_sync.wallet.wallet import Wallet
from tests.support.venue_kit import whole


def source(name: str = "binance", weight: int = 100, **more) -> ListingSource:
    return ListingSource(
        **{"source": name, "source_symbol": "X", "price_multiplier": Decimal(1), "weight": weight, **more}
    )


def refused(call) -> tuple[int, int]:
    """Code and HTTP status of what the venue says no to."""
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value.code, caught.value.status


@pytest.fixture(scope="module")
def stranger(kit):
    """The admin of another builder."""
    wallet = Wallet.generate()
    network = kit.admin.network
    with Rest(network, rate_limits=False) as public:
        register(public, wallet, "woofi_pro")
        made: Credentials = add_key(public, wallet, "woofi_pro", scope="read,trading,asset")
    with Rest(network, made, rate_limits=False) as rest:
        yield rest


def names(rest, base: str) -> list[str]:
    return [row["source"] for row in rest.listing.builder_sources(base_ccy=base)]


def test_a_feed_is_seen_by_others_once_it_is_public_and_active(kit, stranger):
    """A private one only by its builder, and one that rests as well."""
    own = kit.admin.listing
    own.set_oracle_feed(base_ccy="GOLD", visibility="private", status="active")
    assert (names(kit.admin, "GOLD"), names(stranger, "GOLD")) == (["ORACLE_paper"], [])

    own.set_oracle_feed(base_ccy="GOLD", visibility="public", status="active")
    assert names(stranger, "GOLD") == names(kit.admin, "gold") == ["ORACLE_paper"]

    own.set_oracle_feed(base_ccy="GOLD", visibility="public", status="inactive")
    assert (names(kit.admin, "GOLD"), names(stranger, "GOLD")) == (["ORACLE_paper"], [])


def test_keys_of_a_provider_make_a_source_of_their_own(kit):
    """Beside the feed that is pushed."""
    for oracle in None, "pyth", "stork":
        kit.admin.listing.set_oracle_feed(
            base_ccy="OIL", visibility="private", status="active", oracle=oracle
        )
    assert names(kit.admin, "OIL") == ["ORACLE_paper", "PYTH_paper", "STORK_paper"]


@pytest.mark.parametrize("base", ["AAPL", "ETH", "1000PEPE"])
def test_a_symbol_to_be_listed_is_a_base(kit, base):
    """Elsewhere ``ETH`` is short for its market; here it is sent as it is written."""
    assert whole(kit.admin.listing.symbol_context(base)).is_rwa is False
    assert refused(lambda: kit.admin.listing.symbol_context(f"PERP_{base}_USDC")) == (-1005, 400)


def test_a_listing_is_taken_once(kit):
    """The second is a duplicate, and so is one of a market that is there."""
    kit.admin.listing.submit(symbol="SILVER", sources=[source(weight=30), source("okx", 70)])

    again = lambda base: kit.admin.listing.submit(symbol=base, sources=[source()])  # noqa: E731
    assert [refused(lambda base=base: again(base)) for base in ("SILVER", "silver", "ETH")] == [
        (-1007, 409)
    ] * 3


def test_a_source_that_cannot_be_chosen_is_refused(kit, stranger):
    """Unknown ones, and those that another builder keeps to itself."""
    kit.admin.listing.set_oracle_feed(base_ccy="TIN", visibility="private", status="active")

    for rest, name in ((kit.admin, "nowhere"), (stranger, "ORACLE_paper")):
        assert refused(
            lambda rest=rest, name=name: rest.listing.submit(symbol="TIN", sources=[source(name)])
        ) == (-1005, 400)


def test_only_the_builders_admin_lists(kit):
    """Any other account is unauthorised, whatever it asks."""
    own = kit.user.listing
    calls = (
        lambda: own.symbol_context("GOLD"),
        lambda: own.set_oracle_feed(base_ccy="GOLD", visibility="private", status="active"),
        own.index_sources,
        lambda: own.builder_sources(base_ccy="GOLD"),
        lambda: own.submit(symbol="GOLD", sources=[source()]),
    )
    assert [refused(call) for call in calls] == [(-1002, 401)] * 5


@pytest.mark.parametrize(
    "sources",
    [
        [],
        [source(weight=99)],
        [source(weight=60), source("okx", 60)],
        [source(weight=0), source("okx", 100)],
        [source(weight=150), source("okx", -50)],
        [source(weight=True)],
        [source(price_multiplier=Decimal(0))],
        [{"source": "binance", "weight": 100}],
    ],
)
def test_sources_that_cannot_be_right_are_not_sent(kit, sources):
    """One sentence says what is wanted."""
    with pytest.raises(UsageError, match=r"weights?|ListingSource|price_multiplier"):
        kit.admin.listing.submit(symbol="ZINC", sources=sources)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ({"converted_asset": "USDT"}, "token USDT is not held here"),
        ({"converted_asset": "ETH", "received_asset": "USDC"}, "token ETH is not held here"),
        ({"converted_asset": "USDC", "received_asset": "SOL"}, "token SOL is not held here"),
    ],
)
def test_a_conversion_is_refused_since_usdc_is_all_there_is(kit, tokens, message):
    """With the code of a parameter that cannot be; balance and history stay as they were."""
    before = kit.user.assets.holding()

    with pytest.raises(ApiError, match=message) as caught:
        kit.user.assets.manual_convert(amount="3", slippage="0.01", **tokens)

    assert (caught.value.code, kit.user.assets.holding()) == (-1005, before)
    assert list(kit.user.assets.convert_history()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"converted_asset": "USDC"},
        {"converted_asset": "USDC", "received_asset": "USDC"},
        {"converted_asset": "USDT", "received_asset": "ETH"},
        {"amount": 0},
        {"amount": "-1"},
        {"amount": float("nan")},
        {"slippage": 1},
        {"slippage": "1.5"},
        {"slippage": None},
    ],
)
def test_a_conversion_that_cannot_be_right_is_not_sent(kit, wrong):
    """Neither token or both USDC, nothing to convert, percent where a fraction is wanted."""
    with pytest.raises(UsageError):
        kit.user.assets.manual_convert(
            **{"converted_asset": "USDT", "amount": "3", "slippage": "0.01", **wrong}
        )


def test_a_quote_follows_the_index(kit):
    """Both ways, and between two tokens; it moves nothing."""
    ask = kit.user.assets.swap_quote
    kit.mark("3400")
    sold = whole(ask(from_token="ETH", to_token="USDC", amount="0.5", slippage="0.01"))
    bought = whole(ask(from_token="USDC", to_token="ETH", amount=1700, slippage="0.01"))

    assert (sold.from_token.amount, sold.to_token.amount, sold.net_out_value) == (Decimal("0.5"), 1700, 1700)
    assert (bought.to_token.amount, bought.slippage_limit_percent) == (Decimal("0.5"), 1)
    assert sold.expires_at > kit.venue.now()


@pytest.mark.parametrize(
    "wrong", [{"from_token": "ZZZ"}, {"to_token": "ETH"}, {"slippage": 2}, {"to_token": "PERP_ETH_USDC"}]
)
def test_a_quote_without_a_price_is_refused(kit, wrong):
    """An unknown token, a token for itself, a slippage that is no fraction."""
    asked = {"from_token": "ETH", "to_token": "USDC", "amount": 1, "slippage": 0, **wrong}
    assert refused(lambda: kit.user.assets.swap_quote(**asked)) == (-1005, 400)


def test_a_history_of_conversions_takes_the_statuses_there_are(kit):
    """Each of them; another is not sent."""
    for status in ("completed", "pending", "failed", "cancelled"):
        assert len(kit.user.assets.convert_history(status=status, converted_asset="USDT")) == 0
    with pytest.raises(UsageError, match="status"):
        kit.user.assets.convert_history(status="done")


def test_chains_of_a_builder_are_the_same_either_way(kit):
    """An unknown builder is not found."""
    assert kit.admin.builder.chain_info_of("paper") == kit.admin.builder.chain_info(broker_id="paper")
    assert refused(lambda: kit.admin.builder.chain_info_of("nobody")) == (-1006, 400)


def test_the_board_says_when_it_changed(kit):
    """The newest first, each with its time; version 1 has the same."""
    first = kit.venue.announce("a")
    kit.venue.advance(1000)
    second = kit.venue.announce("b", "https://status.example")
    board = whole(kit.user.system.announcement_board())

    assert [row.announcement_id for row in board][:2] == [str(second), str(first)]
    assert board.last_updated_time == board.rows[0].updated_time > board.rows[1].updated_time
    assert [row.message for row in kit.user.system.announcements()][:2] == ["b", "a"]


def test_funding_is_compared_with_itself(kit):
    """This venue knows of no other exchange."""
    rates = {row.symbol: row.exchanges for row in kit.user.funding_rates.comparison()}
    assert set(rates) == set(kit.venue.symbols)
    assert {each.name for row in rates.values() for each in row} == {"orderly"}


def test_info_may_be_asked_as_the_web_client_does(kit):
    """The source changes nothing here."""
    assert kit.user.system.info(source="maintenance").status == kit.user.system.info().status == 0
