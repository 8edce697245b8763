//! The code that a user would write instead of using this crate: structs with serde's derive, and
//! parsers by hand based on other libraries.

#![allow(dead_code, unused_imports, reason = "not every bench has every peer")]

mod event;
mod notification;

pub(crate) use event::{Event, chat_from_tokens, chat_from_tree};
pub(crate) use notification::{Notification, by_form_urlencoded, by_memchr};
