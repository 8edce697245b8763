//! Values and bodies created from bytes, which come from libFuzzer or a random generator.

mod document;
mod event;
mod form;
mod notification;
mod text;

pub(crate) use document::{changed, document};
pub(crate) use event::{body, framed, reading};
pub(crate) use form::forms;
pub(crate) use notification::notification;
pub(crate) use text::text;
