"""A first mapping.yaml for a table that exists: what its columns tell is proposed, the rest says FILL_IN.

`load_mapping` refuses every FILL_IN by name and line, so that nothing can be sent by a draft.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import yaml

from order_sync.model.mapping_findings import OURS, Findings, ReadColumn, findings_of, words_of
from order_sync.model.mapping_problems import PLACEHOLDER
from order_sync.model.mapping_sql import SqlKind
from order_sync.model.mapping_yaml import Document, Path, parse

_T = TypeVar("_T")

_ALIKE = 0.8  # share of the example's source columns that makes a table one of its kind
_CUSTOMER = (
    ("customer", "name"),
    ("customer",),
    ("client", "name"),
    ("client",),
    ("brand", "name"),
    ("brand",),
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_ /()%'+-]*(?<! )")  # needs no quotes, not even within braces
_READ = {  # kind -> production type, monday column type
    SqlKind.TEXT: ("sql: NVARCHAR(MAX), staging_sql: NVARCHAR(200)", "text"),
    SqlKind.INTEGER: ("sql: BIGINT", "numbers"),
    SqlKind.NUMBER: ("sql: FLOAT", "numbers"),
    SqlKind.DATE: ("sql: DATE", "date"),
    SqlKind.TIME: ("sql: DATE", "date"),
}
_TEMPLATE = """\
# Drafted from the table {comment}.
# Replace every {placeholder}, take out what no board needs, then run `order-sync check`.
# Everything is read as text: 0, NO and TRUE need no quotes.

version: 1
pipeline: {pipeline}  # enters every sync key: never change it once orders were sent
customers: customers.yaml
unknown_customer: hold  # hold | pass

source:
  table: {table}
  schema: {schema}  # SQL Server only
  # The columns that together make a row that order and no other. {key_hint}
  key: [{placeholder}]
  customer: {customer}
  po: [{po}]          # what --po looks at
  season: [{season}]  # what --season looks at
  order_number: {order_number}  # how people call an order
  ignored: [{ignored}]  # known, and left out

tables:
  staging: {staging}
  staging_subitems: {staging_subitems}
  production: {production}
  production_subitems: {production_subitems}
  errors: {errors}
  errors_subitems: {errors_subitems}

board:
  id: {placeholder}  # the number in the board's address
  sync_key: {placeholder}  # id of the text column that carries our key
  item_name: {item_name}  # placeholders are targets of `columns`
  group:
    name: {group_name}
    season: [{season}]  # the first that is not blank

# One entry for each source column. Take out the whole `board: {{..}}` of one that only the tables need.
# Column types written: text, long_text, numbers, dropdown, status, date.
# Dropdown and status also take `labels: never` (an unknown label holds the order) or `labels: create`.
columns:
{columns}

# Columns that no source column feeds; Order Sync fills these.
table_columns:
{table_columns}

production_order:
{production_order}

# Sizes: the integer columns strictly between the markers.{sizes_hint}
sizes:
  after: {after}
  before: {before}
  total: {total}  # what the sizes of an order must add up to

subitems:
  subtasks_column: {placeholder}  # id of the board's column of subitems
  sync_key: {placeholder}  # id of a text column of the subitem board
  columns:
    - {{target: parent_item_id, role: parent_id}}
    - {{target: subitem_id, role: item_id}}
    - {{target: Size, role: size, board: {{id: {placeholder}, type: dropdown, labels: create}}}}
    - {{target: Order Qty, role: quantity, board: {{id: {placeholder}, type: numbers}}}}

changes:
  # cancelled: {{column: .., values: [..]}}  # which value of which source column cancels an order
  vanished: keep  # keep | zero | archive
