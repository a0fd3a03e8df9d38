"""The ledger: what is staged, what was asked of the board, and what became of it. Every change is a compare-and-set."""
