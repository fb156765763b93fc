-- What an update brings a workload to, who is recreated with it, and what the new container wrote before it failed.
ALTER TABLE operations ADD COLUMN target TEXT NOT NULL DEFAULT '{"is":"same"}';   -- JSON
ALTER TABLE operations ADD COLUMN along  TEXT NOT NULL DEFAULT '[]';              -- JSON, names
ALTER TABLE operations ADD COLUMN log    TEXT;
ALTER TABLE operations ADD COLUMN compose TEXT;                                   -- JSON

-- Which of the containers that are exchanged together a step is about.
ALTER TABLE operation_steps ADD COLUMN member INTEGER NOT NULL DEFAULT 0;

-- Images that are kept for a way back, each under a name of its own on its host, from before the pull of an update on.
CREATE TABLE kept_images (
    operation INTEGER NOT NULL PRIMARY KEY,
    host      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    mark      TEXT    NOT NULL,
    image     TEXT    NOT NULL,             -- the host's id of it
    reference TEXT    NOT NULL,             -- by which it ran, as written
    digest    TEXT,
    until     BIGINT                        -- Unix seconds; none while its update is under way
);
CREATE INDEX kept_images_by_name ON kept_images (host, name, operation);
