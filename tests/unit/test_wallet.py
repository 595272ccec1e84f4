"""Wallets: every message is signed as the published structs say, and no key is ever shown."""

from __future__ import annotations

import copy
import pickle
import sys
import traceback
from typing import Any

import attrs
import pytest
from eth_abi import encode
from eth_account import Account
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from orderly_sync.errors import UsageError
from orderly_sync.models import message as messages
from orderly_sync.models.enums import ChainType
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
from orderly_sync.wallet import ExternalWallet, Wallet, account_id, broker_hash, token_hash
from orderly_sync.wire.typed_data import OFFCHAIN_CONTRACT, body, typed_data

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


@pytest.mark.parametrize(
    ("message", "signature"), VECTORS, ids=[struct_of(message) for message, _ in VECTORS]
)
def test_every_published_message_has_its_published_signature(message: Message, signature: str) -> None:
    """Struct, domain and values agree with an independent signer to the last bit."""
    signed = Wallet(KEY).sign(message, LEDGER)

    assert signed.signature == signature
    assert signed.user_address == ADDRESS
    assert signed.verifying_contract == (OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else LEDGER)


@pytest.mark.parametrize("message", EVERY, ids=struct_of)
def test_every_struct_hashes_as_its_text_says(message: Message) -> None:
    """The provider's two messages, too, whose contract is the one they name."""
    contract = {"AddSPOrderlyKey": CONTRACT, "SettleSPPnl": CONTRACT}.get(message.struct, LEDGER)
    contract = OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else contract

    signed = Wallet(KEY).sign(message, None if contract in {CONTRACT, OFFCHAIN_CONTRACT} else contract)

    assert Account._recover_hash(digest(message, contract), signature=signed.signature) == ADDRESS


def test_every_message_is_proven() -> None:
    """No message class stands outside these tests."""
    classes = {getattr(messages, name) for name in messages.__all__} - {Message, VaultAction}

    assert classes == {type(message) for message in EVERY}


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
VALUES = {
    "string": TEXT,
    "address": st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex()),
    "bytes32": st.binary(min_size=32, max_size=32).map(lambda raw: "0x" + raw.hex()),
    "uint8": st.integers(0, 2**8 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "uint256": st.integers(0, 2**256 - 1),
}


@pytest.mark.parametrize("sample", EVERY, ids=struct_of)
@settings(max_examples=10)
@given(data=st.data())
def test_any_message_recovers_to_its_signer(sample: Message, data: st.DataObject) -> None:
    """For random values of every field."""
    fields = {field.name: field for field in attrs.fields(type(sample)) if "abi" in field.metadata}
    drawn = {
        name: data.draw(VALUES[field.metadata["abi"]])
        for name, field in fields.items()
        if name not in {"contract", "sub_account_id", "settle_nonce"}
    }
    message = attrs.evolve(sample, **drawn)
    contract = OFFCHAIN_CONTRACT if message.struct in OFFCHAIN else LEDGER

    signed = Wallet(KEY).sign(message, LEDGER)

    assert Account._recover_hash(digest(message, contract), signature=signed.signature) == ADDRESS


@pytest.mark.parametrize("message", EVERY, ids=struct_of)
def test_numbers_are_text_in_the_body_where_the_schema_says_so(message: Message) -> None:
    """And ints everywhere else, as they are signed."""
    text = TEXT_IN_BODY.get(message.struct, set())
    names = {field.split()[1] for field in STRUCTS[message.struct].split(",") if "uint" in field}

    carried = body(message)

    assert {name for name in names | text if isinstance(carried[name], str)} == text
    assert all(value is not None for value in carried.values())


def test_what_stands_beside_the_struct_travels_unsigned() -> None:
    """Tag, sub-account, chain type and cross-chain leave are in the body and not in the struct."""
    registration, key, withdrawal = (message for message, _ in VECTORS[:3])

    assert body(registration)["chainType"] == "EVM"
    assert {"tag", "subAccountId"} <= set(body(key))
    assert body(withdrawal)["allowCrossChainWithdraw"] is True
    for message in (registration, key, withdrawal):
        beside = {"tag", "subAccountId", "chainType", "allowCrossChainWithdraw"}
        assert not beside & {field["name"] for field in typed_data(message, LEDGER)["types"][message.struct]}


