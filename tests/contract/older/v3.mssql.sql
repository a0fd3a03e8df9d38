-- MON_ApiChain
CREATE TABLE dbo.[MON_ApiChain] (
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    seq BIGINT NOT NULL,
    request_id VARCHAR(36) COLLATE Latin1_General_BIN2 NOT NULL,
    answer INTEGER NOT NULL,
    content_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    chain_sha256 CHAR(64) COLLATE Latin1_General_BIN2 NOT NULL,
    PRIMARY KEY (board, seq),
    FOREIGN KEY(request_id) REFERENCES dbo.[MON_ApiCall] (request_id)
);
CREATE UNIQUE INDEX [UX_MON_ApiChain_entry] ON dbo.[MON_ApiChain] (request_id, answer);
