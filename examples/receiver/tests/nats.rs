//! Receivers that publish to NATS, and the drain that stores their events.

#[path = "support/nats.rs"]
mod nats;
mod support;

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use nats::NatsServer;
use rusqlite::types::Value;
use support::{Receiver, TEA_AND_CAKES, captures, chat, number, open, request, stop, wait_until};
use tempfile::{TempDir, tempdir};

fn receiver(folder: &TempDir, sink: &str, arguments: &[&str]) -> Receiver {
    Receiver::start(folder, &[&["--sink", sink], arguments].concat())
}

fn drain(folder: &TempDir, sink: &str, arguments: &[&str]) -> Receiver {
    let mut command = Command::new(env!("CARGO_BIN_EXE_receiver"));
    command.arg("drain");
    let database = folder.path().join("drained.db");
    Receiver::spawn(command, &database, &[&["--sink", sink], arguments].concat())
}

fn wait_for(drain: &Receiver, sql: &str, expected: i64) {
    let database = drain.open();
    wait_until(sql, || number(&database, sql) >= expected);
    assert_eq!(number(&database, sql), expected, "{sql}");
}

const MESSAGES: &str = "SELECT count(*) FROM messages";

/// Returns all columns that depend on the captures, for every event.
fn content(receiver: &Receiver) -> Vec<Vec<Value>> {
    let sql = "SELECT family, peer, url_room, url_encoding, body, event, type, module, time,
            session, room, actor, target, message, value, error, error_kind, snippet, problems,
            readings, resolved_by, count, repeat_of, unanswered FROM events ORDER BY id";
    let database = receiver.open();
    let mut statement = database.prepare(sql).expect("a query");
    let rows = statement.query_map((), |row| (0..24).map(|index| row.get(index)).collect());
    rows.expect("rows").map(|row| row.expect("a row")).collect()
}

#[test]
fn drained_events_equal_directly_stored_ones() {
    let folder = tempdir().expect("a folder");
    let Some(server) = NatsServer::start(folder.path()) else {
        return;
    };
    let direct = Receiver::start(&folder, &[]);
    let publishes = receiver(&folder, &server.url(), &[]);
    let drain = drain(&folder, &server.url(), &[]);
    let mut events = 0;
    for receiver in [&direct, &publishes] {
        let mut client = receiver.connect();
        for capture in captures("isl_light").iter().chain(&captures("volano_chat")) {
            let target = capture.target_in(TEA_AND_CAKES);
            assert_eq!(client.post_capture(capture, &target).status, 200);
            events += 1;
        }
        // Neither form nor event; a room that is invalid in a header; names with special characters.
        client.post(
            "/volano-chat?room=a%0d%0ab%00%ff&encoding=%0a",
            b"<chat>\r\n\0\xff",
        );
        client.post(
            "/isl-light",
            b"EVENT=a.*.%3E%0d+%00&MODULE=%c3%a9.*&SERVERID=1&TIMESTAMP=1&DOMAIN_ID=x",
        );
        client.post("/isl-light", b"");
    }
    wait_for(&drain, MESSAGES, events / 2 + 3);
    let (direct, drained) = (content(&direct), content(&drain));
    assert_eq!(direct.len(), drained.len());
    for (direct, drained) in direct.iter().zip(&drained) {
        assert_eq!(direct, drained);
    }
    // These depend on the rosters, and so on the order.
    let decided = "SELECT count(*) FROM events WHERE resolved_by = 'roster'";
    assert_eq!(number(&drain.open(), decided), 3);
    publishes.stop();
    drain.stop();
}

#[test]
fn two_receivers_and_repeats() {
    let folder = tempdir().expect("a folder");
    let Some(server) = NatsServer::start(folder.path()) else {
        return;
    };
    let (sink, others) = (server.url(), tempdir().expect("a folder"));
    let receivers = [receiver(&folder, &sink, &[]), receiver(&others, &sink, &[])];
    for round in 0..100 {
        for receiver in &receivers {
            let mut client = receiver.connect();
            // Both get the same event of ISL, which is stored once. Equal chats are separate events.
            client
                .post("/callback", &stop(round))
                .acknowledges_isl_light();
            client
                .post("/callback", &chat(round))
                .acknowledges_volano_chat();
        }
    }
    // Receivers have neither database nor page.
    for receiver in &receivers {
        assert!(!receiver.database.exists());
        assert_eq!(receiver.connect().get("/").status, 404);
        assert_eq!(receiver.connect().get("/events").status, 404);
        assert_eq!(receiver.connect().get("/healthz").status, 200);
    }
    let repeats = |receiver: &Receiver| {
        receiver.metric("receiver_events_total{family=\"isl-light\",outcome=\"repeat\"}")
    };
    assert_eq!(repeats(&receivers[0]) + repeats(&receivers[1]), 100.0);

    let drain = drain(&folder, &sink, &[]);
    wait_for(&drain, MESSAGES, 300);
    let database = drain.open();
    let isl = "SELECT count(*) * 1000 + sum(count) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, isl), 100_100);
    let chats = "SELECT count(*) * 1000 + count(DISTINCT message) FROM events
        WHERE family = 'volano-chat' AND repeat_of IS NULL";
    assert_eq!(number(&database, chats), 200_100);
    let receivers = "SELECT count(DISTINCT receiver) FROM messages";
    assert_eq!(number(&database, receivers), 2);
    // The drain has the page, and receives no events.
    assert_eq!(drain.connect().get("/").status, 200);
    assert_eq!(drain.connect().post("/isl-light", &stop(1)).status, 404);
}

