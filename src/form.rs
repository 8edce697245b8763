//! `application/x-www-form-urlencoded`: finding the pairs of a body, decoding and encoding them.
//!
//! Nothing here knows which names there are.

mod decode;
mod encode;
mod pairs;

pub(crate) use decode::{DecodeError, decode, decode_in, decode_lossy, diagnose, is_escaped};
pub(crate) use encode::{Writer, written};
pub(crate) use pairs::{end_of_pair, end_of_short_pair, pairs};
