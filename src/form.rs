//! `application/x-www-form-urlencoded`: the pairs of a form with any names.
//!
//! [`pairs()`] is for forms that are not notifications. The module
//! [`isl_light`](crate::isl_light) parses notifications.

mod cursor;
mod decode;
mod encode;
mod pairs;

pub use pairs::{Pairs, pairs};

pub(crate) use cursor::{Cursor, PairSpan};
pub(crate) use decode::{
    Buffer, DecodeError, Decoder, Heap, decode_lossy, diagnose, is_escaped, is_well_encoded,
};
pub(crate) use encode::{Writer, written};
pub(crate) use pairs::{pair_spans, split_plain};
