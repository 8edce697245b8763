//! Registering for rooms, at a test server that responds like VolanoChat's.

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver as Channel, channel};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use support::{LIMIT, Receiver, chat, wait_until};
use tempfile::{TempDir, tempdir};

/// A server for registrations. It passes each one to the test, which responds to it.
struct ChatServer {
    address: SocketAddr,
    registrations: Channel<(Vec<String>, TcpStream)>,
}

const ACCEPTED: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n\n";
const REFUSED: &str = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

impl ChatServer {
    fn start() -> Self {
        ChatServer::listen("127.0.0.1:0".parse().expect("an address"))
    }

    fn listen(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("a listener");
        let address = listener.local_addr().expect("an address");
        let (send, registrations) = channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                stream.set_read_timeout(Some(LIMIT)).expect("a socket");
                let head = BufReader::new(stream.try_clone().expect("a socket"))
                    .lines()
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect();
                if send.send((head, stream)).is_err() {
                    return;
                }
            }
        });
        ChatServer {
            address,
            registrations,
        }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits for a registration, responds to it, and returns its head.
    fn answer(&self, answer: &str) -> Vec<String> {
        let registration = self.registrations.recv_timeout(LIMIT);
        let (head, mut stream) = registration.expect("a registration");
        stream.write_all(answer.as_bytes()).expect("an answer");
        head
    }

    fn expects_none(&self) {
        let registration = self.registrations.recv_timeout(Duration::from_millis(700));
        assert!(registration.is_err(), "{registration:?}");
    }
}

fn start(server: &str, room: &str) -> (TempDir, Receiver) {
    let folder = tempdir().expect("a folder");
    let callback = "http://192.0.2.1/volano-chat?room={room}&encoding=utf-8&token=s3cret";
    let arguments = ["--register", server, "--room", room, "--callback", callback];
    let receiver = Receiver::start(&folder, &[&arguments[..], &["--token", "s3cret"]].concat());
    (folder, receiver)
}

fn registered(receiver: &Receiver, room: &str) -> f64 {
    let name = format!("receiver_registered{{room=\"{room}\"}}");
    metric(receiver, &name)
}

fn metric(receiver: &Receiver, name: &str) -> f64 {
    let text = receiver.connect().get("/metrics?token=s3cret").text();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.map_or(0.0, |value| value.trim().parse().expect("a number"))
}

fn post(receiver: &Receiver, room: &str, body: &[u8]) -> u16 {
    let target = format!("/volano-chat?room={room}&token=s3cret");
    receiver.connect().post(&target, body).status
}

#[test]
fn registers_again_after_delete() {
    let server = ChatServer::start();
    let (_folder, receiver) = start(&server.url(), "Tea & <Cakes>");
    let head = server.answer(ACCEPTED);
    assert_eq!(
        head[0],
        "GET /servlet/register?room=Tea+%26+%3CCakes%3E\
         &href=http%3A%2F%2F192.0.2.1%2Fvolano-chat%3Froom%3DTea%2B%2526%2B%253CCakes%253E\
         %26encoding%3Dutf-8%26token%3Ds3cret HTTP/1.1"
    );
    let host = format!("host: {}", server.address);
    assert!(
        head.iter().any(|line| line.to_lowercase() == host),
        "{head:?}"
    );
    wait_until("it is registered", || {
        registered(&receiver, "Tea & <Cakes>") == 1.0
    });

    // Other events, other rooms, and requests without the token do not end the registration.
    let room = "Tea+%26+%3CCakes%3E";
    let create = b"<create><room>Tea & <Cakes></room></create>\n";
    let delete = b"<delete><room>Tea & <Cakes></room></delete>\n";
    assert_eq!(post(&receiver, room, create), 200);
    assert_eq!(post(&receiver, room, &chat(1)), 200);
    let other = b"<delete><room>Bar</room></delete>\n";
    assert_eq!(post(&receiver, "Bar", other), 200);
    let status = receiver.connect().post("/volano-chat", delete).status;
    assert_eq!(status, 403);
    server.expects_none();

    // Twice, to check that not only the first one counts.
    for times in 2..4 {
        assert_eq!(post(&receiver, room, delete), 200);
        server.answer(ACCEPTED);
        wait_until("it is registered again", || {
            let accepted = "receiver_registrations_total{outcome=\"accepted\"}";
            metric(&receiver, accepted) == f64::from(times)
        });
    }
    server.expects_none();
    receiver.stop();
}

