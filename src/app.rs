//! Everything that runs, in one place: made at the start, stopped at the end.
