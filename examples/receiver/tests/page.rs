//! The page and its stream, with captures and with hostile events.

#[path = "support/browser.rs"]
mod browser;
mod support;

use std::fs;
use std::path::Path;

use browser::Browser;
use serde_json::Value;
use support::{Client, Receiver, TEA_AND_CAKES, captures, chat, stop, wait_until};
use tempfile::tempdir;

/// Reads the next event of the stream.
fn next(client: &mut Client) -> Value {
    loop {
        // Skips chunk sizes, other fields, and empty lines.
        if let Some(data) = client.line().strip_prefix("data: ") {
            return serde_json::from_str(data).expect("JSON");
        }
    }
}

fn follow(receiver: &Receiver, header: &str) -> Client {
    let mut client = receiver.connect();
    client.send(format!("GET /events HTTP/1.1\r\nHost: x\r\n{header}\r\n").as_bytes());
    client
}

#[test]
fn stream() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let mut client = receiver.connect();
    client.post("/isl-light", &stop(1));
    client.post("/volano-chat?room=Tea", &chat(1));

    // Earlier events, a new event, and a repeated one.
    let mut stream = follow(&receiver, "");
    let first = next(&mut stream);
    assert_eq!(
        (&first["id"], &first["value"]["SESSIONID"]),
        (&1.into(), &"s19_3_1".into())
    );
    let second = next(&mut stream);
    assert_eq!(
        (&second["room"], &second["value"]["message"]),
        (&"Tea".into(), &"1".into())
    );
    client.post("/volano-chat", &chat(2));
    assert_eq!(next(&mut stream)["value"]["message"], "2");
    client.post("/isl-light", &stop(1));
    let again = next(&mut stream);
    assert_eq!((&again["id"], &again["count"]), (&1.into(), &2.into()));

    // Resumes after the last event of another stream.
    let mut stream = follow(&receiver, "Last-Event-ID: 3\r\n");
    assert_eq!(next(&mut stream)["count"], 2);
    // An open stream does not prevent shutdown.
    receiver.stop();
}

#[test]
fn streams_over_the_limit_are_refused() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &["--max-streams", "2"]);
    receiver.connect().post("/isl-light", &stop(1));
    let mut served = [follow(&receiver, ""), follow(&receiver, "")];
    for stream in &mut served {
        assert_eq!(next(stream)["id"], 1);
    }
    assert_eq!(receiver.connect().get("/events").status, 503);
    assert_eq!(
        receiver.metric("receiver_refused_total{reason=\"streams\"}"),
        1.0
    );
    // The limit does not apply to events, and a closed stream makes room for another.
    receiver
        .connect()
        .post("/isl-light", &stop(2))
        .acknowledges_isl_light();
    drop(served);
    wait_until("there is a place", || {
        let mut stream = follow(&receiver, "");
        stream.line() == "HTTP/1.1 200 OK\r\n"
    });
}

/// Texts that would do harm as markup, or deceive if they were shown raw.
const HOSTILE: &[&str] = &[
    "<img src=x onerror=\"document.title='owned'\">",
    "<script>document.title='owned'</script>",
    "<svg onload=document.title='owned'><style>*{display:none}</style>",
    "</script></style></textarea><!-- --><iframe srcdoc='<script>parent.document.title=1</script>'>",
    "javascript:document.title='owned'",
    "${document.title='owned'} {{constructor.constructor('document.title=1')()}}",
    "\u{202e}drowssap\u{2066}\u{200b}\u{feff}\u{7}\u{1b}[2J\0\r\nid: 9\r\ndata: {}\n\n",
    "__proto__ constructor toString",
];

