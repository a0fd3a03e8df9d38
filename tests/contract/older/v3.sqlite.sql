-- MON_ApiChain
CREATE TABLE "MON_ApiChain" (
    board VARCHAR(20) NOT NULL,
    seq BIGINT NOT NULL,
    request_id VARCHAR(36) NOT NULL,
    answer INTEGER NOT NULL,
    content_sha256 CHAR(64) NOT NULL,
    chain_sha256 CHAR(64) NOT NULL,
    PRIMARY KEY (board, seq),
    FOREIGN KEY(request_id) REFERENCES "MON_ApiCall" (request_id)
);
CREATE UNIQUE INDEX "UX_MON_ApiChain_entry" ON "MON_ApiChain" (request_id, answer);
