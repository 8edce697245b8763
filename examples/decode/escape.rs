//! Text from strangers, escaped for a terminal.

/// Returns `text` without anything that steers a terminal, hides, or turns the direction of writing.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::new();
    push_escaped(&mut out, text);
    out
}

/// Appends `text`, escaped. Quotes and backslashes stay as they are, for the sake of reading.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    // How many marks were put on the letter before; there is none at the beginning.
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

/// Scripts need a mark or two on a letter; a pile of them covers the lines around it.
const MAX_MARKS: usize = 2;

/// Whether it is a visible mark on the letter before, such as an accent or a vowel sign.
///
/// The standard library escapes such a mark on its own, but not after a letter.
fn is_mark(c: char) -> bool {
    let pair: String = ['a', c].into_iter().collect();
    pair.escape_debug().count() == 2
}

/// Whether it shows as nothing, though it is a letter or a mark: Unicode's default ignorable
/// characters, as far as the standard library does not escape them, blanks of Braille and of
/// hieroglyphs, a note without a head, the place of an object.
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
