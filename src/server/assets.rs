//! Files inside the program: the browser's program and the style sheet.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

/// Answers with a file of `/pkg`.
pub(super) async fn serve(Path(name): Path<String>) -> Response {
    match Site::get(&format!("pkg/{name}")) {
        Some(file) => {
            let mime = mime_guess::from_path(&name).first_or_octet_stream();
            ([(header::CONTENT_TYPE, mime.as_ref().to_owned())], file.data).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
