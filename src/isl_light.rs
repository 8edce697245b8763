//! The events of ISL Light, which ISL Conference Proxy posts.
//!
//! ISL Conference Proxy sends each event as an HTTP POST whose body is
//! `application/x-www-form-urlencoded`:
//!
//! ```
//! use isl_volano::isl_light::{ACKNOWLEDGEMENT, Event, Module, Notification};
//!
//! let body = "TIMESTAMP=1206303963&MODULE=ISL_LIGHT&EVENT=STOP&SERVERID=19\
//!             &DOMAIN_ID=s-999_0_0&reason=desk+closed+session&totalConnectionTime=852";
//! let stop = Notification::parse(body)?;
//! assert_eq!(stop.module, Module::IslLight);
//! assert_eq!(stop.event, Event::Stop);
//! assert_eq!(stop.timestamp.to_string(), "2008-03-23 20:26:03.0 +00:00:00");
//! assert_eq!(stop.reason.text.as_deref(), Some("desk closed session"));
//! assert_eq!(stop.session.total_connection_time.unwrap().as_secs(), 852);
//!
//! assert_eq!(ACKNOWLEDGEMENT, "<nomessage/>");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! # Answering
//!
//! The server **repeats an event forever** until it receives the answer it expects, an XML document.
//! [`ACKNOWLEDGEMENT`] is the simplest one; a [`Reply`] can carry a command. A service that refuses
//! an event because it cannot parse it receives it again and again: store the body, acknowledge it,
//! and log the error.
//!
//! [`Notification::parse_lenient`] keeps as much of an event as possible, and reports the rest.
//! Without a complete envelope, [`form::pairs`](crate::form::pairs) still parses the pairs.
//!
//! # Repeated events
//!
//! An event has no identifier, and the vendor does not document whether a repeated event has the
//! same bytes. Compare the bodies (or their hashes) first: this never mistakes two events for one.
//! If the bodies of repeated events differ, compare the fields `SERVERID`, `TIMESTAMP`, `EVENT` and
//! `SESSIONID` together.
//!
//! # Other modules
//!
//! Other ISL products post to the same URL, with the same envelope. Their events are parsed too, and
//! [`Notification::module`] tells them apart. Parameters without a field are in
//! [`Notification::extra`].

#[macro_use]
mod string;
mod address;
#[cfg(feature = "arbitrary")]
mod arbitrary;
mod builder;
mod database_id;
mod event;
mod extra;
mod field;
mod kind;
mod notification;
mod parameter;
mod parse;
mod reply;
#[cfg(feature = "schemars")]
mod schema;
#[cfg(feature = "serde")]
mod serde;
mod value;
mod version;
mod write;

pub use address::{Address, NetworkInterfaces};
pub use database_id::DatabaseId;
pub use event::{
    Event, Module, OtherEvent, OtherModule, OtherPlatform, OtherSoftwareType, OtherTransport,
    Platform, SoftwareType, Transport,
};
pub use extra::{Extra, Iter, KnownParameterError};
pub use kind::Kind;
pub use notification::{Endpoint, Notification, Reason, Session, User};
pub use parameter::Parameter;
pub use parse::{Lenient, Parser};
pub use reply::{ACKNOWLEDGEMENT, CONTENT_TYPE, Reply, Secret};
pub use value::Value;
pub use version::Version;
