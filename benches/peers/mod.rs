//! What a user would write instead of this crate: structs that serde derives, and readers by hand
//! on top of the libraries that there are.

#![allow(dead_code, unused_imports, reason = "not every bench has every peer")]

mod event;
mod notification;

pub(crate) use event::{Event, chat_from_tokens, chat_from_tree};
pub(crate) use notification::{Notification, by_form_urlencoded, by_memchr};
