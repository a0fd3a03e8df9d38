"""The command line: `order-sync`. Commands ask the read model and the run; they hold no rule and no SQL of their own."""

from order_sync.cli.application import app, main

__all__ = ["app", "main"]
