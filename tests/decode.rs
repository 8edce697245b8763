//! The example `decode`, run as users run it, and its HTTP splitter.

#![cfg(all(
    feature = "isl-light",
    feature = "volano-chat",
    feature = "xml",
    feature = "serde"
))]

mod common;
#[path = "oracle/deceptive.rs"]
mod deceptive;
#[path = "../examples/decode/http.rs"]
mod http;
#[path = "../examples/decode/json_text.rs"]
mod json_text;

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::thread;

use common::ENVELOPE;
use isl_volano::Payload;
use isl_volano::isl_light::{Parameter, Parser};
use isl_volano::volano_chat::Dialect;

const EXIT: &str = "<exit><room>Tea</room><user>Bob</user></exit>\n";
const CAPTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures");

/// Returns the path of the example. The first test that needs it builds it, because `cargo test
/// --test decode` alone does not. After `cargo test`, there is nothing left to build.
fn decode() -> Command {
    static EXAMPLE: LazyLock<PathBuf> = LazyLock::new(|| common::build_example("decode"));
    let mut command = Command::new(&*EXAMPLE);
    command.env_remove("NO_COLOR");
    command
}

/// The result of a run of the example.
#[derive(Debug)]
struct Run {
    status: i32,
    out: String,
    err: String,
}

