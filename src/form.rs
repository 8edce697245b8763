//! `application/x-www-form-urlencoded`: finding the pairs of a body, decoding and encoding them.
//!
//! Nothing here knows which names there are.

mod decode;
mod encode;
mod pairs;

pub(crate) use decode::{Malformed, decode, decode_in, decode_lossy, is_escaped};
pub(crate) use encode::{encode, into_text, push_digits};
pub(crate) use pairs::{end_of_pair, end_of_short_pair, pairs};
