//! NATS JetStream, as the stream between receivers and the database.

pub(crate) mod drain;
mod message;
pub(crate) mod publisher;

use std::time::Duration;

use async_nats::jetstream::context::CreateStreamError;
use async_nats::jetstream::stream::{Config as StreamConfig, Stream};
use async_nats::jetstream::{Context, ContextBuilder};
use async_nats::{Client, ConnectOptions};

use crate::config::Config;

const STREAM: &str = "CALLBACKS";
/// The stream drops repeats of ISL's events within this time. The database detects later ones.
const REPEATS: Duration = Duration::from_secs(10 * 60);
/// The timeout of one request to JetStream, which is then retried.
const ATTEMPT: Duration = Duration::from_secs(1);

/// A connection to the NATS servers.
#[derive(Debug, Clone)]
pub(crate) struct Nats {
    client: Client,
    jetstream: Context,
    replicas: usize,
}

impl Nats {
    /// Connects now, or as soon as a server is available.
    pub(crate) async fn connect(config: &Config) -> anyhow::Result<Self> {
        let options = ConnectOptions::new()
            .name("receiver")
            .retry_on_initial_connect()
            .reconnect_delay_callback(|attempts| match attempts {
                0 | 1 => Duration::ZERO,
                _ => Duration::from_millis(250),
            });
        let client = options.connect(&config.sink).await?;
        let builder = ContextBuilder::new();
        let builder = builder.timeout(ATTEMPT).ack_timeout(ATTEMPT);
        Ok(Nats {
            jetstream: builder.build(client.clone()),
            client,
            replicas: config.replicas,
        })
    }

    /// Returns the stream. Creates it if it does not exist, and does not change an existing one.
    async fn stream(&self) -> Result<Stream, CreateStreamError> {
        let config = StreamConfig {
            name: STREAM.to_owned(),
            description: Some("The callbacks of ISL Light and VolanoChat".to_owned()),
            subjects: vec![format!("{}.>", message::SUBJECT)],
            num_replicas: self.replicas,
            duplicate_window: REPEATS,
            ..StreamConfig::default()
        };
        self.jetstream.get_or_create_stream(config).await
    }
}
