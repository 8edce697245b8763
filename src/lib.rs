//! Draft.
#![doc = ""]
mod callback;
mod error;
mod form;
pub mod isl_light;
mod scan;
pub mod volano_chat;
mod xml;

pub use callback::{Callback, Family};
pub use error::{Error, ErrorKind, Marked};
