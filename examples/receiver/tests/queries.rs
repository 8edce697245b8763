//! Checks the results in `QUERIES.md` with a database of the captures. To update them, run
//! `UPDATE_QUERIES=1 cargo test --release --test queries`.

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use support::{Capture, Receiver, captures, encode};
use tempfile::tempdir;

/// Returns the URL of a capture, with its room. The URL for the Latin-1 server lacks its encoding.
fn target(capture: &Capture) -> String {
    let Some(room) = capture.said["fields"]["room"].as_str() else {
        return capture.target();
    };
    match capture.charset() {
        "ISO-8859-1" => format!("/volano-chat?room={}", encode(room)),
        _ => capture.target_in(room),
    }
}

/// Returns a text as a cell, escaped and truncated.
fn shown(text: &str) -> String {
    let escape = |char: char| match char.is_control() {
        true => char.escape_default().to_string(),
        false => char.to_string(),
    };
    let line: String = text.chars().map(escape).collect();
    match line.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

/// Returns the result of a query in the format of `sqlite3 -column`.
fn result(database: &Connection, sql: &str) -> String {
    let mut statement = database
        .prepare(sql)
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
    let names = statement.column_names();
    let mut table: Vec<Vec<String>> = vec![names.into_iter().map(str::to_owned).collect()];
    let columns = table[0].len();
    let mut rows = statement.query(()).expect(sql);
    while let Some(row) = rows.next().expect(sql) {
        let cells = (0..columns).map(|index| match row.get_ref(index).expect(sql) {
            ValueRef::Null => String::new(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(text) => shown(std::str::from_utf8(text).expect("UTF-8")),
            ValueRef::Blob(_) => panic!("bytes in {sql}"),
        });
        table.push(cells.collect());
    }
    let width = |column: usize| table.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..columns)
        .map(|column| width(column).unwrap_or(0))
        .collect();
    table.insert(1, widths.iter().map(|&width| "-".repeat(width)).collect());
    let mut text = String::new();
    for row in &table {
        let cells: Vec<_> = row
            .iter()
            .zip(&widths)
            .map(|(cell, &width)| format!("{cell:width$}"))
            .collect();
        writeln!(text, "{}", cells.join("  ").trim_end()).expect("a text");
    }
    text
}

#[test]
fn page_has_the_results_of_its_queries() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let mut client = receiver.connect();
    for capture in captures("isl_light").iter().chain(&captures("volano_chat")) {
        assert_eq!(client.post_capture(capture, &target(capture)).status, 200);
    }
    if let Some(path) = std::env::var_os("KEEP_DATABASE") {
        receiver
            .open()
            .execute("VACUUM INTO ?1", [path.to_str()])
            .expect("a copy");
    }
    let database = receiver.open();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("QUERIES.md");
    let page = fs::read_to_string(&path).expect("the page");
    let mut now = String::new();
    let mut queries = 0;
    let mut rest = &*page;
    // The result follows each query.
    while let Some((before, after)) = rest.split_once("```sql\n") {
        let (sql, after) = after.split_once("```\n").expect("the end of a query");
        let (gap, after) = after.split_once("```text\n").expect("a result");
        assert_eq!(gap.trim(), "", "a result is next to its query: {sql}");
        let (_, after) = after.split_once("```\n").expect("the end of a result");
        let result = result(&database, sql);
        write!(now, "{before}```sql\n{sql}```\n{gap}```text\n{result}```\n").expect("a text");
        queries += 1;
        rest = after;
    }
    now.push_str(rest);
    assert!(queries >= 5, "{queries} queries");
    if std::env::var_os("UPDATE_QUERIES").is_some() {
        fs::write(&path, &now).expect("the page");
        return;
    }
    for (line, now) in page.lines().zip(now.lines()) {
        assert_eq!(line, now);
    }
    assert_eq!(page, now);
}
