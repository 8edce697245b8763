//! What can be set when the receiver is started.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use tracing::level_filters::LevelFilter;

/// Receives the callbacks of ISL Light and VolanoChat, and answers each after it is stored.
#[derive(Debug, Clone, Parser)]
#[command(version)]
pub(crate) struct Config {
    /// The address to listen on.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,

    /// The SQLite database; it is created if it is missing.
    #[arg(long, value_name = "FILE", default_value = "receiver.db")]
    pub(crate) database: PathBuf,

    /// The secret that every URL has to carry as `?token=..`; all but `/healthz` need it.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "RECEIVER_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<String>,

    /// The longest body that is accepted, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    pub(crate) max_body: usize,

    /// The number of connections that are served at a time; others wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 2000)]
    pub(crate) max_connections: usize,

    /// The time that a request may take to arrive, and a connection may be idle.
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(crate) request_time: Duration,

    /// The time to wait for a database that another program has locked, before 503 is answered.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    pub(crate) storage_time: Duration,

    /// The time that requests get to finish when the receiver is told to end.
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) shutdown_time: Duration,

    /// What is logged to standard error: off, error, warn, info, debug, trace.
    #[arg(
        long,
        value_name = "LEVEL",
        env = "RECEIVER_LOG",
        default_value = "info"
    )]
    pub(crate) log: LevelFilter,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().map_err(|_| "expected seconds, such as 2.5")?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