#[test]
fn jetstream_outage() {
    let folder = tempdir().expect("a folder");
    let Some(mut server) = NatsServer::start(folder.path()) else {
        return;
    };
    let sink = server.url();
    let receiver = receiver(&folder, &sink, &["--storage-time", "1"]);
    let drain = drain(&folder, &sink, &[]);
    let mut client = receiver.connect();
    client.post("/isl-light", &stop(1)).acknowledges_isl_light();
    wait_for(&drain, MESSAGES, 1);
    for round in 0..2 {
        server.kill();
        let (stop, chat) = (stop(10 + round), chat(10 + round));
        assert_eq!(client.post("/isl-light", &stop).status, 503);
        assert_eq!(client.post("/volano-chat", &chat).status, 503);
        assert_eq!(client.get("/healthz").status, 503);
        server.restart();
        // Senders retry.
        wait_until("it is accepted", || {
            client.post("/isl-light", &stop).status == 200
        });
        client
            .post("/volano-chat", &chat)
            .acknowledges_volano_chat();
        wait_until("it is healthy", || client.get("/healthz").status == 200);
    }
    assert!(receiver.metric("receiver_unavailable_total") >= 4.0);
    let isl = "SELECT sum(count) FROM events WHERE family = 'isl-light'";
    wait_for(&drain, isl, 3);
    // Events with status 503 may have been published nevertheless, but none is lost.
    let chats = "SELECT count(DISTINCT message) FROM events WHERE family = 'volano-chat'";
    wait_for(&drain, chats, 2);
}

#[test]
fn jetstream_is_unavailable_at_startup() {
    let folder = tempdir().expect("a folder");
    let Some(mut server) = NatsServer::start(folder.path()) else {
        return;
    };
    server.kill();
    let receiver = receiver(&folder, &server.url(), &["--storage-time", "0.5"]);
    let drain = drain(&folder, &server.url(), &[]);
    let mut client = receiver.connect();
    assert_eq!(client.post("/isl-light", &stop(1)).status, 503);
    server.restart();
    wait_until("it is accepted", || {
        client.post("/isl-light", &stop(1)).status == 200
    });
    wait_for(&drain, MESSAGES, 1);
}

/// Posts events to the receivers, and repeats each until it is acknowledged.
fn post_all(receivers: &[Receiver], numbers: std::ops::Range<usize>, acknowledged: &AtomicUsize) {
    const SENDERS: usize = 8;
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let numbers = numbers.clone().skip(sender).step_by(SENDERS);
            scope.spawn(move || {
                let mut client = receivers[sender % receivers.len()].connect();
                for number in numbers {
                    let body = match number % 2 {
                        0 => stop(number),
                        _ => chat(number),
                    };
                    while client.post("/callback", &body).status != 200 {}
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
}

#[test]
fn drain_is_killed() {
    const EVENTS: usize = 6_000;
    let folder = tempdir().expect("a folder");
    let Some(server) = NatsServer::start(folder.path()) else {
        return;
    };
    let sink = server.url();
    let receivers = [receiver(&folder, &sink, &[])];
    let acknowledged = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| post_all(&receivers, 0..EVENTS, &acknowledged));
        // Repeatedly, during its transactions.
        for _ in 0..3 {
            let drain = drain(&folder, &sink, &[]);
            let database = drain.open();
            let before = number(&database, MESSAGES);
            wait_until("some are stored", || {
                number(&database, MESSAGES) > before + 300
            });
            drain.kill();
        }
    });
    assert_eq!(acknowledged.into_inner(), EVENTS);
    let drain = drain(&folder, &sink, &[]);
    wait_for(&drain, MESSAGES, EVENTS as i64);
    let database = drain.open();
    let once = "SELECT count(*) * 10000 + sum(count) FROM events";
    assert_eq!(number(&database, once), EVENTS as i64 * 10_001);
    let marked = "SELECT count(*) FROM events WHERE unanswered OR repeat_of IS NOT NULL";
    assert_eq!(number(&database, marked), 0);
    let distinct = "SELECT count(DISTINCT body) FROM events";
    assert_eq!(number(&database, distinct), EVENTS as i64);
    drain.stop();
}