"""


def draft_mapping(columns: Sequence[tuple[str, str]], table: str, example: str | None = None) -> str:
    """YAML text for a table of these (name, SQL type).

    `example` is the text of a mapping; where the table has its source columns, the draft is that mapping with
    the table's name and without the boards' numbers.
    """
    names = [name for name, _ in columns]
    if example is not None:
        drafted = _from_example(names, table, example)
        if drafted is not None:
            return drafted
    return _generic(table, findings_of(columns))


def _from_example(names: Sequence[str], table: str, example: str) -> str | None:
    document = parse(example, "the example")
    wanted = [document.text(*entry, "source") or "" for entry in document.entries("columns")]
    missing = [name for name in wanted if name not in names]
    if not wanted or len(missing) > (1 - _ALIKE) * len(wanted):
        return None
    text = _with_values(example, document, _own_values(table))
    if text is None:
        return None
    found = f"{len(wanted) - len(missing)} of the {len(wanted)} columns that the shipped example reads"
    head = [f"# Drafted from the shipped example: the table {_comment(table)} has {found}."]
    head += [f"# It has no column {_comment(name)}: correct or take out its entry below." for name in missing]
    head += [f"# Replace every {PLACEHOLDER}, compare the column ids with your board, then run `order-sync check`."]
    return "\n".join([*head, "", text])


def _own_values(table: str) -> dict[Path, str]:
    schema, name = _split(table)
    return {
        ("source", "table"): _scalar(name),
        ("source", "schema"): _scalar(schema),
        ("board", "id"): PLACEHOLDER,
        ("subitems", "board_id"): PLACEHOLDER,
    }


def _with_values(text: str, document: Document, values: dict[Path, str]) -> str | None:
    """`text` with other values at these paths; None where one does not stand on a line of its own."""
    lines = text.removeprefix("\ufeff").split("\n")
    for path, value in values.items():
        if document.at(path) is None:
            continue
        row = document.line_of(path) - 1
        line = re.fullmatch(rf"(\s*{path[-1]}:\s*)\S.*?(\s+#.*|\s*)", lines[row])
        if line is None:
            return None
        lines[row] = f"{line[1]}{value}{line[2]}"
    return "\n".join(lines)


def _split(table: str) -> tuple[str, str]:
    """Schema and name of `dbo.ORDERS` or `ORDERS`."""
    schema, _, name = table.rpartition(".")
    return schema or "dbo", name


def _generic(table: str, found: Findings) -> str:
    customer = _first(*(found.called(*words) for words in _CUSTOMER))
    number = _first(found.named("order", "number"), found.named("order", "no"), found.named("order", "id"))
    season = found.named("season")
    targets = {entry.source: entry.target for entry in found.read}
    schema, name = _split(table)
    return _TEMPLATE.format(
        placeholder=PLACEHOLDER,
        comment=_comment(table),
        pipeline="-".join(words_of(name)) or PLACEHOLDER,
        table=_scalar(name),
        schema=_scalar(schema),
        key_hint=_key_hint(found),
        customer=_or_placeholder(customer),
        po=_listed([*found.named("po"), *found.named("purchase", "order")]),
        season=_listed(season),
        order_number=_or_placeholder(number),
        ignored=_listed(name for name, _ in found.ignored),
        item_name=_item_name(targets.get(number or "")),
        group_name='"{CUSTOMER} {SEASON}"' if season else '"{CUSTOMER}"',
        columns=_lines(found.read, lambda entry: _column(entry, customer)),
        table_columns=_lines(OURS, lambda ours: f"{{target: {ours[0]}, {ours[1]}, role: {ours[2]}}}"),
        production_order=_lines([*(target for target, _, _ in OURS), *targets.values()], _scalar),
        sizes_hint=f" {len(found.sizes.columns)} were found." if found.sizes.columns else " None were found.",
        after=_or_placeholder(found.sizes.after),
        before=_or_placeholder(found.sizes.before),
        total=_or_placeholder(found.sizes.total),
        **_table_names(name),
    )


def _table_names(table: str) -> dict[str, str]:
    stem = "_".join(re.findall(r"[A-Za-z0-9]+", table)) or PLACEHOLDER
    names = {"staging": f"STG_MON_{stem}", "production": f"MON_{stem}", "errors": f"ERR_MON_{stem}"}
    return names | {f"{role}_subitems": f"{name}_Subitems" for role, name in names.items()}


def _key_hint(found: Findings) -> str:
    wanted = {"order", "number", "style", "colour", "color", "line", "item", "id", "no", "sku"}
    likely = [entry.source for entry in found.read if wanted & set(words_of(entry.source))]
    return f"Candidates: {_comment(', '.join(likely[:12]))}" if likely else "No name tells which."


def _column(entry: ReadColumn, customer: str | None) -> str:
    types, board = _READ[entry.kind]
    parts = [f"source: {_scalar(entry.source)}", f"target: {_scalar(entry.target)}", types]
    if entry.source == customer:
        parts.append("required: true, canonical_customer: true")
    parts.append(f"board: {{id: {PLACEHOLDER}, type: {board}}}")
    return f"{{{', '.join(parts)}}}"


def _item_name(target: str | None) -> str:
    fits = target is not None and not {"{", "}"} & set(target)
    return _scalar(f"{{{target}}}") if fits else PLACEHOLDER


def _first(*choices: list[str]) -> str | None:
    return next((choice[0] for choice in choices if choice), None)


def _lines(entries: Iterable[_T], render: Callable[[_T], str]) -> str:
    return "\n".join(f"  - {render(entry)}" for entry in entries) or "  []"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(_scalar(name) for name in dict.fromkeys(names))


def _or_placeholder(name: str | None) -> str:
    return PLACEHOLDER if name is None else _scalar(name)


def _scalar(name: str) -> str:
    """`name` as YAML that reads back as this very text, also within braces."""
    if _PLAIN.fullmatch(name) and name.lower() != "null":
        return name
    return yaml.dump(name, default_style='"', allow_unicode=True, width=float("inf")).strip()


def _comment(name: str) -> str:
    """`name` without what would end a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in name).split())
