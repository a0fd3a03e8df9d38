"""The command line: `order-sync`. Commands ask the read model and the run, and hold no rule of their own."""

from order_sync.cli.application import app, main

__all__ = ["app", "main"]