/// If the name of the room cannot be decoded, it is known from the URL.
#[test]
fn registers_again_after_an_undecodable_delete() {
    let server = ChatServer::start();
    let (_folder, receiver) = start(&server.url(), "Café");
    server.answer(ACCEPTED);
    wait_until("it is registered", || registered(&receiver, "Café") == 1.0);
    let delete = b"<delete><room>Caf\xe9</room></delete>\n";
    assert_eq!(post(&receiver, "Caf%C3%A9", delete), 200);
    server.answer(ACCEPTED);
}

#[test]
fn refused_registration_is_reported_and_retried() {
    let server = ChatServer::start();
    let (_folder, receiver) = start(&server.url(), "Tea");
    let refused = "receiver_registrations_total{outcome=\"refused\"}";
    for times in 1..4 {
        server.answer(REFUSED);
        wait_until("it is counted", || {
            metric(&receiver, refused) == f64::from(times)
        });
        assert_eq!(registered(&receiver, "Tea"), 0.0);
    }
    // In the meantime, other requests are served.
    assert_eq!(post(&receiver, "Bar", &chat(1)), 200);
    // A redirect is not an acceptance, either.
    server.answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
    server.answer(ACCEPTED);
    wait_until("it is registered", || registered(&receiver, "Tea") == 1.0);
    assert_eq!(metric(&receiver, refused), 4.0);
}

#[test]
fn unreachable_server_is_retried() {
    let address = ChatServer::start().address;
    // First, nothing listens at the address. Later, the server does not speak HTTP.
    let free = TcpListener::bind("127.0.0.1:0").expect("a listener");
    let free_address = free.local_addr().expect("an address");
    drop(free);
    assert_ne!(address, free_address);
    let (_folder, receiver) = start(&format!("http://{free_address}/"), "Tea");
    let unreachable = "receiver_registrations_total{outcome=\"unreachable\"}";
    wait_until("it is tried", || metric(&receiver, unreachable) >= 2.0);
    assert_eq!(registered(&receiver, "Tea"), 0.0);

    let server = ChatServer::listen(free_address);
    let before = metric(&receiver, unreachable);
    server.answer("what?\r\n\r\n");
    wait_until("it is counted", || metric(&receiver, unreachable) > before);
    let head = server.answer(ACCEPTED);
    assert!(
        head[0].starts_with("GET /servlet/register?room=Tea&"),
        "{head:?}"
    );
    wait_until("it is registered", || registered(&receiver, "Tea") == 1.0);
}

/// VolanoChat's server ends a registration on any status but 200.
#[test]
fn registers_again_after_an_error_response() {
    let server = ChatServer::start();
    let folder = tempdir().expect("a folder");
    let callback = "http://192.0.2.1/volano-chat?room=Tea";
    let url = server.url();
    let receiver = Receiver::start(
        &folder,
        &[
            "--register",
            &url,
            "--room",
            "Tea",
            "--callback",
            callback,
            "--storage-time",
            "0.1",
            "--max-body",
            "100",
        ],
    );
    server.answer(ACCEPTED);
    wait_until("it is registered", || registered(&receiver, "Tea") == 1.0);
    let status = post(&receiver, "Tea", &[b'<'; 101]);
    assert_eq!(status, 413);
    server.answer(ACCEPTED);
    wait_until("it is registered", || registered(&receiver, "Tea") == 1.0);

    let database = Connection::open(&receiver.database).expect("a database");
    database.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    assert_eq!(post(&receiver, "Tea", &chat(1)), 503);
    server.answer(ACCEPTED);
}

#[test]
fn several_rooms() {
    let server = ChatServer::start();
    let url = server.url();
    let folder = tempdir().expect("a folder");
    let arguments = ["--register", &url, "--room", "Tea", "--room", "Bar"];
    let callback = ["--callback", "http://192.0.2.1/volano-chat?room={room}"];
    let receiver = Receiver::start(&folder, &[&arguments[..], &callback].concat());
    let mut lines = [server.answer(ACCEPTED), server.answer(ACCEPTED)].map(|head| head[0].clone());
    lines.sort();
    assert!(lines[0].contains("room=Bar&href=") && lines[0].contains("%3Froom%3DBar "));
    assert!(lines[1].contains("room=Tea&href=") && lines[1].contains("%3Froom%3DTea "));
    let delete = b"<delete><room>Bar</room></delete>\n";
    assert_eq!(post(&receiver, "Bar", delete), 200);
    let again = server.answer(ACCEPTED);
    assert!(again[0].contains("room=Bar&"), "{again:?}");
    server.expects_none();

    // With the same URL, both rooms would have the same ?room=.
    let mut command = Command::new(env!("CARGO_BIN_EXE_receiver"));
    command.args(arguments).args(["--callback", "http://x/"]);
    let output = command.output().expect("its end");
    let message = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(message.contains("several rooms need {room}"), "{message}");
}
