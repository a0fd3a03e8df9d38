-- ARC_STG_MON_CustMasterSchedule
CREATE TABLE "ARC_STG_MON_CustMasterSchedule" (
    "Title" NVARCHAR(255),
    "Group" NVARCHAR(255),
    "AAG ORDER NUMBER" NVARCHAR(200),
    "CUSTOMER" NVARCHAR(200),
    "DROP" NVARCHAR(200),
    "CUSTOMER''S CODE (50%/GLOBAL" TEXT,
    "FINAL FOB (USD)" FLOAT,
    "EX-FTY [a]b" DATE,
    "ORDER QTY" BIGINT,
    "Item ID" BIGINT,
    stg_id INTEGER NOT NULL,
    stg_monday_item_id BIGINT,
    stg_batch_id CHAR(32) NOT NULL,
    stg_customer_batch NVARCHAR(100),
    stg_status NVARCHAR(50) DEFAULT 'PENDING' NOT NULL,
    stg_error_message TEXT,
    stg_api_payload TEXT,
    stg_retry_count INTEGER DEFAULT 0 NOT NULL,
    stg_created_date TEXT,
    stg_processed_date TEXT,
    stg_max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    stg_sync_key VARCHAR(50),
    stg_order_key CHAR(64),
    stg_op NVARCHAR(20),
    stg_payload TEXT,
    stg_payload_hash CHAR(64),
    stg_source_hash CHAR(64),
    stg_source_row TEXT,
    stg_before_image TEXT,
    stg_attempt INTEGER DEFAULT 0 NOT NULL,
    stg_doubts INTEGER DEFAULT 0 NOT NULL,
    stg_request_id VARCHAR(36),
    stg_fence BIGINT,
    stg_intent_at TEXT,
    stg_next_attempt_at TEXT,
    stg_error_class NVARCHAR(100),
    stg_absent_proofs INTEGER DEFAULT 0 NOT NULL,
    stg_looked_up BOOLEAN DEFAULT 0 NOT NULL,
    stg_create_labels BOOLEAN DEFAULT 0 NOT NULL,
    arc_archived_date TEXT NOT NULL,
    PRIMARY KEY (stg_id)
);
CREATE INDEX "IX_ARC_STG_MON_CustMasterSchedule_stg_batch_id" ON "ARC_STG_MON_CustMasterSchedule" (stg_batch_id);
CREATE INDEX "IX_ARC_STG_MON_CustMasterSchedule_stg_order_key" ON "ARC_STG_MON_CustMasterSchedule" (stg_order_key);

-- ARC_STG_MON_CustMasterSchedule_Subitems
CREATE TABLE "ARC_STG_MON_CustMasterSchedule_Subitems" (
    parent_item_id TEXT,
    "Size" TEXT,
    "Order Qty" TEXT,
    stg_subitem_id INTEGER NOT NULL,
    stg_parent_stg_id INTEGER,
    stg_monday_subitem_id BIGINT,
    stg_monday_subitem_board_id BIGINT,
    stg_size_label NVARCHAR(50),
    stg_order_qty_numeric BIGINT,
    stg_name NVARCHAR(255),
    stg_position INTEGER,
    stg_batch_id CHAR(32) NOT NULL,
    stg_customer_batch NVARCHAR(100),
    stg_status NVARCHAR(50) DEFAULT 'PENDING' NOT NULL,
    stg_error_message TEXT,
    stg_api_payload TEXT,
    stg_retry_count INTEGER DEFAULT 0 NOT NULL,
    stg_created_date TEXT,
    stg_processed_date TEXT,
    stg_max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    stg_sync_key VARCHAR(50),
    stg_order_key CHAR(64),
    stg_op NVARCHAR(20),
    stg_payload TEXT,
    stg_payload_hash CHAR(64),
    stg_source_hash CHAR(64),
    stg_source_row TEXT,
    stg_before_image TEXT,
    stg_attempt INTEGER DEFAULT 0 NOT NULL,
    stg_doubts INTEGER DEFAULT 0 NOT NULL,
    stg_request_id VARCHAR(36),
    stg_fence BIGINT,
    stg_intent_at TEXT,
    stg_next_attempt_at TEXT,
    stg_error_class NVARCHAR(100),
    stg_absent_proofs INTEGER DEFAULT 0 NOT NULL,
    stg_looked_up BOOLEAN DEFAULT 0 NOT NULL,
    stg_create_labels BOOLEAN DEFAULT 0 NOT NULL,
    arc_archived_date TEXT NOT NULL,
    PRIMARY KEY (stg_subitem_id)
);
CREATE INDEX "IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_batch_id" ON "ARC_STG_MON_CustMasterSchedule_Subitems" (stg_batch_id);
CREATE INDEX "IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_order_key" ON "ARC_STG_MON_CustMasterSchedule_Subitems" (stg_order_key);

