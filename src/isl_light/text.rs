//! What the types over text have in common: the same few methods everywhere.

/// Defines a type over any text, which it keeps as it came.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name<'a>(std::borrow::Cow<'a, str>);

        impl<'a> $name<'a> {
            /// Takes any text, as it stands on the wire.
            #[must_use]
            pub fn new(text: impl Into<std::borrow::Cow<'a, str>>) -> Self {
                $name(text.into())
            }

            /// The text as it stands on the wire, decoded.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text itself, borrowed from the input where that could be done.
            #[must_use]
            pub fn into_cow(self) -> std::borrow::Cow<'a, str> {
                self.0
            }

            /// The same, independent of the input that it was parsed from.
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                $name(std::borrow::Cow::Owned(self.0.into_owned()))
            }
        }

        impl_text!($name);
    };
}

/// Defines an enum of the texts that are known, and the type that keeps any other.
macro_rules! known_texts {
    (
        $(#[$doc:meta])*
        $name:ident, $other:ident {
            $($(#[$variant_doc:meta])* $variant:ident $text:literal $(| $alias:literal)*,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name<'a> {
            $($(#[$variant_doc])* $variant,)+
            /// Any other text, as it came.
            Other($other<'a>),
        }

        #[doc = concat!("A text that [`", stringify!($name), "`] does not know, as it came.")]
        ///
        /// It cannot hold a known one, so that a match on the enum goes on working when more
        /// of them become known.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $other<'a>(std::borrow::Cow<'a, str>);

        impl $other<'_> {
            /// The text as it stands on the wire, decoded.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'a> $name<'a> {
            /// The known ones, in the documented order.
            pub const KNOWN: &'static [$name<'static>] = &[$($name::$variant),+];

            /// Takes any text, as it stands on the wire.
            #[must_use]
            pub fn new(text: impl Into<std::borrow::Cow<'a, str>>) -> Self {
                let text = text.into();
                match &*text {
                    $($text $(| $alias)* => $name::$variant,)+
                    _ => $name::Other($other(text)),
                }
            }

            /// The text as it is written: of a known one, the documented spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Other(other) => &other.0,
                }
            }

            /// The same, independent of the input that it was parsed from.
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                match self {
                    $($name::$variant => $name::$variant,)+
                    $name::Other(other) => $name::Other($other(other.0.into_owned().into())),
                }
            }
        }

        impl_text!($name);
    };
}

/// The conversions that every type over text has.
macro_rules! impl_text {
    ($name:ident) => {
        impl<'a> From<&'a str> for $name<'a> {
            fn from(text: &'a str) -> Self {
                $name::new(text)
            }
        }

        impl From<String> for $name<'_> {
            fn from(text: String) -> Self {
                $name::new(text)
            }
        }

        impl<'a> From<std::borrow::Cow<'a, str>> for $name<'a> {
            #[inline]
            fn from(text: std::borrow::Cow<'a, str>) -> Self {
                $name::new(text)
            }
        }

        impl AsRef<str> for $name<'_> {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name<'_> {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl PartialEq<&str> for $name<'_> {
            fn eq(&self, text: &&str) -> bool {
                self.as_str() == *text
            }
        }

        impl std::fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl ::serde::Serialize for $name<'_> {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> ::serde::Deserialize<'de> for $name<'_> {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map($name::new)
            }
        }
    };
}
