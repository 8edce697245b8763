//! Requests of every kind to the running receiver: split, incomplete, slow, many at once, and refused
//! ones.

mod support;

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use support::{
    Capture, Client, LIMIT, Receiver, captures, chat, number, request, stop, wait_until,
};
use tempfile::{TempDir, tempdir};

fn start(arguments: &[&str]) -> (TempDir, Receiver) {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, arguments);
    (folder, receiver)
}

/// Sends all captures on one connection, in pieces of this many bytes, and asserts that each is
/// acknowledged as its family expects, and stored in order.
fn send_in_pieces(bytes: usize) {
    let all: Vec<Capture> = ["isl_light", "volano_chat"]
        .into_iter()
        .flat_map(captures)
        .collect();
    let stream: Vec<u8> = all
        .iter()
        .flat_map(|capture| capture.request_to("/callback"))
        .collect();
    let (_folder, receiver) = start(&[]);
    let mut client = receiver.connect();
    let mut sender = client.clone_stream();
    let send = thread::spawn(move || {
        for piece in stream.chunks(bytes) {
            sender.write_all(piece).expect("a piece");
        }
    });
    for capture in &all {
        let answer = client.answer().expect(&capture.name);
        match capture.said["charset"].is_string() {
            true => answer.acknowledges_volano_chat(),
            false => answer.acknowledges_isl_light(),
        }
    }
    send.join().expect("a sender");
    let database = receiver.open();
    let mut statement = database
        .prepare("SELECT body FROM events ORDER BY id")
        .expect("a query");
    let bodies = statement
        .query_map((), |row| row.get::<_, Vec<u8>>(0))
        .expect("rows");
    let bodies: Vec<_> = bodies.map(|body| body.expect("a body")).collect();
    assert_eq!(bodies.len(), all.len());
    for (body, capture) in bodies.iter().zip(&all) {
        assert_eq!(body, &capture.body, "{}", capture.name);
    }
}

#[test]
fn all_captures_at_once() {
    send_in_pieces(usize::MAX);
}

#[test]
fn all_captures_byte_by_byte() {
    send_in_pieces(1);
}

#[test]
fn connection_ends_after_every_byte() {
    let (_folder, receiver) = start(&[]);
    let all = captures("volano_chat");
    let names = ["utf8-00038-chat", "latin1-00007-chat", "win1252-00027-exit"];
    let chosen = all.iter().filter(|capture| names.contains(&&*capture.name));
    let chosen: Vec<_> = chosen.collect();
    assert_eq!(chosen.len(), names.len());
    let isl = captures("isl_light").swap_remove(6);
    for capture in chosen.into_iter().chain([&isl]) {
        for length in 0..capture.request.len() {
            let mut stream = TcpStream::connect(receiver.address).expect("a connection");
            let part = capture.request.get(..length).expect("a part");
            stream.write_all(part).expect("a part");
        }
    }
    let mut client = receiver.connect();
    client.post("/isl-light", &stop(1)).acknowledges_isl_light();
    drop(client);
    wait_until("all connections ended", || {
        receiver.metric("receiver_connections ") == 1.0
    });
    // Incomplete requests are not stored.
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 1);
}

#[test]
fn every_body_is_acknowledged() {
    let (_folder, receiver) = start(&[]);
    let mut client = receiver.connect();
    let long = vec![b'<'; 1 << 20];
    let many = b"a&".repeat(1 << 19);
    let bodies: [&[u8]; 8] = [
        b"",
        b"\0",
        b"\xff\xfe",
        b"EVENT=STOP",
        b"<chat>",
        b"{\"json\":1}",
        &long,
        &many,
    ];
    for body in bodies {
        for target in ["/isl-light", "/isl-light?room=%ff&&=&%zz"] {
            client.post(target, body).acknowledges_isl_light();
        }
        for target in [
            "/volano-chat",
            "/volano-chat?encoding=klingon",
            "/volano-chat?encoding=sjis&encoding=%ff",
        ] {
            client.post(target, body).acknowledges_volano_chat();
        }
        let answer = client.post("/callback", body);
        match body.first() {
            Some(b'<') => answer.acknowledges_volano_chat(),
            _ => answer.acknowledges_isl_light(),
        }
    }
    let database = receiver.open();
    // ISL's bodies are stored once for all paths. Two of VolanoChat's are also posted to /callback.
    let isl = "SELECT count(*) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, isl), 8);
    let isl = "SELECT sum(count) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, isl), 8 * 2 + 6);
    let chat = "SELECT count(*) FROM events WHERE family = 'volano-chat'";
    assert_eq!(number(&database, chat), 8 * 3 + 2);
    let silent = "SELECT count(*) FROM events WHERE error IS NULL OR snippet IS NULL";
    assert_eq!(number(&database, silent), 0);
}

