//! Shared by the tests: the running program, an HTTP client, and the captures.
#![allow(dead_code, reason = "not every test uses every helper")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tempfile::TempDir;

/// The maximum time for each step of a test.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// The room of the ambiguous captures.
pub(crate) const TEA_AND_CAKES: &str = "Tea & <Cakes>";

/// Encodes the name of a room for a URL.
pub(crate) fn encode(room: &str) -> String {
    form_urlencoded::byte_serialize(room.as_bytes()).collect()
}

/// A running receiver.
pub(crate) struct Receiver {
    process: Child,
    pub(crate) address: SocketAddr,
    pub(crate) database: PathBuf,
}

impl Receiver {
    /// Starts a receiver with a database in this folder.
    pub(crate) fn start(folder: &TempDir, arguments: &[&str]) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_receiver"));
        Receiver::spawn(command, &folder.path().join("events.db"), arguments)
    }

    /// Starts a receiver by a command that ends with the program.
    pub(crate) fn spawn(mut command: Command, database: &Path, arguments: &[&str]) -> Self {
        command
            .args(["--listen", "127.0.0.1:0", "--database"])
            .arg(database);
        command.args(arguments).env_remove("RECEIVER_TOKEN");
        command.env_remove("RECEIVER_SINK");
        // Tests cause many refusals and failures, which would flood the log.
        command.env("RECEIVER_LOG", "off").stdout(Stdio::piped());
        let mut process = command.spawn().expect("a receiver");
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.as_mut().expect("its output"));
        output.read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://");
        Receiver {
            address: address
                .unwrap_or_else(|| panic!("{line:?}"))
                .parse()
                .expect("an address"),
            database: database.to_owned(),
            process,
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// Kills the receiver, like the kernel when it is out of memory.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("a process");
        self.process.wait().expect("its end");
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        let id = self.process.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status();
        assert!(kill.expect("kill").success());
    }

    /// Waits until the receiver exits.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().expect("a process") {
                return status;
            }
            assert!(begin.elapsed() < LIMIT, "it does not end");
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Shuts the receiver down, and asserts that it succeeds.
    pub(crate) fn stop(mut self) {
        self.terminate();
        assert!(self.wait().success());
    }

    /// Opens the database, like another program.
    pub(crate) fn open(&self) -> Connection {
        open(&self.database)
    }

    /// Returns the value of a metric. The name includes the labels.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let text = self.connect().get("/metrics").text();
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map_or(0.0, |value| value.trim().parse().expect("a number"))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn open(database: &Path) -> Connection {
    Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a database")
}

/// Returns the single number that is the result of a query.
pub(crate) fn number(database: &Connection, sql: &str) -> i64 {
    database.query_row(sql, (), |row| row.get(0)).expect(sql)
}

/// Waits until a condition is true.
pub(crate) fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < LIMIT, "never: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("UTF-8")
    }

    /// Asserts that this is the acknowledgement that ISL's server expects.
    #[track_caller]
    pub(crate) fn acknowledges_isl_light(&self) {
        assert_eq!(
            (self.status, &*self.body),
            (200, &b"<nomessage/>"[..]),
            "{self:?}"
        );
        assert_eq!(self.headers["content-type"], "text/xml; charset=utf-8");
    }

    /// Asserts that this is the acknowledgement that VolanoChat's server expects.
    #[track_caller]
    pub(crate) fn acknowledges_volano_chat(&self) {
        assert_eq!((self.status, &*self.body), (200, &b"\n"[..]), "{self:?}");
        assert_eq!(self.headers["content-type"], "text/plain");
        assert_eq!(self.headers["content-length"], "1");
    }
}

