//! The URL standard's parser of `application/x-www-form-urlencoded`, by the cases of the Web
//! Platform Tests (`url/resources/urlencoded-parser-data.json`, with thanks to their authors),
//! typed in as data.

mod common;

use common::ENVELOPE;
use isl_volano::ErrorKind;
use isl_volano::isl_light::{Notification, Parser};

type Pairs = &'static [(&'static str, &'static str)];

const CASES: &[(&str, Pairs)] = &[
    ("test", &[("test", "")]),
    ("\u{feff}test=\u{feff}", &[("\u{feff}test", "\u{feff}")]),
    ("%EF%BB%BFtest=%EF%BB%BF", &[("\u{feff}test", "\u{feff}")]),
    ("%EF%BF%BF=%EF%BF%BF", &[("\u{ffff}", "\u{ffff}")]),
    ("%FE%FF", &[("\u{fffd}\u{fffd}", "")]),
    ("%FF%FE", &[("\u{fffd}\u{fffd}", "")]),
    ("†&†=x", &[("†", ""), ("†", "x")]),
    ("%C2", &[("\u{fffd}", "")]),
    ("%C2x", &[("\u{fffd}x", "")]),
    (
        "_charset_=windows-1252&test=%C2x",
        &[("_charset_", "windows-1252"), ("test", "\u{fffd}x")],
    ),
    ("", &[]),
    ("a", &[("a", "")]),
    ("a=b", &[("a", "b")]),
    ("a=", &[("a", "")]),
    ("=b", &[("", "b")]),
    ("&", &[]),
    ("&a", &[("a", "")]),
    ("a&", &[("a", "")]),
    ("a&a", &[("a", ""), ("a", "")]),
    ("a&b&c", &[("a", ""), ("b", ""), ("c", "")]),
    ("a=b&c=d", &[("a", "b"), ("c", "d")]),
    ("a=b&c=d&", &[("a", "b"), ("c", "d")]),
    ("&&&a=b&&&&c=d&", &[("a", "b"), ("c", "d")]),
    ("a=a&a=b&a=c", &[("a", "a"), ("a", "b"), ("a", "c")]),
    ("a==a", &[("a", "=a")]),
    ("a=a+b+c+d", &[("a", "a b c d")]),
    ("%=a", &[("%", "a")]),
    ("%a=a", &[("%a", "a")]),
    ("%a_=a", &[("%a_", "a")]),
    ("%61=a", &[("a", "a")]),
    ("%61+%4d%4D=", &[("a MM", "")]),
    ("id=0&value=%", &[("id", "0"), ("value", "%")]),
    ("b=%2sf%2a", &[("b", "%2sf*")]),
    ("b=%2%2af%2a", &[("b", "%2*f*")]),
    ("b=%%2a", &[("b", "%*")]),
];

/// Further cases, with invalid raw UTF-8.
const BYTES: &[(&[u8], Pairs)] = &[
    (b"a=\xff", &[("a", "\u{fffd}")]),
    (b"\xfc=\xfc", &[("\u{fffd}", "\u{fffd}")]),
    // A raw byte and an encoded one form one character.
    (b"a=\xc3%A9", &[("a", "é")]),
    (b"a=%C3\xa9&b=+\xff%", &[("a", "é"), ("b", " \u{fffd}%")]),
    (b"\xff", &[("\u{fffd}", "")]),
    (b"&\xff=&&=\xff", &[("\u{fffd}", ""), ("", "\u{fffd}")]),
];

/// The cases that the strict parser refuses because text is malformed.
const REFUSED: &[(&str, ErrorKind)] = &[
    ("%FE%FF", ErrorKind::InvalidUtf8),
    ("%FF%FE", ErrorKind::InvalidUtf8),
    ("%C2", ErrorKind::InvalidUtf8),
    ("%C2x", ErrorKind::InvalidUtf8),
    ("_charset_=windows-1252&test=%C2x", ErrorKind::InvalidUtf8),
    ("%=a", ErrorKind::InvalidPercentEncoding),
    ("%a=a", ErrorKind::InvalidPercentEncoding),
    ("%a_=a", ErrorKind::InvalidPercentEncoding),
    ("id=0&value=%", ErrorKind::InvalidPercentEncoding),
    ("b=%2sf%2a", ErrorKind::InvalidPercentEncoding),
    ("b=%2%2af%2a", ErrorKind::InvalidPercentEncoding),
    ("b=%%2a", ErrorKind::InvalidPercentEncoding),
];

/// Returns the case after an envelope, and before one.
fn bodies(case: &[u8]) -> [Vec<u8>; 2] {
    let envelope = ENVELOPE.as_bytes();
    [
        [envelope, b"&", case].concat(),
        [case, b"&", envelope].concat(),
    ]
}

#[track_caller]
fn assert_lenient(case: &[u8], pairs: &[(&str, &str)]) {
    let shown = case.escape_ascii();
    for body in bodies(case) {
        let event = Parser::new().lenient().parse_bytes(&body);
        let event = event.unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(event.extra.iter().collect::<Vec<_>>(), pairs, "{shown}");

        let mut reference: Vec<_> = form_urlencoded::parse(&body).into_owned().collect();
        reference.retain(|(name, _)| !ENVELOPE.contains(&format!("{name}=")) || name.is_empty());
        let reference: Vec<_> = reference
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        assert_eq!(reference, pairs, "{shown}: form_urlencoded");
    }
}

#[test]
fn lenient_passes_every_case() {
    assert_eq!(CASES.len(), 35);
    for (case, pairs) in CASES {
        assert_lenient(case.as_bytes(), pairs);
    }
}

#[test]
fn lenient_decodes_bytes_as_a_browser_does() {
    for (case, pairs) in BYTES {
        assert_lenient(case, pairs);
    }
}

#[test]
fn strict_refuses_only_malformed_text() {
    for (case, pairs) in CASES {
        let refused = REFUSED.iter().find(|refused| refused.0 == *case);
        for body in bodies(case.as_bytes()) {
            match (Notification::parse_bytes(&body), refused) {
                (Ok(event), None) => {
                    assert_eq!(event.extra.iter().collect::<Vec<_>>(), *pairs, "{case}");
                }
                (Err(error), Some((_, kind))) => assert_eq!(error.kind(), *kind, "{case}"),
                (found, _) => panic!("{case}: {found:?}"),
            }
        }
    }
    for (case, _) in BYTES {
        for body in bodies(case) {
            let error = Notification::parse_bytes(&body).unwrap_err();
            assert_eq!(
                error.kind(),
                ErrorKind::InvalidUtf8,
                "{}",
                case.escape_ascii()
            );
        }
    }
}

/// Tests the standard's serializer for every byte: unchanged, the space, and percent-encoded.
#[test]
fn every_byte_is_written_as_the_standard_says() {
    for code in 0..=0x7f_u8 {
        let text = char::from(code).to_string();
        let mut event = Notification::parse(ENVELOPE).expect("an envelope");
        event
            .extra
            .push(text.clone(), text.clone())
            .expect("not known");
        let expected: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let written = event.to_form();
        assert_eq!(
            written,
            format!("{ENVELOPE}&{expected}={expected}"),
            "{code:#04x}"
        );
    }
    for text in [
        "é",
        "\u{7ff}",
        "\u{800}",
        "你",
        "\u{ffff}",
        "🍵",
        "\u{10ffff}",
    ] {
        let mut event = Notification::parse(ENVELOPE).expect("an envelope");
        event.extra.push(text, text).expect("not known");
        let expected: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        assert!(
            event
                .to_form()
                .ends_with(&format!("&{expected}={expected}")),
            "{text}"
        );
    }
}
