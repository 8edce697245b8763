//! Escaping untrusted text for a terminal.

/// Returns `text` with characters escaped that control a terminal, are invisible, or change the
/// direction of writing.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    push_escaped(&mut out, text);
    out
}

/// Appends `text`, escaped. Quotes and backslashes are not escaped, for readability.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    // The number of marks on the previous letter. At the start, there is no letter to put marks on.
    let mut marks = MAX_MARKS;
    for c in text.chars() {
        match c {
            ' '..='~' => {
                out.push(c);
                marks = 0;
            }
            _ if is_hidden(c) => out.extend(c.escape_unicode()),
            _ => {
                let shown = c.escape_debug();
                if shown.len() == 1 {
                    out.push(c);
                    marks = 0;
                } else if marks < MAX_MARKS && is_mark(c) {
                    out.push(c);
                    marks += 1;
                } else {
                    out.extend(shown);
                }
            }
        }
    }
}

/// The maximum number of marks on a letter. Scripts need one or two; more of them cover other
/// lines.
const MAX_MARKS: usize = 2;

/// Returns whether it is a visible mark on the previous letter, such as an accent or a vowel sign.
///
/// The standard library escapes such a mark at the start, but not after a letter.
fn is_mark(c: char) -> bool {
    let pair: String = ['a', c].into_iter().collect();
    pair.escape_debug().count() == 2
}

/// Returns whether it is an invisible letter, mark or symbol: Unicode's default ignorable
/// characters that the standard library does not escape, the Braille and hieroglyph blanks, the
/// null notehead, the object replacement character.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{34f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{ffa0}'
            | '\u{fffc}'
            | '\u{13441}'..='\u{13442}'
            | '\u{1d159}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}
