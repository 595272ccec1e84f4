"""Keys of an account: what they may do, until when, from where, and their end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import websocket

from orderly_sync import Credentials, Rest
from orderly_sync.clock import ManualClock
from orderly_sync.models.account_enums import KeyScope
from orderly_sync.models.message import AddOrderlyKeyMessage
from orderly_sync.signing import Secret
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.onboarding import add_key, remove_key
from orderly_sync.wallet.wallet import Wallet
from tests.scenario.venue_server.trader import Trader
from tests.support.venue_kit import BROKER, CHAIN, ETH, VenueKit, leftovers, refused

DAY = 86_400_000


def place(rest: Rest) -> Any:
    return rest.orders.create(
        symbol=ETH, order_type="LIMIT", side="BUY", order_price="3300", order_quantity="0.01"
    )


def test_several_keys_each_do_what_their_scope_says(kit, alice):
    """Reading, trading and moving assets are three things; a wrong scope is -1002."""
    reads, trades, moves = (
        kit.client(add_key(alice.rest, alice.wallet, BROKER, scope=scope))
        for scope in ("read", "read,trading", ["read", "asset"])
    )

    assert place(trades).order_id
    for rest in (reads, moves):
        assert rest.assets.holding().holding[0].holding == 100_000
        assert refused(place, rest).code == -1002
    assert len(moves.assets.transfers(side="OUT").rows) == 0
    assert refused(trades.assets.transfers, side="OUT").code == -1002
    assert refused(reads.assets.transfers, side="OUT").code == -1002


def test_keys_are_listed_with_all_that_is_known_of_them(alice):
    """And one of them to anybody who knows its name; nothing is left unread."""
    added = add_key(alice.rest, alice.wallet, BROKER, scope="trading,read", tag="bot 7")

    rows = alice.rest.keys.info()
    one = alice.rest.keys.get(account_id=alice.account_id, orderly_key=added.key)
    where = alice.rest.keys.ip_restriction(orderly_key=added.key)

    assert [(row.orderly_key, row.key_status) for row in rows] == [
        (alice.credentials.key, "ACTIVE"),
        (added.key, "ACTIVE"),
    ]
    assert (rows[1].tag, rows[1].scopes) == ("bot 7", {KeyScope.READ, KeyScope.TRADING})
    assert (one.orderly_key, one.expiration) == (added.key, rows[1].expiration)
    assert (where.account_id, where.ip_restriction_list) == (alice.account_id, ())
    assert leftovers([rows, one, where]) == []


def test_only_the_owners_signature_adds_a_key(kit, alice, bob):
    """Another wallet's is refused with 9; a wallet without an account has nothing to add to."""
    stranger = Wallet.generate()

    assert refused(add_key, bob.rest, stranger, BROKER).code == -1006
    sent = AddOrderlyKeyMessage(
        broker_id=BROKER,
        chain_id=CHAIN,
        orderly_key=Secret.generate().public,
        scope="read",
        timestamp=bob.rest.clock.time_ms(),
        expiration=bob.rest.clock.time_ms() + DAY,
        sub_account_id=alice.account_id,
    )
    signed = bob.wallet.sign(sent)
    error = refused(
        bob.rest.keys.add, message=sent, signature=signed.signature, user_address=bob.wallet.address
    )
    assert error.code == 9


@pytest.mark.parametrize(
    "changed",
    [
        {"scope": "everything"},
        {"scope": ""},
        {"orderly_key": "ed25519:short"},
        {"orderly_key": "FwPH3gH4G6NqFyYr1YD5njRC6FGNRPRXnZ5SLAxHie5J"},
        {"expiration": 1},
        {"expiration": 10**14},
    ],
    ids=str,
)
def test_a_key_that_makes_no_sense_is_refused(alice, changed):
    """-1005: an unknown scope, no key, an end in the past or more than a year ahead."""
    now = alice.rest.clock.time_ms()
    values = {
        "broker_id": BROKER,
        "chain_id": CHAIN,
        "orderly_key": Secret.generate().public,
        "scope": "read",
        "timestamp": now,
        "expiration": now + DAY,
    }
    sent = AddOrderlyKeyMessage(**{**values, **changed})
    signature = alice.wallet.sign(sent).signature

    error = refused(alice.rest.keys.add, message=sent, signature=signature, user_address=alice.wallet.address)

    assert error.code == -1005


def test_a_removed_key_is_refused_at_once_and_for_good(kit, alice):
    """-1002 from then on; the same message cannot bring it back, and it stays on record."""
    secret = Secret.generate()
    rest = kit.client(add_key(alice.rest, alice.wallet, BROKER, secret=secret))
    assert rest.assets.holding().holding

    alice.rest.keys.remove(orderly_key=secret.public)

    assert refused(rest.assets.holding).code == -1002
    assert refused(add_key, alice.rest, alice.wallet, BROKER, secret=secret).code == -1007
    removed = alice.rest.keys.info(key_status="REMOVED")
    assert [row.orderly_key for row in removed] == [secret.public]
    assert refused(alice.rest.keys.get, account_id=alice.account_id, orderly_key=secret.public).code == -1006


