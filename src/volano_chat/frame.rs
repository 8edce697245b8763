//! The table of events, and the tags that the server writes around their texts.

/// Calls the macro `$then` with the table. It has the element of each event, the values of the
/// attribute `type`, if the element has one, and the child elements in the server's order.
macro_rules! events {
    ($then:ident) => {
        $then! {
            /// `<create>`: a room was created. Sent only if a registration was waiting for it, never
            /// for permanent rooms.
            Create "create" {
                /// `<room>`: the room's name.
                room,
            }

            /// `<enter>`: a user entered the room.
            Enter "enter" {
                [
                    /// `type`: whether the user is a member, who is authenticated under this name.
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
                /// `<host>`: the user's numeric address.
                host,
                /// `<profile>`: the user's profile, often empty.
                profile,
            }

            /// `<chat>`: a user sends a message to the room.
            Chat "chat" {
                /// `<room>`: the room's name.
                room,
                /// `<user>`: the sender. It is empty for an administrator's broadcast, and for a client
                /// that claims to have no name.
                user,
                /// `<message>`: the message.
                message,
            }

            /// `<whisper>`: a user sends a message to one other user.
            Whisper "whisper" {
                /// `<room>`: the room's name.
                room,
                /// `<from>`: the sender.
                from,
                /// `<to>`: the receiver, as the sender typed it: its case can differ from the real
                /// name.
                to,
                /// `<message>`: the message.
                message,
            }

            /// `<ring>`: a user rings another user to get their attention.
            Ring "ring" {
                /// `<room>`: the room's name.
                room,
                /// `<from>`: the user who rings.
                from,
                /// `<to>`: the other user, as the first one typed it: its case can differ from the
                /// real name.
                to,
            }

            /// `<kick>`: a monitor removes, disconnects or bans a user.
            Kick "kick" {
                [
                    /// `type`: what the monitor does.
                    kind: KickKind {
                        /// `remove`: removes the user from the room. No `exit` is sent.
                        Remove "remove",
                        /// `disconnect`: closes the user's connection. An `exit` is sent before or
                        /// after.
                        Disconnect "disconnect",
                        /// `ban`: bans the user's address. An `exit` is sent before or after, for every
                        /// user with that address.
                        Ban "ban",
                    }
                ]
                /// `<room>`: the room's name.
                room,
                /// `<from>`: the monitor.
                from,
                /// `<to>`: the user, as the monitor typed it: its case can differ from the real
                /// name.
                to,
            }

            /// `<exit>`: a user left the room.
            Exit "exit" {
                /// `<room>`: the room's name.
                room,
                /// `<user>`: the user who left.
                user,
            }

            /// `<delete>`: the room was deleted. This is the last event of the registration.
            Delete "delete" {
                /// `<room>`: the room's name.
                room,
            }
        }
    };
}

/// The maximum number of children of an element.
pub(super) const MAX_CHILDREN: usize = 4;

/// The tags that the server writes around the texts of an event.
#[derive(Debug)]
pub(super) struct Frame {
    /// The root element.
    pub(super) element: &'static str,
    /// The values of its attribute `type`, empty if it has no such attribute.
    pub(super) types: &'static [&'static str],
    /// The child elements, in the server's order.
    pub(super) children: &'static [&'static str],
    /// The tags after each text: the separators and the closing.
    pub(super) after: &'static [&'static str],
    /// The tags between two texts, one fewer than there are children: `</room><user>`.
    pub(super) separators: &'static [&'static str],
    /// The tags after the last text: `</message></chat>`.
    pub(super) closing: &'static str,
}

impl Frame {
    /// Returns whether the text of this child is a numeric address, which never contains `<`.
    pub(super) fn is_address(&self, child: usize) -> bool {
        self.children.get(child) == Some(&"host")
    }
}

/// Expands to the tags before the first text, such as `<chat><room>`.
macro_rules! opening {
    ($element:literal [$first:ident $($more:ident)*]) => {
        concat!("<", $element, "><", stringify!($first), ">")
    };
    ($element:literal [$first:ident $($more:ident)*] $kind:ident $($value:path, $type:literal;)+) => {
        match $kind {
            $($value => concat!("<", $element, " type=\"", $type, "\"><", stringify!($first), ">"),)+
        }
    };
}

/// Expands to the tags after each text, such as `[</room><user>, </user><message>, </message></chat>]`.
macro_rules! tags_after {
    ($element:literal [$($done:expr,)*] $last:ident) => {
        [$($done,)* concat!("</", stringify!($last), "></", $element, ">")]
    };
    ($element:literal [$($done:expr,)*] $one:ident $next:ident $($more:ident)*) => {
        tags_after!(
            $element
            [$($done,)* concat!("</", stringify!($one), "><", stringify!($next), ">"),]
            $next $($more)*
        )
    };
}
