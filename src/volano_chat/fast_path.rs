//! The fast path for nearly every body: its texts one after the other, each up to the next `<`.

use std::borrow::Cow;

use super::event::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, StartTag, Whisper,
};
use crate::scan;

/// Defines the fast path: straight code for each event of the table.
macro_rules! define_parse {
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
        /// Parses a body whose tags stand where the server sets them, and in which no text holds
        /// `<` or, if `REFERENCES` are to be decoded, `&`: it has this one reading. `None` for
        /// any other body.
        #[inline(always)]
        pub(super) fn parse<const REFERENCES: bool>(body: &str) -> Option<Event<'_>> {
            $(
                $(for &$kind in $kind_type::ALL)? {
                    let tag = StartTag::$event $(($kind))?;
                    if let Some(rest) = body.strip_prefix(tag.opening()) {
                        let [$($text),+] = tags_after!($element [] $($text)+);
                        $(let ($text, rest) = split_text::<REFERENCES>(rest, $text)?;)+
                        return matches!(rest, "" | "\n" | "\r\n").then_some(
                            Event::$event($event { $($kind,)? $($text: Cow::Borrowed($text)),+ })
                        );
                    }
                }
            )+
            None
        }
    };
}

events!(define_parse);

/// Splits the text up to the next `<` from what follows `tags`, if they begin there. `None` if
/// not, or if there is a `&` in the text and `REFERENCES` are to be decoded.
#[inline(always)]
fn split_text<'a, const REFERENCES: bool>(rest: &'a str, tags: &str) -> Option<(&'a str, &'a str)> {
    let (text, rest) = rest.split_at_checked(end_of_text::<REFERENCES>(rest.as_bytes()))?;
    Some((text, rest.strip_prefix(tags)?))
}

/// Where the next `<` stands, or `&` if `REFERENCES` are to be decoded; else the end.
#[inline(never)]
fn end_of_text<const REFERENCES: bool>(bytes: &[u8]) -> usize {
    let end = scan::find(bytes, |block| {
        if REFERENCES {
            block.is(b'<') | block.is(b'&')
        } else {
            block.is(b'<')
        }
    });
    end.unwrap_or(bytes.len())
}
