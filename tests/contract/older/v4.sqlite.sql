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
CREATE INDEX "IX_MON_ApiCall_created_at" ON "MON_ApiCall" (created_at);

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
    created_date TEXT NOT NULL,
    kind NVARCHAR(20),
    resolution NVARCHAR(20),
    finding TEXT,
    archive_request_id VARCHAR(36),
    resolved_date TEXT
);
CREATE INDEX "IX_MON_OrphanItem_item_id" ON "MON_OrphanItem" (item_id);
CREATE INDEX "IX_MON_OrphanItem_sync_key" ON "MON_OrphanItem" (sync_key);

-- MON_ApiCallRow
CREATE TABLE "MON_ApiCallRow" (
    request_id VARCHAR(36) NOT NULL,
    alias VARCHAR(20) NOT NULL,
    kind NVARCHAR(20) NOT NULL,
    row_id BIGINT,
    sync_key VARCHAR(50),
    PRIMARY KEY (request_id, alias),
    CONSTRAINT "CK_MON_ApiCallRow_kind" CHECK (kind IN ('item', 'subitem', 'group', 'orphan')),
    FOREIGN KEY(request_id) REFERENCES "MON_ApiCall" (request_id)
);
CREATE INDEX "IX_MON_ApiCallRow_kind_row_id" ON "MON_ApiCallRow" (kind, row_id);
CREATE INDEX "IX_MON_ApiCallRow_sync_key" ON "MON_ApiCallRow" (sync_key);
