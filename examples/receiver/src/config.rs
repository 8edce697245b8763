//! What can be set when the receiver is started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::ServerAddr;
use axum::http::Uri;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

/// Receives the callbacks of ISL Light and VolanoChat, and answers each after it is stored.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The address to listen on [default: 127.0.0.1:8080, but for drain none].
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub(crate) listen: Option<SocketAddr>,

    /// The SQLite database; it is created if it is missing.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "receiver.db",
        global = true
    )]
    pub(crate) database: PathBuf,

    /// The NATS servers to publish to, instead of storing in SQLite: nats://HOST:PORT,..
    ///
    /// Each event is answered after JetStream has acknowledged it. receiver drain stores it.
    #[arg(long, value_name = "SERVERS", env = "RECEIVER_SINK", hide_env_values = true,
        value_delimiter = ',', value_parser = nats, global = true)]
    pub(crate) sink: Vec<ServerAddr>,

    /// The number of NATS servers that keep a copy of the stream, if it is to be made.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, global = true)]
    pub(crate) replicas: usize,

    /// The secret that every URL has to carry as `?token=..`; all but `/healthz` need it.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "RECEIVER_TOKEN",
        hide_env_values = true,
        global = true
    )]
    pub(crate) token: Option<String>,

    /// The VolanoChat server to register at, such as http://chat.example.com:8080 (no https).
    ///
    /// A registration that ends, by a delete event or an answer that was not 200, is made again. So
    /// is one that is refused, or whose server cannot be reached, after pauses that grow to a
    /// minute: the receiver goes on for everybody else, logs an error each time, and
    /// receiver_registered{room} is 0.
    #[arg(long, value_name = "SERVER", value_parser = server, requires_all = ["room", "callback"])]
    pub(crate) register: Option<Uri>,

    /// The exact name of a room to register for; can be repeated.
    #[arg(long, value_name = "ROOM", requires = "register")]
    pub(crate) room: Vec<String>,

    /// The URL for VolanoChat to post to, with the token, such as
    /// http://192.0.2.1:8080/volano-chat?room={room}&encoding=windows-1252&token=..
    ///
    /// {room} stands for the room's name, percent-encoded. Several rooms need it.
    #[arg(long, value_name = "URL", value_parser = callback, requires = "register")]
    pub(crate) callback: Option<String>,

    /// Answers each START of an ISL Light session with a message box for the client.
    ///
    /// ISL accepts it with the database secret of its server, which has to be in the environment
    /// variable RECEIVER_ISL_SECRET.
    #[arg(long, value_name = "TEXT")]
    pub(crate) start_message: Option<String>,

    /// The longest body that is accepted, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    pub(crate) max_body: usize,

    /// The number of connections that are served at a time; others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 2000, global = true)]
    pub(crate) max_connections: usize,

    /// The number of pages that are served events at a time; others are refused.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, global = true)]
    pub(crate) max_streams: usize,

    /// The time that a request may take to arrive, and a connection may be idle.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, global = true)]
    pub(crate) request_time: Duration,

    /// The time to wait for a database that another program has locked, or for JetStream, before
    /// 503 is answered.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds, global = true)]
    pub(crate) storage_time: Duration,

    /// The time that requests get to finish when the receiver is told to end.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds, global = true)]
    pub(crate) shutdown_time: Duration,

    /// What is logged to standard error: off, error, warn, info, debug, trace.
    #[arg(
        long,
        value_name = "LEVEL",
        env = "RECEIVER_LOG",
        default_value = "info",
        global = true
    )]
    pub(crate) log: LevelFilter,
}

/// What else the receiver does than receive.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Command {
    /// Writes what was published to NATS into an SQLite database, until it is told to end.
    ///
    /// With --listen it serves the page, /metrics and /healthz.
    Drain,
}

impl Config {
    /// Returns whether requests are taken, and not messages.
    pub(crate) fn receives(&self) -> bool {
        self.command.is_none()
    }

    /// Checks what clap cannot.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        let callback = self.callback.as_deref().unwrap_or_default();
        if self.room.len() > 1 && !callback.contains("{room}") {
            let message = "several rooms need {room} in the URL of --callback";
            return Err(Config::command().error(ErrorKind::ValueValidation, message));
        }
        if !self.receives() && (self.register.is_some() || self.start_message.is_some()) {
            let message = "drain receives nothing: it cannot register or answer";
            return Err(Config::command().error(ErrorKind::ArgumentConflict, message));
        }
        if !self.receives() && self.sink.is_empty() {
            let message = "drain needs --sink nats://HOST:PORT";
            return Err(Config::command().error(ErrorKind::MissingRequiredArgument, message));
        }
        Ok(())
    }
}

fn nats(text: &str) -> Result<ServerAddr, String> {
    let address: ServerAddr = text.parse().map_err(|error| format!("{error}"))?;
    match address.scheme() {
        "nats" | "tls" => Ok(address),
        _ => Err("expected a URL that begins with nats:// or tls://".to_owned()),
    }
}

fn server(text: &str) -> Result<Uri, String> {
    let uri: Uri = text
        .parse()
        .map_err(|error| format!("expected a URL: {error}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(_)) => Ok(uri),
        _ => Err("expected a URL that begins with http://".to_owned()),
    }
}

fn callback(text: &str) -> Result<String, String> {
    let is_http = text.starts_with("http://") || text.starts_with("https://");
    is_http
        .then(|| text.to_owned())
        .ok_or_else(|| "expected a URL that begins with http:// or https://".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "expected seconds, such as 2.5")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
