//! What is kept over a restart, in SQLite.
