//! Server functions: parse, ask the app, map the error.