def test_the_optional_fields_of_a_provider_are_signed_only_where_given() -> None:
    """A struct grows by the fields that are sent."""
    with_sub = attrs.evolve(PROVIDER_KEY, sub_account_id="0xab")
    without = attrs.evolve(PROVIDER_SETTLE, contract=None)

    names = [field["name"] for field in typed_data(with_sub)["types"]["AddSPOrderlyKey"]]
    assert names[-2:] == ["contract", "subAccountId"]
    names = [field["name"] for field in typed_data(without, LEDGER)["types"]["SettleSPPnl"]]
    assert names[-1] == "timestamp"
    assert typed_data(PROVIDER_SETTLE)["message"]["settleNonce"] == "7"


@pytest.mark.parametrize(
    ("message", "change"),
    [
        (VECTORS[2][0], {"amount": -1}),
        (VECTORS[2][0], {"amount": 2**256}),
        (VECTORS[2][0], {"withdraw_nonce": 2**64}),
        (VECTORS[2][0], {"amount": True}),
        (VECTORS[2][0], {"amount": "1000000"}),
        (VECTORS[2][0], {"receiver": "0x12"}),
        (VECTORS[4][0], {"receiver": ADDRESS}),
        (VECTORS[5][0], {"tx_hash": "ab" * 32}),
    ],
)
def test_a_value_that_does_not_fit_its_field_is_never_signed(
    message: Message, change: dict[str, Any]
) -> None:
    """Signers would cut, wrap or read it otherwise."""
    with pytest.raises(UsageError, match=message.struct):
        Wallet(KEY).sign(attrs.evolve(message, **change), LEDGER)


@pytest.mark.parametrize(
    "message", [VECTORS[2][0], attrs.evolve(PROVIDER_SETTLE, contract=None)], ids=struct_of
)
def test_a_message_verified_by_a_contract_is_not_signed_without_one(message: Message) -> None:
    """The error says what to pass."""
    with pytest.raises(UsageError, match="ledger_contract"):
        Wallet(KEY).sign(message)


@pytest.mark.parametrize("text", [KEY, KEY[2:], f" {KEY}\n", bytes.fromhex(KEY[2:])])
def test_a_private_key_is_read_from_hex_and_from_bytes(text: str | bytes) -> None:
    """With or without its prefix."""
    assert Wallet(text).address == ADDRESS


BAD_KEYS = ["", "0x", "11" * 31, "zz" * 32, "5eed" * 17, bytes(31), "0" * 64, "f" * 64, 5, None]


@pytest.mark.parametrize("bad", BAD_KEYS, ids=repr)
def test_a_malformed_private_key_is_refused_without_being_quoted(bad: Any) -> None:
    """Neither in the message nor in any frame of ours."""
    with pytest.raises(UsageError, match="64 hex digits") as caught:
        Wallet(bad)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    if isinstance(bad, str) and len(bad) > 4:
        shown = traceback.TracebackException(*caught._excinfo, capture_locals=True)
        ours = [
            frame
            for frame in shown.stack
            if frame.filename.endswith("wallet.py") and "orderly_sync" in frame.filename
        ]
        assert not any(bad in str(frame.locals) for frame in ours)


def test_a_wallet_never_shows_its_key() -> None:
    """Not by repr, str, format, attributes or a signed message; only reveal() gives it away."""
    wallet = Wallet(KEY)
    signed = wallet.sign(VECTORS[0][0])

    for shown in (repr(wallet), str(wallet), f"{wallet}", repr([wallet]), repr(signed), repr({"w": wallet})):
        assert KEY[2:] not in shown
        assert signed.signature not in shown
    assert not hasattr(wallet, "__dict__")
    assert wallet.reveal() == KEY


def test_a_wallet_is_not_pickled_and_does_not_change() -> None:
    """Copies are the wallet itself."""
    wallet = Wallet(KEY)

    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(wallet)
    with pytest.raises(AttributeError, match="does not change"):
        wallet.address = CONTRACT
    assert copy.copy(wallet) is wallet
    assert copy.deepcopy([wallet])[0] is wallet


def test_wallets_are_equal_by_address() -> None:
    """However its letters are written."""
    other = ExternalWallet(ADDRESS.lower(), lambda _: b"")

    assert Wallet(KEY) == other
    assert hash(Wallet(KEY)) == hash(other)
    assert Wallet.generate() != Wallet.generate()
    assert Wallet(KEY) != ADDRESS


def test_a_wallet_is_found_in_the_environment() -> None:
    """Under its own name, and under another only when asked."""
    environ = {"ORDERLY_WALLET_PRIVATE_KEY": KEY, "PRIVATE_KEY": "22" * 32}

    assert Wallet.from_env(environ=environ).address == ADDRESS
    assert Wallet.from_env("PRIVATE_KEY", environ).address != ADDRESS
    with pytest.raises(UsageError, match="set ORDERLY_WALLET_PRIVATE_KEY"):
        Wallet.from_env(environ={})


