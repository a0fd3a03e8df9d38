-- ARC_STG_MON_CustMasterSchedule
CREATE TABLE dbo.[ARC_STG_MON_CustMasterSchedule] (
    [Title] NVARCHAR(255) NULL,
    [Group] NVARCHAR(255) NULL,
    [AAG ORDER NUMBER] NVARCHAR(200) NULL,
    [CUSTOMER] NVARCHAR(200) NULL,
    [DROP] NVARCHAR(200) NULL,
    [CUSTOMER''S CODE (50%/GLOBAL] NVARCHAR(max) NULL,
    [FINAL FOB (USD)] FLOAT NULL,
    [EX-FTY [a]]b] DATE NULL,
    [ORDER QTY] BIGINT NULL,
    [Item ID] BIGINT NULL,
    stg_id BIGINT NOT NULL,
    stg_monday_item_id BIGINT NULL,
    stg_batch_id UNIQUEIDENTIFIER NOT NULL,
    stg_customer_batch NVARCHAR(100) NULL,
    stg_status NVARCHAR(50) NOT NULL DEFAULT 'PENDING',
    stg_error_message NVARCHAR(max) NULL,
    stg_api_payload NVARCHAR(max) NULL,
    stg_retry_count INTEGER NOT NULL DEFAULT 0,
    stg_created_date DATETIME2(6) NULL,
    stg_processed_date DATETIME2(6) NULL,
    stg_max_retries_reached BIT NOT NULL DEFAULT 0,
    stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_op NVARCHAR(20) NULL,
    stg_payload NVARCHAR(max) NULL,
    stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_row NVARCHAR(max) NULL,
    stg_before_image NVARCHAR(max) NULL,
    stg_attempt INTEGER NOT NULL DEFAULT 0,
    stg_doubts INTEGER NOT NULL DEFAULT 0,
    stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    stg_fence BIGINT NULL,
    stg_intent_at DATETIME2(6) NULL,
    stg_next_attempt_at DATETIME2(6) NULL,
    stg_error_class NVARCHAR(100) NULL,
    stg_absent_proofs INTEGER NOT NULL DEFAULT 0,
    stg_looked_up BIT NOT NULL DEFAULT 0,
    stg_create_labels BIT NOT NULL DEFAULT 0,
    arc_archived_date DATETIME2(6) NOT NULL,
    PRIMARY KEY (stg_id)
);
CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_stg_batch_id] ON dbo.[ARC_STG_MON_CustMasterSchedule] (stg_batch_id);
CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_stg_order_key] ON dbo.[ARC_STG_MON_CustMasterSchedule] (stg_order_key);

-- ARC_STG_MON_CustMasterSchedule_Subitems
CREATE TABLE dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (
    parent_item_id NVARCHAR(max) NULL,
    [Size] NVARCHAR(max) NULL,
    [Order Qty] NVARCHAR(max) NULL,
    stg_subitem_id BIGINT NOT NULL,
    stg_parent_stg_id BIGINT NULL,
    stg_monday_subitem_id BIGINT NULL,
    stg_monday_subitem_board_id BIGINT NULL,
    stg_size_label NVARCHAR(50) NULL,
    stg_order_qty_numeric BIGINT NULL,
    stg_name NVARCHAR(255) NULL,
    stg_position INTEGER NULL,
    stg_batch_id UNIQUEIDENTIFIER NOT NULL,
    stg_customer_batch NVARCHAR(100) NULL,
    stg_status NVARCHAR(50) NOT NULL DEFAULT 'PENDING',
    stg_error_message NVARCHAR(max) NULL,
    stg_api_payload NVARCHAR(max) NULL,
    stg_retry_count INTEGER NOT NULL DEFAULT 0,
    stg_created_date DATETIME2(6) NULL,
    stg_processed_date DATETIME2(6) NULL,
    stg_max_retries_reached BIT NOT NULL DEFAULT 0,
    stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_op NVARCHAR(20) NULL,
    stg_payload NVARCHAR(max) NULL,
    stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_row NVARCHAR(max) NULL,
    stg_before_image NVARCHAR(max) NULL,
    stg_attempt INTEGER NOT NULL DEFAULT 0,
    stg_doubts INTEGER NOT NULL DEFAULT 0,
    stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    stg_fence BIGINT NULL,
    stg_intent_at DATETIME2(6) NULL,
    stg_next_attempt_at DATETIME2(6) NULL,
    stg_error_class NVARCHAR(100) NULL,
    stg_absent_proofs INTEGER NOT NULL DEFAULT 0,
    stg_looked_up BIT NOT NULL DEFAULT 0,
    stg_create_labels BIT NOT NULL DEFAULT 0,
    arc_archived_date DATETIME2(6) NOT NULL,
    PRIMARY KEY (stg_subitem_id)
);
CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_batch_id] ON dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (stg_batch_id);
CREATE INDEX [IX_ARC_STG_MON_CustMasterSchedule_Subitems_stg_order_key] ON dbo.[ARC_STG_MON_CustMasterSchedule_Subitems] (stg_order_key);

