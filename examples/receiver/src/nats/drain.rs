//! `receiver drain`: writes the stream to the database.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{anyhow, bail};
use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::AckPolicy;
use async_nats::jetstream::consumer::pull::Config as ConsumerConfig;
use tokio::time::{sleep, timeout};
use tokio_stream::StreamExt as _;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::message::{self, Content};
use super::{ATTEMPT, Nats};
use crate::storage::Storage;

const CONSUMER: &str = "drain";
/// The time until an unacknowledged message is redelivered, longer than a transaction takes.
const REDELIVERY: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(2);
const MAX_BATCH: usize = 512;
/// The time that a batch waits for more messages.
const LINGER: Duration = Duration::from_millis(20);
const PAUSE: Duration = Duration::from_millis(500);

/// Writes the stream to the database until shutdown, and retries after failures.
pub(crate) async fn run(nats: Nats, storage: Storage, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        match drain(&nats, &storage, &shutdown).await {
            Ok(()) => break,
            Err(error) => warn!("cannot drain the stream: {error:#}"),
        }
        let _ = timeout(PAUSE, shutdown.cancelled()).await;
    }
    // Send the last acknowledgements.
    let _ = timeout(ATTEMPT, nats.client.flush()).await;
}

async fn drain(nats: &Nats, storage: &Storage, shutdown: &CancellationToken) -> anyhow::Result<()> {
    let opened = async {
        let stream = nats.stream().await?;
        // If the stream is deleted and created again, its sequence restarts at 1.
        let created = stream.cached_info().created.unix_timestamp_nanos();
        let consumer = ConsumerConfig {
            durable_name: Some(CONSUMER.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: REDELIVERY,
            max_ack_pending: 4 * MAX_BATCH as i64,
            ..ConsumerConfig::default()
        };
        let consumer = stream.get_or_create_consumer(CONSUMER, consumer).await?;
        let messages = consumer.stream().max_messages_per_batch(MAX_BATCH);
        let messages = messages.heartbeat(HEARTBEAT).messages().await?;
        anyhow::Ok((format!("{} {created}", super::STREAM), messages))
    };
    let (stream, messages) = tokio::select! {
        opened = opened => opened?,
        () = shutdown.cancelled() => return Ok(()),
    };
    info!("draining the stream {stream}");
    let stream = Arc::from(stream);
    let mut chunks = std::pin::pin!(messages.chunks_timeout(MAX_BATCH, LINGER));
    loop {
        let chunk = tokio::select! {
            chunk = chunks.next() => chunk,
            () = shutdown.cancelled() => return Ok(()),
        };
        let Some(chunk) = chunk else {
            bail!("the consumer ended");
        };
        let mut batch = Vec::with_capacity(chunk.len());
        let mut end = Ok(());
        for message in chunk {
            match message {
                Ok(message) => batch.push(message),
                Err(error) => end = Err(error),
            }
        }
        write(batch, &stream, storage).await?;
        end?;
    }
}

/// Stores messages in order, and acknowledges each after its transaction.
async fn write(batch: Vec<Message>, stream: &Arc<str>, storage: &Storage) -> anyhow::Result<()> {
    let mut stored = Vec::with_capacity(batch.len());
    for message in &batch {
        stored.push(match message::read(message, stream)? {
            Content::Event(record) => storage.submit(*record).await,
            Content::Unanswered(sequence) => {
                storage
                    .unanswered_message(Arc::clone(stream), sequence)
                    .await
            }
        });
    }
    let mut failed = 0;
    for (message, stored) in batch.iter().zip(stored) {
        let stored = match stored {
            Ok(stored) => stored.await.is_ok_and(|stored| stored.is_ok()),
            Err(_) => false,
        };
        if stored {
            message.ack().await.map_err(|error| anyhow!(error))?;
        } else {
            failed += 1;
        }
    }
    if failed > 0 {
        sleep(PAUSE).await;
        bail!("{failed} messages could not be stored");
    }
    Ok(())
}
