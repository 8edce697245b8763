//! Conversion between the types of fields and values on the wire.

use std::borrow::Cow;
use std::time::Duration;

use time::OffsetDateTime;

use super::address::{Address, NetworkInterfaces};
use super::database_id::DatabaseId;
use super::event::{Event, Module, Platform, SoftwareType, Transport};
use super::value::Value;
use super::version::Version;
use crate::decimal;

/// The type of a field.
pub(super) trait Field<'a>: Sized {
    /// The owned version of the type.
    type Owned;

    /// Parses a value. Returns the value itself as the error if it does not fit.
    fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>>;

    /// Returns the value on the wire, if the field has one.
    fn value(&self) -> Option<Value<'_>>;

    /// Removes the value. Returns false if the field is required.
    fn clear(&mut self) -> bool {
        false
    }

    fn into_owned(self) -> Self::Owned;
}

impl<'a, T: Field<'a>> Field<'a> for Option<T> {
    type Owned = Option<T::Owned>;

    #[inline(always)]
    fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
        T::read(value).map(Some)
    }

    #[inline]
    fn value(&self) -> Option<Value<'_>> {
        self.as_ref().and_then(T::value)
    }

    fn clear(&mut self) -> bool {
        *self = None;
        true
    }

    fn into_owned(self) -> Self::Owned {
        self.map(T::into_owned)
    }
}

impl<'a> Field<'a> for Cow<'a, str> {
    type Owned = Cow<'static, str>;

    #[inline(always)]
    fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
        Ok(value)
    }

    #[inline]
    fn value(&self) -> Option<Value<'_>> {
        Some(Value::Text(self))
    }

    fn into_owned(self) -> Cow<'static, str> {
        Cow::Owned(self.into_owned())
    }
}

/// Implements [`Field`] for types that accept any text.
macro_rules! string_fields {
    ($($type:ident)+) => {
        $(impl<'a> Field<'a> for $type<'a> {
            type Owned = $type<'static>;

            #[inline(always)]
            fn read(value: Cow<'a, str>) -> Result<Self, Cow<'a, str>> {
                Ok($type::from(value))
            }

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                Some(Value::Text(self.as_str()))
            }

            fn into_owned(self) -> Self::Owned {
                self.into_owned()
            }
        })+
    };
}

string_fields! {
    Address DatabaseId Event Module NetworkInterfaces Platform SoftwareType Transport Version
}

/// Implements [`Field`] for the other types.
macro_rules! typed_fields {
    ($($type:ty: $read:expr, $value:expr;)+) => {
        $(impl<'a> Field<'a> for $type {
            type Owned = $type;

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

            fn into_owned(self) -> $type {
                self
            }
        })+
    };
}

typed_fields! {
    u64: decimal::parse_unsigned, |number| Value::Unsigned(*number);
    i64: decimal::parse_signed, |number| Value::Signed(*number);
    bool: parse_bool, |bool| Value::Bool(*bool);
    Duration:
        |value| decimal::parse_unsigned(value).map(Duration::from_secs),
        |duration| Value::Unsigned(duration.as_secs());
    OffsetDateTime: parse_timestamp, |time| match u64::try_from(time.unix_timestamp()) {
        Ok(seconds) => Value::Unsigned(seconds),
        Err(_) => Value::Signed(time.unix_timestamp()),
    };
}

fn parse_bool(value: &[u8]) -> Option<bool> {
    match value {
        b"1" => Some(true),
        b"0" => Some(false),
        _ => None,
    }
}

/// The last second of year 9999, in seconds since 1970-01-01.
pub(super) const LAST_SECOND: u64 = 253_402_300_799;

/// Parses seconds since 1970-01-01, up to the end of year 9999. The limit is fixed here because that
/// of `time` depends on its features.
#[inline(never)]
fn parse_timestamp(value: &[u8]) -> Option<OffsetDateTime> {
    let seconds = decimal::parse_unsigned(value)?;
    let seconds = i64::try_from(seconds)
        .ok()
        .filter(|_| seconds <= LAST_SECOND)?;
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}