-- ERR_MON_CustMasterSchedule
CREATE TABLE dbo.[ERR_MON_CustMasterSchedule] (
    err_id BIGINT NOT NULL IDENTITY,
    original_stg_id BIGINT NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    customer_batch NVARCHAR(100) NULL,
    order_number NVARCHAR(100) NULL,
    item_name NVARCHAR(500) NULL,
    group_name NVARCHAR(200) NULL,
    api_payload NVARCHAR(max) NULL,
    error_type NVARCHAR(100) NULL,
    error_message NVARCHAR(max) NULL,
    http_status_code INTEGER NULL,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries_reached BIT NOT NULL DEFAULT 0,
    created_date DATETIME2(6) NULL,
    last_retry_date DATETIME2(6) NULL,
    resolved_date DATETIME2(6) NULL,
    resolved_by NVARCHAR(100) NULL,
    original_data NVARCHAR(max) NULL,
    err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    err_source_rows INTEGER NULL,
    err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    err_severity NVARCHAR(20) NULL,
    PRIMARY KEY (err_id)
);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_batch_id] ON dbo.[ERR_MON_CustMasterSchedule] (batch_id);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_customer_batch] ON dbo.[ERR_MON_CustMasterSchedule] (customer_batch);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_err_order_key] ON dbo.[ERR_MON_CustMasterSchedule] (err_order_key);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_error_type] ON dbo.[ERR_MON_CustMasterSchedule] (error_type);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_retryable] ON dbo.[ERR_MON_CustMasterSchedule] (created_date) WHERE max_retries_reached = 0;
CREATE UNIQUE INDEX [UX_ERR_MON_CustMasterSchedule_held_fingerprint] ON dbo.[ERR_MON_CustMasterSchedule] (err_fingerprint, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NULL AND err_fingerprint IS NOT NULL;
CREATE UNIQUE INDEX [UX_ERR_MON_CustMasterSchedule_held_key] ON dbo.[ERR_MON_CustMasterSchedule] (err_order_key, error_type) WHERE resolved_date IS NULL AND err_source_rows IS NOT NULL AND err_order_key IS NOT NULL;

-- ERR_MON_CustMasterSchedule_Subitems
CREATE TABLE dbo.[ERR_MON_CustMasterSchedule_Subitems] (
    err_id BIGINT NOT NULL IDENTITY,
    original_stg_subitem_id BIGINT NULL,
    parent_item_id BIGINT NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    customer_batch NVARCHAR(100) NULL,
    order_number NVARCHAR(100) NULL,
    size_label NVARCHAR(50) NULL,
    order_qty BIGINT NULL,
    subitem_name NVARCHAR(200) NULL,
    api_payload NVARCHAR(max) NULL,
    error_type NVARCHAR(100) NULL,
    error_message NVARCHAR(max) NULL,
    http_status_code INTEGER NULL,
    retry_count INTEGER NOT NULL DEFAULT 0,
    max_retries_reached BIT NOT NULL DEFAULT 0,
    created_date DATETIME2(6) NULL,
    last_retry_date DATETIME2(6) NULL,
    resolved_date DATETIME2(6) NULL,
    resolved_by NVARCHAR(100) NULL,
    original_data NVARCHAR(max) NULL,
    err_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    err_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    err_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    err_source_rows INTEGER NULL,
    err_fingerprint CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    err_severity NVARCHAR(20) NULL,
    PRIMARY KEY (err_id)
);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_batch_id] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (batch_id);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_customer_batch] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (customer_batch);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_err_order_key] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (err_order_key);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_error_type] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (error_type);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_parent_item_id] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (parent_item_id);
CREATE INDEX [IX_ERR_MON_CustMasterSchedule_Subitems_retryable] ON dbo.[ERR_MON_CustMasterSchedule_Subitems] (created_date) WHERE max_retries_reached = 0;