@pytest.mark.parametrize(
    "form",
    [
        lambda signature: signature,
        lambda signature: signature[2:],
        lambda signature: bytes.fromhex(signature[2:]),
        lambda signature: signature[:-2] + f"{int(signature[-2:], 16) - 27:02x}",
    ],
    ids=["0x hex", "hex", "bytes", "parity 0 or 1"],
)
def test_any_signer_takes_part(form: Any) -> None:
    """It gets complete typed data of plain values, and its signature is brought into the form that is sent."""
    asked: list[dict[str, Any]] = []
    message, signature = VECTORS[2]

    def signer(data: dict[str, Any]) -> Any:
        asked.append(data)
        return form(signature)

    signed = ExternalWallet(ADDRESS, signer).sign(message, LEDGER)

    assert signed.signature == signature
    assert asked[0]["primaryType"] == "Withdraw"
    assert Account.sign_typed_data(KEY, full_message=asked[0]).signature.hex() == signature[2:]
    assert {type(value) for value in asked[0]["message"].values()} == {str, int}


@pytest.mark.parametrize("bad", ["", "0x12", b"", "zz" * 65, "11" * 64 + "02", None])
def test_what_is_no_signature_is_not_sent(bad: Any) -> None:
    """A signer that was cancelled often returns something odd."""
    with pytest.raises(UsageError):
        ExternalWallet(ADDRESS, lambda _: bad).sign(VECTORS[0][0])


def test_an_external_wallet_has_no_key_to_show() -> None:
    """And its address is checked."""
    with pytest.raises(UsageError, match="signer"):
        ExternalWallet(ADDRESS, lambda _: "").reveal()
    with pytest.raises(UsageError, match="40 hex digits"):
        ExternalWallet("orderly.eth", lambda _: "")


@pytest.mark.parametrize(
    ("address", "broker_id", "expected"),
    [
        (CONTRACT, "woofi_dex", "0x0f29bfb4c1bc9fea3f3be46bab6d795e22a6272354b136fde05f6b80cfcad546"),
        (
            "0xa772873e31f088A88C3Fc77E624AE5f4fd1E296B",
            "woofi_pro",
            "0x94e0bc419e3eecdba0d15e67f04cd62a5ee685a9190464cea4afb6e3c0b66e2b",
        ),
        (
            "0xA8eC6970feC8842Dd229EEf170F624c3d77Dab45",
            "woofi_dex",
            "0x114f583aea808c5812e16109b6c087660285a26f0a31dcc0f9b54f1a6a0fefbd",
        ),
        (
            "0x72D5a3Ab49C38bF7b2c658A9F1790945A6D308A8",
            "orderly",
            "0x23fe190da12f7bf0f910416b9c1a9723859f3823bb5a19fbc22cd52ff7a9b30d",
        ),
        (
            "0x32831CA2efA20Ae6340224bC353d4b241B3D2541",
            "woofi_pro",
            "0x85cf9694ff45a0230bb572d9c982126b124036e5bc790c285387d31e4fb482ad",
        ),
        (ADDRESS, "woofi_pro", ACCOUNT_ID),
        (ADDRESS.lower(), "woofi_pro", ACCOUNT_ID),
    ],
)
def test_an_account_id_follows_from_wallet_and_builder(address: str, broker_id: str, expected: str) -> None:
    """As the public examples of accounts say."""
    assert account_id(address, broker_id) == expected


def test_hashes_of_names_are_those_of_the_contracts() -> None:
    """Keccak of the text."""
    assert broker_hash("woofi_pro") == "0x" + keccak(text="woofi_pro").hex()
    assert token_hash("USDC") == "0xd6aca1be9729c13d677335161321649cccae6a591554772516700f986f942eaa"


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("eth_account", "eth_account.messages", "eth_utils", "eth_utils.crypto"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.usefixtures("no_extra")
def test_without_the_extra_the_error_says_what_to_install() -> None:
    """And an external wallet still signs."""
    for call in (lambda: Wallet(KEY), Wallet.generate, lambda: account_id(ADDRESS, "woofi_pro")):
        with pytest.raises(UsageError, match=r"orderly_sync\[wallet\]"):
            call()

    message, signature = VECTORS[0]
    assert ExternalWallet(ADDRESS, lambda _: signature).sign(message).signature == signature
