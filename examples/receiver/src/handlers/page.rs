//! `GET /` and `GET /events`: the page, and its live stream of events.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::warn;

use crate::app::App;
use crate::call::parameter;
use crate::sink::Sink;
use crate::storage::Storage;
use crate::storage::reader::{ROWS, Reader};

const PAGE: &str = include_str!("../page.html");

/// The content security policy of the page. It allows only the page's own style and script, by their
/// digests, and its stream of events: no event can load, run, send or frame anything else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = |element: &str| {
        let (_, rest) = PAGE.split_once(&format!("<{element}>")).unwrap_or_default();
        let (content, _) = rest
            .split_once(&format!("</{element}>"))
            .unwrap_or_default();
        BASE64_STANDARD.encode(Sha256::digest(content))
    };
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        digest("style"),
        digest("script"),
    )
});

pub(crate) async fn page(State(app): State<App>) -> Response {
    if let Sink::Nats(_) = app.sink {
        return no_database();
    }
    let headers = [
        ("content-security-policy", &**POLICY),
        ("x-content-type-options", "nosniff"),
        // The URL contains the token.
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ];
    (headers, Html(PAGE)).into_response()
}

/// Sends the last events, or those after `Last-Event-ID`, then each change when it is stored.
pub(crate) async fn events(State(app): State<App>, headers: HeaderMap, uri: Uri) -> Response {
    let Sink::Sqlite(storage) = app.sink.clone() else {
        return no_database();
    };
    let Ok(place) = Arc::clone(&app.streams).try_acquire_owned() else {
        app.metrics.refused.with_label_values(&["streams"]).inc();
        let status = StatusCode::SERVICE_UNAVAILABLE;
        return (status, "too many pages are open\n").into_response();
    };
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse().ok());
    let show = parameter(uri.query().unwrap_or_default(), "last");
    let show = show
        .and_then(|rows| rows.parse().ok())
        .unwrap_or(500)
        .clamp(0, 10_000);
    let (sender, receiver) = mpsc::channel(16);
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = follow(&app, &storage, last, show, &sender).await {
            warn!("cannot read events for the page: {error}");
        }
    });
    let stream = ReceiverStream::new(receiver);
    let keep_alive = KeepAlive::new().interval(Duration::from_secs(15));
    Sse::new(stream).keep_alive(keep_alive).into_response()
}

fn no_database() -> Response {
    let message = "this receiver has no database; receiver drain --listen has the page\n";
    (StatusCode::NOT_FOUND, message).into_response()
}

type Sender = mpsc::Sender<Result<Event, Infallible>>;

async fn follow(
    app: &App,
    storage: &Storage,
    last: Option<i64>,
    show: i64,
    sender: &Sender,
) -> anyhow::Result<()> {
    let mut revisions = storage.revisions();
    let path = storage.path().to_owned();
    let mut reader = tokio::task::spawn_blocking(move || Reader::open(&path)).await??;
    let mut last = match last {
        Some(last) => last,
        None => reader.before_last(show)?,
    };
    loop {
        let (rows, back) =
            tokio::task::spawn_blocking(move || (reader.after(last), reader)).await?;
        reader = back;
        let rows = rows?;
        let more = i64::try_from(rows.len()) == Ok(ROWS);
        for row in rows {
            last = row.revision;
            let event = Event::default().id(last.to_string()).data(row.json.get());
            if sender.send(Ok(event)).await.is_err() {
                return Ok(());
            }
        }
        if more {
            continue;
        }
        tokio::select! {
            changed = revisions.wait_for(|&revision| revision > last) => { changed?; }
            () = sender.closed() => return Ok(()),
            () = app.shutdown.cancelled() => return Ok(()),
        }
    }
}
