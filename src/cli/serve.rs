//! `plimsoll serve`.

use std::process::ExitCode;

/// Serves until it is told to stop.
pub(super) fn run() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("plimsoll: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(crate::server::run("127.0.0.1:8099")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("plimsoll: {error}");
            ExitCode::FAILURE
        }
    }
}
