//! The response to the START of a session.

mod support;

use std::process::Command;

use support::{Receiver, captures, stop};
use tempfile::tempdir;

fn receiver(secret: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_receiver"));
    command.env("RECEIVER_ISL_SECRET", secret);
    command
}

fn start(session: &str) -> Vec<u8> {
    format!(
        "TIMESTAMP=1206303963&MODULE=ISL_LIGHT&EVENT=START&SERVERID=19&DOMAIN_ID=s-999_0_0\
         &SESSIONID={session}"
    )
    .into_bytes()
}

#[test]
fn start_is_answered_with_the_message() {
    let folder = tempdir().expect("a folder");
    let database = folder.path().join("events.db");
    let message = ["--start-message", "Welcome & <hello>"];
    let receiver = Receiver::spawn(receiver("s3cret \"&'"), &database, &message);
    let mut client = receiver.connect();
    let expected = "<module secret=\"s3cret &quot;&amp;'\"><islLight><session id=\"s19_3_390\">\
         <send to=\"client\"><msgbox>1</msgbox><message>Welcome &amp; &lt;hello&gt;</message></send>\
         </session></islLight></module>";
    // A repeated START gets the same response.
    for target in ["/isl-light", "/callback", "/isl-light?room=x"] {
        let answer = client.post(target, &start("s19_3_390"));
        assert_eq!((answer.status, &*answer.text()), (200, expected));
        assert_eq!(answer.headers["content-type"], "text/xml; charset=utf-8");
    }
    // Other events, other products, and sessions without a valid id are only acknowledged.
    for capture in captures("isl_light") {
        let answer = client.post("/isl-light", &capture.body);
        match capture.name.as_str() {
            "05-start" | "13-newer-parameters" => {
                assert!(answer.text().contains("<message>Welcome"), "{answer:?}")
            }
            _ => answer.acknowledges_isl_light(),
        }
    }
    let other = String::from_utf8(start("s1_1_1")).expect("UTF-8");
    let other = other.replace("ISL_LIGHT", "ISL_PRONTO");
    for body in [
        other.as_bytes(),
        &stop(1),
        &start(""),
        &start("%00"),
        b"EVENT=START",
    ] {
        client.post("/isl-light", body).acknowledges_isl_light();
    }
    let spoken = b"<chat><room>Tea</room><user>Al</user><message>START</message></chat>\n";
    client.post("/callback", spoken).acknowledges_volano_chat();
}

#[test]
fn secret_is_read_from_the_environment_and_checked() {
    let folder = tempdir().expect("a folder");
    for (secret, text, expected) in [
        ("", "Welcome", "needs the database secret"),
        ("s3\u{1}cret", "Welcome", "cannot be sent"),
        ("s3cret", "\u{1}", "cannot be sent"),
    ] {
        let mut command = receiver(secret);
        command.current_dir(folder.path());
        let output = command
            .args(["--listen", "127.0.0.1:0", "--start-message", text])
            .output();
        let output = output.expect("its end");
        let message = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("s3"), "{message}");
        assert!(!folder.path().join("receiver.db").exists());
    }
}
