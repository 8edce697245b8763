//! Parses a body of either family, and prints some fields.
//!
//! ```text
//! cargo run --example parse -- tests/captures/isl_light/07-stop.form
//! echo '<exit><room>Tea</room><user>Bob</user></exit>' | cargo run --example parse
//! ```

use std::io::{self, Read as _};
use std::process::ExitCode;
use std::{env, fs};

use isl_volano::volano_chat::Event;
use isl_volano::{ErrorKind, Payload};

fn main() -> io::Result<ExitCode> {
    let mut body = Vec::new();
    match env::args_os().nth(1) {
        Some(path) => body = fs::read(path)?,
        None => drop(io::stdin().read_to_end(&mut body)?),
    }

    // Text comes from untrusted users. `{:?}` escapes what could mislead a reader of the terminal.
    match Payload::parse_bytes(&body) {
        Ok(Payload::IslLight(notification)) => {
            println!("{:?} at {}", notification.event, notification.timestamp);
            if let Some(name) = &notification.user.name {
                println!("user: {name:?}");
            }
            if let Some(time) = notification.session.total_connection_time {
                println!("connected for {} seconds", time.as_secs());
            }
            for (name, value) in notification.extra.iter() {
                println!("unknown parameter {name:?}: {value:?}");
            }
        }
        Ok(Payload::VolanoChat(event)) => match event {
            Event::Chat(chat) => println!("{:?} says {:?}", chat.user, chat.message),
            Event::Exit(exit) => println!("{:?} leaves {:?}", exit.user, exit.room),
            event => println!("{event}"),
        },
        Ok(payload) => println!("{payload}"),
        Err(error) => {
            eprintln!("{}", error.error.snippet(&body));
            if error.error.kind() == ErrorKind::Ambiguous {
                // There can be millions of readings.
                let body = String::from_utf8_lossy(&body);
                for event in Event::readings(&body).take(3) {
                    eprintln!("reading: {event}");
                }
            }
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}
