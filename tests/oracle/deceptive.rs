//! Characters that could deceive a terminal or a reader.

/// Returns whether the character controls a terminal, is invisible, or changes the direction of
/// writing.
///
/// These are Unicode's categories Cc, Cf, Zl, Zp, Co, Zs without the space, noncharacters, the
/// property Default_Ignorable_Code_Point, and letters and symbols without a visible glyph.
pub(crate) fn is_deceptive(c: char) -> bool {
    let blank = c.is_whitespace() && c != ' ';
    let noncharacter = u32::from(c) & 0xfffe == 0xfffe || matches!(c, '\u{fdd0}'..='\u{fdef}');
    let private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    c.is_control() || blank || noncharacter || private || is_format(c) || is_drawn_as_nothing(c)
}

/// Returns whether the character formats, joins, or changes the direction of writing: Cf, and the
/// property Default_Ignorable_Code_Point.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
        | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Returns whether it is a blank of Braille or hieroglyphs, the null notehead, or the object
/// replacement character.
fn is_drawn_as_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{2800}' | '\u{13441}'..='\u{13442}' | '\u{1d159}' | '\u{fffc}'
    )
}

/// Asserts that a line for people has no such character.
#[track_caller]
pub(crate) fn assert_harmless(line: &str) {
    assert!(!line.contains(is_deceptive), "shown to people: {line:?}");
}
