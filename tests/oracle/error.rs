//! Assertions about every error and its message.

use std::str;

use isl_volano::{Error, ErrorKind};

use super::deceptive::assert_harmless;

/// Asserts the place and the message of an error about `input`.
#[track_caller]
pub(crate) fn check(error: &Error, input: &[u8]) {
    let span = error.span();
    assert_eq!(span.start, error.offset());
    assert!(span.start <= span.end, "{span:?} is not in order");
    assert!(span.end <= input.len(), "{span:?} is out of bounds");
    // Only valid UTF-8 has character boundaries, so check them up to the first invalid byte.
    let text = match str::from_utf8(input) {
        Ok(text) => text,
        Err(error) => str::from_utf8(&input[..error.valid_up_to()]).unwrap_or_default(),
    };
    for at in [span.start, span.end] {
        assert!(
            at > text.len() || text.is_char_boundary(at),
            "{at} is no character boundary"
        );
    }

    let shown = error.to_string();
    assert_harmless(&shown);
    assert!(shown.len() < 400, "more than an excerpt: {shown}");
    assert_worded_for_its_kind(error, &shown);
    assert_harmless(error.name().unwrap_or_default());
    assert_harmless(&format!("{error:?}"));

    let marked = error.snippet(input).to_string();
    assert!(marked.len() < 4000, "more than an excerpt: {marked}");
    let lines: Vec<_> = marked.split('\n').collect();
    assert_eq!(lines.len(), 3, "{marked}");
    lines.iter().copied().for_each(assert_harmless);
    assert_eq!(lines[0], shown);
    let carets = lines[2].strip_prefix("  | ").expect("a margin");
    assert!(
        carets
            .trim_start_matches(' ')
            .bytes()
            .all(|byte| byte == b'^')
    );
    assert!(carets.ends_with('^'));
}

/// Asserts that the message begins with the phrase of its kind, names what it is about in
/// backticks, and ends with the place.
#[track_caller]
fn assert_worded_for_its_kind(error: &Error, shown: &str) {
    let phrase = match error.kind() {
        ErrorKind::InvalidUtf8 => "invalid UTF-8",
        ErrorKind::InvalidPercentEncoding => "invalid percent-encoding in ",
        ErrorKind::MissingParameter => "missing required parameter `",
        ErrorKind::DuplicateParameter => "duplicate parameter `",
        ErrorKind::InvalidValue => "invalid value for ",
        ErrorKind::TooManyParameters => "too many parameters: ",
        ErrorKind::Ambiguous => "ambiguous: `",
        ErrorKind::NotVerbatim => "not in the server's format: ",
        ErrorKind::NotWellFormed => "not well-formed: ",
        ErrorKind::Doctype => "DOCTYPE is not allowed",
        ErrorKind::InvalidReference => "invalid reference: \"&",
        ErrorKind::UnknownElement if error.name().is_none() => "missing root element: ",
        ErrorKind::UnknownElement => "unknown element `<",
        ErrorKind::UnexpectedElement => "unexpected element `<",
        ErrorKind::MissingElement => "missing element `<",
        ErrorKind::DuplicateElement => "duplicate element `<",
        ErrorKind::UnexpectedAttribute => "unexpected attribute `",
        ErrorKind::MissingAttribute => "missing attribute `type` on `<",
        ErrorKind::UnexpectedText => "unexpected text ",
        ErrorKind::UnrepresentableText => "cannot write `",
        kind => panic!("no phrase for {kind}"),
    };
    assert!(shown.starts_with(phrase), "{shown}");
    let offset = error.offset();
    if error.kind() == ErrorKind::Ambiguous {
        assert!(
            shown.contains(&format!("` at bytes {offset} and ")),
            "{shown}"
        );
    } else {
        assert!(shown.ends_with(&format!(" (byte {offset})")), "{shown}");
    }
    if let Some(name) = error.name().filter(|name| name.len() < 32) {
        let name = name.replace('`', "\\u{60}");
        let names = [
            format!("`{name}`"),
            format!("<{name}>"),
            format!("</{name}>"),
        ];
        assert!(names.iter().any(|name| shown.contains(name)), "{shown}");
    }
}
