//! The one table of the events: each element, its types and its children.

use std::borrow::Cow;

use super::frame::{Frame, MAX_CHILDREN};
use super::plain::plain_text;

/// Writes the table out: the events, their fields, and how the server frames them.
macro_rules! events {
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
                /// The event with these texts.
                #[must_use]
                pub fn new($($kind: $kind_type,)? $($text: impl Into<Cow<'a, str>>),+) -> Self {
                    $event { $($kind,)? $($text: $text.into()),+ }
                }

                /// The same, independent of the input that it was parsed from.
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
                    /// All of them.
                    pub const ALL: &'static [$kind_type] = &[$($kind_type::$value),+];

                    /// The value of the attribute `type`.
                    #[must_use]
                    pub const fn as_str(self) -> &'static str {
                        match self {
                            $($kind_type::$value => $name,)+
                        }
                    }

                    /// The one at this place among the frame's types, which there is.
                    fn nth(place: usize) -> Self {
                        let [first, ..] = [$($kind_type::$value),+];
                        $kind_type::ALL.get(place).copied().unwrap_or(first)
                    }
                }

                impl std::fmt::Display for $kind_type {
                    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.pad(self.as_str())
                    }
                }
            )?
        )+

        /// The names of the events.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Name {
            $($event,)+
        }

        impl<'a> Event<'a> {
            /// The event of this name, with its kind, as a place among its types, and its texts
            /// in the frame's order.
            pub(super) fn assemble(
                name: Name,
                kind: usize,
                texts: [Cow<'a, str>; MAX_CHILDREN],
            ) -> Self {
                match name {
                    $(Name::$event => {
                        let _ = kind;
                        let [$($text,)+ ..] = texts;
                        Event::$event($event { $($kind: $kind_type::nth(kind),)? $($text),+ })
                    })+
                }
            }

            /// The event of a body whose tags stand where the server sets them and in which no text
            /// holds `<` or, if `REFERENCES` are to be decoded, `&`: it has this one reading.
            ///
            /// The way of nearly every event; whatever is more difficult goes the long way.
            #[inline(always)]
            pub(super) fn plain<const REFERENCES: bool>(body: &'a str) -> Option<Self> {
                let plain = plain_text::<REFERENCES>;
                $(
                    for (kind, opening) in Name::$event.frame().openings.iter().enumerate() {
                        if let Some(rest) = body.strip_prefix(opening) {
                            let _ = kind;
                            texts!(rest plain $element $($text)+);
                            return matches!(rest, "" | "\n" | "\r\n").then_some(
                                Event::$event($event {
                                    $($kind: $kind_type::nth(kind),)?
                                    $($text: Cow::Borrowed($text),)+
                                })
                            );
                        }
                    }
                )+
                None
            }

            /// The event's frame, its kind, as a place among its types, and its texts in the
            /// frame's order, empty where it has fewer.
            pub(super) fn parts(&self) -> (&'static Frame, usize, [&str; MAX_CHILDREN]) {
                match self {
                    $(Event::$event(event) => {
                        let mut texts = [""; MAX_CHILDREN];
                        for (to, from) in texts.iter_mut().zip([$(&*event.$text),+]) {
                            *to = from;
                        }
                        let kind = 0 $(+ event.$kind as usize)?;
                        (Name::$event.frame(), kind, texts)
                    })+
                }
            }

            /// The same, independent of the input that it was parsed from.
            #[must_use]
            pub fn into_owned(self) -> Event<'static> {
                match self {
                    $(Event::$event(event) => Event::$event(event.into_owned()),)+
                }
            }
        }

        impl Name {
            /// All of them.
            pub(super) const ALL: &'static [Name] = &[$(Name::$event),+];

            /// How the server frames the event.
            pub(super) const fn frame(self) -> &'static Frame {
                match self {
                    $(Name::$event => &Frame {
                        element: $element,
                        types: &[$($($name),+)?],
                        children: &[$(stringify!($text)),+],
                        openings: openings!($element $($text)+; $($($name)+)?),
                        separators: separators!([] $($text)+),
                        closing: closing!($element $($text)+),
                    },)+
                }
            }
        }
    };
}

events! {
    /// `<create>`: a room that did not exist is there now. Sent only if a registration was
    /// waiting for it; permanent rooms send none.
    Create "create" {
        /// `<room>`: the room's name.
        room,
    }

    /// `<enter>`: a user has come into the room.
    Enter "enter" {
        [
            /// `type`: whether the user is a member, authenticated under the name that is shown.
            membership: Membership {
                /// `member`
                Member "member",
                /// `non-member`
                NonMember "non-member",
            }
        ]
        /// `<room>`: the room's name.
        room,
        /// `<user>`: the user's name.
        user,
        /// `<host>`: the numeric address that the user comes from.
        host,
        /// `<profile>`: what the user tells of themselves; often empty.
        profile,
    }

    /// `<chat>`: a user says something to the room.
    Chat "chat" {
        /// `<room>`: the room's name.
        room,
        /// `<user>`: who says it; empty for an administrator's broadcast, and for a client that
        /// claims to have no name.
        user,
        /// `<message>`: what is said.
        message,
    }

    /// `<whisper>`: a user says something to one other user.
    Whisper "whisper" {
        /// `<room>`: the room's name.
        room,
        /// `<from>`: who says it.
        from,
        /// `<to>`: to whom, as the sender typed it: its case can differ from the real name.
        to,
        /// `<message>`: what is said.
        message,
    }

    /// `<ring>`: a user rings another, to draw attention.
    Ring "ring" {
        /// `<room>`: the room's name.
        room,
        /// `<from>`: who rings.
        from,
        /// `<to>`: whom, as the sender typed it: its case can differ from the real name.
        to,
    }

    /// `<kick>`: a monitor acts against a user.
    Kick "kick" {
        [
            /// `type`: what the monitor does.
            kind: KickKind {
                /// `remove`: the user is put out of the room; no `exit` is sent.
                Remove "remove",
                /// `disconnect`: the user's connection is closed; `exit` comes before or after.
                Disconnect "disconnect",
                /// `ban`: the user's address is shut out; `exit` comes before or after, for
                /// every user of that address.
                Ban "ban",
            }
        ]
        /// `<room>`: the room's name.
        room,
        /// `<from>`: the monitor.
        from,
        /// `<to>`: the user, as the monitor typed it: its case can differ from the real name.
        to,
    }

    /// `<exit>`: a user has left the room.
    Exit "exit" {
        /// `<room>`: the room's name.
        room,
        /// `<user>`: who left.
        user,
    }

    /// `<delete>`: the room is no more. The last event of a registration: it ends it.
    Delete "delete" {
        /// `<room>`: the room's name.
        room,
    }
}

impl Event<'_> {
    /// The element's name on the wire, such as `chat`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.parts().0.element
    }

    /// The event's kind, where it has one: the value of the attribute `type`, such as `ban`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static str> {
        let (frame, kind, _) = self.parts();
        frame.types.get(kind).copied()
    }

    /// The texts, each with its element's name on the wire, in the server's order.
    ///
    /// ```
    /// use isl_volano::volano_chat::{Event, Exit};
    ///
    /// let event = Event::from(Exit::new("Tea", "Alice"));
    /// let texts: Vec<_> = event.texts().collect();
    /// assert_eq!(texts, [("room", "Tea"), ("user", "Alice")]);
    /// ```
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (frame, _, texts) = self.parts();
        frame.children.iter().copied().zip(texts)
    }
}
