//! Typed, zero-copy parsers and serializers for the callbacks of two servers: the HTTP
//! notifications of **ISL Light** (ISL Conference Proxy) and the events of **VolanoChat**.
//!
//! ISL Light posts forms. It sends an event again, for ever, until it receives the answer it
//! expects, and other products post to the same URL. VolanoChat posts text that looks like XML but
//! escapes nothing, so users can forge events with a clever name. This crate parses what really
//! arrives into plain data types, and says exactly what is wrong with the rest.
//!
//! # ISL Light
//!
//! ```
//! use isl_volano::isl_light::{ACKNOWLEDGEMENT, Event, Notification};
//!
//! let body = "TIMESTAMP=1206303963&MODULE=ISL_LIGHT&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-999_0_0\
//!             &reason=desk+closed+session&SESSIONID=s19_3_390&gracefulExit=1";
//! let notification = Notification::parse(body)?;
//! assert_eq!(notification.event, Event::Stop);
//! assert_eq!(notification.session.id.unwrap().parts(), Some((19, 3, 390)));
//! assert_eq!(notification.session.graceful_exit, Some(true));
//!
//! // Without this answer the event arrives again.
//! assert_eq!(ACKNOWLEDGEMENT, "<nomessage/>");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! # VolanoChat
//!
//! ```
//! use isl_volano::volano_chat::{ACKNOWLEDGEMENT, Event};
//!
//! // Not well-formed, and yet what the server sends.
//! let body = "<chat><room>Tea & <Cakes></room><user>Bob</user><message>I <3 you</message></chat>\n";
//! let Event::Chat(chat) = Event::parse(body)? else { panic!("not a chat") };
//! assert_eq!(chat.room, "Tea & <Cakes>");
//! assert_eq!(chat.message, "I <3 you");
//!
//! // With status 200; any other ends the registration.
//! assert_eq!(ACKNOWLEDGEMENT, "\n");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! [`Payload`] parses both at one URL. The [guide] goes from the settings of the servers to events in
//! a database, and has the [tables of all names](guide::reference).
//!
//! # Guarantees
//!
//! - No data is lost in silence: what has no field of its own is kept, and what cannot be kept is an
//!   error. Lenient parsing of ISL Light's bodies replaces bytes that are not UTF-8 by U+FFFD, and
//!   [reports](isl_light::Notification::parse_lenient) it.
//! - No input makes the crate panic, hang or recurse; time is linear in the input, and memory is a
//!   small multiple of it. There is no `unsafe` code in the crate.
//! - Parsing borrows from the input. It allocates once for each text that needs decoding, and not
//!   at all with a [buffer of the caller's](isl_light::Parser::parse_in).
//! - What is written parses to the same value, and what is [stored](isl_light::Notification#stored-form)
//!   is read back as the same value.
//! - Errors say what was expected, what was found, and [where](Error::offset). What they show of
//!   the input is short and escaped, fit for a log or a terminal.
//!
//! # Features
//!
//! The first four are on by default.
//!
//! - `isl-light`: the module [`isl_light`]. Needs the crate `time`.
//! - `volano-chat`: the module [`volano_chat`], for bodies as the server writes them.
//! - `xml`: events of VolanoChat from general XML, which alone needs quick-xml.
//! - `serde`: `Serialize` and `Deserialize` for [`Payload`], notifications, events, the types of
//!   their values, and names such as [`ErrorKind`].
//! - `arbitrary`: `Arbitrary` for [`Payload`], notifications and events, to fuzz the service that
//!   receives them.
//! - `schemars`: `JsonSchema` for the same three: the schema of their stored form.

// Bodies come from strangers: nothing in here may panic or overflow. Tests may.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]
// With a family left out, parts that only it needs are not used.
#![cfg_attr(
    not(all(feature = "isl-light", feature = "volano-chat", feature = "xml")),
    allow(dead_code, unused_imports)
)]

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod decimal;
mod error;
mod family;
pub mod form;
#[cfg(all(
    any(doc, doctest),
    feature = "isl-light",
    feature = "xml",
    feature = "serde"
))]
pub mod guide;
#[cfg(feature = "isl-light")]
pub mod isl_light;
#[cfg(all(feature = "isl-light", feature = "volano-chat"))]
mod payload;
mod scan;
#[cfg(feature = "serde")]
mod serde_text;
mod utf8;
#[cfg(feature = "volano-chat")]
pub mod volano_chat;
mod xml;

pub use error::{Error, ErrorKind, Snippet, UnknownNameError};
pub use family::Family;
#[cfg(all(feature = "isl-light", feature = "volano-chat"))]
pub use payload::{Payload, PayloadError};
#[cfg(feature = "isl-light")]
pub use time;
