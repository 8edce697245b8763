//! The one table of the events, and the tags with which the server frames each of them.

/// The table: passed to the macro `$then` as the events, each with its element, the values of the
/// attribute `type` if the element has one, and its children in the server's order.
macro_rules! events {
    ($then:ident) => {
        $then! {
            /// `<create>`: a room that did not exist is there now. Sent only if a registration was
            /// waiting for it; permanent rooms send none.
            Create "create" {
                /// `<room>`: the room's name.
                room,
            }

            /// `<enter>`: a user has come into the room.
            Enter "enter" {
                [
                    /// `type`: whether the user is a member, authenticated under the name that is
                    /// shown.
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
                /// `<user>`: who says it; empty for an administrator's broadcast, and for a client
                /// that claims to have no name.
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
                        /// `disconnect`: the user's connection is closed; `exit` comes before or
                        /// after.
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
                /// `<to>`: the user, as the monitor typed it: its case can differ from the real
                /// name.
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
    };
}

/// The most children that an element has.
pub(super) const MAX_CHILDREN: usize = 4;

/// How the server frames an event.
#[derive(Debug)]
pub(super) struct Frame {
    /// The element.
    pub(super) element: &'static str,
    /// The values of its attribute `type`; none if it has no such attribute.
    pub(super) types: &'static [&'static str],
    /// Its children, in the server's order.
    pub(super) children: &'static [&'static str],
    /// The tags after each text: the separators and the closing.
    pub(super) after: &'static [&'static str],
    /// The tags between two texts, one fewer than there are children: `</room><user>`.
    pub(super) separators: &'static [&'static str],
    /// The tags after the last text: `</message></chat>`.
    pub(super) closing: &'static str,
}

impl Frame {
    /// Whether the text of this child is a numeric address, which never holds `<`.
    pub(super) fn is_address(&self, child: usize) -> bool {
        self.children.get(child) == Some(&"host")
    }
}

/// The tags before the first text: `<chat><room>`, or one of them for each type.
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

/// The tags after each text: `[</room><user>, </user><message>, </message></chat>]`.
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
