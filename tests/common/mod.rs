//! Shared by the tests: the captures and how to read them.
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

/// The smallest valid body of ISL Light, to which tests append parameters.
pub(crate) const ENVELOPE: &str =
    "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0";

/// Returns a path in `tests/`.
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

/// Builds an example with the profile of this test, in the same target directory, and returns its
/// path.
pub(crate) fn build_example(name: &str) -> PathBuf {
    // The path of a test is `TARGET/[TRIPLE/]PROFILE/deps/TEST`. Cargo's directory for temporary
    // files is in `TARGET`.
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
    // This is the only profile whose name differs from that of its directory.
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
    /// The raw body.
    pub(crate) bytes: Vec<u8>,
    /// The decoded body.
    pub(crate) body: String,
    /// What was said, as far as the character set can represent it.
    pub(crate) said: Event<'static>,
}

/// Returns every capture of the VolanoChat server, in the order of capture.
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

/// Returns the path of a request in `tests/`. Ambiguous requests have a separate folder.
fn chat_path(name: &str) -> String {
    ["volano_chat", "ambiguous"]
        .map(|folder| format!("captures/{folder}/{name}.http"))
        .into_iter()
        .find(|file| path(file).exists())
        .unwrap_or_else(|| panic!("no capture {name}"))
}

/// Returns the only capture whose name begins with a prefix such as `utf8-00131`.
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

/// Decodes bytes in one of the character sets of the captures.
fn decode(charset: &str, bytes: &[u8]) -> String {
    match charset {
        "UTF-8" => String::from_utf8(bytes.to_vec()).expect("UTF-8"),
        // The web's ISO-8859-1 is windows-1252, but Java uses the real one.
        "ISO-8859-1" => bytes.iter().copied().map(char::from).collect(),
        "windows-1252" => {
            let (text, _, malformed) = encoding_rs::WINDOWS_1252.decode(bytes);
            assert!(!malformed);
            text.into_owned()
        }
        other => panic!("character set {other}"),
    }
}

/// Encodes text in one of the character sets of the captures.
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

/// Creates the event without the tables of the crate.
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

/// An event file of ISL Conference Proxy, with its decoded pairs in order.
pub(crate) struct IslCapture {
    pub(crate) name: String,
    pub(crate) body: String,
    pub(crate) pairs: Vec<(String, String)>,
}

/// Returns every capture of ISL Light.
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

/// Returns the pairs of a body, decoded by form_urlencoded and sorted.
pub(crate) fn sorted_pairs(body: &[u8]) -> Vec<(String, String)> {
    let mut pairs: Vec<_> = form_urlencoded::parse(body).into_owned().collect();
    pairs.sort();
    pairs
}
