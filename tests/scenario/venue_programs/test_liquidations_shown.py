"""A liquidation is seen by the builder's admin, by the vault whose provider took it over, and by everyone who asks."""

from __future__ import annotations

from orderly_sync.wallet.flows import transfer
from orderly_sync.wallet.wallet import Wallet
from tests.support.venue_kit import DAY, ETH, whole

START = 1_767_225_600_000


def test_a_liquidation_is_shown_alike_everywhere(kit):
    """Who lost it, who took it, how much of it, at what price."""
    loser = kit.clients[3]
    transfer(
        loser,
        Wallet(kit.account(3).wallet_key),
        receiver=kit.account(4).account_id,
        token="USDC",
        amount=99_000,
        decimals=6,
        chain_id=421614,
    )
    loser.config.set_leverage(symbol=ETH, leverage=50)
    kit.buy(3, "13")
    kit.mark("3340")
    (offer,) = kit.admin.liquidations.under_liquidation().rows
    kit.admin.liquidations.claim(
        liquidation_id=offer.liquidation_id, ratio_qty_request=1, limit_price={ETH: "3400"}
    )
    (lost,) = loser.liquidations.history()

    (row,) = whole(kit.admin.admin.liquidations(user_account=kit.account(3).account_id))
    assert (row.liquidation_id, row.account_id) == (lost.liquidation_id, kit.account(3).account_id)
    assert row.positions_by_perp == lost.positions_by_perp
    span = {"start": START, "end": START + DAY, "sort_by": "time"}
    assert [each.liquidation_id for each in kit.admin.admin.liquidations(**span)] == [row.liquidation_id]
    assert kit.admin.admin.liquidations(**span, liquidation_id=1).meta.total == 0

    vault = kit.admin.vault_host.vaults()[0]
    (taken,) = whole(kit.admin.vault_host.liquidations(vault_id=vault.vault_id, symbol=ETH))
    assert (taken.liquidation_id, len(taken.positions_by_perp)) == (lost.liquidation_id, 1)

    (told,) = whole(kit.admin.query.liquidations(symbol=ETH))
    position = lost.positions_by_perp[0]
    assert (told.side, told.position_qty) == ("LONG", abs(position.position_qty))
    assert (told.address, told.mark_price) == (kit.address(3), position.mark_price)
