"""Column values: what clients write, and how it is kept and read back. One module a family of types.

How sure: the forms, what clears them and what is read back are the service's own documentation (A), the older names
of the types in errors are what its error messages show (A for nine of them, D for the rest).
"""

from monday_simulator.account.values.numbers import as_double
from monday_simulator.account.values.parsing import parse_simple, parse_values
from monday_simulator.account.values.target import Parsed

__all__ = ["Parsed", "as_double", "parse_simple", "parse_values"]
