//! Storing events despite failures: the process is killed, the disk is full, the database is locked,
//! a connection breaks.

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::Connection;
use support::{Client, Receiver, chat, number, request, stop, wait_until};
use tempfile::tempdir;

const POSTS: usize = 50_000;
const SENDERS: usize = 32;

/// Posts an event: even numbers for ISL, odd numbers for VolanoChat.
fn post(client: &mut Client, number: usize) -> bool {
    let answer = match number % 2 {
        0 => client.try_post("/isl-light", &stop(number)),
        _ => client.try_post("/volano-chat", &chat(number)),
    };
    answer.is_some_and(|answer| {
        assert_eq!(answer.status, 200);
        true
    })
}

/// Posts until the connection breaks or nothing is left. Returns the numbers without a response.
fn send(receiver: &Receiver, mut numbers: Vec<usize>, acknowledged: &AtomicUsize) -> Vec<usize> {
    let mut client = receiver.connect();
    while let Some(&number) = numbers.last() {
        if !post(&mut client, number) {
            break;
        }
        numbers.pop();
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    numbers
}

#[test]
fn killed_during_50_000_posts() {
    let folder = tempdir().expect("a folder");
    let acknowledged = AtomicUsize::new(0);
    let left: Vec<Vec<usize>> = (0..SENDERS)
        .map(|sender| (sender..POSTS).step_by(SENDERS).collect())
        .collect();

    let first = Receiver::start(&folder, &[]);
    let left: Vec<_> = thread::scope(|scope| {
        let senders: Vec<_> = left
            .into_iter()
            .map(|numbers| scope.spawn(|| send(&first, numbers, &acknowledged)))
            .collect();
        wait_until("half of the posts", || {
            acknowledged.load(Ordering::Relaxed) >= POSTS / 2
        });
        let id = first.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-KILL", &id])
                .status()
                .expect("kill")
                .success()
        );
        senders
            .into_iter()
            .map(|sender| sender.join().expect("a sender"))
            .collect()
    });
    let before = acknowledged.load(Ordering::Relaxed);
    assert!(
        (POSTS / 2..POSTS).contains(&before),
        "{before} were acknowledged"
    );
    first.kill();

    // Each sender starts by repeating its unanswered event.
    let second = Receiver::start(&folder, &[]);
    thread::scope(|scope| {
        for numbers in left {
            scope.spawn(|| assert_eq!(send(&second, numbers, &acknowledged), [0; 0]));
        }
    });
    assert_eq!(acknowledged.load(Ordering::Relaxed), POSTS);
    let database = second.open();

    // Each event of ISL is stored once. Its count includes the repeat.
    let isl = "SELECT count(*) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, isl), (POSTS / 2) as i64);
    let sessions = "SELECT count(DISTINCT session) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, sessions), (POSTS / 2) as i64);

    // Each event of VolanoChat is stored once, apart from marked repeats after a lost response.
    let chats = "SELECT count(*) FROM events WHERE family = 'volano-chat' AND repeat_of IS NULL";
    assert_eq!(number(&database, chats), (POSTS / 2) as i64);
    let messages = "SELECT count(DISTINCT message) FROM events WHERE repeat_of IS NULL";
    assert_eq!(number(&database, messages), (POSTS / 2) as i64);
    let repeats =
        "SELECT count(*) FROM events AS again JOIN events AS before ON before.id = again.repeat_of
        WHERE again.body IS NOT before.body OR again.run = before.run";
    assert_eq!(number(&database, repeats), 0);
    let came_again = "SELECT count(*) FILTER (WHERE repeat_of IS NOT NULL)
        + coalesce(sum(count - 1), 0) FROM events";
    let came_again = number(&database, came_again);
    assert!(came_again <= SENDERS as i64, "{came_again}");
    let check: String = database
        .query_row("PRAGMA integrity_check", (), |row| row.get(0))
        .expect("a check");
    assert_eq!(check, "ok");
    second.stop();
}

