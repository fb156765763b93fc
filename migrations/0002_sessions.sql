-- Who is logged in. The token itself is nowhere: a copy of this table opens no door.
CREATE TABLE sessions (
    hash     TEXT   NOT NULL PRIMARY KEY,  -- SHA-256 of the token, hexadecimal
    username TEXT   NOT NULL,
    created  BIGINT NOT NULL,              -- Unix seconds
    expires  BIGINT NOT NULL,
    seen     BIGINT NOT NULL
);
