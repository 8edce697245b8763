//! The SQLite database, and the thread that writes many events in one transaction.
//!
//! The receiver responds to a request after its transaction is on disk. Requests that arrive while a
//! transaction is written share the next one: the more requests, the less each costs.

pub(crate) mod database;
mod drained;
mod insert;
pub(crate) mod reader;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::error;

use crate::metrics::Metrics;
use crate::record::Record;
use crate::roster::Rosters;
use crate::sink::Unavailable;
use insert::{Came, Row, insert};

/// The maximum number of requests that wait for a transaction. Beyond it, submitting waits.
const QUEUE: usize = 4096;
/// The maximum number of events in one transaction.
const MAX_BATCH: usize = 1024;

/// A job for the writer thread.
enum Job {
    Keep(Box<Record>, Answer),
    /// The response to this event cannot have arrived.
    Unanswered(i64),
    /// The response to the event of this message cannot have arrived.
    UnansweredMessage(Note, Answer),
    /// A request was refused, so an event is missing.
    Missed,
}

type Stored = Result<i64, Unavailable>;
type Answer = oneshot::Sender<Stored>;

/// The stream and the sequence of a message.
type Note = (Arc<str>, i64);

/// A handle to the writer thread.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    jobs: mpsc::Sender<Job>,
    healthy: Arc<AtomicBool>,
    path: PathBuf,
    revision: watch::Receiver<i64>,
}

impl Storage {
    /// Opens the database and starts the thread, which ends when all handles are dropped.
    pub(crate) fn start(
        path: &Path,
        patience: Duration,
        metrics: Metrics,
    ) -> anyhow::Result<(Self, JoinHandle<rusqlite::Result<()>>)> {
        let database = database::open(path, patience)
            .with_context(|| format!("cannot open the database {}", path.display()))?;
        let run = database::begin_run(&database)?;
        let revision = database::last_revision(&database)?;
        let (jobs, receiver) = mpsc::channel(QUEUE);
        let (announce, revisions) = watch::channel(revision);
        let healthy = Arc::new(AtomicBool::new(true));
        let writer = Writer {
            database,
            run,
            revision,
            rosters: Rosters::default(),
            unanswered: Vec::new(),
            metrics,
            announce,
            healthy: Arc::clone(&healthy),
        };
        let thread = thread::Builder::new().name("storage".into());
        let thread = thread.spawn(move || writer.run(receiver))?;
        let storage = Storage {
            jobs,
            healthy,
            path: path.to_owned(),
            revision: revisions,
        };
        Ok((storage, thread))
    }

    /// Stores an event, and returns its id when it is on disk. If the future is dropped, the event
    /// is stored as unanswered.
    pub(crate) async fn keep(&self, record: Record) -> Result<i64, Unavailable> {
        let stored = self.submit(record).await?;
        stored.await.map_err(|_| Unavailable)?
    }

    /// Submits an event, which is stored after all earlier ones.
    pub(crate) async fn submit(
        &self,
        record: Record,
    ) -> Result<oneshot::Receiver<Stored>, Unavailable> {
        let (answer, stored) = oneshot::channel();
        let job = Job::Keep(Box::new(record), answer);
        self.jobs.send(job).await.map_err(|_| Unavailable)?;
        Ok(stored)
    }

    /// Submits a note that the response to the event of a message cannot have arrived.
    pub(crate) async fn unanswered_message(
        &self,
        stream: Arc<str>,
        sequence: i64,
    ) -> Result<oneshot::Receiver<Stored>, Unavailable> {
        let (answer, stored) = oneshot::channel();
        let job = Job::UnansweredMessage((stream, sequence), answer);
        self.jobs.send(job).await.map_err(|_| Unavailable)?;
        Ok(stored)
    }

    /// Records that the response to an event cannot have arrived.
    pub(crate) async fn unanswered(&self, id: i64) {
        let _ = self.jobs.send(Job::Unanswered(id)).await;
    }

    /// Records that an event is missing.
    pub(crate) async fn missed(&self) {
        let _ = self.jobs.send(Job::Missed).await;
    }

    /// Returns whether the last transaction succeeded.
    pub(crate) fn is_healthy(&self) -> bool {
        self.healthy.load(Ordering::Relaxed)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Watches the revision of the last change.
    pub(crate) fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.clone()
    }
}

