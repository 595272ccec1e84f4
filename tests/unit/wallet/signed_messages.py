"""The messages that wallets sign: public vectors, the structs as text, and their hash worked out independently."""

from __future__ import annotations

from typing import Any

from eth_abi import encode
from eth_utils import keccak

from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.message import (
    AddOrderlyKeyMessage,
    AddSpOrderlyKeyMessage,
    DelegateAddOrderlyKeyMessage,
    DelegateSettlePnlMessage,
    DelegateSignerMessage,
    DelegateWithdrawMessage,
    InternalTransferMessage,
    Message,
    RegistrationMessage,
    SettlePnlMessage,
    SettleSpPnlMessage,
    VaultAction,
    VaultRequestMessage,
    WithdrawMessage,
)
from orderly_sync.wire.typed_data import body

KEY = "0x" + "11" * 32
ADDRESS = "0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A"
LEDGER = "0x1826B75e2ef249173FC735149AE4B8e9ea10abff"
CONTRACT = "0x036Cb579025d3535a0ADcD929D05481a3189714b"
CHAIN = 421614
NOW = 1_700_000_000_000
LATER = 1_731_536_000_000
ORDERLY_KEY = "ed25519:FwPH3gH4G6NqFyYr1YD5njRC6FGNRPRXnZ5SLAxHie5J"
ACCOUNT_ID = "0xd7e83be2bfc1af7dc6180aa350126e31fab4a8b9f9f4f83913f8b904cf1995aa"
HASH = "0x" + "ab" * 32

VECTORS: list[tuple[Message, str]] = [
    (
        RegistrationMessage(
            broker_id="woofi_pro",
            chain_id=CHAIN,
            timestamp=NOW,
            registration_nonce=194528949540,
            chain_type=ChainType.EVM,
        ),
        (
            "0x76a37c8c59a503452c8f579edfd38b1057005f801c22d4b216ce6d97d0a6ee8b"
            "1cc32961be883a8f5d04272afa976b636b1852535ddf29802cfef74875330f5d1c"
        ),
    ),
    (
        AddOrderlyKeyMessage(
            broker_id="woofi_pro",
            chain_id=CHAIN,
            orderly_key=ORDERLY_KEY,
            scope="read,trading",
            timestamp=NOW,
            expiration=LATER,
            tag="not signed",
            sub_account_id="not signed",
        ),
        (
            "0xd8cb8eb3ab6d827ee026aa7219edcd334c3ec3c58d72f2c5c9208bfd8fb777cd"
            "0f421e8e50e908f81a843078a4bbccf45c43e8d7ba0853305f0dc50a0187818f1c"
        ),
    ),
    (
        WithdrawMessage(
            broker_id="woofi_pro",
            chain_id=CHAIN,
            receiver=ADDRESS,
            token="USDC",
            amount=1_000_000,
            withdraw_nonce=1,
            timestamp=NOW,
            allow_cross_chain_withdraw=True,
        ),
        (
            "0x12038e77e57c9a2f5fe148f416dc19eb90493e0d726946fdf01be51600c14eac"
            "6f3b94df66d650c9a9325a7fb41f4c53e3a91804a6739c764511b6826a8e356c1b"
        ),
    ),
    (
        SettlePnlMessage(broker_id="woofi_pro", chain_id=CHAIN, settle_nonce=1, timestamp=NOW),
        (
            "0xfc0c8662fc829df44ae1acc7df26f1a9af6276e43e20d9fdd876c3d2179b83d4"
            "0a0fef68c25d0bde9ee3073833f095532598166d84cdc87a9b5971d09ed6ba0d1b"
        ),
    ),
    (
        InternalTransferMessage(
            receiver=ACCOUNT_ID, token="USDC", amount=1_000_000, transfer_nonce=1, chain_id=CHAIN
        ),
        (
            "0x39fd241f1a7c5ec18c66850d1cf7a5ad01fa9be73505d89f4f08990de4fc2bfa"
            "4a61faa87245b6f3b301e4d472352f9fa15eccb72fb970edcc39e1765fe1f7bc1b"
        ),
    ),
    (
        DelegateSignerMessage(
            delegate_contract=CONTRACT,
            broker_id="woofi_pro",
            chain_id=CHAIN,
            timestamp=NOW,
            registration_nonce=194528949540,
            tx_hash=HASH,
        ),
        (
            "0x208ba375e0408c83f1cfa9642fc1124b887b3a0370fe501174a4e5a41d5b9e05"
            "7fe8701c41c1ddf6f0c8e9b6cb2c6c45f01e3dd02587dae340c1e367438b0b031b"
        ),
    ),
    (
        DelegateAddOrderlyKeyMessage(
            delegate_contract=CONTRACT,
            broker_id="woofi_pro",
            chain_id=CHAIN,
            orderly_key=ORDERLY_KEY,
            scope="read,trading",
            timestamp=NOW,
            expiration=LATER,
        ),
        (
            "0x9c5245efc11f15021789b282dc497c4ae79d6469cd8121ed6275874a08cb85ee"
            "17389c37bbd236201466d0d2973fc53ff452ab0c4e47df046f6f780ffeaa364b1c"
        ),
    ),
    (
        DelegateWithdrawMessage(
            delegate_contract=CONTRACT,
            broker_id="woofi_pro",
            chain_id=CHAIN,
            receiver=CONTRACT,
            token="USDC",
            amount=1_000_000,
            withdraw_nonce=1,
            timestamp=NOW,
        ),
        (
            "0x0f51748148e9c92307f6143f2cfe61be7d9fe097561054e148d914a3e38f8149"
            "3cbabdc764e1910051500d64b62d10a5af71593a7da32ef0fef823ed44b989631c"
        ),
    ),
    (
        DelegateSettlePnlMessage(
            delegate_contract=CONTRACT, broker_id="woofi_pro", chain_id=CHAIN, settle_nonce=1, timestamp=NOW
        ),
        (
            "0x56adb48334229e360fd00f25cdd86a977b84f158a0326b1f32139b37d9ca0199"
            "10b8eef9b73558610896d3bdf5707fb4b33a844ed18b043ae159113138c841ab1c"
        ),
    ),
    (
        VaultRequestMessage(
            payload_type=VaultAction.LP_DEPOSIT,
            nonce=1,
            receiver=ADDRESS,
            amount=1_000_000,
            vault_id="0x" + "cd" * 32,
            token="USDC",
            dex_broker_id="woofi_pro",
            chain_id=CHAIN,
        ),
        (
            "0x42268e46b1a32878ecd5732509363618c464c60bfd381c718299aa96921566ed"
            "3efe6b2699598c43f9b2c499c10137587f01fa982b1131bc9521a1005285ccde1c"
        ),
    ),
]