-- MON_ApiBody
CREATE TABLE dbo.[MON_ApiBody] (
    sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    body NVARCHAR(max) NOT NULL,
    PRIMARY KEY (sha256)
);

-- MON_ApiCall
CREATE TABLE dbo.[MON_ApiCall] (
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
    op NVARCHAR(50) NOT NULL,
    body_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    idem_key VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
    fence BIGINT NULL,
    api_user_id BIGINT NULL,
    created_at DATETIME2(6) NOT NULL,
    PRIMARY KEY (request_id)
);
CREATE INDEX [IX_MON_ApiCall_batch_id] ON dbo.[MON_ApiCall] (batch_id);

-- MON_BatchProcessing
CREATE TABLE dbo.[MON_BatchProcessing] (
    batch_id UNIQUEIDENTIFIER NOT NULL,
    customer_name NVARCHAR(100) NOT NULL,
    batch_type NVARCHAR(50) NOT NULL,
    status NVARCHAR(50) NOT NULL DEFAULT 'STARTED',
    total_records INTEGER NOT NULL DEFAULT 0,
    successful_records INTEGER NOT NULL DEFAULT 0,
    failed_records INTEGER NOT NULL DEFAULT 0,
    start_time DATETIME2(6) NULL,
    end_time DATETIME2(6) NULL,
    error_summary NVARCHAR(max) NULL,
    duration_seconds INTEGER NULL,
    orders_processed INTEGER NOT NULL DEFAULT 0,
    subitems_processed INTEGER NOT NULL DEFAULT 0,
    api_calls_made INTEGER NOT NULL DEFAULT 0,
    api_failures INTEGER NOT NULL DEFAULT 0,
    retries_attempted INTEGER NOT NULL DEFAULT 0,
    staging_load_completed DATETIME2(6) NULL,
    items_creation_completed DATETIME2(6) NULL,
    subitems_creation_completed DATETIME2(6) NULL,
    promotion_completed DATETIME2(6) NULL,
    cleanup_completed DATETIME2(6) NULL,
    started_by NVARCHAR(100) NULL,
    config_snapshot NVARCHAR(max) NULL,
    run_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    next_due DATETIME2(6) NULL,
    PRIMARY KEY (batch_id)
);
CREATE INDEX [IX_MON_BatchProcessing_customer_name] ON dbo.[MON_BatchProcessing] (customer_name);
CREATE INDEX [IX_MON_BatchProcessing_run_id] ON dbo.[MON_BatchProcessing] (run_id);
CREATE INDEX [IX_MON_BatchProcessing_start_time] ON dbo.[MON_BatchProcessing] (start_time);
CREATE INDEX [IX_MON_BatchProcessing_status] ON dbo.[MON_BatchProcessing] (status);

-- MON_Board
CREATE TABLE dbo.[MON_Board] (
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    foreign_items INTEGER NULL,
    decision NVARCHAR(20) NULL,
    decided_at DATETIME2(6) NULL,
    decided_by NVARCHAR(100) NULL,
    PRIMARY KEY (board)
);

-- MON_CustMasterSchedule
CREATE TABLE dbo.[MON_CustMasterSchedule] (
    [Title] NVARCHAR(max) NULL,
    [Group] NVARCHAR(max) NULL,
    [AAG ORDER NUMBER] NVARCHAR(max) NULL,
    [CUSTOMER] NVARCHAR(max) NULL,
    [DROP] NVARCHAR(max) NULL,
    [CUSTOMER''S CODE (50%/GLOBAL] NVARCHAR(max) NULL,
    [FINAL FOB (USD)] FLOAT NULL,
    [EX-FTY [a]]b] DATE NULL,
    [ORDER QTY] BIGINT NULL,
    [Item ID] BIGINT NULL
);

