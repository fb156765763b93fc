-- The checks that were made.
CREATE TABLE checks (
    id      INTEGER NOT NULL PRIMARY KEY,
    started BIGINT  NOT NULL,              -- Unix seconds
    ended   BIGINT  NOT NULL,
    tally   TEXT    NOT NULL               -- JSON
);
