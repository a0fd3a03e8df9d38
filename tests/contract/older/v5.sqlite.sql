-- MON_DailyCalls
CREATE TABLE "MON_DailyCalls" (
    board VARCHAR(20) NOT NULL,
    account VARCHAR(64),
    call_day VARCHAR(10),
    calls INTEGER DEFAULT 0 NOT NULL,
    calls_limit INTEGER,
    resume_at TEXT,
    PRIMARY KEY (board)
);
