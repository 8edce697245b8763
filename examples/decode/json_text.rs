//! Text as a JSON string.

use wide::u8x16;

/// Appends `text` in quotes. In addition to what JSON requires, this escapes characters that end
/// lines, control terminals or change the direction of writing.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let length = push_plain(out, text.as_bytes());
    if length < text.len() {
        push_rest(out, text, length);
    }
    out.push(b'"');
}

/// Appends the text after the first `length` bytes, which begins with a character that may need
/// escaping.
#[inline(never)]
fn push_rest(out: &mut Vec<u8>, text: &str, length: usize) {
    let mut rest = text.get(length..).unwrap_or_default().chars();
    while let Some(c) = rest.next() {
        push_char(out, c);
        let length = push_plain(out, rest.as_str().as_bytes());
        rest = rest.as_str().get(length..).unwrap_or_default().chars();
    }
}

/// Appends the bytes before the first that may need escaping, and returns their number.
#[inline(always)]
fn push_plain(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    let Some(last) = bytes.last_chunk() else {
        return push_short(out, bytes);
    };
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (index, block) in blocks.iter().enumerate() {
        out.extend_from_slice(block);
        let plain = plain(block);
        if plain < BLOCK {
            out.truncate(out.len() - (BLOCK - plain));
            return BLOCK * index + plain;
        }
    }
    // The rest is the end of a last block, which overlaps with the bytes already written.
    out.truncate(out.len() - (BLOCK - rest.len()) % BLOCK);
    if !rest.is_empty() {
        out.extend_from_slice(last);
    }
    let plain = plain(last);
    out.truncate(out.len() - (BLOCK - plain));
    bytes.len() - (BLOCK - plain)
}

/// Does the same for fewer bytes than a block.
#[inline(always)]
fn push_short(out: &mut Vec<u8>, bytes: &[u8]) -> usize {
    if push_halves::<8>(out, bytes) || push_halves::<4>(out, bytes) {
        return bytes.len();
    }
    let mut block = [b'a'; BLOCK];
    for (to, from) in block.iter_mut().zip(bytes) {
        *to = *from;
    }
    let plain = plain(&block).min(bytes.len());
    out.extend_from_slice(&block);
    out.truncate(out.len() - (BLOCK - plain));
    plain
}

/// Appends from `N` to 2 `N` bytes, if none of them may need escaping: the first `N` and the last
/// `N`, which overlap.
#[inline(always)]
fn push_halves<const N: usize>(out: &mut Vec<u8>, bytes: &[u8]) -> bool {
    let (Some(first), Some(last)) = (bytes.first_chunk::<N>(), bytes.last_chunk::<N>()) else {
        return false;
    };
    let Some(overlap) = (2 * N).checked_sub(bytes.len()) else {
        return false;
    };
    let mut block = [b'a'; BLOCK];
    let (halves, _) = block.as_chunks_mut::<N>();
    if let [one, other, ..] = halves {
        (*one, *other) = (*first, *last);
    }
    if plain(&block) < BLOCK {
        return false;
    }
    out.extend_from_slice(first);
    out.truncate(out.len() - overlap);
    out.extend_from_slice(last);
    true
}

const BLOCK: usize = 16;

/// Returns the number of bytes before the first that may need escaping.
#[inline(always)]
fn plain(block: &[u8; BLOCK]) -> usize {
    let block = u8x16::new(*block);
    let is = |byte| block.simd_eq(u8x16::splat(byte));
    let control = block.min(u8x16::splat(0x1f)).simd_eq(block);
    // The first bytes in UTF-8 of the characters that `is_escaped` accepts.
    let marks = control | is(b'"') | is(b'\\') | is(0x7f) | is(0xc2) | is(0xd8) | is(0xe2);
    (marks.to_bitmask().trailing_zeros() as usize).min(BLOCK)
}

/// Appends a character, escaped if needed.
fn push_char(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '"' | '\\' => c,
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{c}' => 'f',
        '\r' => 'r',
        _ if is_escaped(c) => {
            // All of them are in the basic plane, so one escape is enough.
            out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            return;
        }
        _ => {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            return;
        }
    };
    out.extend(['\\', short].map(|c| c as u8));
}

fn is_escaped(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
    )
}