/// Starts a receiver with its database on a separate disk of 2 MiB.
fn on_a_small_disk(folder: &Path) -> Receiver {
    let mut command = Command::new("unshare");
    let script = "mount -t tmpfs -o size=2m none \"$0\" && exec \"$@\"";
    command
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(folder);
    command.arg(env!("CARGO_BIN_EXE_receiver"));
    Receiver::spawn(command, &folder.join("events.db"), &[])
}

/// Copies the files of the database, as a crash would leave them, and opens the copy.
fn snapshot(disk: &Path, folder: &Path) -> Connection {
    for file in ["events.db", "events.db-wal"] {
        fs::copy(disk.join(file), folder.join(file)).expect("a copy");
    }
    let _ = fs::remove_file(folder.join("events.db-shm"));
    Connection::open(folder.join("events.db")).expect("a database")
}

#[test]
fn full_disk() {
    let probe = [
        "--map-root-user",
        "--mount",
        "mount",
        "-t",
        "tmpfs",
        "none",
        "/mnt",
    ];
    let probe = Command::new("unshare").args(probe).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        eprintln!("skipped: cannot mount a disk");
        return;
    }
    let folder = tempdir().expect("a folder");
    let receiver = on_a_small_disk(folder.path());
    // The path of the disk in the mount namespace of the receiver.
    let disk = format!("/proc/{}/root{}", receiver.id(), folder.path().display());
    let disk = Path::new(&disk);

    let mut client = receiver.connect();
    let mut stored = 0;
    while client.post("/isl-light", &stop(stored)).status == 200 {
        stored += 1;
        assert!(stored < 100_000, "it is never full");
    }
    assert!(stored > 100, "{stored}");
    // A shorter event may still fit.
    let mut chats = 0;
    while client.post("/volano-chat", &chat(chats)).status == 200 {
        chats += 1;
        assert!(chats < 100_000, "it is never full");
    }
    for _ in 0..3 {
        assert_eq!(client.post("/isl-light", &stop(stored)).status, 503);
        assert_eq!(client.post("/volano-chat", &chat(chats)).status, 503);
    }
    assert_eq!(client.get("/healthz").status, 503);
    assert_eq!(receiver.metric("receiver_unavailable_total"), 8.0);
    let database = snapshot(disk, folder.path());
    assert_eq!(
        number(&database, "SELECT count(*) FROM events"),
        (stored + chats) as i64
    );
    drop(database);

    // Free space again, by growing the disk.
    let id = receiver.id().to_string();
    let grow = Command::new("nsenter")
        .args([
            "--target",
            &id,
            "--user",
            "--mount",
            "mount",
            "-o",
            "remount,size=8m",
        ])
        .arg(folder.path())
        .status();
    assert!(grow.expect("nsenter").success());
    client
        .post("/isl-light", &stop(stored))
        .acknowledges_isl_light();
    client
        .post("/volano-chat", &chat(chats))
        .acknowledges_volano_chat();
    assert_eq!(client.get("/healthz").status, 200);
    let database = snapshot(disk, folder.path());
    assert_eq!(
        number(&database, "SELECT count(*) FROM events"),
        (stored + chats) as i64 + 2
    );
    assert_eq!(
        number(&database, "SELECT count(DISTINCT session) FROM events"),
        stored as i64 + 1
    );
    assert_eq!(
        number(&database, "SELECT sum(count) FROM events"),
        (stored + chats) as i64 + 2
    );
}

/// Locks the database, like another program.
fn lock(receiver: &Receiver) -> Connection {
    let database = Connection::open(&receiver.database).expect("a database");
    database.busy_timeout(support::LIMIT).expect("a database");
    database.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    database
}

