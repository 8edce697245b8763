//! Storing one event, or counting one that came again.

use rusqlite::{Connection, named_params};
use sha2::{Digest as _, Sha256};

use crate::record::{Problem, Record, json};

/// An event of ISL is the same as another if its body is, byte for byte: as far as is known, ISL
/// repeats what was not acknowledged unchanged. So it is stored once, and counted.
///
/// Equal bytes of VolanoChat can be two events: someone says the same twice. They are never taken
/// for one. But the server sends an event once more if the connection ends without an answer. So
/// equal bytes from the same address, within ten minutes of an event whose answer cannot have
/// arrived, are marked as its repeat, and each event has one repeat at the most.
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

/// A row that was written.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) came: Came,
}

/// How an event came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    First,
    /// Its sender sent it once more.
    Again,
    /// The stream delivered its message once more.
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
