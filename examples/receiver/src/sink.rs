//! Where events are kept.

use std::sync::Arc;

use crate::nats::publisher::Publisher;
use crate::record::Record;
use crate::storage::Storage;

/// The event could not be kept. The log says why.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unavailable;

/// An SQLite database here, or a NATS stream elsewhere.
#[derive(Debug, Clone)]
pub(crate) enum Sink {
    Sqlite(Storage),
    Nats(Arc<Publisher>),
}

impl Sink {
    /// Keeps an event, and returns when it is safe.
    pub(crate) async fn keep(&self, record: Record) -> Result<i64, Unavailable> {
        match self {
            Sink::Sqlite(storage) => storage.keep(record).await,
            Sink::Nats(publisher) => publisher.keep(record).await,
        }
    }

    /// Notes that the answer to an event cannot have arrived.
    pub(crate) async fn unanswered(&self, id: i64) {
        match self {
            Sink::Sqlite(storage) => storage.unanswered(id).await,
            Sink::Nats(publisher) => publisher.unanswered(id).await,
        }
    }

    /// Notes that an event is missing.
    pub(crate) async fn missed(&self) {
        match self {
            Sink::Sqlite(storage) => storage.missed().await,
            Sink::Nats(publisher) => publisher.missed(),
        }
    }

    /// Returns whether the next event can be kept, as far as is known.
    pub(crate) async fn is_healthy(&self) -> bool {
        match self {
            Sink::Sqlite(storage) => storage.is_healthy(),
            Sink::Nats(publisher) => publisher.is_healthy().await,
        }
    }
}
