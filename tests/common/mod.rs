//! What the tests share: the captures and how to read them.
#![allow(dead_code, unused_imports, reason = "not every test uses every helper")]

#[allow(
    clippy::duplicate_mod,
    reason = "some tests have the whole oracle, too"
)]
#[path = "../oracle/deceptive.rs"]
pub(crate) mod deceptive;

use std::collections::HashMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, LineEnd, Membership, Ring, Whisper,
};
use serde_json::Value;

pub(crate) use deceptive::is_deceptive;

/// The least that a body of ISL Light must have; tests append to it.
pub(crate) const ENVELOPE: &str =
    "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0";

/// A path in `tests/`.
pub(crate) fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn rows(name: &str) -> Vec<Value> {
    let text = String::from_utf8(read(name)).expect("an index is UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}")))
        .collect()
}

/// Builds an example as this test was built, in the same place, and returns its path.
pub(crate) fn build_example(name: &str) -> PathBuf {
    // `TARGET/[TRIPLE/]PROFILE/deps/TEST`; Cargo's own folder for tests tells where `TARGET` is.
    let test = env::current_exe().expect("the path of the test");
    let profile = test.ancestors().nth(2).expect("the folder of the profile");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let target = target.expect("the target folder");
    let folder_name = |path: &Path| path.file_name().expect("a folder's name").to_owned();

    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--example", name, "--manifest-path"]);
    cargo.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    cargo.arg("--target-dir").arg(target);
    match profile.parent() {
        Some(parent) if parent != target => {
            cargo.arg("--target").arg(folder_name(parent));
        }
        _ => {}
    }
    // The one profile that is not called as its folder is.
    match folder_name(profile) {
        folder if folder == "debug" => cargo.args(["--profile", "dev"]),
        folder => cargo.arg("--profile").arg(folder),
    };
    assert!(cargo.status().expect("cargo").success(), "{name}");
    profile
        .join("examples")
        .join(name)
        .with_extension(env::consts::EXE_EXTENSION)
}

/// A request of the VolanoChat server, and what was really said.
pub(crate) struct ChatCapture {
    pub(crate) name: String,
    pub(crate) charset: String,
    pub(crate) line_end: LineEnd,
    pub(crate) note: String,
    /// The body, as bytes.
    pub(crate) bytes: Vec<u8>,
    /// The body, decoded.
    pub(crate) body: String,
    /// What was said, as far as the character set could carry it.
    pub(crate) said: Event<'static>,
}

/// Every capture of the VolanoChat server, in the order in which they were taken.
pub(crate) fn chat_captures() -> Vec<ChatCapture> {
    rows("captures_volano_chat.jsonl")
        .into_iter()
        .map(|row| {
            let name = text(&row["file"]);
            let request = read(&chat_path(&name));
            let head = request.windows(4).position(|four| four == b"\r\n\r\n");
            let bytes = request[head.unwrap_or_else(|| panic!("{name}: no head")) + 4..].to_vec();
            let charset = text(&row["charset"]);
            let body = decode(&charset, &bytes);
            let mut fields = texts(&row["fields"]);
            if row["wire_fields"].is_object() {
                fields.extend(texts(&row["wire_fields"]));
            }
            ChatCapture {
                said: event(row["event"].as_str().expect("an event"), fields),
                line_end: match row["line_end"].as_str() {
                    Some("LF") => LineEnd::Lf,
                    Some("CRLF") => LineEnd::CrLf,
                    other => panic!("{name}: line end {other:?}"),
                },
                note: row["note"].as_str().unwrap_or_default().to_owned(),
                name,
                charset,
                bytes,
                body,
            }
        })
        .collect()
}

/// The path of a request in `tests/`. What can be read in more than one way has its own folder.
fn chat_path(name: &str) -> String {
    ["volano_chat", "ambiguous"]
        .map(|folder| format!("captures/{folder}/{name}.http"))
        .into_iter()
        .find(|file| path(file).exists())
        .unwrap_or_else(|| panic!("no capture {name}"))
}

