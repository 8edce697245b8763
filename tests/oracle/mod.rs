//! What the crate is held to, once for its tests and its fuzz targets.
//!
//! - What the vendors document, once more: [`parameters`] and [`frame`].
//! - Slow and plain readers on top of other libraries: [`form`], [`frame::readings`], [`xml`].
//! - What people may be shown: [`deceptive`], [`error`].
//! - Values and bodies made of bytes: [`samples`], of [`words`].
//! - What holds for all of them: [`laws`].
//!
//! Nothing here asks a table of the crate what is right.
#![allow(dead_code, reason = "not every test needs all of it")]

pub(crate) mod deceptive;
pub(crate) mod error;
pub(crate) mod form;
pub(crate) mod frame;
pub(crate) mod laws;
pub(crate) mod parameters;
pub(crate) mod samples;
#[cfg(feature = "serde")]
pub(crate) mod stored;
pub(crate) mod words;
pub(crate) mod xml;
