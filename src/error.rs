//! Errors, and how they are shown.

mod kind;
mod quote;
mod report;
mod snippet;
mod unknown_name;

pub use kind::ErrorKind;
pub use report::Error;
pub use snippet::Snippet;
pub use unknown_name::UnknownNameError;

pub(crate) use quote::{quote, quote_name, quote_tag, quote_whole};
