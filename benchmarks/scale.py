"""How much is measured: the sizes that the figures are stated for, and tiny ones that only prove that it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Rows of the source, customers, and how many of them the slow naive ways get."""

    detect_rows: int
    detect_sample: int
    orders: int
    customers: int
    insert_sample: int
    call_sample: int
    bulk_rows: int
    bulk_sample: int
    bulk_sizes: tuple[int, ...]
    memory_rows: int
    simulated_items: int
    simulated_creates: int
    simulated_calls: int
    repetitions: int
    plans: tuple[str, ...]


FULL = Scale(
    detect_rows=100_000,
    detect_sample=5_000,
    orders=7_224,
    customers=34,
    insert_sample=500,
    call_sample=200,
    bulk_rows=10_000,
    bulk_sample=300,
    bulk_sizes=(100, 1_000, 10_000),
    memory_rows=100_000,
    simulated_items=100_000,
    simulated_creates=10_000,
    simulated_calls=500,
    repetitions=3,
    plans=("trial", "free", "basic", "standard", "pro", "enterprise"),
)
QUICK = Scale(
    detect_rows=200,
    detect_sample=50,
    orders=30,
    customers=2,
    insert_sample=10,
    call_sample=10,
    bulk_rows=40,
    bulk_sample=10,
    bulk_sizes=(20,),
    memory_rows=100,
    simulated_items=1_200,
    simulated_creates=50,
    simulated_calls=10,
    repetitions=1,
    plans=("pro",),
)