-- MON_CustMasterSchedule_Subitems
CREATE TABLE dbo.[MON_CustMasterSchedule_Subitems] (
    parent_item_id NVARCHAR(max) NULL,
    [Size] NVARCHAR(max) NULL,
    [Order Qty] NVARCHAR(max) NULL
);

-- MON_Group
CREATE TABLE dbo.[MON_Group] (
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    title_key NVARCHAR(255) COLLATE Latin1_General_BIN2 NOT NULL,
    title NVARCHAR(255) NOT NULL,
    group_id VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
    status NVARCHAR(50) NOT NULL DEFAULT 'PENDING',
    attempt INTEGER NOT NULL DEFAULT 0,
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    fence BIGINT NULL,
    created_by_batch UNIQUEIDENTIFIER NULL,
    intent_at DATETIME2(6) NULL,
    next_attempt_at DATETIME2(6) NULL,
    absent_proofs INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (board, title_key)
);

-- MON_Issue
CREATE TABLE dbo.[MON_Issue] (
    issue_id BIGINT NOT NULL IDENTITY,
    batch_id UNIQUEIDENTIFIER NULL,
    order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    order_number NVARCHAR(200) NULL,
    customer NVARCHAR(200) NULL,
    source_column NVARCHAR(200) NULL,
    size_label NVARCHAR(200) NULL,
    severity NVARCHAR(20) NOT NULL,
    cause NVARCHAR(100) NOT NULL,
    found NVARCHAR(max) NULL,
    message NVARCHAR(max) NULL,
    created_date DATETIME2(6) NOT NULL,
    PRIMARY KEY (issue_id)
);
CREATE INDEX [IX_MON_Issue_batch_id] ON dbo.[MON_Issue] (batch_id);
CREATE INDEX [IX_MON_Issue_cause] ON dbo.[MON_Issue] (cause);
CREATE INDEX [IX_MON_Issue_order_key] ON dbo.[MON_Issue] (order_key);

-- MON_Lease
CREATE TABLE dbo.[MON_Lease] (
    resource NVARCHAR(200) COLLATE Latin1_General_BIN2 NOT NULL,
    owner NVARCHAR(300) NULL,
    fence BIGINT NOT NULL,
    acquired_at DATETIME2(6) NULL,
    expires_at DATETIME2(6) NULL,
    heartbeat_at DATETIME2(6) NULL,
    PRIMARY KEY (resource)
);

-- MON_OrderSnapshot
CREATE TABLE dbo.[MON_OrderSnapshot] (
    order_key CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    customer NVARCHAR(100) NULL,
    source_hash CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    encoding_version INTEGER NOT NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    promoted_at DATETIME2(6) NULL,
    PRIMARY KEY (order_key)
);
CREATE INDEX [IX_MON_OrderSnapshot_customer] ON dbo.[MON_OrderSnapshot] (customer);

-- MON_OrphanItem
CREATE TABLE dbo.[MON_OrphanItem] (
    orphan_id BIGINT NOT NULL IDENTITY,
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
    item_id BIGINT NOT NULL,
    sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    alias VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    reason NVARCHAR(100) NULL,
    created_date DATETIME2(6) NOT NULL,
    PRIMARY KEY (orphan_id)
);
CREATE INDEX [IX_MON_OrphanItem_item_id] ON dbo.[MON_OrphanItem] (item_id);
CREATE INDEX [IX_MON_OrphanItem_sync_key] ON dbo.[MON_OrphanItem] (sync_key);

-- MON_SnapshotState
CREATE TABLE dbo.[MON_SnapshotState] (
    id INTEGER NOT NULL,
    generation BIGINT NOT NULL,
    encoding_version INTEGER NOT NULL,
    mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    columns_digest CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    updated_at DATETIME2(6) NULL,
    PRIMARY KEY (id),
    CONSTRAINT [CK_MON_SnapshotState_single] CHECK (id = 1)
);

