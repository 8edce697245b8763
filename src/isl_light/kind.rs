//! What the values of a parameter are.

/// The type and unit of a parameter's values: [`Parameter::kind`](super::Parameter::kind).
///
/// For database columns, forms and display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Any text; the empty text is a value, too.
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
    /// Returns what a value has to be, for the message of an error.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "a whole number from -9223372036854775808 to 9223372036854775807",
            Kind::Count | Kind::Bytes => "a whole number from 0 to 18446744073709551615",
            Kind::Seconds => "a whole number of seconds from 0 to 18446744073709551615",
            Kind::Timestamp => "seconds since 1970-01-01, from 0 to 253402300799",
            Kind::Bool => "1 or 0",
        }
    }
}
