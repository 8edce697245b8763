//! Names stored as text in every format, and errors with escaped input.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use ::serde::de::{self, Unexpected, Visitor};

use crate::error::{ErrorKind, UnknownNameError, quote};

/// Creates the error that text was found instead of `expected`.
///
/// Serde's own error contains the raw text, which can be long and hold control characters.
#[cold]
pub(crate) fn unexpected_text<E: de::Error>(text: &str, expected: &dyn de::Expected) -> E {
    E::invalid_type(
        Unexpected::Other(&format!("text {}", quote(text))),
        expected,
    )
}

/// Creates the error that a map has no field with this name.
#[cold]
pub(crate) fn unknown_field<E: de::Error>(name: &str, expected: &dyn de::Expected) -> E {
    E::custom(format_args!(
        "unknown field {}: expected {expected}",
        quote(name)
    ))
}

/// Deserializes a type from its name.
pub(crate) struct NameVisitor<T>(pub(crate) PhantomData<T>);

impl<T: FromStr<Err = UnknownNameError>> Visitor<'_> for NameVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Implements `Serialize` and `Deserialize` for a type that is stored as its name.
macro_rules! serde_as_name {
    ($type:ty, $name:ident) => {
        #[cfg(feature = "serde")]
        impl ::serde::Serialize for $type {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.$name())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let visitor = $crate::serde_text::NameVisitor(std::marker::PhantomData);
                deserializer.deserialize_str(visitor)
            }
        }
    };
}

pub(crate) use serde_as_name;

serde_as_name!(ErrorKind, as_str);
