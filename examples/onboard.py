"""From a new wallet to money back in it: register, add a key, fund, trade, settle, withdraw.

    python examples/onboard.py

On a real network the same calls work with ``"testnet"`` and your builder's id; the paper venue only lets time pass and
prices move on request. Needs the extras ``paper`` and ``wallet``.
"""

from orderly_sync import AssetStatus, Market, Wallet, connect, topics
from orderly_sync.wallet.flows import settle_pnl, withdraw
from orderly_sync.wallet.onboarding import onboard

BROKER = "paper"
SYMBOL = "PERP_ETH_USDC"


def main() -> None:
    with connect("paper", market="frozen") as venue:
        network = venue.rest.network

        # 1 A wallet, its account, and a key that may trade. Store both secrets: nobody can show them again.
        wallet = Wallet.generate()
        credentials = onboard(network, wallet, BROKER, scope="read,trading")
        print(f"wallet     {wallet.address}")
        print(f"account    {credentials.account_id}")

        with connect(network, credentials=credentials) as ex:
            key = ex.rest.keys.info()[0]
            print(f"key        {key.orderly_key}: {key.scope} until {key.expires_at:%Y-%m-%d}")
            moves, settlements = ex.stream(topics.wallet()), ex.stream(topics.settle())

            # 2 Test money; its deposit is told on the stream.
            ex.rest.faucet.usdc(user_address=wallet.address, broker_id=BROKER)
            deposit = moves.get(timeout=10)
            print(f"deposit    {deposit.amount} {deposit.token} {deposit.trans_status}")

            # 3 An order, and a market that moves its way.
            order = ex.place(Market.buy(SYMBOL, quantity="0.2")).wait("filled", timeout=10)
            print(f"bought     {order.filled} ETH at {order.average_executed_price}")
            price = round(order.average_executed_price or 0) + 50
            venue.paper.set_mark_price(SYMBOL, price)
            print(f"mark       {price}, unsettled {ex.rest.positions.get(SYMBOL).unsettled_pnl}")

            # 4 What is unsettled goes into the balance when the wallet says so.
            settle_pnl(ex.rest, wallet)
            settled = settlements.get(timeout=10)
            print(f"settled    {settled.settled_amount}: {settled.old_balance} -> {settled.new_balance}")

            # 5 And back to the wallet, which takes a chain some time.
            withdraw(ex.rest, wallet, token="USDC", amount="500")
            venue.paper.advance(10_000)
            for move in moves:
                print(f"withdrawal {move.amount} {move.token} {move.trans_status}")
                if move.trans_status is AssetStatus.COMPLETED:
                    break
            print(f"balance    {ex.rest.assets.holding().holding[0].holding} USDC")


if __name__ == "__main__":
    main()
