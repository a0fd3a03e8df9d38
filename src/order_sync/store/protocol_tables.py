"""The tables that do not depend on the mapping: batches, the send protocol's record, snapshot, issues."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, Uuid
from sqlalchemy.types import NVARCHAR

from order_sync.model.states import BatchStatus, RowStatus
from order_sync.store.columns import COUNTED, add_filtered_index, add_index, count, flag, moment
from order_sync.store.types import digest, identity, key_name, key_text, unbounded


def batches_table(metadata: MetaData) -> Table:
    """MON_BatchProcessing: one row per customer and run; a requeue reopens it."""
    steps = ("staging_load", "items_creation", "subitems_creation", "promotion", "cleanup")
    table = Table(
        "MON_BatchProcessing",
        metadata,
        Column("batch_id", Uuid, primary_key=True),
        Column("customer_name", NVARCHAR(100), nullable=False),
        Column("batch_type", NVARCHAR(50), nullable=False),
        Column("status", NVARCHAR(50), nullable=False, server_default=BatchStatus.STARTED.value),
        count("total_records"),
        count("successful_records"),
        count("failed_records"),
        moment("start_time"),
        moment("end_time"),
        Column("error_summary", unbounded()),
        Column("duration_seconds", Integer),
        *(count(name) for name in ("orders_processed", "subitems_processed")),
        *(count(name) for name in ("api_calls_made", "api_failures", "retries_attempted")),
        *(moment(f"{step}_completed") for step in steps),
        Column("started_by", NVARCHAR(100)),
        Column("config_snapshot", unbounded()),
        Column("run_id", key_text(36)),
        Column("mapping_hash", digest()),
        moment("next_due"),
    )
    for column in ("customer_name", "status", "start_time", "run_id"):
        add_index(table, column)
    return table


def protocol_tables(metadata: MetaData) -> dict[str, Table]:
    """What the send protocol stands on: identities, groups, leases, the append-only record of calls."""
    return {
        "identity": _identity(metadata),
        "groups": _groups(metadata),
        "leases": Table(
            "MON_Lease",
            metadata,
            Column("resource", key_name(200), primary_key=True),
            Column("owner", NVARCHAR(300)),
            Column("fence", BigInteger, nullable=False),
            moment("acquired_at"),
            moment("expires_at"),
            moment("heartbeat_at"),
        ),
        **_calls(metadata),
        "orphans": _orphans(metadata),
        "boards": Table(
            "MON_Board",
            metadata,
            Column("board", key_text(20), primary_key=True),
            Column("foreign_items", Integer),
            Column("decision", NVARCHAR(20)),
            moment("decided_at"),
            Column("decided_by", NVARCHAR(100)),
        ),
        "daily": Table(
            "MON_DailyCalls",
            metadata,
            Column("board", key_text(20), primary_key=True),
            Column("account", key_text(64)),
            Column("call_day", key_text(10)),
            count("calls"),
            Column("calls_limit", Integer),
            moment("resume_at"),
        ),
        "versions": Table(
            "MON_SchemaVersion",
            metadata,
            Column("version", Integer, primary_key=True, autoincrement=False),
            moment("applied_at", nullable=False),
            Column("applied_by", NVARCHAR(300)),
            Column("what", NVARCHAR(400), nullable=False),
        ),
    }


def _identity(metadata: MetaData) -> Table:
    table = Table(
        "MON_SyncIdentity",
        metadata,
        Column("sync_id", identity(), primary_key=True),
        Column("order_key", digest(), nullable=False),
        Column("sync_key", key_text(50), nullable=False, unique=True),
        Column("parent_sync_id", identity(), ForeignKey("MON_SyncIdentity.sync_id")),
        Column("size_label", key_name(50)),
        Column("board", key_text(20)),
        Column("generation", Integer, nullable=False),
        Column("live_item_id", BigInteger),
        Column("state", NVARCHAR(20)),
        Column("batch_id", Uuid),
        moment("created_date"),
        CheckConstraint("size_label <> ''", name="CK_MON_SyncIdentity_size_label"),
        **COUNTED,
    )
    label, live = table.c.size_label, table.c.live_item_id
    add_filtered_index(table, "live_item", "live_item_id", where=live.is_not(None))
    # Two NULLs are equal in SQL Server's unique indexes, different in SQLite's: the order gets its own.
    add_filtered_index(table, "order", "order_key", "generation", where=label.is_(None))
    add_filtered_index(table, "size", "order_key", "size_label", "generation", where=label.is_not(None))
    for column in ("parent_sync_id", "batch_id"):
        add_index(table, column)
    return table


def _groups(metadata: MetaData) -> Table:
    return Table(
        "MON_Group",
        metadata,
        Column("board", key_text(20), primary_key=True),
        Column("title_key", key_name(255), primary_key=True),
        Column("title", NVARCHAR(255), nullable=False),
        Column("group_id", key_text(64)),
        Column("status", NVARCHAR(50), nullable=False, server_default=RowStatus.PENDING.value),
        count("attempt"),
        Column("request_id", key_text(36)),
        Column("fence", BigInteger),
        Column("created_by_batch", Uuid),
        moment("intent_at"),
        moment("next_attempt_at"),
        count("absent_proofs"),
    )


def _calls(metadata: MetaData) -> dict[str, Table]:
    """Append-only: nothing here is updated or deleted, bodies excepted when their retention ends."""
    calls = Table(
        "MON_ApiCall",
        metadata,
        Column("request_id", key_text(36), primary_key=True),
        Column("batch_id", Uuid),
        Column("board", key_text(20)),
        Column("op", NVARCHAR(50), nullable=False),
        Column("body_sha256", digest(), nullable=False),
        Column("idem_key", key_text(64)),
        Column("fence", BigInteger),
        Column("api_user_id", BigInteger),
        moment("created_at", nullable=False),
    )
    for column in ("batch_id", "created_at"):
        add_index(calls, column)
    rows = Table(
        "MON_ApiCallRow",
        metadata,
        Column("request_id", key_text(36), ForeignKey(calls.c.request_id), primary_key=True),
        Column("alias", key_text(20), primary_key=True),
        Column("kind", NVARCHAR(20), nullable=False),
        Column("row_id", BigInteger),
        Column("sync_key", key_text(50)),
        CheckConstraint("kind IN ('item', 'subitem', 'group', 'orphan')", name="CK_MON_ApiCallRow_kind"),
    )
    add_index(rows, "sync_key")
    add_index(rows, "kind", "row_id")
    bodies = Table(
        "MON_ApiBody",
        metadata,
        Column("sha256", digest(), primary_key=True),
        Column("body", unbounded(), nullable=False),
    )
    results = Table(
        "MON_ApiCallResult",
        metadata,
        Column("request_id", key_text(36), ForeignKey(calls.c.request_id), primary_key=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("http_status", Integer),
        Column("code", NVARCHAR(100)),
        Column("monday_request_id", NVARCHAR(100)),
        flag("replayed"),
        Column("complexity", BigInteger),
        Column("ms", Integer),
        Column("ids", unbounded()),
        Column("class", NVARCHAR(100)),
        moment("created_at", nullable=False),
    )
    return {
        "calls": calls,
        "call_rows": rows,
        "call_bodies": bodies,
        "call_results": results,
        "chain": _chain(metadata, calls),
    }


def _chain(metadata: MetaData, calls: Table) -> Table:
    """One entry for each call and each answer, per board; `answer` is 0 for the call itself."""
    table = Table(
        "MON_ApiChain",
        metadata,
        Column("board", key_text(20), primary_key=True),
        Column("seq", BigInteger, primary_key=True, autoincrement=False),
        Column("request_id", key_text(36), ForeignKey(calls.c.request_id), nullable=False),
        Column("answer", Integer, nullable=False),
        Column("content_sha256", digest(), nullable=False),
        Column("chain_sha256", digest(), nullable=False),
    )
    # Also the way from a call to its entry, when the chain is read against what it stands for.
    Index(f"UX_{table.name}_entry", table.c.request_id, table.c.answer, unique=True)
    return table


def _orphans(metadata: MetaData) -> Table:
    table = Table(
        "MON_OrphanItem",
        metadata,
        Column("orphan_id", identity(), primary_key=True),
        Column("board", key_text(20)),
        Column("item_id", BigInteger, nullable=False),
        Column("sync_key", key_text(50)),
        Column("request_id", key_text(36)),
        Column("alias", key_text(20)),
        Column("batch_id", Uuid),
        Column("reason", NVARCHAR(100)),
        moment("created_date", nullable=False),
        Column("kind", NVARCHAR(20)),
        Column("resolution", NVARCHAR(20)),
        Column("finding", unbounded()),
        Column("archive_request_id", key_text(36)),
        moment("resolved_date"),
        **COUNTED,
    )
    for column in ("item_id", "sync_key"):
        add_index(table, column)
    return table


def snapshot_tables(metadata: MetaData) -> dict[str, Table]:
    """What was promoted, and the problems found on the way; moved in the promotion transaction only."""
    snapshot = Table(
        "MON_OrderSnapshot",
        metadata,
        Column("order_key", digest(), primary_key=True),
        Column("customer", NVARCHAR(100)),
        Column("source_hash", digest(), nullable=False),
        Column("payload_hash", digest()),
        Column("encoding_version", Integer, nullable=False),
        Column("batch_id", Uuid),
        moment("promoted_at"),
        Column("mapping_hash", digest()),
    )
    add_index(snapshot, "customer")
    state = Table(
        "MON_SnapshotState",
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("generation", BigInteger, nullable=False),
        Column("encoding_version", Integer, nullable=False),
        Column("mapping_hash", digest()),
        Column("columns_digest", digest()),
        moment("updated_at"),
        CheckConstraint("id = 1", name="CK_MON_SnapshotState_single"),
    )
    issues = Table(
        "MON_Issue",
        metadata,
        Column("issue_id", identity(), primary_key=True),
        Column("batch_id", Uuid),
        Column("order_key", digest()),
        Column("order_number", NVARCHAR(200)),
        Column("customer", NVARCHAR(200)),
        Column("source_column", NVARCHAR(200)),
        Column("size_label", NVARCHAR(200)),
        Column("severity", NVARCHAR(20), nullable=False),
        Column("cause", NVARCHAR(100), nullable=False),
        Column("found", unbounded()),
        Column("message", unbounded()),
        moment("created_date", nullable=False),
        **COUNTED,
    )
    for column in ("batch_id", "order_key", "cause"):
        add_index(issues, column)
    return {"snapshot": snapshot, "snapshot_state": state, "issues": issues}
