//! The routes, the token, and the response to an event.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use isl_volano::Family;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::call::parameter;
use crate::config::Config;
use crate::handlers::{callback, isl_light, page, status, volano_chat};
use crate::metrics::Metrics;
use crate::record::Record;
use crate::registrations::{self, Registrations};
use crate::sink::Sink;
use crate::start_message::StartMessage;

/// The state that all handlers share.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub(crate) config: Arc<Config>,
    pub(crate) sink: Sink,
    pub(crate) metrics: Metrics,
    pub(crate) registrations: Registrations,
    pub(crate) start_message: Option<Arc<StartMessage>>,
    /// Limits the number of open pages.
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) shutdown: CancellationToken,
}

impl App {
    pub(crate) fn router(&self) -> Router {
        let mut router = Router::new();
        if self.config.receives() {
            router = router
                .route("/isl-light", post(isl_light::post))
                .route("/volano-chat", post(volano_chat::post))
                .route("/callback", post(callback::post));
        }
        router
            .route("/", get(page::page))
            .route("/events", get(page::events))
            .route("/metrics", get(status::metrics))
            .layer(middleware::from_fn_with_state(self.clone(), check_token))
            .route("/healthz", get(status::healthz))
            .with_state(self.clone())
    }

    /// Stores an event, then returns the acknowledgement that its sender expects, even if it could
    /// not be decoded.
    pub(crate) async fn keep(&self, record: Record) -> Response {
        let family = record.family;
        let connection = Arc::clone(&record.call.connection);
        let message = self.start_message.as_ref();
        let answer = message.and_then(|message| message.answer(&record));
        let room = registrations::room(&record);
        let is_last = registrations::is_last(&record);
        let kept = self.sink.keep(record).await;
        // The last event ends a registration, and so does any status but 200.
        if family == Family::VolanoChat && (is_last || kept.is_err()) {
            self.registrations.ended(room.as_deref());
        }
        let Ok(id) = kept else {
            self.metrics.unavailable.inc();
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return (status, "the event could not be stored\n").into_response();
        };
        connection.stored(id);
        let answer = answer.unwrap_or_else(|| family.acknowledgement().to_owned());
        ([(CONTENT_TYPE, family.content_type())], answer).into_response()
    }
}

/// Refuses requests without the token, if one is set.
async fn check_token(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(token) = &app.config.token {
        let query = request.uri().query().unwrap_or_default();
        let given = parameter(query, "token").unwrap_or_default();
        // Comparing digests does not reveal the length by its duration, either.
        if !bool::from(Sha256::digest(&given).ct_eq(&Sha256::digest(token))) {
            app.metrics.refused.with_label_values(&["token"]).inc();
            let status = StatusCode::FORBIDDEN;
            return (status, "expected ?token= with the right token\n").into_response();
        }
    }
    next.run(request).await
}
