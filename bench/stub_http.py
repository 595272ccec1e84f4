"""An HTTP server that answers every request at once with a prepared answer, in its own process.

It prints one JSON line with its port. Connections are kept alive; nothing is checked: what is measured is the client.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import threading

_NOW = 1_750_000_000_000

_ORDER = {
    "order_id": 1_750_000_001,
    "client_order_id": "bench-0001",
    "order_type": "LIMIT",
    "order_price": 3000.0,
    "order_quantity": 0.1,
    "order_amount": None,
    "error_message": "none",
}


def _symbol(name: str) -> dict:
    return {
        "symbol": name,
        "quote_min": 0,
        "quote_max": 100000,
        "quote_tick": 0.01,
        "base_min": 0.001,
        "base_max": 1000,
        "base_tick": 0.001,
        "min_notional": 10,
        "price_range": 0.03,
        "price_scope": 0.4,
        "std_liquidation_fee": 0.024,
        "liquidator_fee": 0.012,
        "claim_insurance_fund_discount": 0.0075,
        "funding_period": 8,
        "cap_funding": 0.000375,
        "floor_funding": -0.000375,
        "interest_rate": 0.0001,
        "created_time": _NOW,
        "updated_time": _NOW,
        "base_mmr": 0.012,
        "base_imr": 0.02,
        "imr_factor": 0.00000208,
        "liquidation_tier": "1",
        "global_max_oi_cap": 100000000,
    }


def _position(index: int) -> dict:
    return {
        "symbol": f"PERP_T{index:02}_USDC",
        "position_qty": 0.5 + index / 1000,
        "cost_position": 1700.25,
        "last_sum_unitary_funding": 0.0123,
        "pending_long_qty": 0,
        "pending_short_qty": 0,
        "settle_price": 3400.5,
        "average_open_price": 3400.51,
        "unsettled_pnl": -1.2345,
        "mark_price": 3398.03,
        "est_liq_price": 2801.25,
        "timestamp": _NOW + index,
        "seq": _NOW + index,
        "mmr": 0.012,
        "imr": 0.02,
        "IMR_withdraw_orders": 0.02,
        "MMR_with_orders": 0.012,
        "pnl_24_h": 1.25,
        "fee_24_h": 0.5,
        "leverage": 10,
        "margin_mode": "CROSS",
        "margin": 0,
    }


_POSITIONS = {
    "current_margin_ratio_with_orders": 1.2385,
    "free_collateral": 450315.09115,
    "initial_margin_ratio": 0.1,
    "initial_margin_ratio_with_orders": 0.1,
    "maintenance_margin_ratio": 0.05,
    "maintenance_margin_ratio_with_orders": 0.05,
    "margin_ratio": 1.2385,
    "open_margin_ratio": 1.2102,
    "total_collateral_value": 489865.71329,
    "total_pnl_24_h": 12.5,
    "rows": [_position(index) for index in range(50)],
}
_USDC = {
    "token": "USDC",
    "decimals": 6,
    "minimum_withdraw_amount": 0.000001,
    "token_hash": "0x" + "d6" * 32,
    "chain_details": [
        {"chain_id": 421614, "contract_address": "0x" + "5d" * 20, "decimals": 6, "withdraw_fee": 1}
    ],
}

_ANSWERS = {
    (b"POST", b"/v1/order"): _ORDER,
    (b"GET", b"/v1/positions"): _POSITIONS,
    (b"GET", b"/v1/public/info"): {"rows": [_symbol("PERP_ETH_USDC"), _symbol("PERP_BTC_USDC")]},
    (b"GET", b"/v1/public/token"): {"rows": [_USDC]},
    (b"GET", b"/v1/public/chain_info"): {
        "rows": [{"name": "Arbitrum Sepolia", "public_rpc_url": "", "chain_id": 421614}]
    },
    (b"GET", b"/v1/public/system_info"): {"status": 0, "msg": "System is functioning properly."},
}


def _packed(data: object, status: bytes = b"200 OK") -> bytes:
    body = json.dumps({"success": True, "timestamp": _NOW, "data": data}, separators=(",", ":")).encode()
    head = (
        b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: keep-alive\r\n\r\n"
        % (status, len(body))
    )
    return head + body


_PACKED = {key: _packed(data) for key, data in _ANSWERS.items()}
_MISSING = _packed(None, b"404 Not Found")


def _serve(sock: socket.socket) -> None:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    held = b""
    with sock:
        while True:
            end = held.find(b"\r\n\r\n")
            if end < 0:
                piece = sock.recv(65536)
                if not piece:
                    return
                held += piece
                continue
            head = held[:end]
            at = head.lower().find(b"content-length:")
            size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            while len(held) < end + 4 + size:
                piece = sock.recv(65536)
                if not piece:
                    return
                held += piece
            method, target, _ = head.split(b" ", 2)
            sock.sendall(_PACKED.get((method, target.split(b"?", 1)[0]), _MISSING))
            held = held[end + 4 + size :]


def _guarded(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # a client may end with its connection open
        _serve(sock)


def main() -> None:
    """Serve until standard input closes."""
    if len(sys.argv) > 1 and sys.argv[1] != "-" and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(sys.argv[1])})
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def accept() -> None:
        while True:
            sock, _ = listener.accept()
            threading.Thread(target=_guarded, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    print(json.dumps({"http": listener.getsockname()[1]}), flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