/// Rosters decide between readings only while no event can be missing.
#[test]
fn rosters_are_cleared_if_an_event_is_missing() {
    let folder = tempdir().expect("a folder");
    let Some(server) = NatsServer::start(folder.path()) else {
        return;
    };
    let limit = ["--max-body", "100000"];
    let receivers = [(); 2].map(|()| receiver(&folder, &server.url(), &limit));
    let drain = drain(&folder, &server.url(), &[]);
    let all = captures("volano_chat");
    let forged = all
        .iter()
        .position(|capture| capture.name == "utf8-00037-chat")
        .expect("a capture");
    let post = |receiver: &Receiver, range: std::ops::Range<usize>| {
        let mut client = receiver.connect();
        for capture in &all[range] {
            client
                .post_capture(capture, "/volano-chat")
                .acknowledges_volano_chat();
        }
    };
    // No event is missing; one was too long; the last one arrives through the other receiver.
    post(&receivers[0], 0..forged + 1);
    post(&receivers[0], 0..forged);
    let refused = receivers[0]
        .connect()
        .post("/volano-chat", &[b'<'; 100_001]);
    assert_eq!(refused.status, 413);
    post(&receivers[0], forged..forged + 1);
    post(&receivers[0], 0..forged);
    post(&receivers[1], forged..forged + 1);
    wait_for(&drain, MESSAGES, 3 * (forged as i64 + 1));
    let sql = "SELECT resolved_by FROM events WHERE body = ?1 ORDER BY id";
    let database = drain.open();
    let mut statement = database.prepare(sql).expect("a query");
    let decided = statement.query_map([&all[forged].body], |row| row.get(0));
    let decided: Vec<Option<String>> = decided
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect();
    assert_eq!(decided, [Some("roster".to_owned()), None, None]);
}

/// The response to an event is lost, and the event is repeated.
#[test]
fn connection_breaks_before_the_response() {
    let folder = tempdir().expect("a folder");
    let Some(server) = NatsServer::start(folder.path()) else {
        return;
    };
    let receiver = receiver(&folder, &server.url(), &["--storage-time", "60"]);
    let drain = drain(&folder, &server.url(), &[]);
    let mut client = receiver.connect();
    let target = "/volano-chat?room=Tea";
    client.post(target, &chat(1)).acknowledges_volano_chat();
    server.signal("STOP");
    let mut broken = receiver.connect();
    broken.send(&request(target, &chat(1)));
    thread::sleep(Duration::from_millis(200));
    drop(broken);
    thread::sleep(Duration::from_millis(200));
    // The repeat is published before the note that the event is unanswered.
    let mut again = receiver.connect();
    again.send(&request(target, &chat(1)));
    thread::sleep(Duration::from_millis(100));
    server.signal("CONT");
    again
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();
    wait_until("it is noted", || {
        receiver.metric("receiver_unanswered_total") > 0.0
    });
    client.post(target, &chat(1)).acknowledges_volano_chat();
    wait_for(&drain, MESSAGES, 4);
    wait_for(&drain, "SELECT count(*) FROM events WHERE unanswered", 1);
    let database = drain.open();
    let repeat = "SELECT count(*) FROM events AS again JOIN events AS before
        ON before.id = again.repeat_of WHERE before.unanswered AND again.id > before.id";
    wait_until("it is marked", || number(&database, repeat) == 1);
}

#[test]
fn cluster_loses_one_of_three_servers() {
    const EVENTS: usize = 1_500;
    let folder = tempdir().expect("a folder");
    let Some(mut servers) = NatsServer::cluster(folder.path()) else {
        return;
    };
    let urls: Vec<_> = servers.iter().map(NatsServer::url).collect();
    let sink = urls.join(",");
    let folders = [(); 3].map(|()| tempdir().expect("a folder"));
    let arguments = ["--replicas", "3", "--storage-time", "20"];
    let receivers = folders
        .each_ref()
        .map(|folder| receiver(folder, &sink, &arguments));
    wait_until("the stream is available", || {
        receivers
            .iter()
            .all(|receiver| receiver.connect().get("/healthz").status == 200)
    });
    let drain = drain(&folders[0], &sink, &["--replicas", "3"]);
    let acknowledged = AtomicUsize::new(0);
    thread::scope(|scope| {
        scope.spawn(|| post_all(&receivers, 0..EVENTS, &acknowledged));
        wait_until("a third", || {
            acknowledged.load(Ordering::Relaxed) > EVENTS / 3
        });
        servers[0].kill();
        wait_until("two thirds", || {
            acknowledged.load(Ordering::Relaxed) > EVENTS * 2 / 3
        });
        servers[0].restart();
    });
    assert_eq!(acknowledged.into_inner(), EVENTS);
    let database = open(&drain.database);
    let stored = "SELECT count(DISTINCT body) FROM events";
    wait_until("all are stored", || {
        number(&database, stored) == EVENTS as i64
    });
    // The stream dropped duplicates by their id.
    let once = "SELECT count(*) * 10000 + sum(count) FROM events";
    assert_eq!(number(&database, once), EVENTS as i64 * 10_001);
    let unavailable = receivers
        .iter()
        .map(|receiver| receiver.metric("receiver_unavailable_total"));
    assert_eq!(unavailable.sum::<f64>(), 0.0);
}
