"""Sub-accounts: made by the main account, run by its key or by keys of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import websocket

from orderly_sync import Credentials, Rest
from orderly_sync.wallet.flows import settle_sub_account, transfer
from orderly_sync.wallet.onboarding import add_sub_account
from tests.scenario.venue_server.trader import Trader
from tests.support.venue_kit import BROKER, ETH, Person, VenueKit, leftovers, refused


@pytest.fixture
def sub(kit: VenueKit, alice: Person) -> Person:
    """A sub-account of the first account with a key of its own and 5,000 USDC."""
    credentials = add_sub_account(alice.rest, alice.wallet, description="grid", scope="read,trading,asset")
    transfer(alice.rest, alice.wallet, receiver=credentials.account_id, token="USDC", amount="5000")
    return Person(alice.wallet, credentials, kit.client(credentials))


def as_sub(kit: VenueKit, main: Person, sub: Person) -> Rest:
    """The main account's key, acting for the sub-account."""
    return kit.client(
        Credentials(account_id=sub.account_id, secret=main.credentials.secret, broker_id=BROKER)
    )


def buy(rest: Rest) -> Any:
    return rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="1")


def test_a_sub_account_is_listed_and_described_anew(alice, sub):
    """Its id is the venue's own; the wallet owns it."""
    alice.rest.sub_accounts.update(sub_account_id=sub.account_id, description="swing")

    listed = alice.rest.sub_accounts.get()
    accounts = alice.rest.registration.accounts(address=alice.wallet.address, broker_id=BROKER)

    assert listed.main_account_id == alice.account_id
    assert [(row.sub_account_id, row.description) for row in listed] == [(sub.account_id, "swing")]
    assert [(row.account_id, row.user_type) for row in accounts] == [
        (alice.account_id, "MAIN"),
        (sub.account_id, "SUB"),
    ]
    assert leftovers([listed, accounts]) == []


def test_each_sub_account_has_money_and_positions_of_its_own(alice, sub):
    """What one does the other does not; the main account sees all of it together."""
    buy(sub.rest)

    assert len(alice.rest.positions.list().rows) == 0
    positions = alice.rest.sub_accounts.positions()
    holdings = alice.rest.sub_accounts.holding()
    assert [(row.account_id, row.position_qty) for row in positions] == [(sub.account_id, 1)]
    assert [row.holding for row in holdings] == [95_000, 5_000]
    assert leftovers([positions, holdings]) == []


def test_the_main_accounts_key_acts_for_the_sub_account(kit, alice, sub):
    """Named in orderly-account-id: orders are the sub-account's."""
    rest = as_sub(kit, alice, sub)

    buy(rest)

    assert rest.account.info().account_id == sub.account_id
    assert sub.rest.positions.get(ETH).position_qty == 1
    assert len(alice.rest.positions.list().rows) == 0


def test_the_main_accounts_key_hears_for_the_sub_account(venue, alice, sub):
    """On a stream of the sub-account; once the key is removed, that stream ends, too."""
    trader = Trader(venue)
    try:
        socket = trader.socket("ws_private", sub.account_id)
        assert socket.login(trader)["success"] is True
        assert socket.subscribe("executionreport")["success"] is True
        buy(sub.rest)
        assert socket.push("executionreport")["data"]["symbol"] == ETH

        alice.rest.keys.remove(orderly_key=alice.credentials.key)

        opcode = websocket.ABNF.OPCODE_TEXT
        while opcode == websocket.ABNF.OPCODE_TEXT:
            opcode, _ = socket.ws.recv_data()
        assert opcode == websocket.ABNF.OPCODE_CLOSE
    finally:
        trader.close()


def test_nobody_elses_key_acts_for_it(kit, alice, bob, sub):
    """-1002: another account's key, and the sub-account's key for the main account."""
    assert refused(as_sub(kit, bob, sub).assets.holding).code == -1002
    upward = Credentials(account_id=alice.account_id, secret=sub.credentials.secret, broker_id=BROKER)
    assert refused(kit.client(upward).assets.holding).code == -1002


def test_a_removed_main_key_does_not_act_for_it(kit, alice, sub):
    """-1002 for the sub-account as well."""
    rest = as_sub(kit, alice, sub)
    assert rest.assets.holding()

    alice.rest.keys.remove(orderly_key=alice.credentials.key)

    assert refused(rest.assets.holding).code == -1002
    assert sub.usdc == 5000


def test_a_sub_account_settles_by_key(venue, alice, sub):
    """No wallet signs; a main account may not do so, and a nonce works once."""
    buy(sub.rest)
    venue.set_mark_price(ETH, "3500")
    unsettled = sub.rest.positions.get(ETH).unsettled_pnl

    assert settle_sub_account(sub.rest).settle_pnl_id

    assert sub.usdc == 5000 + unsettled > 5090
    nonce = sub.rest.assets.settle_nonce().settle_nonce
    sub.rest.sub_accounts.settle_pnl(settle_nonce=nonce)
    assert refused(sub.rest.sub_accounts.settle_pnl, settle_nonce=nonce).code == -1005
    assert refused(settle_sub_account, alice.rest).code == -1005


def test_the_main_account_settles_a_sub_account_it_names(alice, sub):
    """With its own key, and a nonce asked for as the sub-account."""
    nonce = sub.rest.assets.settle_nonce().settle_nonce

    done = alice.rest.sub_accounts.settle_pnl(settle_nonce=nonce, sub_account_id=sub.account_id)

    assert [row.id for row in sub.rest.assets.settlements().rows] == [done.settle_pnl_id]


def test_sub_accounts_have_none_of_their_own(sub, bob):
    """-1005 for what only main accounts may; -1006 for a sub-account of somebody else."""
    own = sub.rest.sub_accounts
    for call in (own.add, own.get, own.positions, own.holding):
        assert refused(call).code == -1005
    update = bob.rest.sub_accounts.update
    assert refused(update, sub_account_id=sub.account_id, description="mine").code == -1006


def test_transfers_inside_the_family_can_be_told_apart(alice, bob, sub):
    """``main_sub_only`` leaves out what went to others."""
    transfer(alice.rest, alice.wallet, receiver=bob.account_id, token="USDC", amount="7")

    family = alice.rest.assets.transfers(side="OUT", main_sub_only=True)

    assert [row.amount for row in family.rows] == [Decimal(5000)]
    assert [row.amount for row in sub.rest.assets.transfers(side="IN", main_sub_only=True).rows] == [5000]
