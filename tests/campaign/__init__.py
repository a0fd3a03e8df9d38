"""The proof of the promise, in parts that can each be repeated: `python -m tests.campaign` runs them and keeps a ledger."""
