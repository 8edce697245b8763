//! A request as it arrived.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use isl_volano::form;
use tokio::time::timeout;
use tracing::warn;

use crate::app::App;

/// A TCP connection.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Starts at 1 in each run of the receiver.
    pub(crate) number: i64,
    pub(crate) peer: SocketAddr,
    /// The id of its last stored event, or 0.
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

/// A complete request: its body, and the parameters of its URL. Headers are ignored, because they
/// are unreliable: VolanoChat declares its bodies as forms.
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
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (head, body) = request.into_parts();
        let Some(connection) = head.extensions.get::<Arc<Connection>>().cloned() else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let (max_body, time) = (app.config.max_body, app.config.request_time);
        let received = timeout(time, receive(body, max_body)).await;
        let refusal = match received.unwrap_or(Err(Refusal::Time)) {
            Ok(body) => {
                let query = head.uri.query().unwrap_or_default();
                return Ok(Call {
                    received: now(),
                    room: parameter(query, "room"),
                    encoding: parameter(query, "encoding"),
                    connection,
                    body,
                });
            }
            Err(refusal) => refusal,
        };
        let (status, reason, message) = match refusal {
            Refusal::Size => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "size",
                format!("the body is longer than {max_body} bytes"),
            ),
            Refusal::Time => (
                StatusCode::REQUEST_TIMEOUT,
                "time",
                format!("the body took longer than {time:?}"),
            ),
            Refusal::Incomplete(error) => {
                (StatusCode::BAD_REQUEST, "incomplete", error.to_string())
            }
        };
        warn!(peer = %connection.peer, "a request is refused: {message}");
        app.metrics.refused.with_label_values(&[reason]).inc();
        app.sink.missed().await;
        // The response ends a registration, if it arrives.
        if status != StatusCode::BAD_REQUEST {
            let query = head.uri.query().unwrap_or_default();
            app.registrations.ended(parameter(query, "room").as_deref());
        }
        Err((status, message + "\n").into_response())
    }
}

/// Why a body is refused.
enum Refusal {
    Size,
    Time,
    Incomplete(BoxError),
}

async fn receive(body: Body, max_body: usize) -> Result<Bytes, Refusal> {
    // Refuse a body whose declared length is too long before it arrives.
    if body.size_hint().lower() > max_body as u64 {
        return Err(Refusal::Size);
    }
    match Limited::new(body, max_body).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Refusal::Size),
        Err(error) => Err(Refusal::Incomplete(error)),
    }
}

/// Returns the first value of this name in the query of a URL, even if other parameters are
/// malformed.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = form::pairs(query.as_bytes());
    let (_, value) = pairs.find(|pair| pair.0 == name)?;
    Some(value.into_owned())
}

/// Returns the current time in milliseconds since 1970-01-01 UTC.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| i64::try_from(now.as_millis()).unwrap_or(i64::MAX))
}