PROVIDER_KEY = AddSpOrderlyKeyMessage(
    contract=CONTRACT,
    broker_id="woofi_pro",
    chain_id=CHAIN,
    orderly_key=ORDERLY_KEY,
    scope="read",
    timestamp=NOW,
    expiration=LATER,
)
PROVIDER_SETTLE = SettleSpPnlMessage(
    broker_id="woofi_pro", chain_id=CHAIN, settle_nonce=7, timestamp=NOW, contract=CONTRACT
)

STRUCTS = {
    "Registration": "string brokerId,uint256 chainId,uint64 timestamp,uint256 registrationNonce",
    "AddOrderlyKey": "string brokerId,uint256 chainId,string orderlyKey,string scope,uint64 timestamp,uint64 expiration",
    "Withdraw": "string brokerId,uint256 chainId,address receiver,string token,uint256 amount,"
    "uint64 withdrawNonce,uint64 timestamp",
    "SettlePnl": "string brokerId,uint256 chainId,uint64 settleNonce,uint64 timestamp",
    "InternalTransfer": "bytes32 receiver,string token,uint256 amount,uint64 transferNonce",
    "DelegateSigner": "address delegateContract,string brokerId,uint256 chainId,uint64 timestamp,"
    "uint256 registrationNonce,bytes32 txHash",
    "DelegateAddOrderlyKey": "address delegateContract,string brokerId,uint256 chainId,string orderlyKey,string scope,"
    "uint64 timestamp,uint64 expiration",
    "DelegateWithdraw": "address delegateContract,string brokerId,uint256 chainId,address receiver,string token,"
    "uint256 amount,uint64 withdrawNonce,uint64 timestamp",
    "DelegateSettlePnl": "address delegateContract,string brokerId,uint256 chainId,uint64 settleNonce,uint64 timestamp",
    "DexRequest": "uint8 payloadType,uint256 nonce,address receiver,uint256 amount,bytes32 vaultId,string token,"
    "string dexBrokerId",
    "AddSPOrderlyKey": "string brokerId,uint256 chainId,string orderlyKey,string scope,uint64 timestamp,"
    "uint64 expiration,string contract",
    "SettleSPPnl": "string brokerId,uint256 chainId,string settleNonce,uint64 timestamp,string contract",
}
OFFCHAIN = {"Registration", "AddOrderlyKey", "DelegateSigner", "DelegateAddOrderlyKey"}
EVERY = [*(message for message, _ in VECTORS), PROVIDER_KEY, PROVIDER_SETTLE]
TEXT_IN_BODY = {
    "Registration": {"timestamp", "registrationNonce"},
    "Withdraw": {"amount", "withdrawNonce", "timestamp"},
    "DelegateWithdraw": {"amount", "withdrawNonce", "timestamp"},
    "InternalTransfer": {"transferNonce", "chainId"},
    "DexRequest": {"nonce", "amount"},
    "SettleSPPnl": {"settleNonce"},
}


def digest(message: Message, contract: str) -> bytes:
    """The hash to sign, worked out from the struct's text, apart from the code under test and from its library."""
    struct = STRUCTS[message.struct]
    names = [field.split() for field in struct.split(",")]
    carried = body(message)
    kinds, values = ["bytes32"], [keccak(text=f"{message.struct}({struct})")]
    for kind, name in names:
        value: Any = carried[name]
        kinds.append("bytes32" if kind == "string" else kind)
        if kind == "string":
            value = keccak(text=str(value))
        elif kind.startswith("uint"):
            value = int(value)
        elif kind == "bytes32":
            value = bytes.fromhex(value[2:])
        values.append(value)
    domain = encode(
        ["bytes32", "bytes32", "bytes32", "uint256", "address"],
        [
            keccak(text="EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            keccak(text="Orderly"),
            keccak(text="1"),
            message.chain_id,
            contract,
        ],
    )
    return keccak(b"\x19\x01" + keccak(domain) + keccak(encode(kinds, values)))


def struct_of(message: Message) -> str:
    return message.struct
