"""Weeks of simulated people over a data set, against the real use cases: what the wheel would do before it is trusted.

    material → people → (ask → read → react → review → turn → measure) × weeks → curve

The answers, the ledger, the turn and its gate are the product's own; only the people, the clock and the questions are
made up. What is measured each week is never voted on.
"""