#[test]
fn hostile_events_in_a_browser() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let page = receiver.connect().get("/");
    let policy = &page.headers["content-security-policy"];
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let source = page.text();
    for sink in [
        "innerHTML",
        "outerHTML",
        "insertAdjacent",
        "document.write",
        "eval(",
        "http:",
        "https:",
    ] {
        assert!(!source.contains(sink), "{sink}");
    }

    let mut client = receiver.connect();
    let mut events = 0;
    for capture in captures("volano_chat").iter().chain(&captures("isl_light")) {
        let target = capture.target_in(TEA_AND_CAKES);
        assert_eq!(client.post_capture(capture, &target).status, 200);
        events += 1;
    }
    for hostile in HOSTILE {
        let chat = format!(
            "<chat><room>{hostile}</room><user>{hostile}</user><message>{hostile}</message></chat>\n"
        );
        let encoded: String = hostile.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let stop = format!(
            "TIMESTAMP=1206303963&MODULE={encoded}&EVENT={encoded}&SERVERID=19&DOMAIN_ID={encoded}\
             &SESSIONID={encoded}&reason={encoded}&{encoded}={encoded}"
        );
        let unreadable = format!("{hostile}\u{e9}&SERVERID={encoded}");
        for (target, body) in [
            ("/volano-chat", &chat),
            ("/isl-light", &stop),
            ("/isl-light", &unreadable),
            ("/volano-chat", &unreadable),
        ] {
            let target = format!("{target}?room={encoded}&encoding=utf-8");
            assert_eq!(client.post(&target, body.as_bytes()).status, 200);
            events += 1;
        }
    }

    let Some(mut browser) = Browser::open(&format!("http://{}/", receiver.address)) else {
        eprintln!("skipped: chromium is not installed");
        return;
    };
    browser.wait_until(&format!(
        "document.getElementById('counts')?.textContent.startsWith('{events} events: ')"
    ));
    // Nothing was run or loaded, and no text became an element.
    let check = |browser: &mut Browser, what: &str| {
        browser.evaluate("for (const row of document.querySelectorAll('details')) row.open = true");
        std::thread::sleep(std::time::Duration::from_millis(200));
        let elements = "[...new Set([...document.querySelectorAll('main *, datalist *')].map(e => e.localName))].sort().join(' ')";
        let elements = browser.evaluate(elements);
        let allowed = "b bdi code datalist details div em h2 h3 li ol option p pre section span strong summary table tbody td time tr ul";
        for element in elements.as_str().expect("names").split(' ') {
            assert!(
                allowed.split(' ').any(|allowed| allowed == element),
                "{what}: <{element}>"
            );
        }
        assert_eq!(browser.evaluate("document.title"), "What arrives", "{what}");
        assert_eq!(browser.evaluate("document.scripts.length"), 1, "{what}");
        assert_eq!(
            browser.evaluate("document.documentElement.dataset.violation ?? ''"),
            "",
            "{what}"
        );
        let hidden = "/[\\u0000-\\u0009\\u000b-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff]/u.test(document.querySelector('main').textContent)";
        assert_eq!(browser.evaluate(hidden), false, "{what}");
        browser
            .evaluate("document.querySelectorAll('details').length")
            .as_u64()
            .expect("a number")
    };
    assert_eq!(check(&mut browser, "all"), 200);
    for hostile in HOSTILE {
        browser.set("room", hostile);
        // A field of one line cannot hold a line feed.
        if !hostile.contains('\n') {
            assert_eq!(check(&mut browser, hostile), 4, "{hostile}");
        }
        browser.set("room", "");
        browser.set("session", hostile);
        check(&mut browser, hostile);
        browser.set("session", "");
    }
    browser.set("outcome", "doubt");
    let undecided = support::number(
        &receiver.open(),
        "SELECT count(*) FROM events WHERE error_kind = 'Ambiguous' AND value IS NULL",
    );
    assert_eq!(check(&mut browser, "ambiguous"), undecided as u64);
    assert!(
        browser
            .evaluate("document.querySelectorAll('.reading').length")
            .as_i64()
            >= Some(2 * undecided)
    );
    browser.set("outcome", "bad");
    let unreadable = support::number(
        &receiver.open(),
        "SELECT count(*) FROM events WHERE value IS NULL AND readings IS NULL",
    );
    assert_eq!(check(&mut browser, "not decoded"), unreadable as u64);
    browser.set("outcome", "");

    // The timeline of a session.
    browser.set("family", "isl-light");
    browser.set("session", "s19_3_390");
    let steps = "[...document.querySelectorAll('.step strong')].map(e => e.textContent).join(', ')";
    let steps = browser.evaluate(steps);
    let steps = steps.as_str().expect("names");
    assert!(steps.starts_with("NEW SESSION, "), "{steps}");
    assert!(
        steps.contains("START, ") && steps.contains("STOP"),
        "{steps}"
    );

    // An event that arrives while the page is open.
    browser.set("family", "");
    browser.set("session", "s19_3_777");
    client
        .post("/isl-light", &stop(777))
        .acknowledges_isl_light();
    browser.wait_until("document.querySelectorAll('details').length === 1");
}

/// Takes the picture for the README. To update it, run
/// `UPDATE_PICTURE=1 cargo test --release --test page picture`.
#[test]
fn picture() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let mut client = receiver.connect();
    let chats = captures("volano_chat");
    // Both possible speakers of the last message are in the room.
    let al = chats
        .iter()
        .find(|capture| capture.said["event"] == "enter" && capture.said["fields"]["user"] == "Al");
    let forged = chats
        .iter()
        .find(|capture| capture.name == "utf8-00131-chat");
    for capture in chats[..40].iter().chain(al).chain(forged) {
        let target = capture.target_in(TEA_AND_CAKES);
        client
            .post_capture(capture, &target)
            .acknowledges_volano_chat();
    }
    let latin1 =
        b"<chat><room>Tea</room><user>Ren\xe9</user><message>Un caf\xe9 ?</message></chat>\n";
    client.post("/volano-chat?room=Tea", latin1);
    // A complete session.
    let isl = captures("isl_light");
    for name in [
        "01-new-session",
        "03-code",
        "05-start",
        "06-reconnect",
        "07-stop",
    ] {
        let capture = isl.iter().find(|capture| capture.name == name).expect(name);
        client
            .post("/isl-light", &capture.body)
            .acknowledges_isl_light();
    }
    let stop = &isl
        .iter()
        .find(|capture| capture.name == "07-stop")
        .expect("a capture")
        .body;
    client.post("/isl-light", stop).acknowledges_isl_light();

    let url = format!("http://{}/#session=s19_3_390", receiver.address);
    let Some(mut browser) = Browser::open(&url) else {
        eprintln!("skipped: chromium is not installed");
        return;
    };
    browser.wait_until("document.querySelectorAll('.step').length === 5");
    browser.evaluate(
        "document.getElementById('session').value = ''; draw();
        document.getElementById('session').value = 's19_3_390'; drawSession();
        document.querySelector('#list .event').open = false;",
    );
    std::thread::sleep(std::time::Duration::from_millis(300));
    let picture = browser.picture();
    assert!(picture.starts_with(b"\x89PNG"));
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("page.png");
        fs::write(path, picture).expect("a file");
    }
}
