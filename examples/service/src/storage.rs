//! The events in SQLite.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use isl_volano::{Error, Payload};
use rusqlite::{Connection, Result, params};

/// A database of events.
pub struct Storage(Mutex<Connection>);

/// An event as it is stored.
pub struct Row {
    /// The body as it arrived.
    pub body: Vec<u8>,
    /// The event, if it could be parsed.
    pub payload: Option<Payload<'static>>,
    /// What is wrong with it, a line for each problem.
    pub problems: String,
}

impl Storage {
    /// Opens the database, and creates its table if it is new. What is stored survives a crash.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute(
            "CREATE TABLE IF NOT EXISTS event (
                 id INTEGER PRIMARY KEY,
                 body BLOB NOT NULL,
                 payload TEXT,
                 problems TEXT NOT NULL
             )",
            [],
        )?;
        Ok(Storage(Mutex::new(connection)))
    }

    /// Stores an event.
    pub fn insert(
        &self,
        body: &[u8],
        payload: Option<&Payload<'_>>,
        problems: &[Error],
    ) -> Result<()> {
        let payload = payload.map(serde_json::to_string).transpose();
        let payload =
            payload.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        let problems: Vec<_> = problems.iter().map(Error::to_string).collect();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .execute(
                "INSERT INTO event (body, payload, problems) VALUES (?1, ?2, ?3)",
                params![body, payload, problems.join("\n")],
            )?;
        Ok(())
    }

    /// Reads every event, in the order in which they were stored.
    pub fn rows(&self) -> Result<Vec<Row>> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut query =
            connection.prepare("SELECT body, payload, problems FROM event ORDER BY id")?;
        let rows = query.query_map([], |row| {
            let payload: Option<String> = row.get(1)?;
            let payload = payload.map(|json| serde_json::from_str(&json)).transpose();
            Ok(Row {
                body: row.get(0)?,
                payload: payload.map_err(|error| {
                    let text = rusqlite::types::Type::Text;
                    rusqlite::Error::FromSqlConversionFailure(1, text, error.into())
                })?,
                problems: row.get(2)?,
            })
        })?;
        rows.collect()
    }
}