-- ERR_MON_CustMasterSchedule
CREATE TABLE "ERR_MON_CustMasterSchedule" (
    err_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    original_stg_id BIGINT,
    batch_id CHAR(32),
    customer_batch NVARCHAR(100),
    order_number NVARCHAR(100),
    item_name NVARCHAR(500),
    group_name NVARCHAR(200),
    api_payload TEXT,
    error_type NVARCHAR(100),
    error_message TEXT,
    http_status_code INTEGER,
    retry_count INTEGER DEFAULT 0 NOT NULL,
    max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    created_date TEXT,
    last_retry_date TEXT,
    resolved_date TEXT,
    resolved_by NVARCHAR(100),
    original_data TEXT,
    err_order_key CHAR(64),
    err_sync_key VARCHAR(50),
    err_request_id VARCHAR(36),
    err_source_rows INTEGER,
    err_fingerprint CHAR(64),
    err_severity NVARCHAR(20)
);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_batch_id" ON "ERR_MON_CustMasterSchedule" (batch_id);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_customer_batch" ON "ERR_MON_CustMasterSchedule" (customer_batch);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_err_order_key" ON "ERR_MON_CustMasterSchedule" (err_order_key);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_error_type" ON "ERR_MON_CustMasterSchedule" (error_type);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_retryable" ON "ERR_MON_CustMasterSchedule" (created_date) WHERE max_retries_reached = 0;
CREATE UNIQUE INDEX "UX_ERR_MON_CustMasterSchedule_held_fingerprint" ON "ERR_MON_CustMasterSchedule" (err_fingerprint, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NULL AND err_fingerprint IS NOT NULL;
CREATE UNIQUE INDEX "UX_ERR_MON_CustMasterSchedule_held_key" ON "ERR_MON_CustMasterSchedule" (err_order_key, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NOT NULL;

-- ERR_MON_CustMasterSchedule_Subitems
CREATE TABLE "ERR_MON_CustMasterSchedule_Subitems" (
    err_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    original_stg_subitem_id BIGINT,
    parent_item_id BIGINT,
    batch_id CHAR(32),
    customer_batch NVARCHAR(100),
    order_number NVARCHAR(100),
    size_label NVARCHAR(50),
    order_qty BIGINT,
    subitem_name NVARCHAR(200),
    api_payload TEXT,
    error_type NVARCHAR(100),
    error_message TEXT,
    http_status_code INTEGER,
    retry_count INTEGER DEFAULT 0 NOT NULL,
    max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    created_date TEXT,
    last_retry_date TEXT,
    resolved_date TEXT,
    resolved_by NVARCHAR(100),
    original_data TEXT,
    err_order_key CHAR(64),
    err_sync_key VARCHAR(50),
    err_request_id VARCHAR(36),
    err_source_rows INTEGER,
    err_fingerprint CHAR(64),
    err_severity NVARCHAR(20)
);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_batch_id" ON "ERR_MON_CustMasterSchedule_Subitems" (batch_id);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_customer_batch" ON "ERR_MON_CustMasterSchedule_Subitems" (customer_batch);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_err_order_key" ON "ERR_MON_CustMasterSchedule_Subitems" (err_order_key);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_error_type" ON "ERR_MON_CustMasterSchedule_Subitems" (error_type);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_parent_item_id" ON "ERR_MON_CustMasterSchedule_Subitems" (parent_item_id);
CREATE INDEX "IX_ERR_MON_CustMasterSchedule_Subitems_retryable" ON "ERR_MON_CustMasterSchedule_Subitems" (created_date) WHERE max_retries_reached = 0;

-- MON_ApiBody
CREATE TABLE "MON_ApiBody" (
    sha256 CHAR(64) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (sha256)
);

-- MON_ApiCall
CREATE TABLE "MON_ApiCall" (
    request_id VARCHAR(36) NOT NULL,
    batch_id CHAR(32),
    board VARCHAR(20),
    op NVARCHAR(50) NOT NULL,
    body_sha256 CHAR(64) NOT NULL,
    idem_key VARCHAR(64),
    fence BIGINT,
    api_user_id BIGINT,
    created_at TEXT NOT NULL,
    PRIMARY KEY (request_id)
);
CREATE INDEX "IX_MON_ApiCall_batch_id" ON "MON_ApiCall" (batch_id);

-- MON_BatchProcessing
CREATE TABLE "MON_BatchProcessing" (
    batch_id CHAR(32) NOT NULL,
    customer_name NVARCHAR(100) NOT NULL,
    batch_type NVARCHAR(50) NOT NULL,
    status NVARCHAR(50) DEFAULT 'STARTED' NOT NULL,
    total_records INTEGER DEFAULT 0 NOT NULL,
    successful_records INTEGER DEFAULT 0 NOT NULL,
    failed_records INTEGER DEFAULT 0 NOT NULL,
    start_time TEXT,
    end_time TEXT,
    error_summary TEXT,
    duration_seconds INTEGER,
    orders_processed INTEGER DEFAULT 0 NOT NULL,
    subitems_processed INTEGER DEFAULT 0 NOT NULL,
    api_calls_made INTEGER DEFAULT 0 NOT NULL,
    api_failures INTEGER DEFAULT 0 NOT NULL,
    retries_attempted INTEGER DEFAULT 0 NOT NULL,
    staging_load_completed TEXT,
    items_creation_completed TEXT,
    subitems_creation_completed TEXT,
    promotion_completed TEXT,
    cleanup_completed TEXT,
    started_by NVARCHAR(100),
    config_snapshot TEXT,
    run_id VARCHAR(36),
    mapping_hash CHAR(64),
    next_due TEXT,
    PRIMARY KEY (batch_id)
);
CREATE INDEX "IX_MON_BatchProcessing_customer_name" ON "MON_BatchProcessing" (customer_name);
CREATE INDEX "IX_MON_BatchProcessing_run_id" ON "MON_BatchProcessing" (run_id);
CREATE INDEX "IX_MON_BatchProcessing_start_time" ON "MON_BatchProcessing" (start_time);
CREATE INDEX "IX_MON_BatchProcessing_status" ON "MON_BatchProcessing" (status);

-- MON_Board
CREATE TABLE "MON_Board" (
    board VARCHAR(20) NOT NULL,
    foreign_items INTEGER,
    decision NVARCHAR(20),
    decided_at TEXT,
    decided_by NVARCHAR(100),
    PRIMARY KEY (board)
);

-- MON_CustMasterSchedule
CREATE TABLE "MON_CustMasterSchedule" (
    "Title" TEXT,
    "Group" TEXT,
    "AAG ORDER NUMBER" TEXT,
    "CUSTOMER" TEXT,
    "DROP" TEXT,
    "CUSTOMER''S CODE (50%/GLOBAL" TEXT,
    "FINAL FOB (USD)" FLOAT,
    "EX-FTY [a]b" DATE,
    "ORDER QTY" BIGINT,
    "Item ID" BIGINT
);

-- MON_CustMasterSchedule_Subitems
CREATE TABLE "MON_CustMasterSchedule_Subitems" (
    parent_item_id TEXT,
    "Size" TEXT,
    "Order Qty" TEXT
);

-- MON_Group
CREATE TABLE "MON_Group" (
    board VARCHAR(20) NOT NULL,
    title_key NVARCHAR(255) NOT NULL,
    title NVARCHAR(255) NOT NULL,
    group_id VARCHAR(64),
    status NVARCHAR(50) DEFAULT 'PENDING' NOT NULL,
    attempt INTEGER DEFAULT 0 NOT NULL,
    request_id VARCHAR(36),
    fence BIGINT,
    created_by_batch CHAR(32),
    intent_at TEXT,
    next_attempt_at TEXT,
    absent_proofs INTEGER DEFAULT 0 NOT NULL,
    PRIMARY KEY (board, title_key)
);

-- MON_Issue
CREATE TABLE "MON_Issue" (
    issue_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    batch_id CHAR(32),
    order_key CHAR(64),
    order_number NVARCHAR(200),
    customer NVARCHAR(200),
    source_column NVARCHAR(200),
    size_label NVARCHAR(200),
    severity NVARCHAR(20) NOT NULL,
    cause NVARCHAR(100) NOT NULL,
    found TEXT,
    message TEXT,
    created_date TEXT NOT NULL
);
CREATE INDEX "IX_MON_Issue_batch_id" ON "MON_Issue" (batch_id);
CREATE INDEX "IX_MON_Issue_cause" ON "MON_Issue" (cause);
CREATE INDEX "IX_MON_Issue_order_key" ON "MON_Issue" (order_key);

-- MON_Lease
CREATE TABLE "MON_Lease" (
    resource NVARCHAR(200) NOT NULL,
    owner NVARCHAR(300),
    fence BIGINT NOT NULL,
    acquired_at TEXT,
    expires_at TEXT,
    heartbeat_at TEXT,
    PRIMARY KEY (resource)
);

-- MON_OrderSnapshot
CREATE TABLE "MON_OrderSnapshot" (
    order_key CHAR(64) NOT NULL,
    customer NVARCHAR(100),
    source_hash CHAR(64) NOT NULL,
    payload_hash CHAR(64),
    encoding_version INTEGER NOT NULL,
    batch_id CHAR(32),
    promoted_at TEXT,
    PRIMARY KEY (order_key)
);
CREATE INDEX "IX_MON_OrderSnapshot_customer" ON "MON_OrderSnapshot" (customer);

-- MON_OrphanItem
CREATE TABLE "MON_OrphanItem" (
    orphan_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    board VARCHAR(20),
    item_id BIGINT NOT NULL,
    sync_key VARCHAR(50),
    request_id VARCHAR(36),
    alias VARCHAR(20),
    batch_id CHAR(32),
    reason NVARCHAR(100),
    created_date TEXT NOT NULL
);
CREATE INDEX "IX_MON_OrphanItem_item_id" ON "MON_OrphanItem" (item_id);
CREATE INDEX "IX_MON_OrphanItem_sync_key" ON "MON_OrphanItem" (sync_key);

-- MON_SnapshotState
CREATE TABLE "MON_SnapshotState" (
    id INTEGER NOT NULL,
    generation BIGINT NOT NULL,
    encoding_version INTEGER NOT NULL,
    mapping_hash CHAR(64),
    columns_digest CHAR(64),
    updated_at TEXT,
    PRIMARY KEY (id),
    CONSTRAINT "CK_MON_SnapshotState_single" CHECK (id = 1)
);

-- MON_SyncIdentity
CREATE TABLE "MON_SyncIdentity" (
    sync_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    order_key CHAR(64) NOT NULL,
    sync_key VARCHAR(50) NOT NULL,
    parent_sync_id INTEGER,
    size_label NVARCHAR(50),
    board VARCHAR(20),
    generation INTEGER NOT NULL,
    live_item_id BIGINT,
    state NVARCHAR(20),
    batch_id CHAR(32),
    created_date TEXT,
    CONSTRAINT "CK_MON_SyncIdentity_size_label" CHECK (size_label <> ''),
    UNIQUE (sync_key),
    FOREIGN KEY(parent_sync_id) REFERENCES "MON_SyncIdentity" (sync_id)
);
CREATE INDEX "IX_MON_SyncIdentity_batch_id" ON "MON_SyncIdentity" (batch_id);
CREATE INDEX "IX_MON_SyncIdentity_parent_sync_id" ON "MON_SyncIdentity" (parent_sync_id);
CREATE UNIQUE INDEX "UX_MON_SyncIdentity_live_item" ON "MON_SyncIdentity" (live_item_id) WHERE live_item_id IS NOT NULL;
CREATE UNIQUE INDEX "UX_MON_SyncIdentity_order" ON "MON_SyncIdentity" (order_key, generation) WHERE size_label IS NULL;
CREATE UNIQUE INDEX "UX_MON_SyncIdentity_size" ON "MON_SyncIdentity" (order_key, size_label, generation) WHERE size_label IS NOT NULL;

-- STG_MON_CustMasterSchedule
CREATE TABLE "STG_MON_CustMasterSchedule" (
    "Title" NVARCHAR(255),
    "Group" NVARCHAR(255),
    "AAG ORDER NUMBER" NVARCHAR(200),
    "CUSTOMER" NVARCHAR(200),
    "DROP" NVARCHAR(200),
    "CUSTOMER''S CODE (50%/GLOBAL" TEXT,
    "FINAL FOB (USD)" FLOAT,
    "EX-FTY [a]b" DATE,
    "ORDER QTY" BIGINT,
    "Item ID" BIGINT,
    stg_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    stg_monday_item_id BIGINT,
    stg_batch_id CHAR(32) NOT NULL,
    stg_customer_batch NVARCHAR(100),
    stg_status NVARCHAR(50) DEFAULT 'PENDING' NOT NULL,
    stg_error_message TEXT,
    stg_api_payload TEXT,
    stg_retry_count INTEGER DEFAULT 0 NOT NULL,
    stg_created_date TEXT,
    stg_processed_date TEXT,
    stg_max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    stg_sync_key VARCHAR(50),
    stg_order_key CHAR(64),
    stg_op NVARCHAR(20),
    stg_payload TEXT,
    stg_payload_hash CHAR(64),
    stg_source_hash CHAR(64),
    stg_source_row TEXT,
    stg_before_image TEXT,
    stg_attempt INTEGER DEFAULT 0 NOT NULL,
    stg_doubts INTEGER DEFAULT 0 NOT NULL,
    stg_request_id VARCHAR(36),
    stg_fence BIGINT,
    stg_intent_at TEXT,
    stg_next_attempt_at TEXT,
    stg_error_class NVARCHAR(100),
    stg_absent_proofs INTEGER DEFAULT 0 NOT NULL,
    stg_looked_up BOOLEAN DEFAULT 0 NOT NULL,
    stg_create_labels BOOLEAN DEFAULT 0 NOT NULL
);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_order_number" ON "STG_MON_CustMasterSchedule" ("AAG ORDER NUMBER");
CREATE INDEX "IX_STG_MON_CustMasterSchedule_stg_batch_id" ON "STG_MON_CustMasterSchedule" (stg_batch_id);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_stg_customer_batch" ON "STG_MON_CustMasterSchedule" (stg_customer_batch);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_stg_order_key" ON "STG_MON_CustMasterSchedule" (stg_order_key);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_stg_status" ON "STG_MON_CustMasterSchedule" (stg_status);
CREATE UNIQUE INDEX "UX_STG_MON_CustMasterSchedule_open" ON "STG_MON_CustMasterSchedule" (stg_sync_key) WHERE stg_status IN ('PENDING', 'SENDING', 'IN_DOUBT', 'API_SUCCESS', 'API_FAILED', 'BLOCKED', 'ROLLING_BACK');

-- MON_ApiCallResult
CREATE TABLE "MON_ApiCallResult" (
    request_id VARCHAR(36) NOT NULL,
    seq INTEGER NOT NULL,
    http_status INTEGER,
    code NVARCHAR(100),
    monday_request_id NVARCHAR(100),
    replayed BOOLEAN DEFAULT 0 NOT NULL,
    complexity BIGINT,
    ms INTEGER,
    ids TEXT,
    class NVARCHAR(100),
    created_at TEXT NOT NULL,
    PRIMARY KEY (request_id, seq),
    FOREIGN KEY(request_id) REFERENCES "MON_ApiCall" (request_id)
);

-- MON_ApiCallRow
CREATE TABLE "MON_ApiCallRow" (
    request_id VARCHAR(36) NOT NULL,
    alias VARCHAR(20) NOT NULL,
    kind NVARCHAR(20) NOT NULL,
    row_id BIGINT,
    sync_key VARCHAR(50),
    PRIMARY KEY (request_id, alias),
    CONSTRAINT "CK_MON_ApiCallRow_kind" CHECK (kind IN ('item', 'subitem', 'group')),
    FOREIGN KEY(request_id) REFERENCES "MON_ApiCall" (request_id)
);
CREATE INDEX "IX_MON_ApiCallRow_kind_row_id" ON "MON_ApiCallRow" (kind, row_id);
CREATE INDEX "IX_MON_ApiCallRow_sync_key" ON "MON_ApiCallRow" (sync_key);

-- STG_MON_CustMasterSchedule_Subitems
CREATE TABLE "STG_MON_CustMasterSchedule_Subitems" (
    parent_item_id TEXT,
    "Size" TEXT,
    "Order Qty" TEXT,
    stg_subitem_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    stg_parent_stg_id INTEGER,
    stg_monday_subitem_id BIGINT,
    stg_monday_subitem_board_id BIGINT,
    stg_size_label NVARCHAR(50),
    stg_order_qty_numeric BIGINT,
    stg_name NVARCHAR(255),
    stg_position INTEGER,
    stg_batch_id CHAR(32) NOT NULL,
    stg_customer_batch NVARCHAR(100),
    stg_status NVARCHAR(50) DEFAULT 'PENDING' NOT NULL,
    stg_error_message TEXT,
    stg_api_payload TEXT,
    stg_retry_count INTEGER DEFAULT 0 NOT NULL,
    stg_created_date TEXT,
    stg_processed_date TEXT,
    stg_max_retries_reached BOOLEAN DEFAULT 0 NOT NULL,
    stg_sync_key VARCHAR(50),
    stg_order_key CHAR(64),
    stg_op NVARCHAR(20),
    stg_payload TEXT,
    stg_payload_hash CHAR(64),
    stg_source_hash CHAR(64),
    stg_source_row TEXT,
    stg_before_image TEXT,
    stg_attempt INTEGER DEFAULT 0 NOT NULL,
    stg_doubts INTEGER DEFAULT 0 NOT NULL,
    stg_request_id VARCHAR(36),
    stg_fence BIGINT,
    stg_intent_at TEXT,
    stg_next_attempt_at TEXT,
    stg_error_class NVARCHAR(100),
    stg_absent_proofs INTEGER DEFAULT 0 NOT NULL,
    stg_looked_up BOOLEAN DEFAULT 0 NOT NULL,
    stg_create_labels BOOLEAN DEFAULT 0 NOT NULL,
    FOREIGN KEY(stg_parent_stg_id) REFERENCES "STG_MON_CustMasterSchedule" (stg_id)
);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_Subitems_stg_batch_id" ON "STG_MON_CustMasterSchedule_Subitems" (stg_batch_id);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_Subitems_stg_customer_batch" ON "STG_MON_CustMasterSchedule_Subitems" (stg_customer_batch);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_Subitems_stg_parent_stg_id" ON "STG_MON_CustMasterSchedule_Subitems" (stg_parent_stg_id);
CREATE INDEX "IX_STG_MON_CustMasterSchedule_Subitems_stg_status" ON "STG_MON_CustMasterSchedule_Subitems" (stg_status);
CREATE UNIQUE INDEX "UX_STG_MON_CustMasterSchedule_Subitems_open" ON "STG_MON_CustMasterSchedule_Subitems" (stg_sync_key) WHERE stg_status IN ('PENDING', 'SENDING', 'IN_DOUBT', 'API_SUCCESS', 'API_FAILED', 'BLOCKED', 'ROLLING_BACK');
