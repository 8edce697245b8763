//! A request as it arrived.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use isl_volano::form;
use tokio::time::timeout;
use tracing::warn;

use crate::app::App;

/// A TCP connection.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Counts from 1 in each run of the receiver.
    pub(crate) number: i64,
    pub(crate) peer: SocketAddr,
    /// The id of the last event that was stored from it, or 0.
    last_stored: AtomicI64,
}

impl Connection {
    pub(crate) fn new(number: i64, peer: SocketAddr) -> Self {
        Connection {
            number,
            peer,
            last_stored: AtomicI64::new(0),
        }
    }

    pub(crate) fn stored(&self, id: i64) {
        self.last_stored.store(id, Ordering::Relaxed);
    }

    pub(crate) fn last_stored(&self) -> Option<i64> {
        Some(self.last_stored.load(Ordering::Relaxed)).filter(|&id| id != 0)
    }
}

/// A request whose body is complete, and what its URL says about it. Its headers say nothing that
/// can be trusted: VolanoChat declares its bodies as forms.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Milliseconds since 1970-01-01 UTC.
    pub(crate) received: i64,
    pub(crate) connection: Arc<Connection>,
    /// `?room=`: the room that the callback was registered for.
    pub(crate) room: Option<String>,
    /// `?encoding=`: the character set of VolanoChat's server.
    pub(crate) encoding: Option<String>,
    pub(crate) body: Bytes,
}

impl FromRequest<App> for Call {
    type Rejection = (StatusCode, String);

    async fn from_request(request: Request, app: &App) -> Result<Self, Self::Rejection> {
        let (head, body) = request.into_parts();
        let connection = head.extensions.get::<Arc<Connection>>().cloned();
        let missing = || (StatusCode::INTERNAL_SERVER_ERROR, "no connection".into());
        let connection = connection.ok_or_else(missing)?;

        let body = Limited::new(body, app.config.max_body).collect();
        let (status, reason, message) = match timeout(app.config.request_time, body).await {
            Ok(Ok(body)) => {
                let query = head.uri.query().unwrap_or_default();
                return Ok(Call {
                    received: now(),
                    room: parameter(query, "room"),
                    encoding: parameter(query, "encoding"),
                    connection,
                    body: body.to_bytes(),
                });
            }
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                let message = format!("the body is longer than {} bytes", app.config.max_body);
                (StatusCode::PAYLOAD_TOO_LARGE, "size", message)
            }
            Ok(Err(error)) => {
                let message = format!("the body is not complete: {error}");
                (StatusCode::BAD_REQUEST, "incomplete", message)
            }
            Err(_) => {
                let message = "the body did not arrive in time".to_owned();
                (StatusCode::REQUEST_TIMEOUT, "time", message)
            }
        };
        app.metrics.refused.with_label_values(&[reason]).inc();
        app.sink.missed().await;
        warn!(peer = %connection.peer, "refused: {message}");
        Err((status, message + "\n"))
    }
}

/// Returns the first value of this name in a URL's query, however malformed the rest is.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = form::pairs(query.as_bytes());
    let (_, value) = pairs.find(|pair| pair.0 == name)?;
    Some(value.into_owned())
}

/// Returns milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
}
