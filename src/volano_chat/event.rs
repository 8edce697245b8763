//! The types of the events.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::frame::{Frame, MAX_CHILDREN};
use crate::error::UnknownNameError;

/// Defines the types of the events.
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
        /// With the feature `serde`, its stored form is a map with the name of the event under
        /// `event`, its kind, if it has one, under `type`, and its texts, such as
        /// `{"event":"exit","room":"Tea","user":"Alice"}`. In formats that are not human-readable,
        /// it is a sequence of these values.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Event<'a> {
            $($(#[$doc])* $event($event<'a>),)+
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Hash)]
            pub struct $event<'a> {
                $(
                    $(#[$kind_doc])*
                    pub $kind: $kind_type,
                )?
                $($(#[$text_doc])* pub $text: Cow<'a, str>,)+
            }

            impl<'a> $event<'a> {
                /// Creates the event with these texts.
                #[must_use]
                pub fn new($($kind: $kind_type,)? $($text: impl Into<Cow<'a, str>>),+) -> Self {
                    $event { $($kind,)? $($text: $text.into()),+ }
                }

                /// Converts to an owned value.
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
                #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
                #[non_exhaustive]
                pub enum $kind_type {
                    $(
                        $(#[$value_doc])*
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

                impl fmt::Display for $kind_type {
                    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.pad(self.as_str())
                    }
                }

                impl FromStr for $kind_type {
                    type Err = UnknownNameError;

                    fn from_str(name: &str) -> Result<Self, UnknownNameError> {
                        match name {
                            $($name => Ok($kind_type::$value),)+
                            _ => Err(UnknownNameError::new(concat!($element, " type"), name)),
                        }
                    }
                }

                #[cfg(feature = "serde")]
                crate::serde_text::serde_as_name!($kind_type, as_str);
            )?
        )+

        /// The names of the fields in the stored form, with duplicates.
        #[cfg(feature = "serde")]
        pub(super) const FIELDS: &[&str] = &["event", "type", $($(stringify!($text),)+)+];

        /// The elements of all events.
        pub(super) const ELEMENTS: &[&str] = &[$($element),+];

        /// The start tag of an event: its element and its kind.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum StartTag {
            $($event $(($kind_type))?,)+
        }

        impl StartTag {
            /// Returns the first start tag for which `matches` returns true.
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

            /// Returns the frame of the event.
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

            /// Returns the frame of an element.
            pub(super) fn frame_of(element: &str) -> Option<&'static Frame> {
                StartTag::find(|tag| tag.frame().element == element).map(StartTag::frame)
            }

            /// Returns the start tag of an element with this value of the attribute `type`, if any.
            pub(super) fn new(element: &str, kind: Option<&str>) -> Option<StartTag> {
                StartTag::find(|tag| tag.frame().element == element && tag.kind() == kind)
            }

            /// Returns the value of the attribute `type`, if the element has one.
            pub(super) const fn kind(self) -> Option<&'static str> {
                match self {
                    $($(StartTag::$event($kind) => Some($kind_type::as_str($kind)),)?)+
                    _ => None,
                }
            }

            /// Returns the tags before the first text.
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
            /// Creates the event with this start tag, and texts in the order of the frame.
            pub(super) fn from_parts(tag: StartTag, texts: [Cow<'a, str>; MAX_CHILDREN]) -> Self {
                match tag {
                    $(StartTag::$event $(($kind))? => {
                        let [$($text,)+ ..] = texts;
                        Event::$event($event { $($kind,)? $($text),+ })
                    })+
                }
            }

            /// Splits the event into its start tag and its texts in the order of the frame, padded
            /// with empty texts.
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

            /// Returns the name of the room.
            #[must_use]
            pub fn room(&self) -> &str {
                match self {
                    $(Event::$event(event) => &event.room,)+
                }
            }

            /// Converts to an owned value.
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
    /// Returns the name of the event's element on the wire, such as `chat`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.to_parts().0.frame().element
    }

    /// Returns the kind of the event, if it has one: the value of the attribute `type`, such as `ban`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        self.to_parts().0.kind()
    }

    /// Returns the user who enters, leaves, speaks, rings or kicks, if there is one.
    ///
    /// This is the text of `user` or `from`. It can be empty: see [`Chat::user`].
    ///
    /// ```
    /// use isl_volano::volano_chat::{Create, Event, Kick, KickKind};
    ///
    /// let event = Event::from(Kick::new(KickKind::Ban, "Tea", "Mod", "Bob"));
    /// assert_eq!(event.room(), "Tea");
    /// assert_eq!(event.actor(), Some("Mod"));
    /// assert_eq!(event.target(), Some("Bob"));
    /// assert_eq!(event.message(), None);
    ///
    /// assert_eq!(Event::from(Create::new("Tea")).actor(), None);
    /// ```
    #[must_use]
    pub fn actor(&self) -> Option<&str> {
        self.text("user").or_else(|| self.text("from"))
    }

    /// Returns the user that the event is directed at, if there is one.
    ///
    /// This is the text of `to`. It is the name as the actor typed it, so its case can differ from
    /// the real name.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.text("to")
    }

    /// Returns the message, if the event has one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.text("message")
    }

    fn text(&self, child: &str) -> Option<&str> {
        let mut texts = self.texts();
        texts.find(|(name, _)| *name == child).map(|(_, text)| text)
    }

    /// Returns an iterator over the names of the child elements and their texts, in the server's
    /// order.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// let event = Event::from(Exit::new("Tea", "Alice"));
    /// let texts: Vec<_> = event.texts().collect();
    /// assert_eq!(texts, [("room", "Tea"), ("user", "Alice")]);
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> + Clone {
        let (tag, texts) = self.to_parts();
        tag.frame().children.iter().copied().zip(texts)
    }
}
