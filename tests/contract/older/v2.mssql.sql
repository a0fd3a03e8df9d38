-- MON_OrderSnapshot
CREATE TABLE dbo.[MON_OrderSnapshot] (
    order_key CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    customer NVARCHAR(100) NULL,
    source_hash CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    payload_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    encoding_version INTEGER NOT NULL,
    batch_id UNIQUEIDENTIFIER NULL,
    promoted_at DATETIME2(6) NULL,
    mapping_hash CHAR(64) COLLATE Latin1_General_BIN2 NULL,
    PRIMARY KEY (order_key)
);
CREATE INDEX [IX_MON_OrderSnapshot_customer] ON dbo.[MON_OrderSnapshot] (customer);
