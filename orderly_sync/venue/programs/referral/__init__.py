"""Referral codes, rebates and the multilevel programme, with their routes."""
