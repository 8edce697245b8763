//! Values in the format of the wire.

use std::fmt;

/// The value of a field, in the format of the wire.
///
/// The `Display` implementation writes the value of the parameter before percent-encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A count, a number of bytes or seconds, or seconds since 1970-01-01 UTC.
    Unsigned(u64),
    /// A number that can be negative.
    Signed(i64),
    /// `1` or `0`.
    Bool(bool),
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.pad(text),
            Value::Unsigned(number) => number.fmt(f),
            Value::Signed(number) => number.fmt(f),
            Value::Bool(bool) => u8::from(*bool).fmt(f),
        }
    }
}
