-- The journal of updates. `plan` holds what is needed to finish or undo one, the container's environment among it: it goes with the end.
CREATE TABLE operations (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    host      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    image     TEXT    NOT NULL,
    asker     TEXT    NOT NULL,             -- JSON
    begun     BIGINT  NOT NULL,             -- Unix seconds
    ended     BIGINT,
    phase     TEXT    NOT NULL,             -- JSON
    outcome   TEXT,                         -- JSON; there once it ended
    digest_from TEXT,
    digest_to   TEXT,
    plan      TEXT                          -- JSON
);
CREATE INDEX operations_by_name ON operations (host, name, id);
CREATE INDEX operations_by_image ON operations (image, id);

-- What was done for each, and undone.
CREATE TABLE operation_steps (
    operation INTEGER NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    n         INTEGER NOT NULL,
    phase     TEXT    NOT NULL,             -- JSON
    undo      BOOLEAN NOT NULL,
    begun     BIGINT  NOT NULL,             -- Unix milliseconds
    ended     BIGINT,
    trouble   TEXT,                         -- JSON
    PRIMARY KEY (operation, n)
);

-- The workloads that are updated without being asked for, by host and name: ids change with each update.
CREATE TABLE switches (
    host TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (host, name)
);
