//! `application/x-www-form-urlencoded`: finding the pairs of a body, decoding and encoding them.
//!
//! Nothing here knows which names there are.

mod decode;
mod encode;
mod pairs;

pub(crate) use decode::{Malformed, decode, decode_in, decode_lossy};
pub(crate) use encode::{encode, push_digits};
pub(crate) use pairs::{Pair, Pairs};
