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
CREATE INDEX [IX_MON_ApiCall_created_at] ON dbo.[MON_ApiCall] (created_at);

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
    kind NVARCHAR(20) NULL,
    resolution NVARCHAR(20) NULL,
    finding NVARCHAR(max) NULL,
    archive_request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NULL,
    resolved_date DATETIME2(6) NULL,
    PRIMARY KEY (orphan_id)
);
CREATE INDEX [IX_MON_OrphanItem_item_id] ON dbo.[MON_OrphanItem] (item_id);
CREATE INDEX [IX_MON_OrphanItem_sync_key] ON dbo.[MON_OrphanItem] (sync_key);

-- MON_ApiCallRow
CREATE TABLE dbo.[MON_ApiCallRow] (
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    alias VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    kind NVARCHAR(20) NOT NULL,
    row_id BIGINT NULL,
    sync_key VARCHAR(50) COLLATE Latin1_General_BIN2 NULL,
    PRIMARY KEY (request_id, alias),
    CONSTRAINT [CK_MON_ApiCallRow_kind] CHECK (kind IN ('item', 'subitem', 'group', 'orphan')),
    FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
);
CREATE INDEX [IX_MON_ApiCallRow_kind_row_id] ON dbo.[MON_ApiCallRow] (kind, row_id);
CREATE INDEX [IX_MON_ApiCallRow_sync_key] ON dbo.[MON_ApiCallRow] (sync_key);
