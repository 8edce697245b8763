//! Character sets: from the bytes of VolanoChat's server to text.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::record::Problem;

/// Decodes a body in the character set of this name. A name that nobody knows and bytes that are
/// no text are problems: nothing is ever replaced.
pub(crate) fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<Cow<'a, str>, Problem> {
    let problem = |kind, message: String| Problem {
        kind,
        name: Some("encoding".to_owned()),
        snippet: message.clone(),
        message,
    };
    let known = Encoding::for_label_no_replacement(name.as_bytes());
    let Some(encoding) = known.filter(|encoding| encoding.is_ascii_compatible()) else {
        let name: String = name.chars().take(40).collect();
        let message = format!("expected a character set that extends ASCII, found {name:?}");
        return Err(problem("UnknownEncoding", message));
    };
    // The web's standard takes the names of ISO-8859-1 for windows-1252; Java does not.
    let exact = ["windows-1252", "cp1252", "x-cp1252"];
    if encoding == WINDOWS_1252 && !exact.contains(&name.trim().to_ascii_lowercase().as_str()) {
        return Ok(encoding_rs::mem::decode_latin1(bytes));
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| {
        let message = format!("expected {}, found other bytes", encoding.name());
        problem("InvalidEncoding", message)
    })
}
