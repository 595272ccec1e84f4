"""Conformance: a real venue held against what this package takes for granted, in one run, with a report to send.

``run_conformance(network, credentials)`` of ``run`` asks every reading operation once, listens to every topic and
compares what comes with the typed models; ``ConformanceReport`` of ``report`` is what it found. The command is
``orderly-sync conformance``.
"""
