//! Opening the database file, and recording runs.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use isl_volano::isl_light::Parameter;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::call::now;

/// The version of the schema, stored in the file.
const VERSION: i64 = 2;

const MESSAGES: &str = include_str!("messages.sql");

/// Opens the database for writing. If it does not exist, creates it, readable only by its owner.
pub(crate) fn open(path: &Path, patience: Duration) -> anyhow::Result<Connection> {
    // SQLite creates the WAL and its index with the same permissions.
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600).open(path)?;
    let database = Connection::open(path)?;
    database.busy_timeout(patience)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    // Each commit syncs to disk. In WAL mode, NORMAL would not.
    database.pragma_update(None, "synchronous", "FULL")?;
    database.set_prepared_statement_cache_capacity(32);
    match database.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
        0 => create(&database).context("cannot create the tables")?,
        // Version 1 has no table for messages.
        1 => upgrade(&database).context("cannot upgrade the tables")?,
        VERSION => {}
        other => bail!("the schema has version {other}, expected {VERSION}"),
    }
    Ok(database)
}

fn create(database: &Connection) -> rusqlite::Result<()> {
    let view = isl_light_view();
    let schema = include_str!("schema.sql");
    database.execute_batch(&format!(
        "BEGIN; {schema} {MESSAGES} {view}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))
}

fn upgrade(database: &Connection) -> rusqlite::Result<()> {
    let view = isl_light_view();
    database.execute_batch(&format!(
        "BEGIN; {MESSAGES} DROP VIEW isl_light; {view}; PRAGMA user_version = {VERSION}; COMMIT;"
    ))
}

/// Returns the SQL of the view `isl_light`, with a column for each parameter that has a field, under
/// its name on the wire.
///
/// SQLite converts integers above 2^63 - 1 to floats, and rounds them. No parameter is a float, so
/// the view returns the original digits of a value that SQLite reads as one.
fn isl_light_view() -> String {
    let columns = Parameter::ALL.iter().map(|parameter| {
        let name = parameter.name();
        format!(
            "CASE typeof(value ->> '$.{name}') WHEN 'real' THEN value -> '$.{name}'
             ELSE value ->> '$.{name}' END AS {name}"
        )
    });
    let columns: Vec<_> = columns.collect();
    let columns = columns.join(", ");
    format!(
        "CREATE VIEW isl_light AS SELECT id, received, count, {columns}, value -> '$.extra' AS extra \
         FROM events WHERE family = 'isl-light' AND value IS NOT NULL"
    )
}

/// Starts a run, and returns its id.
///
/// If the last run was killed, the last response on each of its connections may not have arrived, so
/// these events are marked as unanswered. All earlier ones on the same connection were answered,
/// because senders wait for a response before they send the next event.
pub(crate) fn begin_run(database: &Connection) -> rusqlite::Result<i64> {
    let transaction = database.unchecked_transaction()?;
    let last = transaction
        .query_row(
            "SELECT id, ended FROM runs ORDER BY id DESC LIMIT 1",
            (),
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)),
        )
        .optional()?;
    if let Some((run, None)) = last {
        // The connections that were open had events among the last 100,000.
        transaction.execute(
            "UPDATE events SET unanswered = 1 WHERE id IN (
                SELECT max(id) FROM events
                WHERE id > (SELECT max(id) FROM events) - 100000 AND run = ?1
                GROUP BY connection)",
            [run],
        )?;
    }
    transaction.execute("INSERT INTO runs (started) VALUES (?1)", [now()])?;
    let run = transaction.last_insert_rowid();
    transaction.commit()?;
    Ok(run)
}

/// Records the end of a run.
pub(crate) fn end_run(database: &Connection, run: i64, unanswered: &[i64]) -> rusqlite::Result<()> {
    let transaction = database.unchecked_transaction()?;
    mark_unanswered(&transaction, unanswered)?;
    transaction.execute(
        "UPDATE runs SET ended = ?2 WHERE id = ?1",
        params![run, now()],
    )?;
    transaction.commit()
}

/// Marks events whose response cannot have arrived.
pub(crate) fn mark_unanswered(database: &Connection, ids: &[i64]) -> rusqlite::Result<()> {
    for id in ids {
        let sql = "UPDATE events SET unanswered = 1 WHERE id = ?1";
        database.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// Returns the revision of the last change, or 0.
pub(crate) fn last_revision(database: &Connection) -> rusqlite::Result<i64> {
    let sql = "SELECT coalesce(max(revision), 0) FROM events";
    database.query_row(sql, (), |row| row.get(0))
}
