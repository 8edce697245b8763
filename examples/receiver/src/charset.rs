//! Decoding the character set of VolanoChat's server.

use std::borrow::Cow;

use encoding_rs::{Encoding, WINDOWS_1252};

use crate::record::Problem;

/// Decodes a body in the character set with this name. An unknown name and invalid bytes are
/// problems: nothing is replaced.
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
    // In the WHATWG Encoding Standard, names of ISO-8859-1 mean windows-1252. In Java, they do not.
    let exact = ["windows-1252", "cp1252", "x-cp1252"];
    if encoding == WINDOWS_1252 && !exact.contains(&name.trim().to_ascii_lowercase().as_str()) {
        return Ok(encoding_rs::mem::decode_latin1(bytes));
    }
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or_else(|| {
        let message = format!("expected {}, found invalid bytes", encoding.name());
        problem("InvalidEncoding", message)
    })
}
