//! What is stored of a request: the request as it arrived, and the decoded event.

use std::sync::Arc;

use isl_volano::volano_chat::Event;
use isl_volano::{Error, ErrorKind, Family};
use serde::Serialize;

use crate::call::Call;

/// A row of the table `events`. `storage/schema.sql` documents the columns.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) family: Family,
    pub(crate) call: Call,

    pub(crate) event: Option<String>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) module: Option<String>,
    pub(crate) time: Option<i64>,
    pub(crate) session: Option<String>,
    pub(crate) room: Option<String>,
    pub(crate) actor: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) message: Option<String>,
    /// The stored form of the value, as JSON.
    pub(crate) value: Option<String>,

    /// Why there is no value, or why the body has several readings.
    pub(crate) error: Option<Problem>,
    /// Problems that did not prevent a value.
    pub(crate) problems: Vec<Problem>,
    /// The readings of an ambiguous body.
    pub(crate) readings: Vec<Event<'static>>,
    /// How one of the readings was chosen.
    pub(crate) resolved_by: Option<&'static str>,

    /// The message of the stream, if the event was drained.
    pub(crate) origin: Option<Origin>,
}

/// A message of a stream.
#[derive(Debug)]
pub(crate) struct Origin {
    /// Identifies the stream, even if it is deleted and created again.
    pub(crate) stream: Arc<str>,
    pub(crate) sequence: i64,
    /// The run of the receiver that published the message.
    pub(crate) receiver: String,
    /// The number of events that this run had missed.
    pub(crate) missed: u64,
}

/// What is wrong with a body.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Problem {
    pub(crate) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    pub(crate) message: String,
    /// The place in the body, marked, in several lines that are safe to print.
    #[serde(skip)]
    pub(crate) snippet: String,
}

impl Problem {
    pub(crate) fn new(error: &Error, body: &[u8]) -> Self {
        Problem {
            kind: error.kind().as_str(),
            name: error.name().map(str::to_owned),
            message: error.to_string(),
            snippet: error.snippet(body).to_string(),
        }
    }

    /// Returns an entry for the problems that are not listed.
    pub(crate) fn omitted(number: usize) -> Self {
        Problem {
            kind: "Omitted",
            name: None,
            message: format!("and {number} more problems"),
            snippet: String::new(),
        }
    }

    /// Returns whether the body has more than one reading.
    pub(crate) fn is_ambiguous(&self) -> bool {
        self.kind == ErrorKind::Ambiguous.as_str()
    }
}

impl Record {
    pub(crate) fn new(family: Family, call: Call) -> Self {
        Record {
            family,
            call,
            event: None,
            kind: None,
            module: None,
            time: None,
            session: None,
            room: None,
            actor: None,
            target: None,
            message: None,
            value: None,
            error: None,
            problems: Vec::new(),
            readings: Vec::new(),
            resolved_by: None,
            origin: None,
        }
    }

    /// Sets the columns of a VolanoChat event.
    pub(crate) fn set_chat(&mut self, event: &Event<'_>) {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        self.event = Some(event.name().to_owned());
        self.kind = event.kind();
        self.room = Some(event.room().to_owned());
        self.actor = owned(event.actor());
        self.target = owned(event.target());
        self.message = owned(event.message());
        self.value = json(event);
    }

    /// Returns the outcome of decoding, as a label for the metrics.
    pub(crate) fn outcome(&self) -> &'static str {
        match (&self.value, &self.error) {
            (Some(_), Some(_)) => "resolved",
            (Some(_), None) if self.problems.is_empty() => "decoded",
            (Some(_), None) => "in-part",
            (None, Some(error)) if error.is_ambiguous() => "ambiguous",
            (None, _) => "undecodable",
        }
    }
}

/// Returns the stored form of a value. This does not fail, because all keys are text.
pub(crate) fn json(value: &impl Serialize) -> Option<String> {
    serde_json::to_string(value).ok()
}
