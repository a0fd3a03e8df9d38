"""Order Sync: moves orders from a SQL table to monday.com boards, none lost, none twice, none half."""

__version__ = "0.1.0"
