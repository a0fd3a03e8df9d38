-- MON_OrderSnapshot
CREATE TABLE "MON_OrderSnapshot" (
    order_key CHAR(64) NOT NULL,
    customer NVARCHAR(100),
    source_hash CHAR(64) NOT NULL,
    payload_hash CHAR(64),
    encoding_version INTEGER NOT NULL,
    batch_id CHAR(32),
    promoted_at TEXT,
    mapping_hash CHAR(64),
    PRIMARY KEY (order_key)
);
CREATE INDEX "IX_MON_OrderSnapshot_customer" ON "MON_OrderSnapshot" (customer);