-- MON_SyncIdentity
CREATE TABLE dbo.[MON_SyncIdentity] (
    sync_id BIGINT NOT NULL IDENTITY,
    order_key CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NOT NULL,
    parent_sync_id BIGINT NULL,
    size_label NVARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NULL,
    generation INTEGER NOT NULL,
    live_item_id BIGINT NULL,
    state NVARCHAR(20) NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    created_date DATETIME2(6) NULL,
    PRIMARY KEY (sync_id),
    CONSTRAINT [CK_MON_SyncIdentity_size_label] CHECK (size_label <> ''),
    UNIQUE (sync_key),
    FOREIGN KEY(parent_sync_id) REFERENCES dbo.[MON_SyncIdentity] (sync_id)
);
CREATE INDEX [IX_MON_SyncIdentity_batch_id] ON dbo.[MON_SyncIdentity] (batch_id);
CREATE INDEX [IX_MON_SyncIdentity_parent_sync_id] ON dbo.[MON_SyncIdentity] (parent_sync_id);
CREATE UNIQUE INDEX [UX_MON_SyncIdentity_live_item] ON dbo.[MON_SyncIdentity] (live_item_id) WHERE live_item_id IS NOT NULL;
CREATE UNIQUE INDEX [UX_MON_SyncIdentity_order] ON dbo.[MON_SyncIdentity] (order_key, generation) WHERE size_label IS NULL;
CREATE UNIQUE INDEX [UX_MON_SyncIdentity_size] ON dbo.[MON_SyncIdentity] (order_key, size_label, generation) WHERE size_label IS NOT NULL;

-- STG_MON_CustMasterSchedule
CREATE TABLE dbo.[STG_MON_CustMasterSchedule] (
    [Title] NVARCHAR(255) NULL,
    [Group] NVARCHAR(255) NULL,
    [AAG ORDER NUMBER] NVARCHAR(200) NULL,
    [CUSTOMER] NVARCHAR(200) NULL,
    [DROP] NVARCHAR(200) NULL,
    [CUSTOMER''S CODE (50%/GLOBAL] NVARCHAR(max) NULL,
    [FINAL FOB (USD)] FLOAT NULL,
    [EX-FTY [a]]b] DATE NULL,
    [ORDER QTY] BIGINT NULL,
    [Item ID] BIGINT NULL,
    stg_id BIGINT NOT NULL IDENTITY,
    stg_monday_item_id BIGINT NULL,
    stg_batch_id UNIQUEIDENTIFIER NOT NULL,
    stg_customer_batch NVARCHAR(100) NULL,
    stg_status NVARCHAR(50) NOT NULL DEFAULT 'PENDING',
    stg_error_message NVARCHAR(max) NULL,
    stg_api_payload NVARCHAR(max) NULL,
    stg_retry_count INTEGER NOT NULL DEFAULT 0,
    stg_created_date DATETIME2(6) NULL,
    stg_processed_date DATETIME2(6) NULL,
    stg_max_retries_reached BIT NOT NULL DEFAULT 0,
    stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_op NVARCHAR(20) NULL,
    stg_payload NVARCHAR(max) NULL,
    stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_row NVARCHAR(max) NULL,
    stg_before_image NVARCHAR(max) NULL,
    stg_attempt INTEGER NOT NULL DEFAULT 0,
    stg_doubts INTEGER NOT NULL DEFAULT 0,
    stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    stg_fence BIGINT NULL,
    stg_intent_at DATETIME2(6) NULL,
    stg_next_attempt_at DATETIME2(6) NULL,
    stg_error_class NVARCHAR(100) NULL,
    stg_absent_proofs INTEGER NOT NULL DEFAULT 0,
    stg_looked_up BIT NOT NULL DEFAULT 0,
    stg_create_labels BIT NOT NULL DEFAULT 0,
    PRIMARY KEY (stg_id)
);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_order_number] ON dbo.[STG_MON_CustMasterSchedule] ([AAG ORDER NUMBER]);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_batch_id] ON dbo.[STG_MON_CustMasterSchedule] (stg_batch_id);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_customer_batch] ON dbo.[STG_MON_CustMasterSchedule] (stg_customer_batch);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_order_key] ON dbo.[STG_MON_CustMasterSchedule] (stg_order_key);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_stg_status] ON dbo.[STG_MON_CustMasterSchedule] (stg_status);
CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_open] ON dbo.[STG_MON_CustMasterSchedule] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK');

