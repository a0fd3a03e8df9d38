"""mapping.yaml and customers.yaml, from the types that read them."""

from __future__ import annotations

from pydantic import BaseModel

from order_sync.model.mapping import Customers, Mapping
from reference import comments, models
from reference.markdown import code, table


def mapping_file() -> str:
    """Every part of mapping.yaml, then the closed sets of words."""
    parts = models.nested(Mapping)
    words = [
        f"### {each.__name__}\n\n{comments.summary(each)}\n\n{models.enum_table(each)}" for each in models.enums(parts)
    ]
    return "\n".join([*(_section(part) for part in parts), "## Words\n", *words])


def customers_file() -> str:
    """Every part of customers.yaml."""
    return "\n".join(_section(part) for part in models.nested(Customers))


def _section(model: type[BaseModel]) -> str:
    rows = [
        [
            code(models.field_name(name, field)),
            models.kind(field),
            models.default(field),
            models.described(model, name, field),
        ]
        for name, field in model.model_fields.items()
    ]
    fields = table(["entry", "value", "default", "meaning"], rows)
    return f"### {model.__name__}\n\n{comments.summary(model)}\n\n{fields}"