/// The one capture whose name begins so, such as `utf8-00131`.
pub(crate) fn chat_capture(prefix: &str) -> ChatCapture {
    let mut found = chat_captures()
        .into_iter()
        .filter(|capture| capture.name.starts_with(prefix));
    let capture = found
        .next()
        .unwrap_or_else(|| panic!("no capture {prefix}"));
    assert!(found.next().is_none(), "more than one capture {prefix}");
    capture
}

/// Decodes bytes of a character set that the captures have.
fn decode(charset: &str, bytes: &[u8]) -> String {
    match charset {
        "UTF-8" => String::from_utf8(bytes.to_vec()).expect("UTF-8"),
        // What the web calls ISO-8859-1 is windows-1252; Java means the real one.
        "ISO-8859-1" => bytes.iter().copied().map(char::from).collect(),
        "windows-1252" => {
            let (text, _, malformed) = encoding_rs::WINDOWS_1252.decode(bytes);
            assert!(!malformed);
            text.into_owned()
        }
        other => panic!("character set {other}"),
    }
}

/// Encodes text in a character set that the captures have.
pub(crate) fn encode(charset: &str, text: &str) -> Vec<u8> {
    match charset {
        "UTF-8" => text.as_bytes().to_vec(),
        "ISO-8859-1" => text
            .chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
            .collect(),
        "windows-1252" => {
            let (bytes, _, unmappable) = encoding_rs::WINDOWS_1252.encode(text);
            assert!(!unmappable);
            bytes.into_owned()
        }
        other => panic!("character set {other}"),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}: no text"))
        .to_owned()
}

fn texts(fields: &Value) -> HashMap<String, String> {
    let fields = fields.as_object().expect("fields");
    fields
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

/// Makes the event by hand, so that no table of the crate's own stands judge.
fn event(name: &str, mut fields: HashMap<String, String>) -> Event<'static> {
    let mut take = |field: &str| {
        fields
            .remove(field)
            .unwrap_or_else(|| panic!("{name}: no {field}"))
    };
    let event = match name {
        "create" => Create::new(take("room")).into(),
        "delete" => Delete::new(take("room")).into(),
        "enter" => {
            let membership = match &*take("type") {
                "member" => Membership::Member,
                "non-member" => Membership::NonMember,
                other => panic!("membership {other}"),
            };
            Enter::new(
                membership,
                take("room"),
                take("user"),
                take("host"),
                take("profile"),
            )
            .into()
        }
        "chat" => Chat::new(take("room"), take("user"), take("message")).into(),
        "whisper" => Whisper::new(take("room"), take("from"), take("to"), take("message")).into(),
        "ring" => Ring::new(take("room"), take("from"), take("to")).into(),
        "kick" => {
            let kind = match &*take("type") {
                "remove" => KickKind::Remove,
                "disconnect" => KickKind::Disconnect,
                "ban" => KickKind::Ban,
                other => panic!("kick {other}"),
            };
            Kick::new(kind, take("room"), take("from"), take("to")).into()
        }
        "exit" => Exit::new(take("room"), take("user")).into(),
        other => panic!("event {other}"),
    };
    assert!(fields.is_empty(), "{name}: fields left: {fields:?}");
    event
}

/// An event file of ISL Conference Proxy, and its pairs, decoded, in order.
pub(crate) struct IslCapture {
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) pairs: Vec<(String, String)>,
}

/// Every capture of ISL Light.
pub(crate) fn isl_captures() -> Vec<IslCapture> {
    rows("captures_isl_light.jsonl")
        .into_iter()
        .map(|row| {
            let name = text(&row["file"]);
            let body = String::from_utf8(read(&format!("captures/isl_light/{name}")));
            let pairs = row["pairs"].as_array().expect("pairs");
            IslCapture {
                body: body.unwrap_or_else(|error| panic!("{name}: {error}")),
                pairs: pairs
                    .iter()
                    .map(|pair| (text(&pair[0]), text(&pair[1])))
                    .collect(),
                name,
            }
        })
        .collect()
}

/// The pairs of a body, decoded by a judge that is not ours, sorted.
pub(crate) fn sorted_pairs(body: &[u8]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
    pairs.sort();
    pairs
}
