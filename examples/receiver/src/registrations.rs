//! Registering for the events of rooms at a VolanoChat server, and again when a registration ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use axum::body::Bytes;
use axum::http::header::{CONNECTION, HOST};
use axum::http::{StatusCode, Uri};
use http_body_util::Empty;
use hyper::Request;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use isl_volano::volano_chat::Registration;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tracing::{error, info, warn};

use crate::config::Config;
use crate::metrics::Metrics;
use crate::record::Record;

/// The maximum time for the server to respond.
const PATIENCE: Duration = Duration::from_secs(10);
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A handle to the tasks that register, one for each room.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registrations(Arc<HashMap<String, watch::Sender<()>>>);

impl Registrations {
    /// Starts a task for each room. The tasks end with the runtime.
    pub(crate) fn start(config: &Config, metrics: &Metrics) -> Self {
        let (Some(server), Some(callback)) = (&config.register, &config.callback) else {
            return Registrations::default();
        };
        let rooms = config.room.iter().map(|room| {
            let (end, ended) = watch::channel(());
            let encoded: String = form_urlencoded::byte_serialize(room.as_bytes()).collect();
            let callback = callback.replace("{room}", &encoded);
            let registrar = Registrar {
                server: server.clone(),
                registration: Registration::new(room.clone(), callback),
                ended,
                metrics: metrics.clone(),
            };
            tokio::spawn(registrar.run());
            (room.clone(), end)
        });
        Registrations(Arc::new(rooms.collect()))
    }

    /// Reports that the registration for a room has ended.
    pub(crate) fn ended(&self, room: Option<&str>) {
        if let Some(end) = room.and_then(|room| self.0.get(room)) {
            end.send_replace(());
        }
    }
}

/// Returns the room of an event: that of the URL, as it was registered, or else that of the body.
pub(crate) fn room(record: &Record) -> Option<String> {
    record.call.room.clone().or_else(|| record.room.clone())
}

/// Returns whether an event is the last of its registration, even if it cannot be decoded.
pub(crate) fn is_last(record: &Record) -> bool {
    record.event.as_deref() == Some("delete") || record.call.body.starts_with(b"<delete>")
}

struct Registrar {
    server: Uri,
    registration: Registration<'static>,
    ended: watch::Receiver<()>,
    metrics: Metrics,
}

impl Registrar {
    async fn run(mut self) {
        let room = self.registration.room.clone();
        let registered = self.metrics.registered.with_label_values(&[&*room]);
        let mut pause = SHORTEST_PAUSE;
        loop {
            // Any earlier report was about an earlier registration.
            self.ended.mark_unchanged();
            let answer = timeout(PATIENCE, self.register()).await;
            let begin = Instant::now();
            let outcome = match answer.map_err(anyhow::Error::from).flatten() {
                Ok(StatusCode::OK) => "accepted",
                Ok(status) => {
                    error!(%room, "the server refused the registration with status {status}");
                    "refused"
                }
                Err(error) => {
                    error!(%room, "cannot register: {error:#}");
                    "unreachable"
                }
            };
            let registrations = &self.metrics.registrations;
            registrations.with_label_values(&[outcome]).inc();
            if outcome == "accepted" {
                info!(%room, "registered");
                registered.set(1);
                if self.ended.changed().await.is_err() {
                    return;
                }
                warn!(%room, "the registration ended");
            }
            registered.set(0);
            if begin.elapsed() > LONGEST_PAUSE {
                pause = SHORTEST_PAUSE;
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Sends one request, and returns the status of the response. Errors do not show the URL of the
    /// callback, which contains the token.
    async fn register(&self) -> anyhow::Result<StatusCode> {
        let url: Uri = self.registration.url(&self.server.to_string()).parse()?;
        let authority = url.authority().context("expected a server")?;
        let (host, port) = (authority.host(), authority.port_u16().unwrap_or(80));
        let stream = TcpStream::connect(format!("{host}:{port}")).await;
        let stream = stream.with_context(|| format!("cannot connect to {host}:{port}"))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let request = Request::get(url.path_and_query().map_or("/", |target| target.as_str()))
            .header(HOST, authority.as_str())
            .header(CONNECTION, "close")
            .body(Empty::<Bytes>::new())?;
        tokio::spawn(connection);
        Ok(sender.send_request(request).await?.status())
    }
}