#[track_caller]
fn run(args: impl IntoIterator<Item = impl AsRef<OsStr>>, input: &[u8]) -> Run {
    let mut child = decode()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // The example need not read all of it.
    let writer = thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Decodes standard input to JSON, and asserts the output.
#[track_caller]
fn assert_json(args: &[&str], input: impl AsRef<[u8]>, status: i32, lines: &str) {
    let run = run([&["--json"], args].concat(), input.as_ref());
    assert_eq!(run.out, lines);
    assert_eq!(run.status, status, "{}", run.err);
}

#[track_caller]
fn request(body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut request = format!(
        "POST /hook?room=1 HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// A temporary directory, removed at the end of the test.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("isl-volano-decode-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Returns the expected lines for a folder of captures, sorted by name, each with index 0.
#[track_caller]
fn captures(folder: &str, status: i32, tally: &str) -> Vec<serde_json::Value> {
    let run = run(["--json", &format!("{CAPTURES}/{folder}")], b"");
    assert_eq!((run.status, run.err.as_str()), (status, tally));
    let lines: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let sources = lines.iter().map(|line| line["source"].as_str().unwrap());
    assert!(sources.is_sorted());
    assert!(lines.iter().all(|line| line["index"] == 0));
    lines
}

#[test]
fn decodes_captures() {
    for (folder, tally, family) in [
        ("isl_light", "15 payloads: 15 decoded, 0 not\n", "isl-light"),
        (
            "volano_chat",
            "430 payloads: 430 decoded, 0 not\n",
            "volano-chat",
        ),
    ] {
        for line in captures(folder, 0, tally) {
            assert_eq!(line["family"], family);
            assert!(line["event"].is_object(), "{line}");
        }
    }
}

#[test]
fn reports_ambiguous_captures() {
    for line in captures("ambiguous", 1, "13 payloads: 0 decoded, 13 not\n") {
        assert_eq!(line["family"], "volano-chat");
        assert_eq!(line["error"]["kind"], "Ambiguous", "{line}");
    }
    let run = run([format!("{CAPTURES}/ambiguous")], b"");
    assert_eq!(run.out.matches("\n  reading 1  ").count(), 13);
    assert_eq!(run.out.matches("\n  reading 2  ").count(), 13);
}

#[test]
fn many_requests() {
    let bulk = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/captures/bulk.http");
    let run = run(["--json", bulk], b"");
    assert_eq!(run.status, 0);
    assert_eq!(run.err, "4176 payloads: 4176 decoded, 0 not\n");
    for (index, line) in run.out.lines().enumerate() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["index"], index);
    }
}

#[test]
fn exact_json() {
    assert_json(
        &[],
        format!("{ENVELOPE}&totalConnectionTime=852&gracefulExit=1&rating=%35"),
        0,
        "{\"source\":\"-\",\"index\":0,\"family\":\"isl-light\",\"event\":{\
         \"TIMESTAMP\":1206303963,\"MODULE\":\"ISL_Light\",\"EVENT\":\"STOP\",\"SERVERID\":19,\
         \"DOMAIN_ID\":\"s-999_0_0\",\"totalConnectionTime\":852,\"gracefulExit\":true,\
         \"extra\":[[\"rating\",\"5\"]]}}\n",
    );
    assert_json(
        &[],
        "<kick type=\"ban\"><room>Tea</room><from>Mod</from><to>\"Bob\"</to></kick>\n",
        0,
        "{\"source\":\"-\",\"index\":0,\"family\":\"volano-chat\",\"event\":{\"event\":\"kick\",\
         \"type\":\"ban\",\"room\":\"Tea\",\"from\":\"Mod\",\"to\":\"\\\"Bob\\\"\"}}\n",
    );
}

#[test]
fn exact_json_of_errors() {
    assert_json(
        &[],
        format!("{ENVELOPE}&startTime=now"),
        1,
        "{\"source\":\"-\",\"index\":0,\"family\":\"isl-light\",\"error\":{\"kind\":\"InvalidValue\",\
         \"message\":\"invalid value for `startTime`: expected seconds since 1970-01-01, from 0 to 253402300799 without leading zeros, \
         found \\\"now\\\" (byte 91)\",\"offset\":91,\"parameter\":\"startTime\"}}\n",
    );
    let run = run(["--json"], b"<b></b>");
    let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(line["family"], "volano-chat");
    assert_eq!(line["error"]["kind"], "UnknownElement");
    assert_eq!(run.err, "1 payload: 0 decoded, 1 not\n");
    assert_eq!(run.status, 1);
}

#[test]
fn lenient() {
    let body = format!("{ENVELOPE}&startTime=now");
    assert_eq!(run(["--json"], body.as_bytes()).status, 1);
    let run = run(["--json", "--lenient"], body.as_bytes());
    assert!(
        run.out.contains("\"extra\":[[\"startTime\",\"now\"]]"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 0);
}

#[test]
fn lenient_says_what_does_not_fit() {
    let body = format!("{ENVELOPE}&gracefulExit=\x1b");
    let message = "invalid value for `gracefulExit`: expected 1 or 0, found \"\\u{1b}\" (byte 94)";
    let text = run(["--lenient"], body.as_bytes());
    assert!(
        text.out.contains(&format!("\n  problem   {message}\n")),
        "{}",
        text.out
    );
    let json = run(["--json", "--lenient"], body.as_bytes());
    let line: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let problem = serde_json::json!({
        "kind": "InvalidValue", "message": message, "offset": 94, "parameter": "gracefulExit",
    });
    assert_eq!(line["problems"], serde_json::json!([problem]));
    assert_eq!(line.get("omitted_problems"), None);

    // Up to a hundred are shown.
    let body = format!("{ENVELOPE}{}", "&gracefulExit=x".repeat(103));
    let text = run(["--lenient"], body.as_bytes());
    assert_eq!(text.out.matches("  problem   ").count(), 101);
    assert!(
        text.out.ends_with("\n  problem   3 more\n\n"),
        "{}",
        text.out
    );
    let json = run(["--json", "--lenient"], body.as_bytes());
    let line: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(line["problems"].as_array().unwrap().len(), 100);
    assert_eq!(line["omitted_problems"], 3);
}

#[test]
fn dialects() {
    let exit = |user: &str| format!("<exit><room>Tea</room><user>{user}</user></exit>\n");
    let pretty = |user: &str| {
        format!("<?xml version=\"1.0\"?>\n<exit>\n <user>{user}</user><room>Tea</room>\n</exit>")
    };
    let verbatim_only = [&[][..], &["--dialect", "auto"], &["--dialect=verbatim"]];
    let xml = ["--dialect", "xml"];

    // In the server's format, text is what a user typed: `&#65;dmin` is not `Admin`.
    for (typed, decoded) in [
        ("&#65;dmin", "Admin"),
        ("AT&amp;T", "AT&T"),
        ("A &amp; B", "A & B"),
    ] {
        for args in verbatim_only {
            assert_json(args, exit(typed), 0, &line_of_exit(0, "", typed));
        }
        assert_json(&xml, exit(typed), 0, &line_of_exit(0, "", decoded));

        // Any other body is XML, or an error.
        for args in [&[][..], &["--dialect=auto"], &xml] {
            assert_json(args, pretty(typed), 0, &line_of_exit(0, "", decoded));
        }
        assert_eq!(
            run(["--dialect=verbatim"], pretty(typed).as_bytes()).status,
            1
        );
    }

    // A body that is not well-formed can only be in the server's format.
    for args in verbatim_only {
        assert_json(args, exit("A & B"), 0, &line_of_exit(0, "", "A & B"));
    }
    assert_eq!(run(xml, exit("A & B").as_bytes()).status, 1);
}

/// Returns the line of an exit from the room `Tea`.
fn line_of_exit(index: u64, more: &str, user: &str) -> String {
    // This is the only escape that serde_json does not write.
    let user = serde_json::to_string(user).unwrap();
    let user = user.replace('\u{80}', "\\u0080");
    format!(
        "{{\"source\":\"-\",\"index\":{index},\"family\":\"volano-chat\"{more},\
         \"event\":{{\"event\":\"exit\",\"room\":\"Tea\",\"user\":{user}}}}}\n"
    )
}

#[test]
fn encodings() {
    let body = b"<exit><room>Tea</room><user>\x80\xe9</user></exit>\n";
    // ISO-8859-1 has control characters where windows-1252 has letters.
    for label in ["iso-8859-1", "latin1", "L1", "ISO_8859-1"] {
        assert_json(
            &["--encoding", label],
            body,
            0,
            &line_of_exit(0, "", "\u{80}é"),
        );
    }
    for label in ["windows-1252", "cp1252"] {
        assert_json(&["--encoding", label], body, 0, &line_of_exit(0, "", "€é"));
    }
    assert_json(
        &["--encoding=iso-8859-5"],
        body,
        0,
        &line_of_exit(0, "", "\u{80}щ"),
    );
    let wide: Vec<u8> = EXIT.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_json(
        &["--encoding=utf-16le"],
        wide,
        0,
        &line_of_exit(0, "", "Bob"),
    );

    let isl = [ENVELOPE.as_bytes(), b"&reason=gedr\xfcckt\r\n"].concat();
    let latin = run(["--json", "--encoding=latin1"], &isl);
    assert!(
        latin.out.contains("\"reason\":\"gedrückt\""),
        "{}",
        latin.out
    );
    assert!(run(["--json"], &isl).out.contains("InvalidUtf8"));
}

/// The character set applies to raw and percent-encoded bytes.
#[test]
fn encodings_of_forms() {
    let reason = |body: &[u8], args: &[&str]| {
        let run = run(
            [&["--json"], args].concat(),
            &[ENVELOPE.as_bytes(), b"&", body].concat(),
        );
        let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        match line.get("error") {
            None => (
                line["event"]["reason"].clone(),
                line["event"]["extra"].clone(),
            ),
            Some(error) => (error["message"].clone(), error["offset"].clone()),
        }
    };
    let nothing = serde_json::Value::Null;

    let body = b"reason=%E9%80+caf\xe9%20%3d%26%25+%41&%e9=%2b\xe9";
    let read = reason(body, &["--encoding=windows-1252"]);
    let extra = serde_json::json!([["é", "+é"]]);
    assert_eq!(read, ("é€ café =&% A".into(), extra));
    let read = reason(b"reason=%80\x80", &["--encoding=iso-8859-1"]);
    assert_eq!(read, ("\u{80}\u{80}".into(), nothing.clone()));
    // In Shift_JIS, the second byte of a character can be an ASCII letter.
    let read = reason(b"reason=%83e%83X\x83g", &["--encoding=shift_jis"]);
    assert_eq!(read, ("テスト".into(), nothing.clone()));
    // UTF-8 is unchanged, and a form in UTF-16 has percent-encoded UTF-8.
    for label in ["--encoding=utf-8", "--lenient"] {
        assert_eq!(
            reason(b"reason=%C3%A9", &[label]),
            ("é".into(), nothing.clone())
        );
    }
    let wide = format!("{ENVELOPE}&reason=%C3%A9é");
    let wide: Vec<u8> = wide.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let run = run(["--json", "--encoding=utf-16le"], &wide);
    assert!(run.out.contains("\"reason\":\"éé\""), "{}", run.out);

    // Errors stay errors. An offset is that in the original body if the character set does not fit,
    // otherwise that in the body converted to UTF-8.
    let at = ENVELOPE.len() + "&reason=".len();
    let message = format!("invalid Shift_JIS: \"\\x81\\xff\" (byte {})", at + 8);
    let read = reason(b"reason=%83e%83X%81%FF", &["--encoding=shift_jis"]);
    assert_eq!(read, (message.into(), (at + 8).into()));
    let read = reason(b"reason=%E9%zz", &["--encoding=windows-1252"]);
    assert_eq!(read.1, at + "%C3%A9".len());
    assert!(read.0.as_str().unwrap().contains("%zz"), "{read:?}");
    let read = reason(
        b"reason=%E9%zz%E9%",
        &["--encoding=windows-1252", "--lenient"],
    );
    assert_eq!(read, ("é%zzé%".into(), nothing));
}

#[test]
fn a_guessed_encoding_is_reported() {
    let body = b"<exit><room>Tea</room><user>\x80\xe9</user></exit>\n";
    let said = ",\"encoding\":\"windows-1252\"";
    assert_json(&[], body, 0, &line_of_exit(0, said, "€é"));
    assert_json(&["--dialect=xml"], body, 0, &line_of_exit(0, said, "€é"));
    assert!(run([""; 0], body).out.contains("windows-1252"));

    // Only if it is unambiguous.
    let ambiguous = "<chat><room>Tea</room><user>Al</user><message>\u{e9}</user><message>hi\
                     </message></chat>\n";
    let bytes = encoding_rs::mem::encode_latin1_lossy(ambiguous);
    assert!(run(["--json"], &bytes).out.contains("InvalidUtf8"));
    // And only if no encoding is given.
    let run = run(["--json", "--encoding=utf-8"], body);
    assert!(run.out.contains("InvalidUtf8") && !run.out.contains("windows-1252"));
    assert_eq!(run.status, 1);
}

#[test]
fn bytes_that_are_invalid_in_the_encoding() {
    assert_json(
        &["--encoding=shift_jis"],
        b"<exit><room>Tea</room><user>\x82\xa0\x81\xff</user></exit>\n",
        1,
        "{\"source\":\"-\",\"index\":0,\"family\":\"volano-chat\",\"error\":{\
         \"kind\":\"InvalidEncoding\",\"message\":\"invalid Shift_JIS: \\\"\\\\x81\\\\xff\\\" (byte 30)\",\"offset\":30,\"parameter\":null}}\n",
    );
    let run = run(["--json", "--encoding=ascii"], b"<exit>\xe9</exit>");
    assert!(
        run.out.contains("\"kind\":\"InvalidEncoding\""),
        "{}",
        run.out
    );
    assert!(run.out.contains("\"offset\":6"), "{}", run.out);
}

#[test]
fn standard_input() {
    let expected = line_of_exit(0, "", "Bob");
    assert_json(&[], EXIT, 0, &expected);
    assert_json(&["-"], EXIT, 0, &expected);
    assert_json(&["--", "-"], EXIT, 0, &expected);
}

#[test]
fn one_line_end_after_a_form_is_ignored() {
    let line = |body: &str| run(["--json"], body.as_bytes()).out;
    let body = format!("{ENVELOPE}&comment=hi");
    for end in ["\n", "\r\n"] {
        assert_eq!(line(&format!("{body}{end}")), line(&body));
    }
    assert!(line(&format!("{body}\n\n")).contains("\"hi\\n\""));
    // In a request, it is part of the body.
    let run = run(["--json"], &request(format!("{body}\n")));
    assert!(run.out.contains("\"hi\\n\""));
}

#[test]
fn requests() {
    let mut input = request(EXIT.replace("Bob", "1"));
    input.extend_from_slice(b"GET /favicon.ico HTTP/1.1\nHost: a\n\nPOST / HTTP/1.0\r\n\r\n");
    input.extend_from_slice(b"\r\nPOST / HTTP/1.1\nTransfer-Encoding: Chunked\n\n");
    input.extend_from_slice(b"1C;x=y\r\n<exit><room>Tea</room><user>\r\n0f\n2</user></exit>\r\n");
    input.extend_from_slice(b"0\r\nTrailer: 1\r\n\r\n");
    input.extend_from_slice(&request(EXIT.replace("Bob", "3")));
    let expected = [
        line_of_exit(0, "", "1"),
        line_of_exit(1, "", "2"),
        line_of_exit(2, "", "3"),
    ]
    .concat();
    assert_json(&[], input, 0, &expected);
}

#[test]
fn a_truncated_request() {
    let input = [request(EXIT), request(EXIT)].concat();
    let cut = &input[..input.len() - 3];
    assert_json(
        &[],
        cut,
        1,
        &(line_of_exit(0, "", "Bob")
            + "{\"source\":\"-\",\"index\":1,\"error\":{\"kind\":\"InvalidHttp\",\"message\":\
               \"incomplete body: expected 46 bytes, found 43 (byte 207)\",\"offset\":207,\
               \"parameter\":null}}\n"),
    );
    let run = run(["--json"], b"POST / HTTP/1.1\r\nHost a\r\n\r\n");
    assert!(
        run.out.contains(
            "\"message\":\"malformed request: invalid header name in \\\"Host a\\\" (byte 17)\""
        ),
        "{}",
        run.out
    );
    assert_eq!(run.err, "1 payload: 0 decoded, 1 not\n");
}

#[test]
fn inputs_that_are_not_payloads() {
    for bytes in [&b""[..], b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GET", b"\n"] {
        let run = run(["--json"], bytes);
        assert_eq!(run.status, 1);
        let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(line["family"], "isl-light");
        assert!(line["error"]["kind"].is_string());
    }
}

#[test]
fn directories_and_missing_files() {
    let scratch = Scratch::new("files");
    scratch.file("b/2.xml", EXIT);
    scratch.file("b/1.form", ENVELOPE);
    scratch.file("a.http", [request(EXIT), request(EXIT)].concat());
    scratch.file(".hidden", "x");
    scratch.file("c", EXIT);
    let missing = scratch.0.join("missing");
    let run = run(
        [OsStr::new("--json"), missing.as_ref(), scratch.0.as_ref()],
        b"",
    );
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("decode: "), "{}", run.err);
    if cfg!(unix) {
        let message = format!("decode: {}: No such file or directory\n", missing.display());
        assert_eq!(run.err, message + "5 payloads: 5 decoded, 0 not\n");
    }
    let names: Vec<_> = run
        .out
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let source = Path::new(line["source"].as_str().unwrap());
            let name = source.file_name().unwrap().to_str().unwrap();
            format!("{name} {}", line["index"])
        })
        .collect();
    assert_eq!(
        names,
        ["a.http 0", "a.http 1", "1.form 0", "2.xml 0", "c 0"]
    );
}

