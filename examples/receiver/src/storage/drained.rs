//! Storing each message of a stream once, even if it is delivered repeatedly.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::insert::{Came, Row};
use crate::record::Record;

/// Returns the event of a message, if it is already stored.
pub(super) fn find(database: &Connection, record: &Record) -> rusqlite::Result<Option<Row>> {
    let Some(origin) = &record.origin else {
        return Ok(None);
    };
    let sql = "SELECT event FROM messages WHERE stream = ?1 AND sequence = ?2";
    let mut statement = database.prepare_cached(sql)?;
    let row = statement.query_row(params![&*origin.stream, origin.sequence], |row| {
        Ok(Row {
            id: row.get(0)?,
            came: Came::Redelivered,
        })
    });
    row.optional()
}

/// Records the message that an event was read from.
pub(super) fn insert(database: &Connection, record: &Record, row: &Row) -> rusqlite::Result<()> {
    let Some(origin) = &record.origin else {
        return Ok(());
    };
    let sql = "INSERT INTO messages (stream, sequence, receiver, event) VALUES (?1, ?2, ?3, ?4)";
    let mut statement = database.prepare_cached(sql)?;
    let (stream, receiver) = (&*origin.stream, &origin.receiver);
    statement.execute(params![stream, origin.sequence, receiver, row.id])?;
    Ok(())
}

/// Marks the repeat of an unanswered event, as in `insert.rs`. In a stream, the repeat can precede
/// the note that the event is unanswered.
const REPEAT: &str = "
UPDATE events SET repeat_of = ?1, revision = ?2
WHERE NOT EXISTS (SELECT 1 FROM events WHERE repeat_of = ?1) AND id = (
    SELECT min(again.id) FROM events AS before JOIN events AS again ON again.id > before.id
        AND again.digest = before.digest AND again.family = before.family
        AND again.peer IS before.peer AND again.url_room IS before.url_room
        AND again.received <= before.received + 600000 AND again.repeat_of IS NULL
    WHERE before.id = ?1 AND before.family = 'volano-chat')";

/// Marks the event of a message as unanswered, and marks its repeat, if it is already stored.
pub(super) fn mark_unanswered(
    database: &Connection,
    stream: &str,
    sequence: i64,
    revision: i64,
) -> rusqlite::Result<()> {
    let sql = "UPDATE events SET unanswered = 1
        WHERE id = (SELECT event FROM messages WHERE stream = ?1 AND sequence = ?2)
        RETURNING id";
    let mut statement = database.prepare_cached(sql)?;
    let id = statement.query_row(params![stream, sequence], |row| row.get::<_, i64>(0));
    if let Some(id) = id.optional()? {
        database.execute(REPEAT, [id, revision])?;
    }
    Ok(())
}
