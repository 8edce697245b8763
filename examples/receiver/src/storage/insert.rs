//! Storing an event, or counting a repeated one.

use rusqlite::{Connection, named_params};
use sha2::{Digest as _, Sha256};

use crate::record::{Problem, Record, json};

/// ISL's events are equal if their bodies are equal, byte for byte: as far as is known, ISL repeats
/// an event unchanged if it was not acknowledged. Equal events are stored once, with a count.
///
/// Equal bodies of VolanoChat can be two events, because a user can say the same twice. They are
/// never merged. However, the server sends an event once more if the connection ends without a
/// response. Therefore, an equal body from the same address, within ten minutes of an event whose
/// response cannot have arrived, is marked as its repeat. Each event has at most one repeat.
const INSERT: &str = "
INSERT INTO events (
    revision, received, run, connection, peer, url_room, url_encoding, family, body, digest,
    event, type, module, time, session, room, actor, target, message, value,
    error, error_kind, snippet, problems, readings, resolved_by, repeat_of)
VALUES (
    :revision, :received, :run, :connection, :peer, :url_room, :url_encoding, :family, :body, :digest,
    :event, :type, :module, :time, :session, :room, :actor, :target, :message, :value,
    :error, :error_kind, :snippet, :problems, :readings, :resolved_by,
    CASE :family WHEN 'volano-chat' THEN (
        SELECT before.id FROM events AS before
        WHERE before.digest = :digest AND before.unanswered = 1
            AND before.family = :family AND before.peer IS :peer
            AND before.url_room IS :url_room AND before.received >= :received - 600000
            AND NOT EXISTS (SELECT 1 FROM events AS again WHERE again.repeat_of = before.id)
        ORDER BY before.id LIMIT 1)
    END)
ON CONFLICT (digest) WHERE family = 'isl-light' DO UPDATE SET
    count = count + 1, last_received = excluded.received, revision = excluded.revision
RETURNING id, count > 1 OR repeat_of IS NOT NULL";

/// A stored row.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) came: Came,
}

/// How an event arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    First,
    /// The server repeated it.
    Again,
    /// The stream redelivered its message.
    Redelivered,
}

pub(super) fn insert(
    database: &Connection,
    record: &Record,
    run: i64,
    revision: i64,
) -> rusqlite::Result<Row> {
    let call = &record.call;
    let error = record.error.as_ref();
    let problems = (!record.problems.is_empty()).then(|| json(&record.problems));
    let readings = (!record.readings.is_empty()).then(|| json(&record.readings));
    database.prepare_cached(INSERT)?.query_row(
        named_params! {
            ":revision": revision,
            ":received": call.received,
            ":run": record.origin.is_none().then_some(run),
            ":connection": call.connection.number,
            ":peer": call.connection.peer.ip().to_canonical().to_string(),
            ":url_room": call.room,
            ":url_encoding": call.encoding,
            ":family": record.family.as_str(),
            ":body": &*call.body,
            ":digest": Sha256::digest(&call.body).as_slice(),
            ":event": record.event,
            ":type": record.kind,
            ":module": record.module,
            ":time": record.time,
            ":session": record.session,
            ":room": record.room,
            ":actor": record.actor,
            ":target": record.target,
            ":message": record.message,
            ":value": record.value,
            ":error": error.map(|error| &error.message),
            ":error_kind": error.map(|error| error.kind),
            ":snippet": error.map(|error: &Problem| &error.snippet),
            ":problems": problems.flatten(),
            ":readings": readings.flatten(),
            ":resolved_by": record.resolved_by,
        },
        |row| {
            Ok(Row {
                id: row.get(0)?,
                came: if row.get(1)? {
                    Came::Again
                } else {
                    Came::First
                },
            })
        },
    )
}