-- MON_ApiCallResult
CREATE TABLE dbo.[MON_ApiCallResult] (
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    seq INTEGER NOT NULL,
    http_status INTEGER NULL,
    code NVARCHAR(100) NULL,
    monday_request_id NVARCHAR(100) NULL,
    replayed BIT NOT NULL DEFAULT 0,
    complexity BIGINT NULL,
    ms INTEGER NULL,
    ids NVARCHAR(max) NULL,
    class NVARCHAR(100) NULL,
    created_at DATETIME2(6) NOT NULL,
    PRIMARY KEY (request_id, seq),
    FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
);

-- MON_ApiCallRow
CREATE TABLE dbo.[MON_ApiCallRow] (
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    alias VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    kind NVARCHAR(20) NOT NULL,
    row_id BIGINT NULL,
    sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    PRIMARY KEY (request_id, alias),
    CONSTRAINT [CK_MON_ApiCallRow_kind] CHECK (kind IN ('item', 'subitem', 'group')),
    FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
);
CREATE INDEX [IX_MON_ApiCallRow_kind_row_id] ON dbo.[MON_ApiCallRow] (kind, row_id);
CREATE INDEX [IX_MON_ApiCallRow_sync_key] ON dbo.[MON_ApiCallRow] (sync_key);

-- STG_MON_CustMasterSchedule_Subitems
CREATE TABLE dbo.[STG_MON_CustMasterSchedule_Subitems] (
    parent_item_id NVARCHAR(max) NULL,
    [Size] NVARCHAR(max) NULL,
    [Order Qty] NVARCHAR(max) NULL,
    stg_subitem_id BIGINT NOT NULL IDENTITY,
    stg_parent_stg_id BIGINT NULL,
    stg_monday_subitem_id BIGINT NULL,
    stg_monday_subitem_board_id BIGINT NULL,
    stg_size_label NVARCHAR(50) NULL,
    stg_order_qty_numeric BIGINT NULL,
    stg_name NVARCHAR(255) NULL,
    stg_position INTEGER NULL,
    stg_batch_id UNIQUEIDENTIFIER NOT NULL,
    stg_customer_batch NVARCHAR(100) NULL,
    stg_status NVARCHAR(50) NOT NULL DEFAULT 'PENDING',
    stg_error_message NVARCHAR(max) NULL,
    stg_api_payload NVARCHAR(max) NULL,
    stg_retry_count INTEGER NOT NULL DEFAULT 0,
    stg_created_date DATETIME2(6) NULL,
    stg_processed_date DATETIME2(6) NULL,
    stg_max_retries_reached BIT NOT NULL DEFAULT 0,
    stg_sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    stg_order_key CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_op NVARCHAR(20) NULL,
    stg_payload NVARCHAR(max) NULL,
    stg_payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    stg_source_row NVARCHAR(max) NULL,
    stg_before_image NVARCHAR(max) NULL,
    stg_attempt INTEGER NOT NULL DEFAULT 0,
    stg_doubts INTEGER NOT NULL DEFAULT 0,
    stg_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    stg_fence BIGINT NULL,
    stg_intent_at DATETIME2(6) NULL,
    stg_next_attempt_at DATETIME2(6) NULL,
    stg_error_class NVARCHAR(100) NULL,
    stg_absent_proofs INTEGER NOT NULL DEFAULT 0,
    stg_looked_up BIT NOT NULL DEFAULT 0,
    stg_create_labels BIT NOT NULL DEFAULT 0,
    PRIMARY KEY (stg_subitem_id),
    FOREIGN KEY(stg_parent_stg_id) REFERENCES dbo.[STG_MON_CustMasterSchedule] (stg_id)
);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_batch_id] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_batch_id);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_customer_batch] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_customer_batch);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_parent_stg_id] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_parent_stg_id);
CREATE INDEX [IX_STG_MON_CustMasterSchedule_Subitems_stg_status] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_status);
CREATE UNIQUE INDEX [UX_STG_MON_CustMasterSchedule_Subitems_open] ON dbo.[STG_MON_CustMasterSchedule_Subitems] (stg_sync_key) WHERE stg_status IN (N'PENDING', N'SENDING', N'IN_DOUBT', N'API_SUCCESS', N'API_FAILED', N'BLOCKED', N'ROLLING_BACK');
