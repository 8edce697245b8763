//! One handler for each server. Both acknowledge every event that is stored; an error of the storage
//! is answered with 503.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use encoding_rs::{Encoding, UTF_8};
use isl_volano::volano_chat::Event;
use isl_volano::{Error, Family, Payload, isl_light::Notification};
use serde::Deserialize;

use crate::storage::Storage;

/// The service: `POST /isl-light`, and `POST /volano-chat?encoding=LABEL` for a server that does not
/// write UTF-8.
pub fn app(storage: Storage) -> Router {
    Router::new()
        .route("/isl-light", post(isl_light))
        .route("/volano-chat", post(volano_chat))
        .with_state(Arc::new(storage))
}

/// Stores an event of ISL Light: as much of it as fits, and what does not.
async fn isl_light(State(storage): State<Arc<Storage>>, body: Bytes) -> Response {
    let (payload, problems) = match Notification::parse_lenient(&body) {
        Ok(lenient) => (Some(Payload::from(lenient.notification)), lenient.problems),
        Err(error) => (None, vec![error]),
    };
    let stored = storage.insert(&body, payload.as_ref(), &problems);
    answer(Family::IslLight, stored)
}

/// The query of the callback's URL.
#[derive(Deserialize)]
struct Callback {
    encoding: Option<String>,
}

/// Stores an event of VolanoChat, decoded from its server's character set. One that can be read in
/// more than one way stays undecided: its error and its body say all that is known.
async fn volano_chat(
    State(storage): State<Arc<Storage>>,
    Query(callback): Query<Callback>,
    body: Bytes,
) -> Response {
    let text = decode(callback.encoding.as_deref(), &body);
    let parsed: Result<Event<'_>, Error> = match &text {
        Some(text) => Event::parse(text),
        None => Event::parse_bytes(&body),
    };
    let stored = match parsed {
        Ok(event) => storage.insert(&body, Some(&Payload::from(event)), &[]),
        Err(error) => storage.insert(&body, None, &[error]),
    };
    answer(Family::VolanoChat, stored)
}

/// Decodes a body from the character set of its server; `None` if it does not fit.
fn decode<'a>(label: Option<&str>, body: &'a [u8]) -> Option<Cow<'a, str>> {
    let label = label.unwrap_or("utf-8");
    if label.eq_ignore_ascii_case("iso-8859-1") {
        // The web means windows-1252 by it; a server means what it says.
        return Some(encoding_rs::mem::decode_latin1(body));
    }
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
    encoding.decode_without_bom_handling_and_without_replacement(body)
}

fn answer(family: Family, stored: Result<(), rusqlite::Error>) -> Response {
    match stored {
        Ok(()) => (
            [(CONTENT_TYPE, family.content_type())],
            family.acknowledgement(),
        )
            .into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
    }
}
