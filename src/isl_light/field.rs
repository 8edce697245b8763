//! How a field is read from a parameter's value, and given back: one trait, by the field's type.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use time::OffsetDateTime;

use super::{
    Address, DatabaseId, Event, Module, NetworkInterfaces, Platform, SoftwareType, Transport,
    Version,
};
use crate::form;

/// A field's value as the wire has it.
///
/// Its `Display` is the parameter's value before encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value<'a> {
    /// Text.
    Text(&'a str),
    /// A count, a number of seconds, or seconds since 1970-01-01 UTC.
    Unsigned(u64),
    /// A number that can be negative.
    Signed(i64),
    /// `1` or `0`.
    Bool(bool),
}

impl Value<'_> {
    /// Writes the value into a form.
    #[inline(always)]
    pub(super) fn write(self, out: &mut form::Writer<'_>) -> Option<()> {
        match self {
            Value::Text(text) => out.text(text),
            Value::Unsigned(number) => out.number(number),
            Value::Signed(number) => {
                if number < 0 {
                    out.raw("-")?;
                }
                out.number(number.unsigned_abs())
            }
            Value::Bool(flag) => out.raw(if flag { "1" } else { "0" }),
        }
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.pad(text),
            Value::Unsigned(number) => number.fmt(f),
            Value::Signed(number) => number.fmt(f),
            Value::Bool(flag) => u8::from(*flag).fmt(f),
        }
    }
}

/// The type of a field.
pub(super) trait Field<'a>: Sized {
    /// What the value has to be, for the message when it is not.
    const EXPECTED: &'static str;
    /// Whether an empty value is a value; else it is the same as none.
    const TEXT: bool;

    /// The field with this value, or the value back if it does not fit.
    fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>>;

    /// The value, if the field has one.
    fn value(&self) -> Option<Value<'_>>;
}

impl<'a, T: Field<'a>> Field<'a> for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    const TEXT: bool = T::TEXT;

    #[inline]
    fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
        T::read(value).map(Some)
    }

    #[inline]
    fn value(&self) -> Option<Value<'_>> {
        self.as_ref().and_then(T::value)
    }
}

/// Fields that take any text.
macro_rules! text_fields {
    ($($type:ident)+) => {
        $(impl<'a> Field<'a> for $type<'a> {
            const EXPECTED: &'static str = "text";
            const TEXT: bool = true;

            #[inline]
            fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
                Ok($type::from(value))
            }

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                Some(Value::Text(self.as_ref()))
            }
        })+
    };
}

type Text<'a> = Cow<'a, str>;

text_fields! {
    Text Address DatabaseId Event Module NetworkInterfaces Platform SoftwareType Transport Version
}

/// Fields of another type: what is expected, how it is read, how it is given back.
macro_rules! typed_fields {
    ($($type:ty: $expected:literal, $read:expr, $value:expr;)+) => {
        $(impl<'a> Field<'a> for $type {
            const EXPECTED: &'static str = $expected;
            const TEXT: bool = false;

            #[inline(always)]
            fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
                let read: fn(&[u8]) -> Option<$type> = $read;
                read(value.as_bytes()).ok_or(value)
            }

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                let value: fn(&$type) -> Value<'static> = $value;
                Some(value(self))
            }
        })+
    };
}

typed_fields! {
    u64: "a whole number from 0 to 18446744073709551615",
        unsigned,
        |number| Value::Unsigned(*number);
    i64: "a whole number from -9223372036854775808 to 9223372036854775807",
        signed,
        |number| Value::Signed(*number);
    bool: "1 or 0",
        |value| match value {
            b"1" => Some(true),
            b"0" => Some(false),
            _ => None,
        },
        |flag| Value::Bool(*flag);
    Duration: "a whole number of seconds from 0 to 18446744073709551615",
        |value| unsigned(value).map(Duration::from_secs),
        |duration| Value::Unsigned(duration.as_secs());
    OffsetDateTime: "seconds since 1970-01-01, from 0 to 253402300799",
        timestamp,
        |time| match u64::try_from(time.unix_timestamp()) {
            Ok(seconds) => Value::Unsigned(seconds),
            Err(_) => Value::Signed(time.unix_timestamp()),
        };
}

/// A number in the one way in which it is written: digits, without needless zeros, so that
/// what is written again is what was read.
#[inline(never)]
fn unsigned(value: &[u8]) -> Option<u64> {
    if value.is_empty() || value.len() > 20 || (value.len() > 1 && value.starts_with(b"0")) {
        return None;
    }
    let (mut number, digits) = match value.split_first_chunk::<8>() {
        Some((first, digits)) => (eight_digits(*first)?, digits),
        None => (0, value),
    };
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    Some(number)
}

#[inline(never)]
fn timestamp(value: &[u8]) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(unsigned(value)?.try_into().ok()?).ok()
}

/// The number that eight digits make, computed for all of them at once: pairs of digits, then
/// pairs of those, then both halves.
#[inline]
fn eight_digits(digits: [u8; 8]) -> Option<u64> {
    const NIBBLES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let digits = u64::from_le_bytes(digits);
    let carried = digits.wrapping_add(0x0606_0606_0606_0606);
    if (digits & NIBBLES) != ZEROS || (carried & NIBBLES) != ZEROS {
        return None;
    }
    let digits = digits.wrapping_sub(ZEROS);
    let pairs = (digits.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    Some(fours.wrapping_mul((10_000 << 32) + 1) >> 32)
}

/// The same with a minus sign, which zero does not have.
#[inline]
fn signed(value: &[u8]) -> Option<i64> {
    match value {
        [b'-', b'0', ..] => None,
        [b'-', digits @ ..] => 0_i64.checked_sub_unsigned(unsigned(digits)?),
        digits => unsigned(digits)?.try_into().ok(),
    }
}
