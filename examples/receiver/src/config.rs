//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use async_nats::ServerAddr;
use axum::http::Uri;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};
use tracing::level_filters::LevelFilter;

/// Receives the callbacks of ISL Light and VolanoChat, and responds after storing them.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub(crate) struct Config {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// The address to listen on [default: 127.0.0.1:8080; none for drain].
    #[arg(long, value_name = "ADDRESS", global = true)]
    pub(crate) listen: Option<SocketAddr>,

    /// The SQLite database, created if it does not exist.
    #[arg(
        long,
        value_name = "FILE",
        default_value = "receiver.db",
        global = true
    )]
    pub(crate) database: PathBuf,

    /// The NATS servers to publish to instead of storing in SQLite: nats://HOST:PORT,...
    ///
    /// The receiver responds after JetStream acknowledges the event. receiver drain stores it.
    #[arg(long, value_name = "SERVERS", env = "RECEIVER_SINK", hide_env_values = true,
        value_delimiter = ',', value_parser = nats, global = true)]
    pub(crate) sink: Vec<ServerAddr>,

    /// The number of NATS servers that keep a copy of the stream, if it has to be created.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, global = true)]
    pub(crate) replicas: usize,

    /// The secret that requests must have in their URL as `?token=...`, except to `/healthz`.
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
    /// When a registration ends, by a delete event or a response with a status other than 200, the
    /// receiver registers again. If the server refuses or cannot be reached, the receiver tries
    /// again after pauses that grow to a minute. In the meantime, it serves all other requests, logs
    /// an error for each failed attempt, and sets receiver_registered{room} to 0.
    #[arg(long, value_name = "SERVER", value_parser = server, requires_all = ["room", "callback"])]
    pub(crate) register: Option<Uri>,

    /// The exact name of a room to register for; can be repeated.
    #[arg(long, value_name = "ROOM", requires = "register")]
    pub(crate) room: Vec<String>,

    /// The URL for VolanoChat to post to, with the token, such as
    /// http://192.0.2.1:8080/volano-chat?room={room}&encoding=windows-1252&token=...
    ///
    /// {room} is replaced by the percent-encoded name of the room. Several rooms require it.
    #[arg(long, value_name = "URL", value_parser = callback, requires = "register")]
    pub(crate) callback: Option<String>,

    /// The text of a message box for the client, sent in response to each START of ISL Light.
    ///
    /// ISL requires the database secret of its server, which has to be in the environment variable
    /// RECEIVER_ISL_SECRET.
    #[arg(long, value_name = "TEXT")]
    pub(crate) start_message: Option<String>,

    /// The maximum length of a body, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    pub(crate) max_body: usize,

    /// The maximum number of connections that are served at a time. Others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 2000, global = true)]
    pub(crate) max_connections: usize,

    /// The maximum number of open pages. Others are refused.
    #[arg(long, value_name = "NUMBER", default_value_t = 100, global = true)]
    pub(crate) max_streams: usize,

    /// The maximum time for a request to arrive, and for a connection to be idle.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds, global = true)]
    pub(crate) request_time: Duration,

    /// The maximum time to wait for JetStream, or for a database that another program has locked,
    /// before responding with status 503.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds, global = true)]
    pub(crate) storage_time: Duration,

    /// The maximum time for requests in progress to finish when the receiver shuts down.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds, global = true)]
    pub(crate) shutdown_time: Duration,

    /// The level of the log on standard error: off, error, warn, info, debug, trace.
    #[arg(
        long,
        value_name = "LEVEL",
        env = "RECEIVER_LOG",
        default_value = "info",
        global = true
    )]
    pub(crate) log: LevelFilter,
}

/// What to do instead of receiving.
#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum Command {
    /// Writes the events published to NATS to an SQLite database, until it is terminated.
    ///
    /// With --listen, it serves the page, /metrics and /healthz.
    Drain,
}

impl Config {
    /// Returns whether this process receives requests, rather than draining messages.
    pub(crate) fn receives(&self) -> bool {
        self.command.is_none()
    }

    /// Checks constraints that clap cannot express.
    pub(crate) fn check(&self) -> Result<(), clap::Error> {
        let callback = self.callback.as_deref().unwrap_or_default();
        if self.room.len() > 1 && !callback.contains("{room}") {
            let message = "several rooms need {room} in the URL of --callback";
            return Err(Config::command().error(ErrorKind::ValueValidation, message));
        }
        if !self.receives() && (self.register.is_some() || self.start_message.is_some()) {
            let message = "drain receives no requests: it cannot register or respond";
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
    let seconds = text
        .parse()
        .map_err(|_| "expected a number of seconds, such as 2.5")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
