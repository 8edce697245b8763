//! The events of VolanoChat, which its server posts for each room.
//!
//! A service [registers](Registration) for a room, and the server then posts every event of the room
//! to it. The body looks like XML, but the server **does not escape anything**: it inserts text
//! between the tags exactly as it was typed. Most events of a busy room are not well-formed XML. Some
//! bodies can be read in more than one way, which a user can exploit to speak in the name of another.
//!
//! ```
//! use isl_volano::volano_chat::Event;
//!
//! let body = "<chat><room>Tea</room><user>Alice</user><message>I <3 you & me</message></chat>\n";
//! let Event::Chat(chat) = Event::parse(body)? else { panic!("not a chat") };
//! assert_eq!(chat.user, "Alice");
//! assert_eq!(chat.message, "I <3 you & me");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! # Which parser
//!
//! | | accepts | text |
//! |---|---|---|
//! | [`Event::parse`] | the server's format, otherwise XML | unchanged; in XML, references are decoded |
//! | [`Event::parse_verbatim`] | the server's format | unchanged |
//! | [`Event::parse_xml`] | well-formed XML | references are decoded |
//! | [`Event::readings`] | the server's format, with every reading | unchanged |
//!
//! A [`Dialect`] selects one of the first three by name.
//!
//! References in the server's format are never decoded, so a user with the name `&#65;dmin` is not
//! mistaken for Admin. If a proxy converts the bodies to XML, use [`Event::parse_xml`].
//!
//! # Answering
//!
//! Answer every event with status **200** and [`ACKNOWLEDGEMENT`]. Any other status ends the
//! registration immediately, and queued events are lost; with 301 to 303, the event is lost. If the
//! connection closes without an answer, the server sends the event once more, so expect duplicates.
//!
//! # Other character sets
//!
//! The server uses the character set of its platform and does not declare it. `parse_bytes` accepts
//! only UTF-8. Decode other character sets first, for example with the crate `encoding_rs`:
//!
//! ```
//! use isl_volano::volano_chat::Event;
//!
//! let body = b"<exit><room>Caf\xe9</room><user>Ren\xe9</user></exit>\r\n";
//! let (body, _, _) = encoding_rs::WINDOWS_1252.decode(body);
//! let Event::Exit(exit) = Event::parse_verbatim(&body)? else { panic!("not an exit") };
//! assert_eq!(exit.user, "René");
//! # Ok::<(), isl_volano::Error>(())
//! ```

#[macro_use]
mod frame;
#[cfg(feature = "arbitrary")]
mod arbitrary;
mod dialect;
#[cfg(feature = "xml")]
mod document;
mod event;
mod fast_path;
mod parse;
mod registration;
#[cfg(feature = "schemars")]
mod schema;
#[cfg(feature = "serde")]
mod serde;
mod template;
#[cfg(feature = "xml")]
mod tidy;
mod write;

pub use dialect::Dialect;
pub use event::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};
pub use registration::{ACKNOWLEDGEMENT, Registration};
pub use template::Readings;
pub use write::LineEnd;