/// A connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        stream.set_read_timeout(Some(LIMIT)).expect("a socket");
        stream.set_write_timeout(Some(LIMIT)).expect("a socket");
        Client {
            stream: BufReader::new(stream),
        }
    }

    /// Returns the stream of the connection, to send from another thread.
    pub(crate) fn clone_stream(&self) -> TcpStream {
        self.stream.get_ref().try_clone().expect("a socket")
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).expect("a request");
    }

    /// Reads a response with a length. Returns `None` if the connection ends first.
    pub(crate) fn answer(&mut self) -> Option<Answer> {
        let mut line = String::new();
        self.stream.read_line(&mut line).ok()?;
        let status = line.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        let mut headers = BTreeMap::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).ok()?;
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                break;
            };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers
            .get("content-length")
            .map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).ok()?;
        Some(Answer {
            status,
            headers,
            body,
        })
    }

    /// Reads a line of a response that does not end.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).expect("a line");
        line
    }

    pub(crate) fn get(&mut self, target: &str) -> Answer {
        self.send(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
        self.answer().expect("an answer")
    }

    pub(crate) fn post(&mut self, target: &str, body: &[u8]) -> Answer {
        self.try_post(target, body).expect("an answer")
    }

    /// Posts a capture to another URL.
    pub(crate) fn post_capture(&mut self, capture: &Capture, target: &str) -> Answer {
        self.send(&capture.request_to(target));
        self.answer().expect("an answer")
    }

    /// Posts a body. Returns `None` if the connection breaks.
    pub(crate) fn try_post(&mut self, target: &str, body: &[u8]) -> Option<Answer> {
        self.stream
            .get_mut()
            .write_all(&request(target, body))
            .ok()?;
        self.answer()
    }
}

/// Returns a request as the servers send it, with their wrong content type.
pub(crate) fn request(target: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\n\
         Content-type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// A capture, and its entry in the index, with what was really said.
pub(crate) struct Capture {
    pub(crate) name: String,
    /// The raw request. For ISL, whose captures are bodies, it is made up.
    pub(crate) request: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) said: Value,
}

impl Capture {
    pub(crate) fn charset(&self) -> &str {
        self.said["charset"].as_str().expect("a character set")
    }

    /// Returns the URL that the callback is registered with.
    pub(crate) fn target(&self) -> String {
        match self.said["charset"].as_str() {
            Some(charset) => format!("/volano-chat?encoding={charset}"),
            None => "/isl-light".to_owned(),
        }
    }

    /// Returns the URL, with this room if the capture is of VolanoChat.
    pub(crate) fn target_in(&self, room: &str) -> String {
        match self.said["charset"].is_string() {
            true => format!("{}&room={}", self.target(), encode(room)),
            false => self.target(),
        }
    }

    /// Returns the raw request with another URL.
    pub(crate) fn request_to(&self, target: &str) -> Vec<u8> {
        let line = self
            .request
            .iter()
            .position(|&byte| byte == b'\r')
            .expect("a line");
        [
            format!("POST {target} HTTP/1.1").as_bytes(),
            &self.request[line..],
        ]
        .concat()
    }
}

/// Returns all captures of `isl_light` or `volano_chat`, in chronological order.
pub(crate) fn captures(family: &str) -> Vec<Capture> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut files = BTreeMap::new();
    find(&tests.join("captures"), &mut files);
    let index = fs::read_to_string(tests.join(format!("captures_{family}.jsonl"))).expect(family);
    let captures = index.lines().map(|line| {
        let said: Value = serde_json::from_str(line).expect("JSON");
        let name = said["file"]
            .as_str()
            .expect("a file")
            .trim_end_matches(".form")
            .to_owned();
        let file = files
            .get(&name)
            .unwrap_or_else(|| panic!("no capture {name}"));
        let bytes = fs::read(file).expect("a capture");
        let (request, body) = match bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            Some(head) => (bytes.clone(), bytes[head + 4..].to_vec()),
            None => (request("/isl-light", &bytes), bytes),
        };
        Capture {
            name,
            request,
            body,
            said,
        }
    });
    captures.collect()
}

fn find(folder: &Path, files: &mut BTreeMap<String, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            find(&path, files);
        } else {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            assert_eq!(files.insert(name, path), None);
        }
    }
}

/// Returns a unique body of ISL Light.
pub(crate) fn stop(number: usize) -> Vec<u8> {
    format!(
        "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
         &SESSIONID=s19_3_{number}&totalTransferredBytes=1048576"
    )
    .into_bytes()
}

/// Returns a unique message of VolanoChat.
pub(crate) fn chat(number: usize) -> Vec<u8> {
    format!("<chat><room>Tea</room><user>Alice</user><message>{number}</message></chat>\n")
        .into_bytes()
}
