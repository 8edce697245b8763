//! VolanoChat: the events of a room, as the server posts them.
//!
//! A program [registers](Registration) for a room, and the server then posts every event of the
//! room to it. The body looks like XML, but **nothing in it is escaped**: text is pasted between
//! the tags as it was typed. Most events of a lively room are not well-formed, and of some the
//! bytes can be read in more than one way, which is how one user is made to seem to speak as
//! another.
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
//! | | reads | text |
//! |---|---|---|
//! | [`Event::parse`] | what the server posts; what is framed otherwise, as XML | as it stands; of XML, references decoded |
//! | [`Event::parse_verbatim`] | what the server posts | as it stands |
//! | [`Event::parse_xml`] | well-formed XML | references decoded |
//! | [`Event::readings`] | every reading of what the server posts | as it stands |
//!
//! A [`Dialect`] chooses one of the first three by its name.
//!
//! What the server posts is never decoded: a user who takes the name `&#65;dmin` stays apart from
//! Admin. If something between you and the server makes XML of the bodies, ask for
//! [`Event::parse_xml`].
//!
//! # Answering
//!
//! Answer every event with status **200** and [`ACKNOWLEDGEMENT`]. Any other status ends the
//! registration at once and its queue is lost; 301 to 303 lose the event. A connection that is
//! closed without an answer makes the server send the event once more, so duplicates happen.
//!
//! # Other character sets
//!
//! The server writes in its platform's character set and does not say which. `parse_bytes` accepts
//! UTF-8; decode anything else first, for instance with the crate `encoding_rs`:
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
