-- What was set in the program rather than in its configuration.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL                    -- JSON
);
