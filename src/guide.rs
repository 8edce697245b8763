//! A guide from the settings of the servers to events in your database.
//!
//! Each page is short and can be read on its own. Every Rust example compiles and is tested.
//!
//! **Receiving**
//!
//! - [From ISL Conference Proxy](isl_conference_proxy): from its settings to a stored event
//! - [From VolanoChat](volano_chat): from `event.callback.prefix` to a moderated room
//! - [Handlers for axum and actix](handlers)
//! - [Errors in production](errors): acknowledge, keep, alert
//!
//! **Understanding**
//!
//! - [What each event means](events), and its pitfalls
//! - [Unknown events and parameters](unknown)
//! - [Dialects of VolanoChat](dialects): which one to choose
//! - [Ambiguous events](ambiguity): what a roster can decide, and what it cannot
//! - [Character sets](character_sets)
//! - [Reference](mod@reference): all parameters and elements
//!
//! **Storing**
//!
//! - [Owned values](owned)
//! - [Storing and querying](storing)
//!
//! **Migrating**
//!
//! - [From serde_urlencoded and from quick-xml](moving)
//!
//! This module has no code, and exists only in the documentation.

#[doc = include_str!("guide/ambiguity.md")]
pub mod ambiguity {}

#[doc = include_str!("guide/character_sets.md")]
pub mod character_sets {}

#[doc = include_str!("guide/dialects.md")]
pub mod dialects {}

#[doc = include_str!("guide/errors.md")]
pub mod errors {}

#[doc = include_str!("guide/events.md")]
pub mod events {}

#[doc = include_str!("guide/handlers.md")]
pub mod handlers {}

#[doc = include_str!("guide/isl_conference_proxy.md")]
pub mod isl_conference_proxy {}

#[doc = include_str!("guide/moving.md")]
pub mod moving {}

#[doc = include_str!("guide/owned.md")]
pub mod owned {}

#[doc = include_str!("guide/reference.md")]
pub mod reference {}

#[doc = include_str!("guide/storing.md")]
pub mod storing {}

#[doc = include_str!("guide/unknown.md")]
pub mod unknown {}

#[doc = include_str!("guide/volano_chat.md")]
pub mod volano_chat {}