/// The state of the writer thread.
struct Writer {
    database: Connection,
    run: i64,
    revision: i64,
    rosters: Rosters,
    /// The events to mark as unanswered in the next transaction.
    unanswered: Vec<i64>,
    metrics: Metrics,
    announce: watch::Sender<i64>,
    healthy: Arc<AtomicBool>,
}

impl Writer {
    fn run(mut self, mut jobs: mpsc::Receiver<Job>) -> rusqlite::Result<()> {
        let mut batch = Vec::with_capacity(MAX_BATCH);
        while jobs.blocking_recv_many(&mut batch, MAX_BATCH) > 0 {
            let mut records = Vec::with_capacity(batch.len());
            let mut waiting: Vec<Answer> = Vec::with_capacity(batch.len());
            let (mut notes, mut noted) = (Vec::new(), Vec::new());
            for job in batch.drain(..) {
                match job {
                    Job::Keep(record, answer) => {
                        records.push(*record);
                        waiting.push(answer);
                    }
                    Job::UnansweredMessage(note, answer) => {
                        notes.push(note);
                        noted.push(answer);
                    }
                    Job::Unanswered(id) => self.note_unanswered(id),
                    Job::Missed => self.rosters.clear(),
                }
            }
            waiting.append(&mut noted);
            self.write(&mut records, &notes, waiting);
        }
        database::end_run(&self.database, self.run, &self.unanswered)
    }

    /// Stores the records and the notes in one transaction, then reports the results, first those of
    /// the records.
    ///
    /// No single record can make the transaction fail: all texts are bound parameters, and far
    /// shorter than SQLite's limit. Therefore, either all records are stored or none.
    fn write(&mut self, records: &mut [Record], notes: &[Note], waiting: Vec<Answer>) {
        let begin = Instant::now();
        match self.transact(records, notes) {
            Ok(rows) => {
                self.metrics
                    .commit_seconds
                    .observe(begin.elapsed().as_secs_f64());
                self.metrics.commit_events.observe(rows.len() as f64);
                self.unanswered.clear();
                self.healthy.store(true, Ordering::Relaxed);
                let mut waiting = waiting.into_iter();
                for ((record, row), answer) in records.iter().zip(&rows).zip(waiting.by_ref()) {
                    if row.came != Came::Redelivered {
                        self.metrics.count(record, row.id, row.came == Came::Again);
                    }
                    // For drained events, the receiver that published them records this.
                    if answer.send(Ok(row.id)).is_err() && record.origin.is_none() {
                        self.note_unanswered(row.id);
                    }
                }
                for answer in waiting {
                    let _ = answer.send(Ok(0));
                }
                self.announce.send_replace(self.revision);
            }
            Err(error) => {
                error!(events = records.len(), "cannot store events: {error}");
                self.healthy.store(false, Ordering::Relaxed);
                self.rosters.clear();
                for answer in waiting {
                    let _ = answer.send(Err(Unavailable));
                }
            }
        }
    }

    fn transact(&mut self, records: &mut [Record], notes: &[Note]) -> rusqlite::Result<Vec<Row>> {
        let behavior = TransactionBehavior::Immediate;
        let transaction = self.database.transaction_with_behavior(behavior)?;
        let mut revision = self.revision;
        database::mark_unanswered(&transaction, &self.unanswered)?;
        let mut rows = Vec::with_capacity(records.len());
        for record in records {
            if let Some(row) = drained::find(&transaction, record)? {
                rows.push(row);
                continue;
            }
            self.rosters.hear(record);
            self.rosters.resolve(record);
            revision += 1;
            let row = insert(&transaction, record, self.run, revision)?;
            drained::insert(&transaction, record, &row)?;
            // Events also affect later ones of the same transaction. If it fails, the rosters are
            // cleared.
            if row.came == Came::First {
                self.rosters.follow(record);
            }
            rows.push(row);
        }
        for (stream, sequence) in notes {
            revision += 1;
            drained::mark_unanswered(&transaction, stream, *sequence, revision)?;
            self.rosters.clear();
        }
        transaction.commit()?;
        self.revision = revision;
        Ok(rows)
    }

    fn note_unanswered(&mut self, id: i64) {
        self.metrics.unanswered.inc();
        self.rosters.clear();
        self.unanswered.push(id);
    }
}