/// Two files never have the same source name.
#[cfg(target_os = "linux")]
#[test]
fn names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt as _;

    let scratch = Scratch::new("bytes");
    for name in [&b"\xe9"[..], b"\xe8", b"\\xe9", b"\\\\xe9", "é".as_bytes()] {
        fs::write(scratch.0.join(OsStr::from_bytes(name)), EXIT).unwrap();
    }
    let names = |run: &Run| -> Vec<String> {
        let lines = run.out.lines().map(serde_json::from_str);
        let sources = lines.map(|line: Result<serde_json::Value, _>| {
            let source = line.unwrap()["source"].as_str().unwrap().to_owned();
            source.rsplit('/').next().unwrap().to_owned()
        });
        sources.collect()
    };
    let run = run([OsStr::new("--json"), scratch.0.as_ref()], b"");
    assert_eq!(run.status, 0, "{}", run.err);
    assert_eq!(names(&run), [r"\\\\xe9", r"\\xe9", "é", r"\xe8", r"\xe9"]);

    let missing = scratch.0.join(OsStr::from_bytes(b"\xff"));
    let err = run_path(&missing).err;
    assert!(err.contains(r"/\xff: No such file or directory"), "{err}");
}

/// Entries of a folder that are not read are named, and the exit status is 2.
#[cfg(unix)]
#[test]
fn entries_that_are_not_files_are_skipped_and_named() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    let scratch = Scratch::new("special");
    let path = |name: &str| scratch.0.join(name);
    scratch.file("a", EXIT);
    scratch.file("z/b", EXIT);
    fifo(&path("fifo"));
    let _socket = UnixListener::bind(path("socket")).unwrap();
    symlink(path("a"), path("link-file")).unwrap();
    symlink(path("z"), path("link-folder")).unwrap();
    symlink(path("fifo"), path("link-fifo")).unwrap();
    symlink(path("nowhere"), path("link-nowhere")).unwrap();
    // A loop is never followed.
    symlink(&scratch.0, path("z/link-up")).unwrap();

    let run = run_path(&scratch.0);
    assert_eq!(run.out.matches("#0  VolanoChat  exit\n").count(), 3);
    let messages = [
        ("fifo", "skipped: neither a file nor a folder"),
        ("link-fifo", "skipped: neither a file nor a folder"),
        ("link-folder", "skipped: a link to a folder"),
        ("link-nowhere", "No such file or directory"),
        ("socket", "skipped: neither a file nor a folder"),
        ("z/link-up", "skipped: a link to a folder"),
    ];
    let messages = messages.map(|(name, why)| format!("decode: {}: {why}\n", path(name).display()));
    assert_eq!(
        run.err,
        messages.concat() + "3 payloads: 3 decoded, 0 not\n"
    );
    assert_eq!(run.status, 2);
}

