"""Staking, vesting and VALOR, with their routes."""