def test_a_key_can_remove_itself_and_no_other_accounts_key(alice, bob):
    """-1006 for a key that is not the account's."""
    assert refused(alice.rest.keys.remove, orderly_key=bob.credentials.key).code == -1006

    remove_key(alice.rest)

    assert refused(alice.rest.assets.holding).code == -1002
    assert bob.usdc == 100_000


def test_removing_a_key_closes_its_sockets_and_no_others(venue, alice):
    """The connection that logged in with it ends; another account's goes on."""
    first, second = Trader(venue, 0), Trader(venue, 1)
    try:
        closed, kept = first.private("balance"), second.private("balance")

        remove_key(alice.rest)

        opcode, data = closed.ws.recv_data()
        assert (opcode, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1008)
        assert kept.ask({"event": "subscribe", "topic": "wallet"})["success"] is True
    finally:
        first.close()
        second.close()


def test_a_key_can_be_bound_to_addresses(kit, alice):
    """A list that holds the caller's address lets it pass, another refuses it with -1002; a reset frees it."""
    secret = Secret.generate()
    rest = kit.client(add_key(alice.rest, alice.wallet, BROKER, secret=secret))
    keys, name = alice.rest.keys, secret.public

    assert keys.set_ip_restriction(
        orderly_key=name, ip_restriction_list=["10.0.0.1", "127.0.0.0-127.0.0.9"]
    ).ip_restriction_list == ("10.0.0.1", "127.0.0.0-127.0.0.9")
    assert rest.assets.holding().holding
    keys.set_ip_restriction(orderly_key=name, ip_restriction_list="10.0.0.0/8")
    assert refused(rest.assets.holding).code == -1002
    row = keys.info()[-1]
    assert (row.ip_restriction_list, row.ip_restriction_status) == (("10.0.0.0/8",), "ALLOW_RESTRICTION_LIST")

    keys.reset_ip_restriction(orderly_key=name, reset_mode="ALLOW_ALL_IPS")
    assert rest.assets.holding().holding
    keys.reset_ip_restriction(orderly_key=name, reset_mode="DISALLOW_ALL_IPS")
    assert refused(rest.assets.holding).code == -1002


def test_addresses_that_are_none_are_refused(alice):
    """-1005 for text, a range that runs backwards, and a list as reset mode; -1006 for another's key."""
    own = alice.credentials.key
    for bad in ("here", "10.0.0.9-10.0.0.1", "1.2.3.4,", "::1-1.2.3.4"):
        error = refused(alice.rest.keys.set_ip_restriction, orderly_key=own, ip_restriction_list=bad)
        assert error.code == -1005
    reset = alice.rest.keys.reset_ip_restriction
    assert refused(reset, orderly_key=own, reset_mode="ALLOW_RESTRICTION_LIST").code == -1005
    stranger = Secret.generate().public
    assert refused(reset, orderly_key=stranger, reset_mode="ALLOW_ALL_IPS").code == -1006


def test_a_bound_key_cannot_log_in_from_elsewhere(venue, alice):
    """The stream keeps the list, too."""
    trader = Trader(venue)
    try:
        alice.rest.keys.set_ip_restriction(
            orderly_key=alice.credentials.key, ip_restriction_list=["10.0.0.1"]
        )
        socket = trader.socket("ws_private", trader.account_id)

        answer = socket.login(trader)

        assert (answer["success"], answer["errorMsg"]) == (False, "auth failed")
    finally:
        trader.close()


def test_owners_are_told_of_added_and_removed_keys(alice):
    """In their inbox: somebody who is not the owner may be at it."""
    added = add_key(alice.rest, alice.wallet, BROKER)
    alice.rest.keys.remove(orderly_key=added.key)

    newest, older = alice.rest.notifications.inbox(type="SYSTEM").rows

    assert (older.message_type, newest.message_type) == ("API_KEY_ADDED", "API_KEY_REMOVED")
    assert added.key in str(newest.content_summary)


@pytest.fixture
def clock() -> ManualClock:
    """A clock that client and venue share, at the present."""
    return ManualClock(int(time.time() * 1000))


@pytest.fixture
def dated(clock: ManualClock) -> Iterator[Venue]:
    """A venue whose wall clock is that one."""
    with Venue(seed=7, market="frozen", rate_limits=False, clock=clock) as venue:
        yield venue


def test_an_expired_key_is_refused(dated, clock):
    """-1002 from the moment its time is over, by the wall clock."""
    network = VenueKit(dated).network
    account = dated.accounts[0]
    with Rest(network, clock=clock, rate_limits=False) as public:
        credentials = add_key(
            public, Wallet(account.wallet_key), BROKER, expires=clock.time_ms() + 60_000, scope="read"
        )
    with Rest(
        network,
        Credentials(account_id=account.account_id, secret=credentials.secret),
        clock=clock,
        rate_limits=False,
    ) as rest:
        clock.advance(59.9)
        assert rest.assets.holding().holding
        clock.advance(0.1)

        assert refused(rest.assets.holding).code == -1002
