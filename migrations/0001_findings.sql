-- What the checks learnt: one row a reference, the newest finding and the newest that was good.
CREATE TABLE findings (
    reference   TEXT   NOT NULL PRIMARY KEY,
    answer      TEXT,                -- JSON; exactly one of answer and reason is there
    reason      TEXT,                -- JSON
    at          BIGINT NOT NULL,     -- Unix seconds
    took_ms     BIGINT NOT NULL,
    steps       TEXT   NOT NULL,     -- JSON
    good_answer TEXT,                -- JSON
    good_at     BIGINT
);