#[test]
fn locked_database() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &["--storage-time", "0.2"]);
    let mut client = receiver.connect();
    let locked = lock(&receiver);
    assert_eq!(client.post("/isl-light", &stop(1)).status, 503);
    assert_eq!(client.post("/volano-chat", &chat(1)).status, 503);
    assert_eq!(client.get("/healthz").status, 503);
    drop(locked);
    client.post("/isl-light", &stop(1)).acknowledges_isl_light();
    assert_eq!(client.get("/healthz").status, 200);
    let database = receiver.open();
    assert_eq!(number(&database, "SELECT count(*) FROM events"), 1);
    assert_eq!(number(&database, "SELECT count FROM events"), 1);
}

#[test]
fn waits_for_a_short_lock() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &["--storage-time", "60"]);
    let mut client = receiver.connect();
    let locked = lock(&receiver);
    client.send(&request("/volano-chat", &chat(1)));
    thread::sleep(Duration::from_millis(200));
    drop(locked);
    client
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();
}

#[test]
fn repeats() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &["--storage-time", "60"]);
    let mut client = receiver.connect();

    // A user says the same twice, and ISL repeats an event.
    for _ in 0..2 {
        client
            .post("/volano-chat?room=Tea", &chat(1))
            .acknowledges_volano_chat();
        client.post("/isl-light", &stop(1)).acknowledges_isl_light();
    }
    let database = receiver.open();
    let chats = "SELECT count(*) FROM events WHERE family = 'volano-chat'";
    let marked = "SELECT count(*) FROM events WHERE repeat_of IS NOT NULL";
    assert_eq!(
        (number(&database, chats), number(&database, marked)),
        (2, 0)
    );
    let isl = "SELECT count(*) * 10 + sum(count) FROM events WHERE family = 'isl-light'";
    assert_eq!(number(&database, isl), 12);

    // A connection breaks before the response.
    let locked = lock(&receiver);
    let mut broken = receiver.connect();
    broken.send(&request("/volano-chat?room=Tea", &chat(1)));
    thread::sleep(Duration::from_millis(200));
    drop(broken);
    thread::sleep(Duration::from_millis(200));
    drop(locked);
    wait_until("the event is stored", || number(&database, chats) == 3);
    wait_until("it is noted", || {
        receiver.metric("receiver_unanswered_total") > 0.0
    });

    // The same message in another room is not a repeat, and neither is a second one in this room.
    client
        .post("/volano-chat?room=Bar", &chat(1))
        .acknowledges_volano_chat();
    assert_eq!(number(&database, marked), 0);
    client
        .post("/volano-chat?room=Tea", &chat(1))
        .acknowledges_volano_chat();
    client
        .post("/volano-chat?room=Tea", &chat(1))
        .acknowledges_volano_chat();
    let of_third = "SELECT group_concat(id || ' ' || repeat_of) = max(id) || ' ' || max(repeat_of)
        FROM events WHERE repeat_of = (SELECT id FROM events WHERE unanswered = 1)";
    assert_eq!(number(&database, of_third), 1);
    assert_eq!(
        (number(&database, chats), number(&database, marked)),
        (6, 1)
    );
}

/// SQLite would change integers above 2^63 - 1, and text after a NUL.
#[test]
fn views_preserve_values() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    let mut client = receiver.connect();
    let numbers = [
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
    ];
    for number in numbers {
        let body = format!(
            "TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
             &reason=a%00b%22&newer=c%00d&totalTransferredBytes={number}"
        );
        client
            .post("/isl-light", body.as_bytes())
            .acknowledges_isl_light();
    }
    let chat = b"<enter type=\"member\"><room>a\0b</room><user>c\0d</user><host>192.0.2.1</host>\
        <profile>e\0f</profile></enter>\n";
    client.post("/volano-chat", chat).acknowledges_volano_chat();

    let database = receiver.open();
    let mut statement = database
        .prepare("SELECT CAST(totalTransferredBytes AS TEXT) FROM isl_light ORDER BY id")
        .expect("a query");
    let shown = statement.query_map((), |row| row.get::<_, String>(0));
    let shown: Vec<_> = shown
        .expect("rows")
        .map(|row| row.expect("a row"))
        .collect();
    assert_eq!(shown, numbers);
    let text = |sql: &str| database.query_row(sql, (), |row| row.get::<_, String>(0));
    assert_eq!(
        text("SELECT reason FROM isl_light").as_deref(),
        Ok("a\0b\"")
    );
    assert_eq!(
        text("SELECT extra FROM isl_light").as_deref(),
        Ok(r#"[["newer","c\u0000d"]]"#)
    );
    for (column, expected) in [("room", "a\0b"), ("actor", "c\0d"), ("profile", "e\0f")] {
        let found = text(&format!("SELECT {column} FROM volano_chat"));
        assert_eq!(found.as_deref(), Ok(expected), "{column}");
    }
}

