//! References and laws, shared by the tests and the fuzz targets.
//!
//! - The vendors' documentation, written again: [`parameters`] and [`frame`].
//! - Slow and simple parsers based on other libraries: [`form`], [`frame::readings`], [`xml`].
//! - Text that is safe to show to people: [`deceptive`], [`error`].
//! - Values and bodies created from bytes: [`samples`], from [`words`].
//! - Laws that hold for all of them: [`laws`].
//!
//! Nothing here uses the tables of the crate as a reference.
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
