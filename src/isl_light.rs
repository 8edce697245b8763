//! ISL Light: the events that ISL Conference Proxy posts.
//!
//! ISL Conference Proxy sends each event as an HTTP POST whose body is
//! `application/x-www-form-urlencoded`, and sends it **again for ever** until it gets the
//! answer it expects: an XML document, [`Reply::NoMessage`] being the plain one. A receiver
//! that turns down what it cannot parse is sent it again and again; answer first, complain
//! afterwards.
//!
//! ```
//! use isl_volano::isl_light::{Event, Module, Notification, Reply};
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
//! assert_eq!(Reply::NoMessage.to_xml()?, "<nomessage/>");
//! # Ok::<(), isl_volano::Error>(())
//! ```
//!
//! # Other modules
//!
//! Other ISL products post to the same URL, in the same envelope. Their events parse too, and
//! [`Notification::module`] tells them apart: everything that is not of the envelope and fits
//! no field is in [`Notification::extra`].

#[macro_use]
mod string;
mod address;
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
