"""The proof of the promise, in parts that can each be repeated: `python dev.py campaign` runs them and keeps a ledger."""
