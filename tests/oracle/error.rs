//! What holds of every error, and of everything that people are shown.

use std::str;

use isl_volano::Error;

use super::deceptive::assert_harmless;

/// Checks the place and the texts of an error about `input`.
#[track_caller]
pub(crate) fn check(error: &Error, input: &[u8]) {
    let span = error.span();
    assert_eq!(span.start, error.offset());
    assert!(span.start <= span.end, "{span:?} is not in order");
    assert!(span.end <= input.len(), "{span:?} is out of bounds");
    // On boundaries as far as the input is text: in a body that is not, what stands after the
    // first wrong byte has none.
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
    assert!(
        shown.contains("expected ") && shown.contains("found "),
        "{shown}"
    );
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
