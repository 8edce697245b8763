//! Types for text: newtypes for any text, and enums of documented values.

/// Defines a newtype for any text.
macro_rules! string_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $name<'a>(std::borrow::Cow<'a, str>);

        impl<'a> $name<'a> {
            /// Creates a value from any text.
            #[must_use]
            pub fn new(text: impl Into<std::borrow::Cow<'a, str>>) -> Self {
                $name(text.into())
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Converts to the text, which is borrowed from the input where possible.
            #[must_use]
            pub fn into_cow(self) -> std::borrow::Cow<'a, str> {
                self.0
            }

            /// Converts to an owned value.
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                $name(std::borrow::Cow::Owned(self.0.into_owned()))
            }
        }

        impl std::ops::Deref for $name<'_> {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name<'_> {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl<'a> From<$name<'a>> for String {
            fn from(value: $name<'a>) -> String {
                value.0.into_owned()
            }
        }

        string_conversions!($name);
    };
}

/// Defines an enum of documented texts, and the type for any other text.
macro_rules! string_enum {
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
            /// Any other text.
            Other($other<'a>),
        }

        #[doc = concat!("The text of [`", stringify!($name), "::Other`].")]
        ///
        /// It is never one of the known texts, so `Other` and the other variants cannot overlap.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub struct $other<'a>(std::borrow::Cow<'a, str>);

        impl $other<'_> {
            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $other<'_> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $other<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl<'a> $name<'a> {
            /// Every known value, in the documented order.
            pub const KNOWN: &'static [$name<'static>] = &[$($name::$variant),+];

            /// Creates a value from any text.
            #[must_use]
            pub fn new(text: impl Into<std::borrow::Cow<'a, str>>) -> Self {
                let text = text.into();
                match &*text {
                    $($text $(| $alias)* => $name::$variant,)+
                    _ => $name::Other($other(text)),
                }
            }

            /// Returns the text. For a known value, this is the documented spelling.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Other(other) => &other.0,
                }
            }

            /// Converts to an owned value.
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                match self {
                    $($name::$variant => $name::$variant,)+
                    $name::Other(other) => $name::Other($other(other.0.into_owned().into())),
                }
            }
        }

        /// Compares with a text in any spelling that the parser accepts.
        impl PartialEq<str> for $name<'_> {
            fn eq(&self, text: &str) -> bool {
                match self {
                    $($name::$variant => matches!(text, $text $(| $alias)*),)+
                    $name::Other(other) => other.0 == text,
                }
            }
        }

        impl<'a> From<$name<'a>> for String {
            fn from(value: $name<'a>) -> String {
                match value {
                    $name::Other(other) => other.0.into_owned(),
                    known => known.as_str().to_owned(),
                }
            }
        }

        string_conversions!($name);
    };
}

/// Implements the conversions of all types for text.
macro_rules! string_conversions {
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

        impl std::str::FromStr for $name<'static> {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok($name::new(text.to_owned()))
            }
        }

        impl AsRef<str> for $name<'_> {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<&str> for $name<'_> {
            fn eq(&self, text: &&str) -> bool {
                self == *text
            }
        }

        impl PartialEq<String> for $name<'_> {
            fn eq(&self, text: &String) -> bool {
                self == text.as_str()
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
