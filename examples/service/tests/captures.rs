//! Every capture, posted to the running service and read back from its database: nothing is lost,
//! nothing is changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use isl_volano::isl_light::{Notification, Parameter};
use isl_volano::{Family, Payload};
use isl_volano_service::{Row, Storage, app};
use serde_json::Value;

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests")
}

/// The lines of an index that says what was really said.
fn index(name: &str) -> Vec<Value> {
    let text = fs::read_to_string(tests().join(name)).expect(name);
    let rows = text
        .lines()
        .map(|line| serde_json::from_str(line).expect(line));
    rows.collect()
}

/// The database of a service, in a folder of its own.
fn database(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder.join("events.db")
}

/// Starts the service, posts the bodies to their paths, one after the other on one connection, and
/// reads the rows from the database as another program would.
fn stored(name: &str, posts: &[(String, Vec<u8>)]) -> Vec<Row> {
    let database = database(name);
    let storage = Storage::open(&database).expect("a database");
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_io().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a port");
            send.send(listener.local_addr().expect("an address"))
                .expect("a test");
            axum::serve(listener, app(storage)).await
        })
    });
    let address = receive.recv().expect("a service");
    let mut connection = TcpStream::connect(address).expect("a connection");
    for (path, body) in posts {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\n\
             Content-type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let request = [head.as_bytes(), body].concat();
        connection.write_all(&request).expect("a request");
        let family = Family::of(body);
        let end = format!("\r\n\r\n{}", family.acknowledgement());
        let mut answer = Vec::new();
        while !answer.ends_with(end.as_bytes()) {
            let mut byte = [0];
            connection.read_exact(&mut byte).expect("an answer");
            answer.push(byte[0]);
        }
        let answer = String::from_utf8(answer).expect("UTF-8");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        let content_type = format!("content-type: {}\r\n", family.content_type());
        assert!(answer.contains(&content_type), "{answer}");
    }
    Storage::open(&database)
        .expect("a database")
        .rows()
        .expect("rows")
}

#[test]
fn isl_light() {
    let index = index("captures_isl_light.jsonl");
    let bodies = index.iter().map(|row| {
        let path = tests()
            .join("captures/isl_light")
            .join(row["file"].as_str().expect("a file"));
        fs::read(path).expect("a capture")
    });
    // The same events, each with what does not fit, is repeated, or is no UTF-8.
    let odd = bodies.clone().map(|body| {
        let rest: &[u8] =
            b"&gracefulExit=maybe&EVENT=again&extra=1&extra=2&reason=%E9%zz&\xff=\xfe";
        [&body, rest].concat()
    });
    let bodies: Vec<_> = bodies.chain(odd).chain([b"no=envelope".to_vec()]).collect();
    let posts: Vec<_> = bodies
        .iter()
        .map(|body| ("/isl-light".to_owned(), body.clone()))
        .collect();
    let rows = stored("isl_light", &posts);
    assert_eq!(rows.len(), bodies.len());

    for (row, body) in rows.iter().zip(&bodies) {
        assert_eq!(&row.body, body);
        let Ok(lenient) = Notification::parse_lenient(body) else {
            assert_eq!(row.payload, None);
            assert!(row.problems.contains("TIMESTAMP"), "{}", row.problems);
            continue;
        };
        assert_eq!(row.problems.is_empty(), lenient.problems.is_empty());
        let stored = row.payload.clone().expect("an event");
        assert_eq!(stored, Payload::from(lenient.notification));
        if let Ok(strict) = Notification::parse_bytes(body) {
            assert_eq!(stored, Payload::from(strict));
        }
    }
    for (row, said) in rows.iter().zip(&index) {
        let Some(Payload::IslLight(notification)) = &row.payload else {
            panic!("no notification: {}", row.problems);
        };
        for pair in said["pairs"].as_array().expect("pairs") {
            let (name, value) = (
                pair[0].as_str().expect("a name"),
                pair[1].as_str().expect("a value"),
            );
            let found = match name.parse::<Parameter>() {
                Ok(parameter) => notification.get(parameter).map(|value| value.to_string()),
                Err(_) => notification.extra.get(name).map(str::to_owned),
            };
            match (name, value, found) {
                ("startTime", "", None) => {}
                ("MODULE", "ISL_LIGHT", Some(found)) => assert_eq!(found, "ISL_Light"),
                ("EVENT", "NEWSESSION", Some(found)) => assert_eq!(found, "NEW SESSION"),
                (_, _, found) => assert_eq!(found.as_deref(), Some(value), "{name}"),
            }
        }
    }
}

#[test]
fn volano_chat() {
    let index = index("captures_volano_chat.jsonl");
    let posts: Vec<_> = index
        .iter()
        .map(|said| {
            let file = format!("{}.http", said["file"].as_str().expect("a file"));
            let captures = tests().join("captures");
            let request = fs::read(captures.join("volano_chat").join(&file))
                .or_else(|_| fs::read(captures.join("ambiguous").join(&file)))
                .expect("a capture");
            let head = request
                .windows(4)
                .position(|four| four == b"\r\n\r\n")
                .expect("a head");
            let charset = said["charset"].as_str().expect("a character set");
            (
                format!("/volano-chat?encoding={charset}"),
                request[head + 4..].to_vec(),
            )
        })
        .collect();
    let rows = stored("volano_chat", &posts);
    assert_eq!(rows.len(), index.len());

    let mut undecided = 0;
    for ((row, said), (_, body)) in rows.iter().zip(&index).zip(&posts) {
        assert_eq!(&row.body, body);
        let event = match &row.payload {
            Some(Payload::VolanoChat(event)) => event,
            Some(other) => panic!("no event of VolanoChat: {other}"),
            None => {
                assert!(
                    row.problems.contains("more than one reading"),
                    "{}",
                    row.problems
                );
                undecided += 1;
                continue;
            }
        };
        assert_eq!(row.problems, "");
        assert_eq!(event.name(), said["event"].as_str().expect("an event"));
        // What the server held, or what its character set could carry of it.
        let mut fields: BTreeMap<_, _> =
            said["fields"].as_object().expect("fields").iter().collect();
        fields.extend(said["wire_fields"].as_object().into_iter().flatten());
        let kind = event.kind().map(|kind| ("type", kind));
        let found: BTreeMap<_, _> = event.texts().chain(kind).collect();
        assert_eq!(found.len(), fields.len());
        for (name, text) in fields {
            assert_eq!(
                found.get(&**name).copied(),
                text.as_str(),
                "{name} of {}",
                said["file"]
            );
        }
    }
    assert_eq!(undecided, 13);
}
