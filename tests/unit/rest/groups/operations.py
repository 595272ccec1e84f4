"""What each method must put on the wire, written down from the published API, one line an operation.

A line holds group, method, verb, path, whether a key signs it, and its arguments: ``name>wire:kind!``, where ``wire`` is
the name on the wire if it is another, ``kind`` what values it takes if that is not text, and ``!`` that it is required.
``@`` stands before an argument of the path, ``?`` before one that a write carries in its query.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.groups.assets import Assets
from orderly_sync.rest.groups.builder import Builder
from orderly_sync.rest.groups.delegate import Delegate
from orderly_sync.rest.groups.faucet import Faucet
from orderly_sync.rest.groups.funding import Funding
from orderly_sync.rest.groups.funding_rates import FundingRates
from orderly_sync.rest.groups.keys import Keys
from orderly_sync.rest.groups.liquidations import Liquidations
from orderly_sync.rest.groups.notifications import Notifications
from orderly_sync.rest.groups.registration import Registration
from orderly_sync.rest.groups.strategy_vault import StrategyVault
from orderly_sync.rest.groups.sub_accounts import SubAccounts
from orderly_sync.rest.groups.tradingview import TradingView
from orderly_sync.rest.groups.vault_host import VaultHost
from orderly_sync.rest.request import Request

GROUPS = {
    "assets": Assets,
    "builder": Builder,
    "delegate": Delegate,
    "faucet": Faucet,
    "funding": Funding,
    "funding_rates": FundingRates,
    "keys": Keys,
    "liquidations": Liquidations,
    "notifications": Notifications,
    "registration": Registration,
    "strategy_vault": StrategyVault,
    "sub_accounts": SubAccounts,
    "tradingview": TradingView,
    "vault_host": VaultHost,
}

_SIGNED = "message:json! signature! user_address>userAddress!"
_SIGNED_ON = f"{_SIGNED} verifying_contract>verifyingContract!"
_SPAN = "start>start_t:ms end>end_t:ms"
_PAGE = "page:page size:size"

_LINES = f"""
builder futures_market GET /v1/public/futures_market - symbol broker_id
builder balance_stats GET /v1/public/balance/stats - broker_id
builder volume_stats GET /v1/public/volume/stats - broker_id
builder broker_stats GET /v1/public/broker/stats - broker_id
builder broker_names GET /v1/public/broker/name - broker_id
builder chain_info GET /v1/public/chain_info - broker_id
faucet usdc POST /v1/faucet/usdc - chain_id user_address! broker_id!
registration nonce GET /v1/registration_nonce -
registration account GET /v1/get_account - address! broker_id! chain_type:ChainType
registration accounts GET /v1/get_all_accounts - address! broker_id! chain_type:ChainType
registration brokers GET /v1/get_broker - address! chain_type:ChainType
registration register POST /v1/register_account - {_SIGNED}
registration owner GET /v1/public/account - account_id
keys get GET /v1/get_orderly_key - account_id! orderly_key!
keys add POST /v1/orderly_key - {_SIGNED}
keys remove POST /v1/client/remove_orderly_key key orderly_key!
keys info GET /v1/client/key_info key key_status:KeyStatus
keys ip_restriction GET /v1/client/orderly_key_ip_restriction key orderly_key!
keys set_ip_restriction POST /v1/client/set_orderly_key_ip_restriction key ?orderly_key! ?ip_restriction_list:list!
keys reset_ip_restriction POST /v1/client/reset_orderly_key_ip_restriction key ?orderly_key! ?reset_mode:IpMode!
notifications inbox GET /v1/notification/inbox/notifications key type:NotificationType {_PAGE}
notifications unread GET /v1/notification/inbox/unread key
notifications mark_read POST /v1/notification/inbox/mark_read key ?flag:flag! ?ids:list!
notifications mark_all_read POST /v1/notification/inbox/mark_read_all key ?flag:flag!
delegate register POST /v1/delegate_signer - {_SIGNED}
delegate add_key POST /v1/delegate_orderly_key - {_SIGNED}
delegate withdraw POST /v1/delegate_withdraw_request key {_SIGNED_ON}
delegate settle_pnl POST /v1/delegate_settle_pnl key {_SIGNED_ON}
sub_accounts add POST /v1/client/add_sub_account key description
sub_accounts get GET /v1/client/sub_account key
sub_accounts update POST /v1/client/update_sub_account key sub_account_id! description
sub_accounts positions GET /v1/client/aggregate/positions key
sub_accounts holding GET /v1/client/aggregate/holding key
sub_accounts settle_pnl POST /v1/sub_account_settle_pnl key settle_nonce:id!
liquidations under_liquidation GET /v1/public/liquidation - {_SPAN} {_PAGE}
liquidations liquidated GET /v1/public/liquidated_positions - symbol {_SPAN} {_PAGE}
liquidations history GET /v1/liquidations key symbol {_SPAN} {_PAGE} sort_by:LiquidationSort liquidation_id:id
liquidations claim POST /v1/liquidation key liquidation_id:id! ratio_qty_request:number! \
extra_liquidation_ratio:number limit_price:prices! symbols:ratios
liquidations claimed GET /v1/client/liquidator_liquidations key symbol {_SPAN} {_PAGE}
liquidations claim_insurance_fund POST /v1/claim_insurance_fund key claim_id:id! symbol! qty_request:number! \
limit_price:prices
assets holding GET /v1/client/holding key all:bool
assets history GET /v1/asset/history key token side:AssetSide status:AssetStatus {_SPAN} {_PAGE}
assets receiver_address GET /v1/client/asset/receiver_address key chain_id:id! token
assets receiver_events GET /v1/client/asset/receiver_events key
assets withdraw_nonce GET /v1/withdraw_nonce key
assets settle_nonce GET /v1/settle_nonce key
assets withdraw POST /v1/withdraw_request key {_SIGNED_ON}
assets settle_pnl POST /v1/settle_pnl key {_SIGNED_ON}
assets settlements GET /v1/pnl_settlement/history key {_SPAN} {_PAGE}
assets transfer POST /v1/internal_transfer key token receiver_list:receivers
assets transfer_signed POST /v2/internal_transfer key {_SIGNED_ON}
assets transfer_nonce GET /v1/transfer_nonce key
assets transfers GET /v1/internal_transfer_history key side:InternalTransferSide! status:InternalTransferStatus \
{_SPAN} {_PAGE} from_account_id to_account_id main_sub_only:bool
funding history GET /v1/funding_fee/history key symbol {_SPAN} {_PAGE}
funding_rates market_history GET /v1/public/market_info/funding_history -
funding_rates rates GET /v1/public/funding_rates -
funding_rates rate GET /v1/public/funding_rate/{{symbol}} - @symbol:slug!
funding_rates history GET /v1/public/funding_rate_history - symbol! {_SPAN} {_PAGE}
tradingview config GET /v1/tv/config - locale!
tradingview history GET /v1/tv/history - symbol! resolution! start>from:seconds! end>to:seconds!
tradingview symbol_info GET /v1/tv/symbol_info - group!
strategy_vault nonce GET /v1/public/sv_nonce -
strategy_vault transactions GET /v1/account_sv_transaction_history key vault_id {_SPAN} {_PAGE} type:VaultTransactionType
strategy_vault request POST /v1/sv_operation_request - {_SIGNED_ON}
strategy_vault add_provider_key POST /v1/sv/sp_orderly_key - {_SIGNED}
strategy_vault settle_provider_pnl POST /v1/sv/sp_settle_pnl key {_SIGNED_ON}
strategy_vault deliver_period POST /v1/sv/manual_period_delivery key plan_id!
strategy_vault venue_transfers GET /v1/sv/venue_transfer_history key period_number:id {_PAGE}
strategy_vault venue_withdrawals GET /v1/sv/venue_withdrawal_history key period_number:id {_PAGE}
strategy_vault protocol_revenue GET /v1/sv/protocol_revenue_share_history key {_PAGE}
strategy_vault liquidation_fees GET /v1/sv/liquidation_fees_share_history key {_PAGE}
strategy_vault internal_transfers GET /v1/sv/internal_transfer_history key {_PAGE}
vault_host provider_info GET /v1/public/strategy_vault/sp/info - vault_id! wallet_address!
vault_host provider_transactions GET /v1/public/strategy_vault/sp/transaction_history - vault_id! wallet_address! \
type chain_id source {_PAGE}
vault_host provider_claimable GET /v1/public/strategy_vault/sp/claim_info - vault_id! wallet_address! chain_id!
vault_host provider_fees GET /v1/public/strategy_vault/sp/fees_history - vault_id! wallet_address! {_PAGE}
vault_host fund_info GET /v1/public/strategy_vault/fund/info - vault_id! wallet_address!
vault_host fund_periods GET /v1/public/strategy_vault/fund/period_info - vault_id! wallet_address! period_number:id \
{_PAGE}
vault_host fund_pending GET /v1/public/strategy_vault/fund/pending_transactions - vault_id! wallet_address!
vault_host vaults GET /v1/public/strategy_vault/vault/info - vault_id status:VaultStatus broker_ids:list
vault_host performance GET /v1/public/strategy_vault/vault/performance - vault_id!
vault_host performance_chart GET /v1/public/strategy_vault/vault/performance_chart - vault_id! type:VaultChartType! \
time_range:VaultChartRange!
vault_host totals GET /v1/public/strategy_vault/vault/overall_info - broker_ids:list
vault_host user_totals GET /v1/public/strategy_vault/user/overall_info - wallet_address!
vault_host liquidations GET /v1/public/strategy_vault/vault/liquidator_history - vault_id! symbol {_PAGE}
vault_host positions GET /v1/public/strategy_vault/vault/positions - vault_id!
vault_host open_orders GET /v1/public/strategy_vault/vault/open_orders - vault_id! symbol sort_by {_PAGE}
vault_host fills GET /v1/public/strategy_vault/vault/trade_history - vault_id! symbol sort_by {_PAGE}
vault_host orders GET /v1/public/strategy_vault/vault/order_history - vault_id! symbol sort_by {_PAGE}
vault_host lp_info GET /v1/public/strategy_vault/lp/info - wallet_address! vault_id
vault_host lp_fees GET /v1/public/strategy_vault/lp/fees_history - vault_id! wallet_address! {_PAGE} {_SPAN}
vault_host lp_performance GET /v1/public/strategy_vault/lp/performance - vault_id! wallet_address!
vault_host lp_performance_chart GET /v1/public/strategy_vault/lp/performance_chart - vault_id! wallet_address! \
type:VaultChartType! time_range:VaultChartRange!
vault_host lp_transactions GET /v1/public/strategy_vault/lp/transaction_history - vault_id! wallet_address! \
type chain_id source {_PAGE}
vault_host lp_claimable GET /v1/public/strategy_vault/lp/claim_info - vault_id! wallet_address! chain_id!
"""


class Argument(NamedTuple):
    """One argument of a method and where it goes."""

    name: str
    wire: str
    kind: str
    required: bool
    place: str


class Operation(NamedTuple):
    """One line of the table."""

    group: str
    method: str
    verb: str
    path: str
    signed: bool
    arguments: tuple[Argument, ...]

    @property
    def op(self) -> str:
        return f"{self.verb} {self.path}"


def _argument(text: str, verb: str) -> Argument:
    mark = text[0] if text[0] in "@?" else ""
    place = {"@": "path", "?": "query"}.get(mark, "query" if verb == "GET" else "body")
    body = text[len(mark) :]
    names, _, kind = body.rstrip("!").partition(":")
    name, _, wire = names.partition(">")
    return Argument(name, wire or name, kind or "text", body.endswith("!"), place)


def _operation(line: str) -> Operation:
    group, method, verb, path, door, *arguments = line.split()
    return Operation(
        group, method, verb, path, door == "key", tuple(_argument(text, verb) for text in arguments)
    )


OPERATIONS = tuple(_operation(line) for line in _LINES.strip().splitlines())
ANSWERS: dict[str, Any] = json.loads(Path(__file__).with_name("answers.json").read_text(encoding="utf-8"))
"""The published example answer of each operation."""
IDS = [f"{operation.group}.{operation.method}" for operation in OPERATIONS]


def find(name: str) -> Operation:
    """The operation called ``group.method``."""
    return OPERATIONS[IDS.index(name)]


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Recorder:
    """A sender that keeps what it is given and always answers the same."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        return Answer(200, {}, json.dumps(self.answer).encode())


def call(operation: Operation, recorder: Recorder, **arguments: Any) -> Any:
    public, signed = ApiClient(recorder, signed=False), ApiClient(recorder, signed=True)
    return getattr(GROUPS[operation.group](public, signed), operation.method)(**arguments)
