//! A body of either family.

#[cfg(feature = "arbitrary")]
mod arbitrary;
#[cfg(feature = "schemars")]
mod schema;

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::family::Family;
use crate::isl_light::{Notification, Parser};
use crate::volano_chat::{Dialect, Event};

/// An event of either family, for a service that receives both at one URL.
///
/// ```
/// use isl_volano::{Payload, volano_chat::Delete};
///
/// let body = "<delete><room>Tea</room></delete>\n";
/// assert_eq!(Payload::parse(body)?, Payload::VolanoChat(Delete::new("Tea").into()));
/// # Ok::<(), isl_volano::PayloadError>(())
/// ```
///
/// With the feature `serde`, its stored form is the stored form of the event, under the name of the
/// family: `{"volano-chat":{"event":"delete","room":"Tea"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(
    clippy::large_enum_variant,
    reason = "a box would be an allocation for every event"
)]
#[non_exhaustive]
pub enum Payload<'a> {
    /// An event of ISL Light, or of another module of ISL Conference Proxy.
    IslLight(Notification<'a>),
    /// An event of VolanoChat.
    VolanoChat(Event<'a>),
}

/// An error that can occur when parsing a [`Payload`].
///
/// Use the family to [acknowledge](Family::acknowledgement) the event even so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{family}: {error}")]
#[non_exhaustive]
pub struct PayloadError {
    /// The family of the body.
    pub family: Family,
    /// The error.
    #[source]
    pub error: Error,
}

impl From<PayloadError> for Error {
    fn from(error: PayloadError) -> Error {
        error.error
    }
}

impl<'a> Payload<'a> {
    /// Parses a body of either [family](Family::of), with [`Notification::parse`] or
    /// [`Event::parse`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse`] or [`Event::parse`].
    pub fn parse(body: &'a str) -> Result<Self, PayloadError> {
        let family = Family::of(body.as_bytes());
        match family {
            Family::IslLight => Notification::parse(body).map(Payload::IslLight),
            Family::VolanoChat => Event::parse(body).map(Payload::VolanoChat),
        }
        .map_err(|error| PayloadError { family, error })
    }

    /// Parses a body of either [family](Family::of), with [`Notification::parse_bytes`] or
    /// [`Event::parse_bytes`].
    ///
    /// # Errors
    ///
    /// Those of [`Notification::parse_bytes`] or [`Event::parse_bytes`].
    pub fn parse_bytes(body: &'a [u8]) -> Result<Self, PayloadError> {
        Payload::parse_with(body, &Parser::new(), Dialect::Auto)
    }

    /// Parses a body of either [family](Family::of), with the given parser or dialect.
    ///
    /// ```
    /// use isl_volano::{Payload, isl_light::Parser, volano_chat::Dialect};
    ///
    /// let body = b"TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19\
    ///              &DOMAIN_ID=s-999_0_0&gracefulExit=maybe";
    /// assert!(Payload::parse_bytes(body).is_err());
    /// assert!(Payload::parse_with(body, &Parser::new().lenient(), Dialect::Verbatim).is_ok());
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Parser::parse_bytes`] or [`Dialect::parse_bytes`].
    pub fn parse_with(
        body: &'a [u8],
        parser: &Parser,
        dialect: Dialect,
    ) -> Result<Self, PayloadError> {
        let family = Family::of(body);
        match family {
            Family::IslLight => parser.parse_bytes(body).map(Payload::IslLight),
            Family::VolanoChat => dialect.parse_bytes(body).map(Payload::VolanoChat),
        }
        .map_err(|error| PayloadError { family, error })
    }

    /// Parses a body of either [family](Family::of) into an owned value, for extractors, channels
    /// and `bytes::Bytes`.
    ///
    /// # Errors
    ///
    /// Those of [`parse_bytes`](Payload::parse_bytes).
    pub fn parse_owned(body: impl AsRef<[u8]>) -> Result<Payload<'static>, PayloadError> {
        Payload::parse_bytes(body.as_ref()).map(Payload::into_owned)
    }

    /// Returns the family of the event.
    #[must_use]
    pub const fn family(&self) -> Family {
        match self {
            Payload::IslLight(_) => Family::IslLight,
            Payload::VolanoChat(_) => Family::VolanoChat,
        }
    }

    /// Converts to an owned value.
    #[must_use]
    pub fn into_owned(self) -> Payload<'static> {
        match self {
            Payload::IslLight(notification) => Payload::IslLight(notification.into_owned()),
            Payload::VolanoChat(event) => Payload::VolanoChat(event.into_owned()),
        }
    }
}

impl<'a> From<Notification<'a>> for Payload<'a> {
    fn from(notification: Notification<'a>) -> Self {
        Payload::IslLight(notification)
    }
}

impl<'a> From<Event<'a>> for Payload<'a> {
    fn from(event: Event<'a>) -> Self {
        Payload::VolanoChat(event)
    }
}

impl FromStr for Payload<'static> {
    type Err = PayloadError;

    fn from_str(body: &str) -> Result<Self, PayloadError> {
        Payload::parse_owned(body)
    }
}

/// Formats the event as one line for logs, as [`Notification`] and [`Event`] do.
impl fmt::Display for Payload<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Payload::IslLight(notification) => notification.fmt(f),
            Payload::VolanoChat(event) => event.fmt(f),
        }
    }
}

#[cfg(feature = "serde")]
mod stored {
    use std::fmt;
    use std::marker::PhantomData;

    use ::serde::de::{
        Deserialize, DeserializeSeed, Deserializer, EnumAccess, VariantAccess, Visitor,
    };
    use ::serde::ser::{Serialize, Serializer};

    use super::Payload;
    use crate::family::Family;
    use crate::serde_text::NameVisitor;

    const NAME: &str = "Payload";
    const FAMILIES: &[&str] = &[Family::IslLight.as_str(), Family::VolanoChat.as_str()];

    impl Serialize for Payload<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            let family = self.family();
            let (index, name) = (family as u32, family.as_str());
            match self {
                Payload::IslLight(notification) => {
                    serializer.serialize_newtype_variant(NAME, index, name, notification)
                }
                Payload::VolanoChat(event) => {
                    serializer.serialize_newtype_variant(NAME, index, name, event)
                }
            }
        }
    }

    impl<'de> Deserialize<'de> for Payload<'_> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_enum(NAME, FAMILIES, PayloadVisitor)
        }
    }

    struct PayloadVisitor;

    impl<'de> Visitor<'de> for PayloadVisitor {
        type Value = Payload<'static>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a payload under the name of its family")
        }

        fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
            match access.variant_seed(FamilySeed)? {
                (Family::IslLight, payload) => payload.newtype_variant().map(Payload::IslLight),
                (Family::VolanoChat, payload) => payload.newtype_variant().map(Payload::VolanoChat),
            }
        }
    }

    struct FamilySeed;

    impl<'de> DeserializeSeed<'de> for FamilySeed {
        type Value = Family;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Family, D::Error> {
            deserializer.deserialize_identifier(self)
        }
    }

    impl Visitor<'_> for FamilySeed {
        type Value = Family;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the name of a family")
        }

        fn visit_str<E: ::serde::de::Error>(self, name: &str) -> Result<Family, E> {
            NameVisitor(PhantomData).visit_str(name)
        }

        fn visit_u64<E: ::serde::de::Error>(self, index: u64) -> Result<Family, E> {
            let family = usize::try_from(index)
                .ok()
                .and_then(|index| Family::ALL.get(index));
            family.copied().ok_or_else(|| {
                E::invalid_value(
                    ::serde::de::Unexpected::Unsigned(index),
                    &"a family's index",
                )
            })
        }
    }
}