/// A link and a FIFO are read if they are given as arguments.
#[cfg(unix)]
#[test]
fn links_and_fifos_in_arguments_are_read() {
    let scratch = Scratch::new("named");
    scratch.file("folder/a", EXIT);
    let link = scratch.0.join("link");
    std::os::unix::fs::symlink(scratch.0.join("folder"), &link).unwrap();
    assert_eq!(run_path(&link).err, "1 payload: 1 decoded, 0 not\n");

    let path = scratch.0.join("fifo");
    fifo(&path);
    let writer = thread::spawn({
        let path = path.clone();
        move || fs::write(path, request(EXIT)).unwrap()
    });
    assert_eq!(run_path(&path).err, "1 payload: 1 decoded, 0 not\n");
    writer.join().unwrap();
}

#[cfg(unix)]
fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[cfg(unix)]
#[track_caller]
fn run_path(path: &Path) -> Run {
    run([path], b"")
}

/// Output that cannot be written is an error, including the help.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    for args in [&["--help"][..], &["--json", CAPTURES], &[CAPTURES]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = decode().args(args).stdout(full).output().unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(err, "decode: standard output: No space left on device\n");
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn usage() {
    for args in [
        &["--jsno"][..],
        &["-x"],
        &["--json=yes"],
        &["--dialect"],
        &["--dialect", "html"],
        &["--encoding", "klingon"],
        &["--encoding="],
    ] {
        let run = run(args, b"");
        assert_eq!((run.status, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.starts_with("decode: "), "{args:?}");
        assert!(run.err.contains("\nusage: decode "), "{args:?}");
    }
    for help in ["--help", "-h"] {
        let run = run([help], b"");
        assert_eq!((run.status, run.err.as_str()), (0, ""));
        assert!(run.out.starts_with("usage: decode [--json]"));
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_closed_before_the_first_write() {
    use std::os::unix::net::UnixStream;

    for args in [&["--help"][..], &["--json", CAPTURES], &[CAPTURES]] {
        let (reader, writer) = UnixStream::pair().unwrap();
        drop(reader);
        let writer = std::os::fd::OwnedFd::from(writer);
        let output = decode().args(args).stdout(writer).output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn a_closed_pipe() {
    // The pipe is closed while the example waits for more requests, or while it writes.
    for repeated in [1, 20_000] {
        let mut child = decode()
            .arg("--json")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writer = thread::spawn(move || {
            let requests = request(EXIT).repeat(repeated);
            // Until the process has ended.
            while stdin.write_all(&requests).is_ok() {}
        });
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        drop(out);
        assert_eq!(line, line_of_exit(0, "", "Bob"));
        let status = child.wait().unwrap();
        let mut err = String::new();
        child.stderr.unwrap().read_to_string(&mut err).unwrap();
        assert_eq!((status.code(), err.as_str()), (Some(0), ""));
        writer.join().unwrap();
    }
}

#[test]
fn a_payload_is_shown_before_the_next_arrives() {
    let mut child = decode()
        .arg("--json")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for index in 0..3 {
        stdin.write_all(&request(EXIT)).unwrap();
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line, line_of_exit(index, "", "Bob"));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

/// Text output must not control the terminal, be invisible, or change the direction of writing.
#[track_caller]
fn assert_harmless(text: &str) {
    text.split('\n').for_each(deceptive::assert_harmless);
}

#[test]
fn text_has_no_control_characters() {
    assert_harmless(&run([CAPTURES], b"").out);

    let hostile = "\u{1b}[2J\u{7}\0\t\r\u{85}\u{9b}31m\u{202e}gpj\u{200b}\u{feff}\u{2066}\
                   \u{fe0f}\u{3164}\u{e0041}\u{ad}\u{2800}\u{13441}\u{1d159}\u{fffc}\
                   \u{e000}\u{a0}\u{3000}";
    let room = format!("<chat><room>{hostile}</room><user>a</user><message>x</message></chat>");
    let forged = room.replace('x', "</user><message>");
    let mut form = String::from(ENVELOPE);
    form += &format!("&{hostile}={hostile}&reason={hostile}");
    let percent: String = hostile.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let escaped = format!("{ENVELOPE}&{percent}={percent}&EVENT={percent}");
    let other = ENVELOPE
        .replace("ISL_Light", &percent)
        .replace("STOP", &percent);
    let head = format!("POST / HTTP/1.1\r\n{hostile}: 1\r\n\r\n");
    for body in [
        room.clone(),
        forged,
        room.replace("</user>", "<user>"),
        form.clone(),
        escaped,
        other,
        form.replace("1206303963", hostile),
        head,
    ] {
        for args in [
            &[][..],
            &["--lenient"],
            &["--dialect=xml"],
            &["--dialect=verbatim"],
        ] {
            assert_harmless(&run(args, body.as_bytes()).out);
        }
    }
    if cfg!(unix) {
        let scratch = Scratch::new("names");
        scratch.file("a\u{1b}[31m\u{202e}", EXIT);
        assert_harmless(&run([&scratch.0], b"").out);
        assert_harmless(&run([scratch.0.join("\u{1b}[31m")], b"").err);
    }
}

#[test]
fn text_has_every_parameter() {
    let pairs: Vec<_> = Parameter::ALL.iter().map(|p| format!("{p}=1")).collect();
    let run = run([""; 0], pairs.join("&").as_bytes());
    assert_eq!(run.status, 0);
    for parameter in Parameter::ALL {
        let name = parameter.name();
        let shown = run.out.lines().filter(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(name) || words.next() == Some(name)
        });
        assert_eq!(shown.count(), 1, "{name} in\n{}", run.out);
    }
}

#[test]
fn text_has_readable_values() {
    let long = "é".repeat(300);
    let run = run(
        [""; 0],
        format!(
            "{ENVELOPE}&CPUSER=%5C%5Cdefault%5Cjanez&reason=+he+said+%22no%22%0A\
             &totalTransferredBytes=10485760&totalConnectionTime=852&startTime=1206303111\
             &gracefulExit=1&comment={long}"
        )
        .as_bytes(),
    );
    assert_eq!(
        run.out,
        format!(
            "\
- #0  ISL Light  STOP  2008-03-23 20:26:03 UTC
  envelope  TIMESTAMP                  2008-03-23 20:26:03 UTC  (1206303963)
            MODULE                     ISL_Light
            EVENT                      STOP
            SERVERID                   19
            DOMAIN_ID                  s-999_0_0
  reason    reason                     \" he said \"no\"\\n\"
  session   startTime                  2008-03-23 20:11:51 UTC  (1206303111)
            totalTransferredBytes      10.0 MiB  (10485760)
            totalConnectionTime        14 min 12 s  (852)
            gracefulExit               yes  (1)
  user      CPUSER                     \\\\default\\janez
  extra     comment                    {}… (300 characters)

",
            "é".repeat(200)
        )
    );
}

#[test]
fn text_columns_are_aligned() {
    let body = format!("{ENVELOPE}&%E8%8C%B6%E8%8C%B6=tea&e%CC%81=accent&ab=plain");
    let run = run([""; 0], body.as_bytes());
    // In a terminal, such a character takes two columns, and a combining accent none.
    let extra = "  extra     茶茶                       tea
            e\u{301}                          accent
            ab                         plain
";
    assert!(run.out.contains(extra), "{}", run.out);
}

#[test]
fn text_of_errors() {
    let forged =
        "<chat><room>Tea</room><user>Al</user><message>b</user><message>hi</message></chat>";
    let run = run([""; 0], forged.as_bytes());
    assert_eq!(
        run.out,
        "\
- #0  VolanoChat  not decoded: Ambiguous
  ambiguous: `</user><message>` at bytes 30 and 47
    | <chat><room>Tea</room><user>Al</user><message>b</user><message>hi</message></chat>
    |                               ^^^^^^^^^^^^^^^^
  reading 1  room     Tea
             user     Al
             message  b</user><message>hi
  reading 2  room     Tea
             user     Al</user><message>b
             message  hi

"
    );
}

// The splitter.

/// Returns the bodies of an input that arrives in these pieces.
fn split<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Result<Vec<u8>, String>> {
    let mut splitter = http::Splitter::new();
    let mut all = Vec::new();
    let mut drain = |splitter: &mut http::Splitter| {
        while let Some(payload) = splitter.next() {
            all.push(match payload {
                Ok(body) => Ok(body.to_vec()),
                Err(error) => Err(format!("{} {error}", error.offset)),
            });
        }
    };
    for mut piece in pieces {
        while !piece.is_empty() {
            splitter.read_from(&mut piece).unwrap();
        }
        drain(&mut splitter);
    }
    splitter.finish();
    drain(&mut splitter);
    all
}

/// Asserts the bodies of an input that is cut at any position.
#[track_caller]
fn assert_split(input: &[u8], expected: &[Result<&str, &str>]) {
    let whole = split([input]);
    let seen: Vec<_> = whole
        .iter()
        .map(|payload| match payload {
            Ok(body) => Ok(str::from_utf8(body).unwrap()),
            Err(message) => Err(message.as_str()),
        })
        .collect();
    assert_eq!(seen, expected);
    for at in 0..=input.len() {
        let (one, other) = input.split_at(at);
        assert_eq!(split([one, other]), whole, "cut at {at}");
    }
    for size in 1..8 {
        assert_eq!(split(input.chunks(size)), whole, "pieces of {size}");
    }
}

#[test]
fn pieces_do_not_change_the_result() {
    let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\
                   3\r\nabc\r\n2;x\ndef\r\n";
    assert_split(
        [&request("one")[..], &request("two\r\n\r\n")]
            .concat()
            .as_slice(),
        &[Ok("one"), Ok("two\r\n\r\n")],
    );
    assert_split(
        [
            &request("one")[..],
            b"\r\n\r\nGET / HTTP/1.1\n\n",
            &request("two"),
        ]
        .concat()
        .as_slice(),
        &[Ok("one"), Ok("two")],
    );
    assert_split(
        format!("{}0\r\n\r\n", chunked.replace("def", "de")).as_bytes(),
        &[Ok("abcde")],
    );
    assert_split(
        chunked.as_bytes(),
        &[Err("61 missing line end after a chunk (byte 61)")],
    );
    assert_split(
        &request("cut")[..50],
        &[Err("50 incomplete head (byte 50)")],
    );
    assert_split(
        &[&request("one")[..], b"HTTP/1.1 200 OK\r\n\r\n"].concat(),
        &[
            Ok("one"),
            Err(
                "61 expected a request line, found \"HTTP/1.1 200 OK\"; a body needs a Content-Length (byte 61)",
            ),
        ],
    );
}

/// A head that differs from a known one only in its length is not parsed again, with the same
/// result.
#[test]
fn repeated_heads() {
    let head = |room: &str, length: &str| {
        format!("POST /{room} HTTP/1.1\r\nContent-Length: {length}\r\nHost: a\r\n\r\n")
    };
    let two = [head("a", "3"), "one".into(), head("b", "3"), "two".into()].concat();
    for (length, body) in [
        ("0", ""),
        ("12", "a longer one"),
        ("003", "abc"),
        ("3, 3", "abc"),
        ("3\r\nContent-Length: 3", "abc"),
        ("3\r\nA: b", "abc"),
    ] {
        for room in ["a", "b"] {
            let request = head(room, length) + body;
            let input = [&two, &*request, &request, &two].concat();
            let again = if body.is_empty() {
                &[][..]
            } else {
                &[Ok(body); 2]
            };
            let both = [Ok("one"), Ok("two")];
            assert_split(input.as_bytes(), &[&both[..], again, &both].concat());
        }
    }

    let at = two.len();
    for (length, error) in [
        ("268435457", "body too long: more than 268435456 bytes"),
        (
            "99999999999999999999",
            "invalid or repeated Content-Length: \"99999999999999999999\"",
        ),
        ("", "invalid or repeated Content-Length: \"\""),
        ("-1", "invalid or repeated Content-Length: \"-1\""),
        ("1 2", "invalid or repeated Content-Length: \"1 2\""),
        (
            "1\r\nTransfer-Encoding: chunked",
            "both a Content-Length and a Transfer-Encoding",
        ),
    ] {
        let input = two.clone() + &head("a", length);
        let value = at + "POST /a HTTP/1.1\r\nContent-Length: ".len();
        let at = if error.starts_with("invalid") {
            value
        } else {
            at
        };
        let error = format!("{at} {error} (byte {at})");
        assert_split(input.as_bytes(), &[Ok("one"), Ok("two"), Err(&error)]);
    }
}

#[test]
fn contradictory_requests() {
    let with = |headers: &str| format!("POST / HTTP/1.1\r\n{headers}\r\n\r\nabc\r\n0\r\n\r\n");
    for headers in [
        "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: 3, 4",
        "Content-Length: +3",
        "Content-Length: ",
        "Content-Length: 99999999999999999999",
        "Content-Length: 268435457",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ] {
        let payloads = split([with(headers).as_bytes()]);
        assert!(matches!(&payloads[..], [Err(_)]), "{headers}: {payloads:?}");
    }
    assert_split(
        &with("Content-Length: 3, 3\r\ncontent-length:3").as_bytes()[..64],
        &[Ok("abc")],
    );
}

#[test]
fn inputs_that_are_too_long() {
    let head = format!(
        "POST / HTTP/1.1\r\nA: {}\r\n\r\n",
        "a".repeat(http::MAX_HEAD)
    );
    assert_eq!(
        split([head.as_bytes()]),
        [Err(
            "0 head too long: more than 65536 bytes (byte 0)".to_owned()
        )],
    );
    assert_eq!(split(head.as_bytes().chunks(100)), split([head.as_bytes()]));
    let size = format!(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n",
        http::MAX_BODY + 1
    );
    assert!(split([size.as_bytes()])[0].is_err());
}

#[test]
fn detecting_requests() {
    let sniff = |bytes: &[u8]| {
        let decision = http::Sniffer::new().feed(bytes);
        let mut by_byte = http::Sniffer::new();
        let last = bytes.iter().map(|&byte| by_byte.feed(&[byte])).last();
        assert_eq!(last.flatten(), decision);
        decision
    };
    assert_eq!(sniff(b"POST /a?b HTTP/1.1\r\n"), Some(true));
    assert_eq!(sniff(b"\r\nM-SEARCH * HTTP/1."), Some(true));
    assert_eq!(sniff(b"POST /a HTTP/1"), None);
    assert_eq!(sniff(b"POST"), None);
    assert_eq!(sniff(b"POST /a HTTP/2"), Some(false));
    assert_eq!(sniff(b"POST  HTTP/1.1"), Some(false));
    assert_eq!(sniff(b"<create>"), Some(false));
    assert_eq!(sniff(b"TIMESTAMP="), Some(false));
    assert_eq!(sniff(&[b'a'; http::MAX_HEAD + 1]), Some(false));
}

/// JSON, with characters escaped that could break a line or control a terminal.
fn one_line(json: &str) -> String {
    let escape = |c: char| match c {
        '\u{7f}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' => format!("\\u{:04x}", u32::from(c)),
        c => c.to_string(),
    };
    json.chars().map(escape).collect()
}

#[test]
fn json_text_is_escaped_where_needed() {
    let mut out = Vec::new();
    let mut check = |text: &str| {
        out.clear();
        json_text::push_text(&mut out, text);
        assert_eq!(
            str::from_utf8(&out).unwrap(),
            one_line(&serde_json::to_string(text).unwrap())
        );
    };
    // Every character, on its own.
    ('\0'..=char::MAX).for_each(|c| check(c.encode_utf8(&mut [0; 4])));
    // At every position in texts of every length, once and twice in a row.
    let plain = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for c in [
        '\0', '\n', '\u{1f}', '"', '\\', '\u{7f}', '\u{85}', '\u{a0}', 'é', '\u{61c}', '؝',
        '\u{202e}', '“', '茶', '🍵',
    ] {
        for length in 0..50 {
            for at in 0..=length {
                let (before, after) = plain[..length].split_at(at);
                check(&format!("{before}{c}{after}"));
                check(&format!("{before}{c}{c}{after}"));
                check(&format!("{c}{before}{c}{after}"));
            }
        }
    }
}

/// An event is written exactly as in its stored form.
#[test]
fn json_of_events_is_their_stored_form() {
    let stored =
        |body: &[u8]| match Payload::parse_with(body, &Parser::new().lenient(), Dialect::Auto) {
            Ok(Payload::IslLight(notification)) => serde_json::to_string(&notification).ok(),
            Ok(Payload::VolanoChat(event)) => serde_json::to_string(&event).ok(),
            _ => None,
        };
    let mut bodies: Vec<_> = common::isl_captures()
        .into_iter()
        .map(|capture| capture.body.into_bytes())
        .collect();
    bodies.extend(
        common::chat_captures()
            .into_iter()
            .map(|capture| capture.body.into_bytes()),
    );
    let pairs: Vec<_> = Parameter::ALL.iter().map(|p| format!("{p}=1")).collect();
    bodies.push(
        (pairs.join("&") + "&=&%22=%5C&a=%E2%80%AE%00&SERVERID=2&gracefulExit=yes").into_bytes(),
    );
    bodies.retain(|body| stored(body).is_some());
    assert_eq!(bodies.len(), 15 + 430 + 1);

    let requests: Vec<u8> = bodies.iter().flat_map(request).collect();
    let run = run(["--json", "--lenient"], &requests);
    assert_eq!(run.status, 0, "{}", run.err);
    for (line, body) in run.out.lines().zip(&bodies) {
        let (_, event) = line.split_once(",\"event\":").unwrap();
        let stored = one_line(&stored(body).unwrap());
        let rest = event.strip_prefix(&stored).unwrap_or_default();
        // Only the body made by hand has problems.
        assert!(
            rest == "}" || rest.starts_with(",\"problems\":["),
            "{event}\n{stored}"
        );
    }
    assert_eq!(run.out.lines().count(), bodies.len());
}

/// There is one line per payload, even for readers that accept other line ends than LF.
#[test]
fn json_has_one_line_per_payload() {
    let text = "a\u{2028}b\u{2029}c\u{85}d\u{202e}e\u{7f}f\u{2066}é茶";
    let body = format!("<exit><room>{text}</room><user>u</user></exit>");
    let run = run(["--json"], body.as_bytes());
    let line: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(line["event"]["room"], text);
    assert!(
        run.out
            .contains(r"a\u2028b\u2029c\u0085d\u202ee\u007ff\u2066é茶"),
        "{}",
        run.out
    );
}
