"""Registration, keys, sub-accounts, delegates, money and liquidations: what wallets sign, and what it leads to."""

from __future__ import annotations

from orderly_sync import Rest
from orderly_sync.models.asset import TransferReceiver
from orderly_sync.wallet.flows import (
    delegate_settle_pnl,
    delegate_withdraw,
    settle_pnl,
    settle_sub_account,
    transfer,
    withdraw,
)
from orderly_sync.wallet.onboarding import (
    add_delegate_key,
    add_key,
    add_sub_account,
    delegate,
    register,
    remove_key,
)
from orderly_sync.wallet.wallet import Wallet
from tests.scenario.operations.calls import BROKER, CHAIN, ETH, RecordedKit, Row

__all__ = ["ROWS"]

ALL = "read,trading,asset"
CONTRACT = "0x036Cb579025d3535a0ADcD929D05481a3189714b"
TX = "0x" + "ab" * 32


def _register(s: RecordedKit) -> None:
    wallet = s.kept["newcomer"] = Wallet.generate()
    register(s.public, wallet, BROKER)


def _remove_key(s: RecordedKit) -> None:
    spare = add_key(s.user, s.wallets[1], BROKER, scope="read")
    s.user.keys.info()
    remove_key(s.user, spare.key)


def _owner_of_ips(s: RecordedKit) -> str:
    """A key that may be tied to addresses without locking anybody out."""
    if "ip key" not in s.kept:
        s.kept["ip key"] = add_key(s.user, s.wallets[1], BROKER, scope="read").key
    key: str = s.kept["ip key"]
    return key


def _faucet(s: RecordedKit) -> None:
    """A new account with money that soon bets too high."""
    wallet: Wallet = s.kept["newcomer"]
    s.kept["gambler"] = s.client(add_key(s.public, wallet, BROKER, scope=ALL))
    s.public.faucet.usdc(user_address=wallet.address, broker_id=BROKER)


def _sub_account(s: RecordedKit) -> None:
    made = add_sub_account(s.user, s.wallets[1], description="grid", scope=ALL)
    s.kept["sub"] = s.client(made)
    s.kept["sub id"] = made.account_id
    transfer(s.user, s.wallets[1], receiver=made.account_id, token="USDC", amount="5000")
    s.buy(s.kept["sub"], "0.2")


def _transfer(s: RecordedKit) -> None:
    """By key alone, between an account and its sub-account."""
    receivers = [TransferReceiver(account_id=s.kept["sub id"], amount=5)]
    key = add_key(s.user, s.wallets[1], BROKER, scope="read,asset")
    s.client(key).assets.transfer(token="USDC", receiver_list=receivers)


def _delegate(s: RecordedKit) -> None:
    s.kept["signer"] = Wallet.generate()
    delegate(s.public, s.kept["signer"], BROKER, contract=CONTRACT, tx_hash=TX)


def _delegate_key(s: RecordedKit) -> None:
    made = add_delegate_key(s.public, s.kept["signer"], BROKER, contract=CONTRACT, scope=ALL)
    s.kept["contract"] = s.client(made)
    s.public.faucet.usdc(user_address=CONTRACT, broker_id=BROKER)


def _delegate_settles(s: RecordedKit) -> None:
    contract: Rest = s.kept["contract"]
    s.buy(contract, "0.1")
    s.venue.set_mark_price(ETH, "3410")
    delegate_settle_pnl(contract, s.kept["signer"], contract=CONTRACT)


def _settle(s: RecordedKit) -> None:
    s.venue.set_mark_price(ETH, "3405")
    settle_pnl(s.user, s.wallets[1])


def _crash(s: RecordedKit) -> None:
    """The newcomer holds too much, and its market falls."""
    gambler: Rest = s.kept["gambler"]
    gambler.config.set_leverage(symbol=ETH, leverage=50)
    s.venue.set_mark_price(ETH, "3400")
    s.buy(gambler, "13")
    s.venue.set_mark_price(ETH, "3335")
    s.kept["offer"] = s.third.liquidations.under_liquidation().rows[0]


def _claim(s: RecordedKit) -> None:
    """Two share what is offered: a trader, and the provider of the vaults."""
    for client in s.third, s.admin:
        client.liquidations.claim(
            liquidation_id=s.kept["offer"].liquidation_id,
            ratio_qty_request="0.3",
            limit_price={ETH: "3400"},
        )


def _claim_fund(s: RecordedKit) -> None:
    """What nobody takes the insurance fund takes, and sells."""
    s.venue.set_mark_price(ETH, "3280")
    s.venue.advance(10_000)
    claims = [row for row in s.third.liquidations.under_liquidation().rows if row.type == "claim"]
    s.third.liquidations.claim_insurance_fund(
        claim_id=claims[0].liquidation_id, symbol=ETH, qty_request="1", limit_price={ETH: "3400"}
    )


