//! The types of the events.

use std::borrow::Cow;

use super::frame::{Frame, MAX_CHILDREN};

/// Defines the events of the table, and what tells them apart.
macro_rules! define_events {
    ($(
        $(#[$doc:meta])*
        $event:ident $element:literal {
            $([
                $(#[$kind_doc:meta])*
                $kind:ident: $kind_type:ident { $($(#[$value_doc:meta])* $value:ident $name:literal,)+ }
            ])?
            $($(#[$text_doc:meta])* $text:ident,)+
        }
    )+) => {
        /// An event of a room.
        ///
        /// With the feature `serde` it is a map: the event's name under `event`, its kind, if it
        /// has one, under `type`, and its texts, such as
        /// `{"event":"exit","room":"Tea","user":"Alice"}`.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(tag = "event", rename_all = "lowercase"))]
        #[non_exhaustive]
        pub enum Event<'a> {
            $($(#[$doc])* $event($event<'a>),)+
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash)]
            #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
            #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
            pub struct $event<'a> {
                $(
                    $(#[$kind_doc])*
                    #[cfg_attr(feature = "serde", serde(rename = "type"))]
                    pub $kind: $kind_type,
                )?
                $($(#[$text_doc])* pub $text: Cow<'a, str>,)+
            }

            impl<'a> $event<'a> {
                /// Makes the event of these texts.
                #[must_use]
                pub fn new($($kind: $kind_type,)? $($text: impl Into<Cow<'a, str>>),+) -> Self {
                    $event { $($kind,)? $($text: $text.into()),+ }
                }

                /// Makes the event independent of the input that it was parsed from.
                #[must_use]
                pub fn into_owned(self) -> $event<'static> {
                    $event {
                        $($kind: self.$kind,)?
                        $($text: Cow::Owned(self.$text.into_owned()),)+
                    }
                }
            }

            impl<'a> From<$event<'a>> for Event<'a> {
                fn from(event: $event<'a>) -> Self {
                    Event::$event(event)
                }
            }

            $(
                $(#[$kind_doc])*
                #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
                #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
                #[non_exhaustive]
                pub enum $kind_type {
                    $(
                        $(#[$value_doc])*
                        #[cfg_attr(feature = "serde", serde(rename = $name))]
                        $value,
                    )+
                }

                impl $kind_type {
                    /// Every value.
                    pub const ALL: &'static [$kind_type] = &[$($kind_type::$value),+];

                    /// Returns the value of the attribute `type`.
                    #[must_use]
                    pub const fn as_str(self) -> &'static str {
                        match self {
                            $($kind_type::$value => $name,)+
                        }
                    }
                }

                impl std::fmt::Display for $kind_type {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.pad(self.as_str())
                    }
                }
            )?
        )+

        /// The elements of all events.
        pub(super) const ELEMENTS: &[&str] = &[$($element),+];

        /// What an event's start tag says: which event it is, and of which kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum StartTag {
            $($event $(($kind_type))?,)+
        }

        impl StartTag {
            /// The first start tag for which `matches` is true.
            pub(super) fn find(mut matches: impl FnMut(StartTag) -> bool) -> Option<StartTag> {
                $(
                    $(for &$kind in $kind_type::ALL)? {
                        let tag = StartTag::$event $(($kind))?;
                        if matches(tag) {
                            return Some(tag);
                        }
                    }
                )+
                None
            }

            /// How the server frames the event.
            pub(super) const fn frame(self) -> &'static Frame {
                match self {
                    $(StartTag::$event { .. } => &const {
                        let after = &tags_after!($element [] $($text)+);
                        let [separators @ .., closing] = after;
                        Frame {
                            element: $element,
                            types: &[$($($name),+)?],
                            children: &[$(stringify!($text)),+],
                            after,
                            separators,
                            closing,
                        }
                    },)+
                }
            }

            /// The value of the attribute `type`, if the element has one.
            pub(super) const fn kind(self) -> Option<&'static str> {
                match self {
                    $($(StartTag::$event($kind) => Some($kind_type::as_str($kind)),)?)+
                    _ => None,
                }
            }

            /// The tags before the first text.
            #[inline]
            pub(super) const fn opening(self) -> &'static str {
                match self {
                    $(StartTag::$event $(($kind))? => opening!(
                        $element [$($text)+] $($kind $($kind_type::$value, $name;)+)?
                    ),)+
                }
            }
        }

        impl<'a> Event<'a> {
            /// Makes the event of a start tag and its texts in the frame's order.
            pub(super) fn from_parts(tag: StartTag, texts: [Cow<'a, str>; MAX_CHILDREN]) -> Self {
                match tag {
                    $(StartTag::$event $(($kind))? => {
                        let [$($text,)+ ..] = texts;
                        Event::$event($event { $($kind,)? $($text),+ })
                    })+
                }
            }

            /// Splits the event into its start tag and its texts in the frame's order, empty
            /// where it has fewer.
            pub(super) fn to_parts(&self) -> (StartTag, [&str; MAX_CHILDREN]) {
                match self {
                    $(Event::$event(event) => {
                        let mut texts = [""; MAX_CHILDREN];
                        for (to, from) in texts.iter_mut().zip([$(&*event.$text),+]) {
                            *to = from;
                        }
                        (StartTag::$event $((event.$kind))?, texts)
                    })+
                }
            }

            /// Makes the event independent of the input that it was parsed from.
            #[must_use]
            pub fn into_owned(self) -> Event<'static> {
                match self {
                    $(Event::$event(event) => Event::$event(event.into_owned()),)+
                }
            }
        }
    };
}

events!(define_events);

impl Event<'_> {
    /// Returns the element's name on the wire, such as `chat`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.to_parts().0.frame().element
    }

    /// Returns the event's kind, where it has one: the value of the attribute `type`, such as
    /// `ban`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        self.to_parts().0.kind()
    }

    /// Returns the texts, each with its element's name on the wire, in the server's order.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// let event = Event::from(Exit::new("Tea", "Alice"));
    /// let texts: Vec<_> = event.texts().collect();
    /// assert_eq!(texts, [("room", "Tea"), ("user", "Alice")]);
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (tag, texts) = self.to_parts();
        tag.frame().children.iter().copied().zip(texts)
    }
}
