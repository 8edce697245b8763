//! From a text to the form's text.

/// Appends `text` as the URL standard's serializer writes it: letters, digits and `*-._` as
/// they are, a space as `+`, every other byte as `%` and two hexadecimal digits.
pub(crate) fn encode(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !PLAIN[usize::from(byte)]) {
        // A byte that is plain is a whole character, and so the run ends on a boundary.
        let (run, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(run);
        let mut chars = escape.chars();
        let mut utf8 = [0; 4];
        match chars.next() {
            Some(' ') => out.push('+'),
            Some(c) => {
                for &byte in c.encode_utf8(&mut utf8).as_bytes() {
                    out.push('%');
                    out.push(char::from(HEX[usize::from(byte >> 4)]));
                    out.push(char::from(HEX[usize::from(byte & 15)]));
                }
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Appends `number` in decimal digits.
pub(crate) fn push_digits(out: &mut String, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    let digits = digits.get(digits.len() - used..).unwrap_or_default();
    out.push_str(str::from_utf8(digits).unwrap_or_default());
}

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The bytes that stand for themselves.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        plain[byte] = c.is_ascii_alphanumeric() || matches!(c, b'*' | b'-' | b'.' | b'_');
        byte += 1;
    }
    plain
};
