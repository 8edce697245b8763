//! Typed, zero-copy parsers and serializers for the callbacks of two servers: the HTTP
//! notifications of **ISL Light** (ISL Conference Proxy) and the events of **VolanoChat**.
//!
//! ISL Light posts forms. It repeats an event forever until it receives the answer it expects, and
//! other products post to the same URL. VolanoChat posts text that looks like XML but escapes
//! nothing, so users can forge events with a crafted name. This crate parses the bodies that these
//! servers really send into plain data types, and reports exactly what is wrong with any other.
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
//! // Without this answer, the server sends the event again.
//! assert_eq!(ACKNOWLEDGEMENT, "<nomessage/>");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! # VolanoChat
//!
//! ```
//! use isl_volano::volano_chat::{ACKNOWLEDGEMENT, Event};
//!
//! // Not well-formed XML, but what the server sends.
//! let body = "<chat><room>Tea & <Cakes></room><user>Bob</user><message>I <3 you</message></chat>\n";
//! let Event::Chat(chat) = Event::parse(body)? else { panic!("not a chat") };
//! assert_eq!(chat.room, "Tea & <Cakes>");
//! assert_eq!(chat.message, "I <3 you");
//!
//! // Send it with status 200. Any other status ends the registration.
//! assert_eq!(ACKNOWLEDGEMENT, "\n");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! [`Payload`] parses both families, for a service that receives both at one URL. The [guide] covers
//! the way from the settings of the servers to events in a database, and has
//! [tables of all names](guide::reference).
//!
//! # Guarantees
//!
//! - No data is lost silently: parameters without a field are kept, and data that cannot be kept is
//!   an error. Lenient parsing of ISL Light's bodies replaces invalid UTF-8 with U+FFFD, and
//!   [reports](isl_light::Notification::parse_lenient) it.
//! - No input makes the crate panic, hang or recurse. Time is linear in the input, and memory is a
//!   small multiple of it. The crate contains no `unsafe` code.
//! - Parsing borrows from the input. It allocates once for each text that needs decoding, and not
//!   at all with a [buffer](isl_light::Parser::parse_in) that you provide.
//! - A value that is written and parsed again is equal, and so is a value that is
//!   [stored](isl_light::Notification#stored-form) and read back.
//! - Errors say what is wrong, with which parameter or element, and [where](Error::offset). Excerpts
//!   of the input are short and escaped, so they are safe to print to a log or a terminal.
//!
//! # Features
//!
//! The first four features are enabled by default.
//!
//! - `isl-light`: Enables the module [`isl_light`]. Depends on the crate `time`.
//! - `volano-chat`: Enables the module [`volano_chat`], for bodies as the server writes them.
//! - `xml`: Enables parsing VolanoChat's events from any XML document. Depends on the crate
//!   `quick-xml`.
//! - `serde`: Implements `Serialize` and `Deserialize` for [`Payload`], notifications, events, the
//!   types of their values, and names such as [`ErrorKind`].
//! - `arbitrary`: Implements `Arbitrary` for [`Payload`], notifications and events, to fuzz the
//!   service that receives them.
//! - `schemars`: Implements `JsonSchema` for the same three types: the schema of the stored form.

// Bodies come from untrusted clients: only tests may panic or overflow.
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
// Without one of the families, the code that only it needs is unused.
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
