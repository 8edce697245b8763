//! The small examples, run as users run them.

#![cfg(all(feature = "isl-light", feature = "volano-chat"))]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use common::{ENVELOPE, build_example, chat_capture, path};

/// Runs `parse` on a body.
fn parse(body: &[u8]) -> Output {
    let mut child = Command::new(build_example("parse"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(body).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn parse_prints_fields() {
    let stop = path("captures/isl_light/07-stop.form");
    let file = Command::new(build_example("parse")).arg(&stop).output();
    let file = file.unwrap();
    let expected = "Stop at 2008-03-23 20:26:03.0 +00:00:00\n\
                    user: \"janez\"\nconnected for 852 seconds\n";
    assert_eq!(String::from_utf8(file.stdout).unwrap(), expected);
    assert!(file.status.success());

    let output = parse(format!("{ENVELOPE}&a%1B=%E2%80%AE").as_bytes());
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(
        out.ends_with("\nunknown parameter \"a\\u{1b}\": \"\\u{202e}\"\n"),
        "{out}"
    );

    let output = parse(&chat_capture("utf8-00029").bytes);
    assert_eq!(output.stdout, b"\"Alice\" says \"AT&amp;T\"\n");
    assert!(output.status.success());
}

#[test]
fn parse_prints_errors() {
    let output = parse(&chat_capture("utf8-00037").bytes);
    let err = String::from_utf8(output.stderr).unwrap();
    assert!(
        err.starts_with("ambiguous: `</user><message>` at bytes 43 and 80\n"),
        "{err}"
    );
    assert_eq!(err.matches("\nreading: chat room=").count(), 2, "{err}");
    assert_eq!((output.stdout, output.status.code()), (Vec::new(), Some(1)));
}

/// The server of the example `axum`, which is stopped at the end of the test.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(build_example("axum"))
            .arg("127.0.0.1:0")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        child.stdout = Some(out.into_inner());
        let address = line.trim_end().strip_prefix("http://").unwrap();
        let address = address.strip_suffix("/events").unwrap().to_owned();
        Server { child, address }
    }

    /// Posts a body as both servers do. Returns the status line, the content type and the body of
    /// the response.
    fn post(&self, body: &[u8]) -> [String; 3] {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!(
            "POST /events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let (status, headers) = head.split_once("\r\n").unwrap();
        let mut headers = headers.lines().map(|line| line.split_once(": ").unwrap());
        let content_type = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        [status, content_type.unwrap().1, body].map(str::to_owned)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn axum_acknowledges_every_body() {
    let isl = ["HTTP/1.1 200 OK", "text/xml; charset=utf-8", "<nomessage/>"];
    let volano = ["HTTP/1.1 200 OK", "text/plain", "\n"];
    let forged = chat_capture("utf8-00037").bytes;
    let cases: [(&[u8], _, &str); 6] = [
        (ENVELOPE.as_bytes(), isl, "TIMESTAMP=1206303963 MODULE="),
        (b"EVENT=STOP", isl, "10 bytes set aside: isl-light: "),
        (b"", isl, "0 bytes set aside: isl-light: "),
        (
            b"<exit><room>Tea</room><user>Bob</user></exit>\n",
            volano,
            "exit room=\"Tea\" user=\"Bob\"",
        ),
        (&forged, volano, "bytes set aside: volano-chat: "),
        (
            b"<exit><room>T\xe9</room><user>Bob</user></exit>\n",
            volano,
            "bytes set aside: volano-chat: ",
        ),
    ];
    let mut server = Server::start();
    for (body, answer, _) in cases {
        assert_eq!(server.post(body), answer, "{}", body.escape_ascii());
    }
    server.child.kill().unwrap();
    let mut out = String::new();
    let mut stdout = server.child.stdout.take().unwrap();
    stdout.read_to_string(&mut out).unwrap();
    for (line, (_, _, logged)) in out.lines().zip(cases) {
        assert!(line.contains(logged), "{line}");
    }
    assert_eq!(out.lines().count(), cases.len());
}