#[test]
fn other_requests() {
    let (_folder, receiver) = start(&[]);
    let mut client = receiver.connect();
    assert_eq!(client.get("/isl-light").status, 405);
    assert_eq!(client.get("/nowhere").status, 404);
    assert_eq!(client.get("/healthz").text(), "ok\n");

    // Neither server sends chunked bodies or expects an interim response, but others may.
    client.send(b"POST /volano-chat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    for byte in chat(1) {
        client.send(&[b'1', b'\r', b'\n', byte, b'\r', b'\n']);
    }
    client.send(b"0\r\n\r\n");
    client
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();
    let mut client = receiver.connect();
    let body = chat(2);
    let head = format!(
        "POST /volano-chat HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.send(head.as_bytes());
    assert_eq!(client.line(), "HTTP/1.1 100 Continue\r\n");
    assert_eq!(client.line(), "\r\n");
    client.send(&body);
    client
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();

    let metrics = receiver.connect().get("/metrics");
    assert_eq!(metrics.headers["content-type"], "text/plain; version=0.0.4");
    let events =
        receiver.metric("receiver_events_total{family=\"volano-chat\",outcome=\"decoded\"}");
    assert_eq!(events, 2.0);
}

#[test]
fn token() {
    let (_folder, receiver) = start(&["--token", "s3cret&"]);
    let mut client = receiver.connect();
    for target in ["/", "/events", "/metrics"] {
        assert_eq!(client.get(target).status, 403, "{target}");
    }
    for query in [
        "",
        "?token",
        "?token=",
        "?token=s3cret",
        "?token=s3cret%26x",
        "?TOKEN=s3cret%26",
        "?token=x&token=s3cret%26",
    ] {
        for path in ["/isl-light", "/volano-chat", "/callback"] {
            let target = format!("{path}{query}");
            assert_eq!(client.post(&target, &stop(1)).status, 403, "{target}");
        }
    }
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 0);
    assert_eq!(client.get("/healthz").status, 200);
    client
        .post("/isl-light?token=s3cret%26", &stop(1))
        .acknowledges_isl_light();
    client
        .post("/volano-chat?room=Tea&token=s3cret%26", &chat(1))
        .acknowledges_volano_chat();
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 2);
    let metrics = client.get("/metrics?token=s3cret%26").text();
    assert!(
        metrics.contains("receiver_refused_total{reason=\"token\"} 24"),
        "{metrics}"
    );
}

#[test]
fn body_over_the_limit() {
    let (_folder, receiver) = start(&["--max-body", "200"]);
    let body = |length| {
        let mut body = stop(1);
        body.resize(length, b'x');
        body
    };
    receiver
        .connect()
        .post("/isl-light", &body(200))
        .acknowledges_isl_light();
    assert_eq!(
        receiver.connect().post("/isl-light", &body(201)).status,
        413
    );
    // The declared length is too long: refused before the body arrives.
    let mut client = receiver.connect();
    client.send(b"POST /callback HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999\r\n\r\n");
    assert_eq!(client.answer().expect("an answer").status, 413);
    // No declared length.
    let mut client = receiver.connect();
    client.send(b"POST /callback HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nc9\r\n");
    client.send(&body(201));
    assert_eq!(client.answer().expect("an answer").status, 413);
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 1);
    assert_eq!(
        receiver.metric("receiver_refused_total{reason=\"size\"}"),
        3.0
    );
}

#[test]
fn slow_clients() {
    let (_folder, receiver) = start(&["--request-time", "0.5"]);
    let begin = Instant::now();
    // One sends nothing, one an incomplete head, one an incomplete body.
    let mut silent = receiver.connect();
    let mut head = receiver.connect();
    head.send(b"POST /isl-light HTTP/1.1\r\nHost:");
    let mut slow = receiver.connect();
    let whole = request("/isl-light", &stop(1));
    slow.send(whole.get(..whole.len() - 1).expect("all but one byte"));
    // In the meantime, another one is served.
    receiver
        .connect()
        .post("/isl-light", &stop(2))
        .acknowledges_isl_light();

    assert_eq!(slow.answer().expect("an answer").status, 408);
    assert_ne!(silent.answer().map(|answer| answer.status), Some(200));
    assert_ne!(head.answer().map(|answer| answer.status), Some(200));
    assert!(begin.elapsed() >= Duration::from_millis(450));
    assert!(begin.elapsed() < LIMIT);
    wait_until("slow connections ended", || {
        receiver.metric("receiver_connections ") == 1.0
    });
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 1);
}

#[test]
fn thousand_connections() {
    let (_folder, receiver) = start(&["--max-connections", "1010"]);
    let mut clients: Vec<Client> = (0..1000).map(|_| receiver.connect()).collect();
    for round in 0..2 {
        for (index, client) in clients.iter_mut().enumerate() {
            client.send(&request("/volano-chat", &chat(round * 1000 + index)));
        }
        for client in &mut clients {
            client
                .answer()
                .expect("an answer")
                .acknowledges_volano_chat();
        }
    }
    assert_eq!(receiver.metric("receiver_connections "), 1001.0);
    let database = receiver.open();
    assert_eq!(
        number(&database, "SELECT count(DISTINCT message) FROM events"),
        2000
    );
    assert_eq!(
        number(&database, "SELECT count(DISTINCT connection) FROM events"),
        1000
    );
}

#[test]
fn connections_over_the_limit_wait() {
    let (_folder, receiver) = start(&["--max-connections", "2"]);
    let mut served = [receiver.connect(), receiver.connect()];
    for client in &mut served {
        client
            .post("/volano-chat", &chat(1))
            .acknowledges_volano_chat();
    }
    let mut waits = receiver.connect();
    waits.send(&request("/volano-chat", &chat(2)));
    thread::sleep(Duration::from_millis(100));
    assert_eq!(number(&receiver.open(), "SELECT count(*) FROM events"), 2);
    drop(served);
    waits
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();
}
