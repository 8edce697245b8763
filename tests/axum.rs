//! The example `axum` answers both servers, whatever arrives.
#![cfg(all(feature = "isl-light", feature = "volano-chat"))]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use common::{ENVELOPE, chat_captures, isl_captures};

#[expect(dead_code, reason = "its `main`")]
#[path = "../examples/axum.rs"]
mod axum_example;

/// Starts the service, which ends with the test.
fn serve() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    listener.set_nonblocking(true).expect("a socket");
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_io().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, axum_example::app()).await
        })
    });
    address
}

/// Posts a body with the content type that both servers declare. Returns the status line, the
/// content type and the body of the answer.
fn post(connection: &mut TcpStream, body: &[u8]) -> (String, String, String) {
    let head = format!(
        "POST /callback HTTP/1.1\r\nHost: localhost\r\n\
         Content-type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    connection
        .write_all(&[head.as_bytes(), body].concat())
        .expect("a request");
    let mut answer = Vec::new();
    let (head, length) = loop {
        let mut byte = [0];
        connection.read_exact(&mut byte).expect("an answer");
        answer.push(byte[0]);
        if let Some(head) = answer.strip_suffix(b"\r\n\r\n") {
            let head = String::from_utf8(head.to_vec()).expect("a head");
            let length = header(&head, "content-length").parse().expect("a length");
            break (head, length);
        }
    };
    let mut body = vec![0; length];
    connection.read_exact(&mut body).expect("a body");
    let status = head.lines().next().unwrap_or_default().to_owned();
    let content_type = header(&head, "content-type");
    (
        status,
        content_type,
        String::from_utf8(body).expect("UTF-8"),
    )
}

fn header(head: &str, name: &str) -> String {
    let headers = head.lines().filter_map(|line| line.split_once(": "));
    let mut values = headers.filter(|header| header.0.eq_ignore_ascii_case(name));
    values.next().expect(name).1.to_owned()
}

#[test]
fn axum_acknowledges_whatever_arrives() {
    let mut connection = TcpStream::connect(serve()).expect("a connection");
    let isl_light = ("text/xml; charset=utf-8", "<nomessage/>");
    let volano_chat = ("text/plain", "\n");
    let captures = isl_captures()
        .into_iter()
        .map(|capture| (capture.body.into_bytes(), isl_light));
    let captures = captures.chain(
        chat_captures()
            .into_iter()
            .map(|capture| (capture.bytes, volano_chat)),
    );
    let broken = [
        (
            format!("{ENVELOPE}&gracefulExit=maybe").into_bytes(),
            isl_light,
        ),
        (b"no envelope".to_vec(), isl_light),
        (Vec::new(), isl_light),
        (b"reason=\xff".to_vec(), isl_light),
        (b"<chat><room>".to_vec(), volano_chat),
        (b"<\xff>".to_vec(), volano_chat),
    ];
    for (body, (content_type, answer)) in captures.chain(broken) {
        let (status, found, text) = post(&mut connection, &body);
        assert_eq!(status, "HTTP/1.1 200 OK");
        assert_eq!((&*found, &*text), (content_type, answer));
    }
}
