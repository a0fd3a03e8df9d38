-- MON_DailyCalls
CREATE TABLE dbo.[MON_DailyCalls] (
    board VARCHAR(20) COLLATE Latin1_General_BIN2 NOT NULL,
    account VARCHAR(64) COLLATE Latin1_General_BIN2 NULL,
    call_day VARCHAR(10) COLLATE Latin1_General_BIN2 NULL,
    calls INTEGER NOT NULL DEFAULT 0,
    calls_limit INTEGER NULL,
    resume_at DATETIME2(6) NULL,
    PRIMARY KEY (board)
);
