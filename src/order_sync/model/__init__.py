"""The domain, pure: no I/O, no clock, no randomness. Everything else may import it; it imports nothing of ours."""
