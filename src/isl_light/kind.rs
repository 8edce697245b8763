//! The types and units of values.

/// The type and unit of a parameter's value.
///
/// [`Parameter::kind`](super::Parameter::kind) returns it, for example to choose the type of a
/// database column or how to display a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Any text, including the empty text.
    Text,
    /// A whole number that can be negative: `i64`.
    Integer,
    /// A count: `u64`.
    Count,
    /// A number of bytes: `u64`.
    Bytes,
    /// A duration in whole seconds: `u64` on the wire.
    Seconds,
    /// A time in whole seconds since 1970-01-01 UTC, up to the end of year 9999.
    Timestamp,
    /// `1` or `0`.
    Bool,
}

impl Kind {
    /// Returns a description of the valid values, for error messages.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => {
                "a whole number from -9223372036854775808 to 9223372036854775807 without leading zeros"
            }
            Kind::Count | Kind::Bytes => {
                "a whole number from 0 to 18446744073709551615 without leading zeros"
            }
            Kind::Seconds => {
                "a whole number of seconds from 0 to 18446744073709551615 without leading zeros"
            }
            Kind::Timestamp => {
                "seconds since 1970-01-01, from 0 to 253402300799 without leading zeros"
            }
            Kind::Bool => "1 or 0",
        }
    }
}
