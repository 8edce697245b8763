//! The fast path for nearly every body: no text contains `<`.

use std::borrow::Cow;

use super::event::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, StartTag, Whisper,
};
use crate::scan;

/// Defines straight-line code for each event.
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
        /// Parses a body in the server's format in which no text contains `<`, so that it has only
        /// one reading. Returns `None` for any other body.
        #[inline(always)]
        pub(super) fn parse(body: &str) -> Option<Event<'_>> {
            $(
                $(for &$kind in $kind_type::ALL)? {
                    let tag = StartTag::$event $(($kind))?;
                    if let Some(rest) = body.strip_prefix(tag.opening()) {
                        let [$($text),+] = tags_after!($element [] $($text)+);
                        $(let ($text, rest) = split_text(rest, $text)?;)+
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

/// Splits `rest` into the text up to the next `<`, and what follows `tags`.
#[inline(always)]
fn split_text<'a>(rest: &'a str, tags: &str) -> Option<(&'a str, &'a str)> {
    let (text, rest) = rest.split_at_checked(end_of_text(rest.as_bytes()))?;
    Some((text, rest.strip_prefix(tags)?))
}

/// Returns the position of the next `<`, or the end.
#[inline(never)]
fn end_of_text(bytes: &[u8]) -> usize {
    scan::find(bytes, |block| block.is(b'<')).unwrap_or(bytes.len())
}
