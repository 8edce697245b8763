//! Publishing events: the receiver responds after the stream acknowledges them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_nats::jetstream::context::PublishErrorKind;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::publish::PublishAck;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::task::TaskTracker;
use tracing::{debug, error, warn};

use super::{ATTEMPT, Nats, message};
use crate::metrics::Metrics;
use crate::record::Record;
use crate::sink::Unavailable;

const PAUSE: Duration = Duration::from_millis(100);
/// The default limit of a NATS server for a message.
const MAX_PAYLOAD: usize = 1 << 20;
/// The space that is reserved for headers.
const HEADERS: usize = 16 << 10;

/// Publishes to the stream. It stores no events, only counts.
#[derive(Debug)]
pub(crate) struct Publisher {
    nats: Nats,
    /// A unique name of this run.
    receiver: String,
    published: AtomicU64,
    missed: AtomicU64,
    patience: Duration,
    metrics: Metrics,
    tasks: TaskTracker,
}

impl Publisher {
    /// Returns a publisher that tries to publish each event for the duration of `patience`.
    pub(crate) async fn start(nats: Nats, patience: Duration, metrics: Metrics) -> Self {
        let inbox = nats.client.new_inbox();
        let (_, receiver) = inbox.rsplit_once('.').unwrap_or_default();
        match timeout(patience, nats.stream()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => warn!("the stream is not available yet: {error}"),
            Err(_) => warn!("the stream is not available yet: NATS does not respond"),
        }
        Publisher {
            receiver: receiver.into(),
            nats,
            published: AtomicU64::new(0),
            missed: AtomicU64::new(0),
            patience,
            metrics,
            tasks: TaskTracker::new(),
        }
    }

    /// Returns the maximum length of a body.
    pub(crate) fn max_body(&self) -> usize {
        match self.nats.client.server_info().max_payload {
            0 => MAX_PAYLOAD - HEADERS,
            bytes => bytes.saturating_sub(HEADERS),
        }
    }

    /// Publishes an event, and returns its sequence after the acknowledgement. If the future is
    /// dropped, publishes a note that the event is unanswered.
    pub(crate) async fn keep(self: &Arc<Self>, record: Record) -> Result<i64, Unavailable> {
        let (answer, kept) = oneshot::channel();
        let publisher = Arc::clone(self);
        self.tasks.spawn(async move {
            let result = publisher.publish_event(&record).await;
            if answer.send(result).is_err()
                && let Ok(sequence) = result
            {
                publisher.unanswered(sequence).await;
            }
        });
        kept.await.map_err(|_| Unavailable)?
    }

    async fn publish_event(&self, record: &Record) -> Result<i64, Unavailable> {
        let number = self.published.fetch_add(1, Ordering::Relaxed);
        let missed = self.missed.load(Ordering::Relaxed);
        let headers = message::headers(record, &self.receiver, number, missed);
        let event = PublishMessage::build()
            .payload(record.call.body.clone())
            .headers(headers);
        match self.publish(message::subject(record), event).await {
            Ok(ack) => {
                let sequence = ack.sequence.cast_signed();
                self.metrics.count(record, sequence, ack.duplicate);
                Ok(sequence)
            }
            Err(error) => {
                error!("cannot publish an event: {error}");
                self.missed();
                Err(Unavailable)
            }
        }
    }

    /// Publishes a message, and retries if necessary: by its id, the stream drops duplicates.
    async fn publish(
        &self,
        subject: String,
        message: PublishMessage,
    ) -> anyhow::Result<PublishAck> {
        let begin = Instant::now();
        loop {
            let attempt = async {
                let sent = self
                    .nats
                    .jetstream
                    .send_publish(subject.clone(), message.clone());
                sent.await?.await
            };
            let left = self.patience.saturating_sub(begin.elapsed());
            let error = match timeout(left, attempt).await {
                Ok(Ok(ack)) => return Ok(ack),
                Ok(Err(error)) => error,
                Err(_) => PublishErrorKind::TimedOut.into(),
            };
            debug!("an attempt to publish failed: {error}");
            let is_lasting = error.kind() == PublishErrorKind::MaxPayloadExceeded;
            let left = self.patience.saturating_sub(begin.elapsed());
            if is_lasting || left <= PAUSE {
                return Err(error.into());
            }
            if error.kind() == PublishErrorKind::StreamNotFound {
                let made = timeout(left, self.nats.stream()).await;
                debug!(
                    "tried to create the stream: {:?}",
                    made.map(|made| made.err())
                );
            }
            sleep(PAUSE).await;
        }
    }

    /// Publishes a note that the response to an event cannot have arrived.
    pub(crate) async fn unanswered(&self, sequence: i64) {
        self.metrics.unanswered.inc();
        self.missed();
        let note = PublishMessage::build()
            .payload(sequence.to_string().into())
            .message_id(format!("{}-unanswered-{sequence}", self.receiver));
        if let Err(error) = self.publish(message::UNANSWERED.to_owned(), note).await {
            warn!("cannot publish the note that an event is unanswered: {error}");
        }
    }

    /// Records that an event is missing, in the header of the next one.
    pub(crate) fn missed(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns whether JetStream responds and has the stream.
    pub(crate) async fn is_healthy(&self) -> bool {
        let stream = self.nats.jetstream.get_stream(super::STREAM);
        matches!(timeout(ATTEMPT, stream).await, Ok(Ok(_)))
    }

    /// Waits until all events and notes are published.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
