//! Escaping text, so that an XML reader gets back what it was.

use super::chars::{control_or_ef, is_char, not_a_char};
use crate::error::{Error, ErrorKind};
use crate::scan::{self, Block, Mask};

/// Appends `text` escaped, as content or between double quotes, so that a reader gets back
/// what it was, line ends included.
pub(crate) fn escape(out: &mut String, name: &'static str, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = scan::find(rest.as_bytes(), special) {
        // The mask is on the first byte of a character.
        let (run, marked) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = marked.chars();
        match chars.next() {
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('&') => out.push_str("&amp;"),
            Some('"') => out.push_str("&quot;"),
            Some('\r') => out.push_str("&#13;"),
            Some(c) if is_char(c) => out.push(c),
            Some(c) => {
                let kind = ErrorKind::UnrepresentableText;
                return Err(not_a_char(kind, Some(name), text, marked, c));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(())
}

/// Masks what may have to be escaped, and what XML may not have.
#[inline(always)]
fn special(block: Block) -> Mask {
    let markup = block.is(b'<') | block.is(b'>') | block.is(b'&') | block.is(b'"');
    markup | control_or_ef(block)
}
