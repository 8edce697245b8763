//! Bytes in, fields out: one notification of ISL Light, one event of VolanoChat, one of either.
//!
//! ```text
//! cargo run --example parse
//! ```

use isl_volano::Payload;
use isl_volano::isl_light::Notification;
use isl_volano::volano_chat::Event;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // ISL Light posts a form. Text is borrowed from the body unless it needs decoding.
    let body = b"TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
                 &reason=desk+closed+session&SESSIONID=s19_3_390&totalConnectionTime=852\
                 &clientAddress=198.51.100.7&clientCountry=SI";
    let stop = Notification::parse_bytes(body)?;
    println!("{} at {}", stop.event, stop.timestamp);
    if let Some(reason) = &stop.reason.text {
        println!("  reason: {reason}");
    }
    if let Some(duration) = stop.session.total_connection_time {
        println!("  connected for {duration:?}");
    }
    if let Some(ip) = stop
        .client
        .address
        .as_ref()
        .and_then(|address| address.ip())
    {
        println!("  client: {ip}");
    }
    // What no field holds is kept.
    for (name, value) in &stop.extra {
        println!("  {name}: {value}");
    }

    // VolanoChat posts text that looks like XML and escapes nothing.
    let body =
        b"<chat><room>Tea & Cakes</room><user>Alice</user><message>I <3 you</message></chat>\n";
    match Event::parse_bytes(body)? {
        Event::Chat(chat) => println!("{} in {}: {}", chat.user, chat.room, chat.message),
        // Its `Display` is a line for logs, escaped.
        event => println!("{event}"),
    }

    // Both at one URL: the body tells the family. An error says what is wrong, and where.
    for body in [
        "<delete><room>Tea & Cakes</room></delete>\n",
        "TIMESTAMP=today",
    ] {
        match Payload::parse(body) {
            Ok(payload) => println!("{}: {payload}", payload.family()),
            Err(error) => println!("{}", error.error.snippet(body.as_bytes())),
        }
    }
    Ok(())
}
