//! The messages of the stream: the body as it arrived, and a header for the rest of the request.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use async_nats::HeaderMap;
use async_nats::jetstream::Message;
use axum::body::Bytes;
use isl_volano::Family;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::call::{Call, Connection};
use crate::handlers::callback;
use crate::record::{Origin, Record, json};

/// The first token of every subject.
pub(super) const SUBJECT: &str = "callbacks";
/// The subject of notes that the response to an event cannot have arrived. The body of a note is the
/// event's sequence.
pub(super) const UNANSWERED: &str = "callbacks.receiver.unanswered";
/// The header with a line of JSON.
const CALL: &str = "Receiver-Call";
/// The header by which JetStream recognizes repeats.
const MESSAGE_ID: &str = "Nats-Msg-Id";

/// A request without its body.
#[derive(Debug, Serialize, Deserialize)]
struct Known {
    family: Family,
    received: i64,
    peer: SocketAddr,
    connection: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
    /// The run of the receiver.
    receiver: String,
    /// The number of events that this run has missed so far.
    missed: u64,
}

/// Returns the subject, such as `callbacks.isl_light.STOP`.
pub(super) fn subject(record: &Record) -> String {
    let family = token(record.family.as_str()).replace('-', "_");
    let event = record.event.as_deref().unwrap_or(record.outcome());
    format!("{SUBJECT}.{family}.{}", token(event))
}

/// Returns a name as a token of a subject, where dots, spaces, and wildcards have a meaning.
fn token(name: &str) -> String {
    let safe = |char: char| match char {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => char,
        _ => '_',
    };
    let token: String = name.chars().take(64).map(safe).collect();
    if token.is_empty() {
        "_".to_owned()
    } else {
        token
    }
}

/// Returns the headers of an event that this run of the receiver publishes.
///
/// Equal events of ISL have the same id, so the stream drops repeats. Each event of VolanoChat has
/// its own id, so the stream drops only what this receiver publishes again.
pub(super) fn headers(record: &Record, receiver: &str, number: u64, missed: u64) -> HeaderMap {
    let call = &record.call;
    let known = Known {
        family: record.family,
        received: call.received,
        peer: call.connection.peer,
        connection: call.connection.number,
        room: call.room.clone(),
        encoding: call.encoding.clone(),
        receiver: receiver.to_owned(),
        missed,
    };
    let id = match record.family {
        Family::VolanoChat => format!("{receiver}-{number}"),
        _ => Sha256::digest(&call.body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    };
    let mut headers = HeaderMap::new();
    headers.insert(MESSAGE_ID, id);
    // JSON has no line breaks, which would end the header.
    headers.insert(CALL, json(&known).unwrap_or_default());
    headers
}

/// The content of a message.
pub(super) enum Content {
    Event(Box<Record>),
    /// The response to the event with this sequence cannot have arrived.
    Unanswered(i64),
}

/// Decodes a message like the request that it holds. A message that no receiver published is an
/// event, too: the drain skips nothing.
pub(super) fn read(message: &Message, stream: &Arc<str>) -> anyhow::Result<Content> {
    let body = message.payload.clone();
    if message.subject.as_str() == UNANSWERED
        && let Some(sequence) = std::str::from_utf8(&body).ok().and_then(|s| s.parse().ok())
    {
        return Ok(Content::Unanswered(sequence));
    }
    let info = message.info().map_err(|error| anyhow::anyhow!(error))?;
    let header = message
        .headers
        .as_ref()
        .and_then(|headers| headers.get(CALL));
    let known = header.and_then(|header| serde_json::from_str(header.as_str()).ok());
    let known = known.unwrap_or_else(|| Known {
        family: Family::of(&body),
        received: (info.published.unix_timestamp_nanos() / 1_000_000) as i64,
        peer: (Ipv4Addr::UNSPECIFIED, 0).into(),
        connection: 0,
        room: None,
        encoding: None,
        receiver: String::new(),
        missed: 0,
    });
    let origin = Origin {
        stream: Arc::clone(stream),
        sequence: info.stream_sequence.cast_signed(),
        receiver: known.receiver.clone(),
        missed: known.missed,
    };
    let mut record = record(known, body);
    record.origin = Some(origin);
    Ok(Content::Event(Box::new(record)))
}

fn record(known: Known, body: Bytes) -> Record {
    let call = Call {
        received: known.received,
        connection: Arc::new(Connection::new(known.connection, known.peer)),
        room: known.room,
        encoding: known.encoding,
        body,
    };
    callback::read(known.family, call)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: Option<&str>) -> Record {
        let known = Known {
            family: Family::IslLight,
            received: 0,
            peer: (Ipv4Addr::LOCALHOST, 0).into(),
            connection: 1,
            room: Some("a\r\nb\0\u{7f}\u{e9}".to_owned()),
            encoding: None,
            receiver: "r".to_owned(),
            missed: 0,
        };
        let mut record = record(known, Bytes::from_static(b"EVENT=x"));
        record.event = name.map(str::to_owned);
        record
    }

    #[test]
    fn subjects_are_safe() {
        for (name, expected) in [
            (Some("STOP"), "callbacks.isl_light.STOP"),
            (Some("NEW SESSION"), "callbacks.isl_light.NEW_SESSION"),
            (Some("a.*.>\r\n\0é"), "callbacks.isl_light.a________"),
            (Some(""), "callbacks.isl_light._"),
            (None, "callbacks.isl_light.undecodable"),
        ] {
            assert_eq!(subject(&event(name)), expected);
        }
        let long = subject(&event(Some(&"x".repeat(10_000))));
        assert_eq!(long.len(), "callbacks.isl_light.".len() + 64);
    }

    #[test]
    fn headers_are_lines() {
        let headers = headers(&event(None), "r", 1, 0);
        let line = headers.get(CALL).expect("a header").as_str();
        assert!(!line.contains(['\r', '\n', '\0']), "{line:?}");
        let known: Known = serde_json::from_str(line).expect("JSON");
        assert_eq!(known.room.as_deref(), Some("a\r\nb\0\u{7f}\u{e9}"));
    }
}
