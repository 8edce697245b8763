//! Reading events for the page.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use serde_json::value::RawValue;

/// The maximum number of rows that are read at a time.
pub(crate) const ROWS: i64 = 200;

/// A row, as JSON, and its revision.
pub(crate) struct Row {
    pub(crate) revision: i64,
    pub(crate) json: Box<RawValue>,
}

/// Reads the database while the writer thread writes it.
pub(crate) struct Reader(Connection);

impl Reader {
    pub(crate) fn open(path: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let database = Connection::open_with_flags(path, flags)?;
        database.busy_timeout(Duration::from_secs(5))?;
        Ok(Reader(database))
    }

    /// Returns the revision that precedes the last `rows` changes.
    pub(crate) fn before_last(&self, rows: i64) -> rusqlite::Result<i64> {
        let sql = "SELECT coalesce(min(revision), 1) - 1 FROM
            (SELECT revision FROM events ORDER BY revision DESC LIMIT ?1)";
        self.0.query_row(sql, [rows], |row| row.get(0))
    }

    /// Returns the first rows that changed after a revision.
    pub(crate) fn after(&self, revision: i64) -> rusqlite::Result<Vec<Row>> {
        let sql = "SELECT revision, id, received, family, url_room, peer, event, type, room, session,
                value, error, snippet, problems, readings, resolved_by, count, repeat_of, unanswered,
                CASE WHEN value IS NULL THEN length(body) END
            FROM events WHERE revision > ?1 ORDER BY revision LIMIT ?2";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([revision, ROWS], |row| {
            let text = |index| row.get::<_, Option<String>>(index);
            let raw = |index| -> rusqlite::Result<Option<Box<RawValue>>> {
                Ok(text(index)?.and_then(|json| RawValue::from_string(json).ok()))
            };
            let shown = Shown {
                id: row.get(1)?,
                received: row.get(2)?,
                family: text(3)?,
                url_room: text(4)?,
                peer: text(5)?,
                event: text(6)?,
                r#type: text(7)?,
                room: text(8)?,
                session: text(9)?,
                value: raw(10)?,
                error: text(11)?,
                snippet: text(12)?,
                problems: raw(13)?,
                readings: raw(14)?,
                resolved_by: text(15)?,
                count: row.get(16)?,
                repeat_of: row.get(17)?,
                unanswered: row.get(18)?,
                length: row.get(19)?,
            };
            let json = serde_json::value::to_raw_value(&shown);
            let json = json.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()));
            Ok(Row {
                revision: row.get(0)?,
                json: json?,
            })
        })?;
        rows.collect()
    }
}

/// An event, as sent to the page.
#[derive(serde::Serialize)]
struct Shown {
    id: i64,
    received: i64,
    family: Option<String>,
    url_room: Option<String>,
    peer: Option<String>,
    event: Option<String>,
    r#type: Option<String>,
    room: Option<String>,
    session: Option<String>,
    value: Option<Box<RawValue>>,
    error: Option<String>,
    snippet: Option<String>,
    problems: Option<Box<RawValue>>,
    readings: Option<Box<RawValue>>,
    resolved_by: Option<String>,
    count: i64,
    repeat_of: Option<i64>,
    unanswered: bool,
    length: Option<i64>,
}
