//! Publishing: each request is answered after the stream has it.

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
/// What a server lets a message have unless told otherwise.
const MAX_PAYLOAD: usize = 1 << 20;
/// Room for a message's headers.
const HEADERS: usize = 16 << 10;

/// The way to the stream. It keeps nothing but counts.
#[derive(Debug)]
pub(crate) struct Publisher {
    nats: Nats,
    /// This run, under a name like no other.
    receiver: String,
    published: AtomicU64,
    missed: AtomicU64,
    patience: Duration,
    metrics: Metrics,
    tasks: TaskTracker,
}

impl Publisher {
    /// Publishes by these servers; `patience` is the time that an event gets.
    pub(crate) async fn start(nats: Nats, patience: Duration, metrics: Metrics) -> Self {
        let inbox = nats.client.new_inbox();
        let (_, receiver) = inbox.rsplit_once('.').unwrap_or_default();
        match timeout(patience, nats.stream()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => warn!("the stream is not there yet: {error}"),
            Err(_) => warn!("the stream is not there yet: NATS does not answer"),
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

    /// Returns the longest body that a message can have.
    pub(crate) fn max_body(&self) -> usize {
        match self.nats.client.server_info().max_payload {
            0 => MAX_PAYLOAD - HEADERS,
            bytes => bytes.saturating_sub(HEADERS),
        }
    }

    /// Publishes an event, and returns its sequence when the stream has it. If nobody waits for
    /// that any longer, that is noted.
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
                error!("cannot publish: {error}");
                self.missed();
                Err(Unavailable)
            }
        }
    }

    /// Publishes a message, again if need be: its id tells the stream that it is the same.
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
                    "the stream was looked for: {:?}",
                    made.map(|made| made.err())
                );
            }
            sleep(PAUSE).await;
        }
    }

    /// Publishes a note that the answer to an event cannot have arrived.
    pub(crate) async fn unanswered(&self, sequence: i64) {
        self.metrics.unanswered.inc();
        self.missed();
        let note = PublishMessage::build()
            .payload(sequence.to_string().into())
            .message_id(format!("{}-unanswered-{sequence}", self.receiver));
        if let Err(error) = self.publish(message::UNANSWERED.to_owned(), note).await {
            warn!("cannot publish that an event is unanswered: {error}");
        }
    }

    /// Notes that an event is missing, in the header of the next one.
    pub(crate) fn missed(&self) {
        self.missed.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns whether JetStream has the stream and answers.
    pub(crate) async fn is_healthy(&self) -> bool {
        let stream = self.nats.jetstream.get_stream(super::STREAM);
        matches!(timeout(ATTEMPT, stream).await, Ok(Ok(_)))
    }

    /// Waits until what nobody waits for is published, too.
    pub(crate) async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}