ROWS: tuple[Row, ...] = (
    ("registration.nonce", lambda s: s.public.registration.nonce()),
    ("registration.register", _register),
    (
        "registration.account",
        lambda s: s.public.registration.account(address=s.address(1), broker_id=BROKER),
    ),
    (
        "registration.accounts",
        lambda s: s.public.registration.accounts(address=s.address(1), broker_id=BROKER),
    ),
    ("registration.brokers", lambda s: s.public.registration.brokers(address=s.address(1))),
    ("registration.owner", lambda s: s.public.registration.owner(account_id=s.ids[1])),
    ("keys.add", lambda s: add_key(s.user, s.wallets[1], BROKER, scope="read")),
    ("keys.get", lambda s: s.public.keys.get(account_id=s.ids[1], orderly_key=s.keys[1])),
    ("keys.info", lambda s: s.user.keys.info()),
    ("keys.remove", _remove_key),
    (
        "keys.set_ip_restriction",
        lambda s: s.user.keys.set_ip_restriction(
            orderly_key=_owner_of_ips(s), ip_restriction_list=["203.0.113.7"]
        ),
    ),
    ("keys.ip_restriction", lambda s: s.user.keys.ip_restriction(orderly_key=_owner_of_ips(s))),
    (
        "keys.reset_ip_restriction",
        lambda s: s.user.keys.reset_ip_restriction(orderly_key=_owner_of_ips(s), reset_mode="ALLOW_ALL_IPS"),
    ),
    ("faucet.usdc", _faucet),
    ("assets.transfer_nonce", lambda s: s.user.assets.transfer_nonce()),
    ("sub_accounts.add", _sub_account),
    ("sub_accounts.get", lambda s: s.user.sub_accounts.get()),
    (
        "sub_accounts.update",
        lambda s: s.user.sub_accounts.update(sub_account_id=s.kept["sub id"], description="swing"),
    ),
    ("sub_accounts.holding", lambda s: s.user.sub_accounts.holding()),
    ("sub_accounts.positions", lambda s: s.user.sub_accounts.positions()),
    ("sub_accounts.settle_pnl", lambda s: settle_sub_account(s.kept["sub"])),
    (
        "assets.transfer_signed",
        lambda s: transfer(s.user, s.wallets[1], receiver=s.ids[2], token="USDC", amount="10"),
    ),
    ("assets.transfer", _transfer),
    ("assets.transfers", lambda s: s.user.assets.transfers(side="OUT")),
    ("assets.holding", lambda s: s.user.assets.holding()),
    ("assets.withdraw_nonce", lambda s: s.user.assets.withdraw_nonce()),
    ("assets.withdraw", lambda s: withdraw(s.user, s.wallets[1], token="USDC", amount="50")),
    ("assets.history", lambda s: s.user.assets.history()),
    ("assets.settle_nonce", lambda s: s.user.assets.settle_nonce()),
    ("assets.settle_pnl", _settle),
    ("assets.settlements", lambda s: s.user.assets.settlements()),
    ("assets.receiver_address", lambda s: s.user.assets.receiver_address(chain_id=CHAIN)),
    (
        "assets.manual_convert",
        lambda s: s.user.assets.manual_convert(converted_asset="USDT", amount="25", slippage="0.01"),
    ),
    ("assets.convert_history", lambda s: s.user.assets.convert_history(status="failed")),
    ("assets.auto_convert_threshold", lambda s: s.public.assets.auto_convert_threshold()),
    (
        "assets.swap_quote",
        lambda s: s.public.assets.swap_quote(
            from_token="ETH", to_token="USDC", amount="0.5", slippage="0.005"
        ),
    ),
    ("assets.receiver_events", lambda s: s.user.assets.receiver_events()),
    ("delegate.register", _delegate),
    ("delegate.add_key", _delegate_key),
    ("delegate.settle_pnl", _delegate_settles),
    (
        "delegate.withdraw",
        lambda s: delegate_withdraw(
            s.kept["contract"], s.kept["signer"], contract=CONTRACT, token="USDC", amount="100"
        ),
    ),
    ("liquidations.under_liquidation", _crash),
    ("liquidations.claim", _claim),
    ("liquidations.claimed", lambda s: s.third.liquidations.claimed()),
    ("liquidations.liquidated", lambda s: s.public.liquidations.liquidated()),
    ("liquidations.history", lambda s: s.kept["gambler"].liquidations.history()),
    ("liquidations.claim_insurance_fund", _claim_fund),
)
