//! `GET /healthz` and `GET /metrics`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// Returns status 200 if the last transaction succeeded, or if NATS has the stream.
pub(crate) async fn healthz(State(app): State<App>) -> Response {
    if app.sink.is_healthy().await {
        "ok\n".into_response()
    } else {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        (status, "events cannot be stored\n").into_response()
    }
}

pub(crate) async fn metrics(State(app): State<App>) -> Response {
    match app.metrics.text() {
        Ok(text) => ([(CONTENT_TYPE, prometheus::TEXT_FORMAT)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
