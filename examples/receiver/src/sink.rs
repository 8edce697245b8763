//! Storing events in SQLite or in NATS.

use std::sync::Arc;

use crate::nats::publisher::Publisher;
use crate::record::Record;
use crate::storage::Storage;

/// The event could not be stored. The log has the reason.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unavailable;

/// An SQLite database, or a NATS stream.
#[derive(Debug, Clone)]
pub(crate) enum Sink {
    Sqlite(Storage),
    Nats(Arc<Publisher>),
}

impl Sink {
    /// Stores an event, and returns its id when it is durable.
    pub(crate) async fn keep(&self, record: Record) -> Result<i64, Unavailable> {
        match self {
            Sink::Sqlite(storage) => storage.keep(record).await,
            Sink::Nats(publisher) => publisher.keep(record).await,
        }
    }

    /// Records that the response to an event cannot have arrived.
    pub(crate) async fn unanswered(&self, id: i64) {
        match self {
            Sink::Sqlite(storage) => storage.unanswered(id).await,
            Sink::Nats(publisher) => publisher.unanswered(id).await,
        }
    }

    /// Records that an event is missing.
    pub(crate) async fn missed(&self) {
        match self {
            Sink::Sqlite(storage) => storage.missed().await,
            Sink::Nats(publisher) => publisher.missed(),
        }
    }

    /// Returns whether events can currently be stored, as far as is known.
    pub(crate) async fn is_healthy(&self) -> bool {
        match self {
            Sink::Sqlite(storage) => storage.is_healthy(),
            Sink::Nats(publisher) => publisher.is_healthy().await,
        }
    }
}