/// A database of version 1 has no table for messages.
#[test]
fn older_database_is_upgraded() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    receiver
        .connect()
        .post("/isl-light", &stop(1))
        .acknowledges_isl_light();
    let path = receiver.database.clone();
    receiver.stop();
    let database = Connection::open(&path).expect("a database");
    let older = "DROP TABLE messages; PRAGMA user_version = 1;";
    database.execute_batch(older).expect("an older version");
    drop(database);

    let receiver = Receiver::start(&folder, &[]);
    receiver
        .connect()
        .post("/isl-light", &stop(2))
        .acknowledges_isl_light();
    let database = receiver.open();
    assert_eq!(number(&database, "PRAGMA user_version"), 2);
    assert_eq!(number(&database, "SELECT count(*) FROM isl_light"), 2);
    assert_eq!(number(&database, "SELECT count(*) FROM messages"), 0);
}

/// The response arrived before the connection became idle.
#[test]
fn idle_timeout_is_not_a_lost_response() {
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &["--request-time", "0.2"]);
    let mut client = receiver.connect();
    client
        .post("/volano-chat", &chat(1))
        .acknowledges_volano_chat();
    assert_eq!(client.answer(), None);
    receiver
        .connect()
        .post("/volano-chat", &chat(1))
        .acknowledges_volano_chat();
    let marked = "SELECT count(*) FROM events WHERE unanswered OR repeat_of IS NOT NULL";
    assert_eq!(number(&receiver.open(), marked), 0);
    assert_eq!(receiver.metric("receiver_unanswered_total"), 0.0);
}

#[test]
fn shuts_down_gracefully() {
    let folder = tempdir().expect("a folder");
    let mut receiver = Receiver::start(&folder, &["--storage-time", "60"]);
    let mut idle = receiver.connect();
    idle.post("/volano-chat", &chat(1))
        .acknowledges_volano_chat();
    let locked = lock(&receiver);
    let mut client = receiver.connect();
    client.send(&request("/volano-chat", &chat(2)));
    thread::sleep(Duration::from_millis(200));
    receiver.terminate();
    // Idle connections are closed, new ones are refused, and requests in progress are finished.
    assert_eq!(idle.answer(), None);
    wait_until("new connections are refused", || {
        std::net::TcpStream::connect(receiver.address).is_err()
    });
    drop(locked);
    client
        .answer()
        .expect("an answer")
        .acknowledges_volano_chat();
    assert!(receiver.wait().success());

    let database = receiver.open();
    assert_eq!(number(&database, "SELECT count(*) FROM events"), 2);
    assert_eq!(
        number(
            &database,
            "SELECT count(*) FROM runs WHERE ended >= started"
        ),
        1
    );
    assert_eq!(
        number(&database, "SELECT count(*) FROM events WHERE unanswered"),
        0
    );
    let wal = receiver.database.with_extension("db-wal");
    assert_eq!(fs::metadata(wal).map_or(0, |wal| wal.len()), 0);
}

#[test]
fn only_the_owner_can_read_the_database() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempdir().expect("a folder");
    let receiver = Receiver::start(&folder, &[]);
    receiver
        .connect()
        .post("/isl-light", &stop(1))
        .acknowledges_isl_light();
    for file in fs::read_dir(folder.path()).expect("a folder") {
        let file = file.expect("a file");
        let mode = file.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file:?}");
    }
}
