//! Every kind of error: its exact message, its place, its name, and how it is shown.

mod common;
#[path = "oracle/error.rs"]
mod error;

use std::ops::Range;

use common::{ENVELOPE, deceptive};
use isl_volano::isl_light::{DatabaseId, Notification, Parser, Reply, Secret};
use isl_volano::volano_chat::{Chat, Enter, Event, LineEnd, Membership};
use isl_volano::{Error, ErrorKind, Payload};

#[track_caller]
fn assert_error<T: std::fmt::Debug>(
    result: Result<T, Error>,
    kind: ErrorKind,
    span: Range<usize>,
    name: Option<&str>,
    message: &str,
) {
    let error = result.expect_err("an error");
    assert_eq!(error.to_string(), message);
    assert_eq!(error.kind(), kind);
    assert_eq!(error.offset(), span.start);
    assert_eq!(error.span(), span);
    assert_eq!(error.name(), name);
}

/// Asserts the error of a form with `rest` after the envelope, at the bytes `wrong` of `rest`.
#[track_caller]
fn assert_form(rest: &str, kind: ErrorKind, wrong: Range<usize>, name: &str, message: &str) {
    let body = format!("{ENVELOPE}&{rest}");
    let start = ENVELOPE.len() + 1;
    let span = start + wrong.start..start + wrong.end;
    let message = format!("{message} (byte {})", span.start);
    let name = (!name.is_empty()).then_some(name);
    assert_error(Notification::parse(&body), kind, span, name, &message);
}

#[track_caller]
fn assert_xml(body: &str, kind: ErrorKind, span: Range<usize>, name: &str, message: &str) {
    let message = format!("{message} (byte {})", span.start);
    let name = (!name.is_empty()).then_some(name);
    assert_error(Event::parse_xml(body), kind, span, name, &message);
}

#[track_caller]
fn assert_verbatim(body: &str, kind: ErrorKind, span: Range<usize>, name: &str, message: &str) {
    let message = format!("{message} (byte {})", span.start);
    let name = (!name.is_empty()).then_some(name);
    assert_error(Event::parse_verbatim(body), kind, span, name, &message);
}

#[test]
fn an_error_is_one_word_wide() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());
}

#[test]
fn an_error_is_an_error() {
    let error = Notification::parse("").unwrap_err();
    assert_eq!(error.clone(), error);
    let debug = "Error { kind: MissingParameter, span: 0..0, name: Some(\"TIMESTAMP\"), \
                 message: \"missing required parameter `TIMESTAMP`\" }";
    assert_eq!(format!("{error:?}"), debug);
    let shown = error.to_string();
    let error: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(error.to_string(), shown);
    assert!(error.source().is_none());
}

#[test]
fn invalid_utf8() {
    let kind = ErrorKind::InvalidUtf8;
    let message = "invalid UTF-8: \"\\xe9\" (byte 7)";
    assert_error(
        Notification::parse_bytes(b"reason=\xe9&"),
        kind,
        7..8,
        None,
        message,
    );
    assert_error(
        Payload::parse_bytes(b"reason=\xe9&").map_err(Error::from),
        kind,
        7..8,
        None,
        message,
    );
    let message = "invalid UTF-8: \"\\xe2\\x82\" (byte 3)";
    assert_error(
        Event::parse_bytes(b"<a>\xe2\x82"),
        kind,
        3..5,
        None,
        message,
    );
    let message = "invalid UTF-8: \"\\xe2\" (byte 2)";
    assert_error(
        Payload::parse_bytes(b"\n<\xe2\x28").map_err(Error::from),
        kind,
        2..3,
        None,
        message,
    );

    let message = "invalid UTF-8 in `reason`: \"%FF\"";
    assert_form("reason=a%FFb", kind, 8..11, "reason", message);
    let message = "invalid UTF-8 in a name: \"%80\"";
    assert_form("x%80=", kind, 1..4, "", message);
    let message = "invalid UTF-8 in `z`: \"%C3\"";
    assert_form("z=%C3+", kind, 2..5, "z", message);
    assert_form("z=%C3é", kind, 2..5, "z", message);
    let message = "invalid UTF-8 in `z`: \"%F0%9F%8D\"";
    assert_form("z=%F0%9F%8D", kind, 2..11, "z", message);
}

#[test]
fn invalid_percent_encoding() {
    let kind = ErrorKind::InvalidPercentEncoding;
    for (form, span, name, found) in [
        ("reason=50%", 9..10, "reason", "%"),
        ("reason=%4", 7..9, "reason", "%4"),
        ("reason=%zz", 7..10, "reason", "%zz"),
        ("z=%41%4&a=b", 5..7, "z", "%4"),
        ("z=%你好", 2..6, "z", "%你"),
        ("z=%4你", 2..7, "z", "%4你"),
        ("a%0Ab=%", 6..7, "a\\nb", "%"),
    ] {
        let message = format!("invalid percent-encoding in `{name}`: \"{found}\"");
        assert_form(form, kind, span, name, &message);
    }
    let message = "invalid percent-encoding in a name: \"%\"";
    assert_form("%=%", kind, 0..1, "", message);
    // A name in backticks stays within them.
    let message = "invalid percent-encoding in `a\\u{60}`: \"%\"";
    assert_form("a`=%", kind, 3..4, "a`", message);
}

#[test]
fn long_names_are_shortened_within_their_tag() {
    let kind = ErrorKind::UnknownElement;
    let expected = "expected one of `<create>`, `<enter>`, `<chat>`, `<whisper>`, `<ring>`, `<kick>`, \
                    `<exit>`, `<delete>`";
    for (length, shown) in [(31, "a".repeat(31)), (33, "a".repeat(32) + "…")] {
        let body = format!("<{}/>", "a".repeat(length));
        let message = format!("unknown element `<{shown}>`, {expected}");
        assert_xml(&body, kind, 0..body.len(), &shown, &message);
    }
}

#[test]
fn missing_parameter() {
    for parameter in ENVELOPE.split('&') {
        let name = parameter.split('=').next().expect("a name");
        for more in [None, Some("reason=x"), Some("&&&reason=&reasonAddress=x")] {
            let others = ENVELOPE.split('&').filter(|other| *other != parameter);
            let body: Vec<_> = others.chain(more).collect();
            let body = body.join("&");
            let end = body.len();
            let message = format!("missing required parameter `{name}` (byte {end})");
            for parser in [Parser::new(), Parser::new().lenient()] {
                let kind = ErrorKind::MissingParameter;
                assert_error(parser.parse(&body), kind, end..end, Some(name), &message);
            }
        }
    }
}

#[test]
fn duplicate_parameter() {
    let kind = ErrorKind::DuplicateParameter;
    let message = "duplicate parameter `SESSIONID`";
    assert_form(
        "SESSIONID=a&x=&SESSIONID=b",
        kind,
        15..24,
        "SESSIONID",
        message,
    );
    assert_form(
        "SESSIONID=a&%53ESSIONID=b",
        kind,
        12..23,
        "SESSIONID",
        message,
    );
    let message = "duplicate parameter `startTime`";
    assert_form("startTime=&startTime=5", kind, 11..20, "startTime", message);
    assert_form("startTime&startTime", kind, 10..19, "startTime", message);
    let message = "duplicate parameter `EVENT`";
    assert_form("EVENT=STOP", kind, 0..5, "EVENT", message);

    // In the event of another module, an empty value means no value, so a second one is not an
    // error. The envelope is required once in every event.
    let other = ENVELOPE.replace("ISL_Light", "ISL_PRONTO");
    let twice = "gracefulExit=&transportReconnects=&gracefulExit=1&transportReconnects=2";
    let body = format!("{other}&{twice}");
    let event = Notification::parse(&body).expect("no error");
    assert_eq!(event.session.graceful_exit, Some(true));
    assert_eq!(event.session.transport_reconnects, Some(2));
    assert!(event.extra.is_empty());
    let body = format!("{other}&{twice}&gracefulExit=0");
    let event = Notification::parse(&body).expect("no error");
    assert_eq!(event.session.graceful_exit, Some(true));
    let extra: Vec<_> = event.extra.iter().collect();
    assert_eq!(extra, [("gracefulExit", "0")]);
    let body = other.replace("SERVERID=", "SERVERID=&SERVERID=");
    let at = body.find("SERVERID=19").expect("the second one");
    assert_error(
        Notification::parse(&body),
        ErrorKind::DuplicateParameter,
        at..at + 8,
        Some("SERVERID"),
        &format!("duplicate parameter `SERVERID` (byte {at})"),
    );
}

#[test]
fn invalid_value() {
    let kind = ErrorKind::InvalidValue;
    let cases = [
        ("gracefulExit", "maybe", "1 or 0"),
        (
            "startTime",
            "253402300800",
            "seconds since 1970-01-01, from 0 to 253402300799 without leading zeros",
        ),
        (
            "totalConnectionTime",
            "-1",
            "a whole number of seconds from 0 to 18446744073709551615 without leading zeros",
        ),
        (
            "totalTransferredBytes",
            "007",
            "a whole number from 0 to 18446744073709551615 without leading zeros",
        ),
    ];
    for (name, value, expected) in cases {
        let rest = format!("{name}={value}");
        let message = format!("invalid value for `{name}`: expected {expected}, found \"{value}\"");
        assert_form(&rest, kind, name.len() + 1..rest.len(), name, &message);
    }
    let message = "invalid value for `SERVERID`: expected a whole number from -9223372036854775808 to \
                   9223372036854775807 without leading zeros, found \"19 \" (byte 58)";
    let body = ENVELOPE.replace("=19", "=19+");
    assert_error(
        Notification::parse(&body),
        kind,
        58..61,
        Some("SERVERID"),
        message,
    );

    // A sign alone is not a number.
    let message = message.replace("19 ", "-");
    let body = ENVELOPE.replace("=19", "=-");
    let error = Notification::parse(&body);
    assert_error(error, kind, 58..59, Some("SERVERID"), &message);

    let message = "invalid value for attribute `type` on `<kick>`: expected one of \"remove\", \
                   \"disconnect\", \"ban\", found \"Ban\"";
    assert_xml(
        "<kick type=\"Ban\"><room/></kick>",
        kind,
        0..17,
        "kick",
        message,
    );
    let message = "invalid value for attribute `type` on `<enter>`: expected one of \"member\", \
                   \"non-member\", found \"&bogus;\"";
    assert_xml("<enter type='&bogus;'/>", kind, 0..23, "enter", message);
}

#[test]
fn too_many_parameters() {
    let kind = ErrorKind::TooManyParameters;
    let filling = "x=&".repeat(995);
    let place = filling.len()..filling.len() + 4;
    assert_form(
        &format!("{filling}last"),
        kind,
        place,
        "",
        "too many parameters: more than 1000",
    );
    let body = ENVELOPE.as_bytes();
    let message = "too many parameters: more than 2 (byte 38)";
    for parser in [Parser::new(), Parser::new().lenient()] {
        let parser = parser.max_parameters(2);
        assert_error(parser.parse_bytes(body), kind, 38..48, None, message);
        let broken = [body, b"&\xff"].concat();
        let broken = Parser::new()
            .lenient()
            .max_parameters(2)
            .parse_bytes(&broken);
        assert_error(broken, kind, 38..48, None, message);
        assert!(Parser::new().max_parameters(5).parse_bytes(body).is_ok());
        // A shorter body cannot have as many parameters.
        let message = "too many parameters: more than 2 (byte 4)";
        assert_error(parser.parse("a&b&c"), kind, 4..5, None, message);
    }
}

#[test]
fn ambiguous() {
    let (kind, span) = (ErrorKind::Ambiguous, 30..46);
    let body =
        "<chat><room>Tea</room><user>Al</user><message>b</user><message>hi</message></chat>\n";
    let message = "ambiguous: `</user><message>` at bytes 30 and 47";
    let parsed = Event::parse_verbatim(body);
    assert_error(parsed, kind, span.clone(), Some("user"), message);
    let chat = Event::from(Chat::new("Tea", "Al", "b</user><message>hi"));
    for end in [LineEnd::Lf, LineEnd::CrLf] {
        let written = chat.to_verbatim_with(end);
        assert_error(written, kind, span.clone(), Some("user"), message);
    }
    let debug = "Error { kind: Ambiguous, span: 30..46, name: Some(\"user\"), \
                 message: \"ambiguous: `</user><message>`\", other: 47 }";
    assert_eq!(format!("{:?}", Event::parse(body).unwrap_err()), debug);
}

#[test]
fn not_verbatim() {
    let kind = ErrorKind::NotVerbatim;
    let expected = "not in the server's format: expected tags such as `<chat><room>`, found";
    assert_verbatim("", kind, 0..0, "", &format!("{expected} \"\""));
    assert_verbatim(
        "<chat>\n",
        kind,
        0..6,
        "",
        &format!("{expected} \"<chat>\""),
    );
    let message = "not in the server's format: expected `</user></exit>` at the end, found \"/user></exit> \"";
    assert_verbatim(
        "<exit><room></room><user></user></exit> ",
        kind,
        26..40,
        "exit",
        message,
    );
    let message = "not in the server's format: expected `</user></exit>` at the end, found \"\"";
    assert_verbatim("<exit><room>", kind, 12..12, "exit", message);
    let message = "not in the server's format: missing `</room><user>`";
    assert_verbatim(
        "<exit><room>Tea</user></exit>",
        kind,
        12..15,
        "room",
        message,
    );
    let message = "not in the server's format: missing `</user><host>`, an address without `<`, and \
                   `</host><profile>`";
    let body = "<enter type=\"member\"><room>r</room><user>u</user><host><</host><profile>p</profile></enter>";
    assert_verbatim(body, kind, 41..73, "user", message);
    let enter = Event::from(Enter::new(Membership::Member, "r", "u", "1.1<", "p"));
    let message = "not in the server's format: expected an address without `<` in `<host>`, found \
                   \"1.1<\" (byte 58)";
    assert_error(enter.to_verbatim(), kind, 58..59, Some("host"), message);
}

#[test]
fn not_well_formed() {
    let kind = ErrorKind::NotWellFormed;
    let cases = [
        (
            "<chat",
            0..5,
            "",
            "not well-formed: unclosed tag: \"<chat\"",
        ),
        (
            "<chat>",
            6..6,
            "chat",
            "not well-formed: expected `</chat>`, found the end of the body",
        ),
        (
            "<chat><room>x",
            13..13,
            "room",
            "not well-formed: expected `</room>`, found the end of the body",
        ),
        (
            "<chat></room>",
            6..13,
            "chat",
            "not well-formed: expected `</chat>`, found \"</room>\"",
        ),
        (
            "</chat>",
            0..7,
            "",
            "not well-formed: end tag without a start tag: \"</chat>\"",
        ),
        (
            "<!-- a",
            0..6,
            "",
            "not well-formed: unclosed comment: \"<!-- a\"",
        ),
        (
            "<!--->",
            0..6,
            "",
            "not well-formed: unclosed comment: \"<!--->\"",
        ),
        (
            "<!-- a --->",
            7..11,
            "",
            "not well-formed: `--` within a comment: \"--->\"",
        ),
        (
            "<!x>",
            0..4,
            "",
            "not well-formed: no comment or CDATA section after `<!`: \"<!x>\"",
        ),
        (
            "<?x",
            0..3,
            "",
            "not well-formed: unclosed processing instruction: \"<?x\"",
        ),
        (
            "<?xml ",
            0..6,
            "",
            "not well-formed: unclosed XML declaration: \"<?xml \"",
        ),
        (
            "<chat a='",
            0..9,
            "",
            "not well-formed: unclosed attribute value: \"<chat a='\"",
        ),
        (
            "<chat a=\"",
            0..9,
            "",
            "not well-formed: unclosed attribute value: \"<chat a=\\\"\"",
        ),
        (
            "<?XML ?><chat/>",
            0..8,
            "",
            "not well-formed: invalid processing instruction: \"<?XML ?>\"",
        ),
        (
            " <?xml version='1.0'?>",
            1..22,
            "",
            "not well-formed: XML declaration not at the start of the document: \"<?xml version='1.0'?>\"",
        ),
        (
            "<?xml version='2.0'?>",
            0..21,
            "",
            "not well-formed: invalid XML declaration: \"<?xml version='2.0'?>\"",
        ),
        (
            "<chat><room><![CDATA[x",
            12..22,
            "",
            "not well-formed: unclosed CDATA section: \"<![CDATA[x\"",
        ),
        (
            "<![CDATA[x]]>",
            0..13,
            "",
            "not well-formed: CDATA section outside the root element: \"<![CDATA[x]]>\"",
        ),
        (
            "&lt;",
            0..4,
            "",
            "not well-formed: reference outside the root element: \"&lt;\"",
        ),
        (
            "<chat><room>a]]>b",
            13..16,
            "",
            "not well-formed: `]]>` outside a CDATA section: \"]]>b\"",
        ),
        (
            "<chat><room>a\u{c}",
            13..14,
            "",
            "not well-formed: U+000C is not allowed",
        ),
        (
            "<create><room/></create><create/>",
            24..33,
            "",
            "not well-formed: more than one root element: \"<create/>\"",
        ),
        (
            "<kick type=ban>",
            0..15,
            "",
            "not well-formed: malformed or duplicate attribute: \"kick type=ban\"",
        ),
        (
            "<kick type='ban' type='ban'/>",
            0..29,
            "",
            "not well-formed: malformed or duplicate attribute: \"kick type='ban' type='ban'\"",
        ),
        (
            "<exit><room a>",
            6..14,
            "",
            "not well-formed: malformed or duplicate attribute: \"room a\"",
        ),
    ];
    for (body, span, name, message) in cases {
        assert_xml(body, kind, span, name, message);
    }
}

#[test]
fn doctype() {
    let kind = ErrorKind::Doctype;
    let message = "DOCTYPE is not allowed";
    assert_xml("<!DOCTYPE chat><chat/>", kind, 0..15, "", message);
    assert_xml("<!doctype html>", kind, 0..15, "", message);
    assert_xml("<!DOCTYPE x [<!ENTITY", kind, 0..21, "", message);
    assert_xml("<!DOCTYPE>", kind, 9..10, "", message);
    assert_xml("\u{feff} <!DOCTYPE chat>", kind, 4..19, "", message);
}

#[test]
fn invalid_reference() {
    let kind = ErrorKind::InvalidReference;
    let expected = "invalid reference:";
    assert_xml(
        "<exit><user>&nbsp;x",
        kind,
        12..18,
        "",
        &format!("{expected} \"&nbsp;\""),
    );
    assert_xml(
        "<exit><user>a &#0; b",
        kind,
        14..18,
        "",
        &format!("{expected} \"&#0;\""),
    );
    assert_xml(
        "<exit><user>AT&T</user>",
        kind,
        14..16,
        "",
        &format!("{expected} \"&T\""),
    );
    assert_xml(
        "<exit><user>&",
        kind,
        12..13,
        "",
        &format!("{expected} \"&\""),
    );
}

#[test]
fn elements() {
    let expected = "expected one of `<create>`, `<enter>`, `<chat>`, `<whisper>`, `<ring>`, \
                    `<kick>`, `<exit>`, `<delete>`";
    let kind = ErrorKind::UnknownElement;
    let message = format!("unknown element `<blink>`, {expected}");
    assert_xml(" <blink>", kind, 1..8, "blink", &message);
    assert_xml(
        " ",
        kind,
        1..1,
        "",
        &format!("missing root element: {expected}, found the end of the body"),
    );

    let kind = ErrorKind::UnexpectedElement;
    let message = "unexpected element `<message>` in `<exit>`, expected one of `<room>`, `<user>`";
    assert_xml("<exit><message/></exit>", kind, 6..16, "exit", message);
    let message = "unexpected element `<user>` in `<create>`, expected `<room>`";
    assert_xml("<create><user/></create>", kind, 8..15, "create", message);
    let message = "unexpected element `<b>` in `<room>`, expected text";
    assert_xml("<exit><room><b>", kind, 12..15, "room", message);

    let kind = ErrorKind::MissingElement;
    let message = "missing element `<user>` in `<exit>`";
    assert_xml("<exit><room/></exit>", kind, 13..13, "user", message);
    assert_xml(
        "<exit/>",
        kind,
        0..0,
        "room",
        "missing element `<room>` in `<exit>`",
    );

    let kind = ErrorKind::DuplicateElement;
    let message = "duplicate element `<room>` in `<exit>`";
    assert_xml("<exit><room/><room>", kind, 13..19, "room", message);
}

#[test]
fn attributes() {
    let kind = ErrorKind::UnexpectedAttribute;
    for (body, span, name, found) in [
        ("<exit a='b'>", 0..12, "exit", "a"),
        ("<exit type='ban'>", 0..17, "exit", "type"),
        ("<kick Type='ban'>", 0..17, "kick", "Type"),
        ("<exit><room a='b'>", 6..18, "room", "a"),
    ] {
        let message = format!("unexpected attribute `{found}` on `<{name}>`");
        assert_xml(body, kind, span, name, &message);
    }
    let message = "missing attribute `type` on `<kick>`";
    assert_xml("<kick>", ErrorKind::MissingAttribute, 0..6, "kick", message);
}

#[test]
fn unexpected_text() {
    let kind = ErrorKind::UnexpectedText;
    assert_xml(
        "hi <exit>",
        kind,
        0..3,
        "",
        "unexpected text before the root element: \"hi \"",
    );
    let message = "unexpected text in `<exit>`: \"hi\"";
    assert_xml("<exit>\n hi<room/>", kind, 8..10, "exit", message);
    let message = "unexpected text after `</delete>`: \"hi\"";
    assert_xml(
        "<delete><room/></delete>\nhi",
        kind,
        25..27,
        "delete",
        message,
    );
    let message = "unexpected text in `<exit>`: \"&#65;\"";
    assert_xml("<exit>&#65;<room/>", kind, 6..11, "exit", message);
}

#[test]
fn unrepresentable_text() {
    let kind = ErrorKind::UnrepresentableText;
    let chat = Event::from(Chat::new("Tea", "Al", "éa\0b"));
    let message = "cannot write `message` as XML: U+0000 is not allowed (byte 3)";
    assert_error(chat.to_xml(), kind, 3..4, Some("message"), message);
    let chat = Event::from(Chat::new("\u{ffff}", "Al", ""));
    let message = "cannot write `room` as XML: U+FFFF is not allowed (byte 0)";
    assert_error(chat.to_xml(), kind, 0..3, Some("room"), message);

    let secret = Secret::new("s\u{1b}");
    let reply = Reply::Drop {
        secret: secret.clone(),
        session: DatabaseId::new("x"),
    };
    let message = "cannot write `secret` as XML: U+001B is not allowed (byte 1)";
    assert_error(reply.to_xml(), kind, 1..2, Some("secret"), message);
    assert_eq!(format!("{secret:?}"), "Secret(..)");
}

#[track_caller]
fn assert_snippet(input: &[u8], expected: &str) {
    let error = Payload::parse_bytes(input).expect_err("an error").error;
    let marked = error.snippet(input).to_string();
    let (message, picture) = marked.split_once('\n').expect("three lines");
    assert_eq!(message, error.to_string());
    assert_eq!(picture, expected);
}

#[test]
fn snippets() {
    // A value; the end of the body, if something is missing; a single byte.
    assert_snippet(
        b"startTime=soon&TIMESTAMP=x",
        "  | startTime=soon&TIMESTAMP=x\n  |                          ^",
    );
    assert_snippet(b"MODULE=x", "  | MODULE=x\n  |         ^");
    assert_snippet(b"", "  | \n  | ^");
    // Control characters, and those that change the direction of writing, before and in the marked
    // part.
    assert_snippet(
        "a=\u{1b}[31m\u{202e}\r\n&TIMESTAMP=\0".as_bytes(),
        "  | a=\\u{1b}[31m\\u{202e}\\r\\n&TIMESTAMP=\\0\n  |                                    ^^",
    );
    // Invalid UTF-8.
    assert_snippet(b"a=\xe9\xff&b", "  | a=\\xe9\\xff&b\n  |   ^^^^");
    // Characters that take two columns.
    assert_snippet("你好=🍵&z=%".as_bytes(), "  | 你好=🍵&z=%\n  |           ^");
    assert_snippet("你=%你".as_bytes(), "  | 你=%你\n  |    ^^^");
    // Quotes and backslashes are not escaped, for readability.
    assert_snippet(br#"a="\'&b=%"#, "  | a=\"\\'&b=%\n  |         ^");
    // Invisible characters.
    assert_snippet("\u{3164}=%".as_bytes(), "  | \\u{3164}=%\n  |          ^");
    // Combining marks are escaped.
    assert_snippet("e\u{301}=%".as_bytes(), "  | e\\u{301}=%\n  |          ^");
}

#[test]
fn snippets_of_long_inputs_are_short() {
    let long = "a".repeat(5000);
    let left = "a".repeat(60);
    assert_snippet(
        format!("{long}=%&{long}").as_bytes(),
        &format!(
            "  | …{}=%&{}…\n  | {}^",
            &left[..59],
            &left[..59],
            " ".repeat(61)
        ),
    );
    // A range of several KiB is marked as far as it is shown.
    let body = ENVELOPE.replace("1206303963", &"9".repeat(5000));
    assert_snippet(
        body.as_bytes(),
        &format!(
            "  | TIMESTAMP={}…\n  |           {}",
            "9".repeat(60),
            "^".repeat(60)
        ),
    );
    let nines = "9".repeat(60);
    assert_snippet(
        format!("TIMESTAMP={nines}&MODULE=x").as_bytes(),
        &format!(
            "  | TIMESTAMP={nines}&MODULE=x\n  |           {}",
            "^".repeat(60)
        ),
    );
    // Short enough to be shown completely.
    assert_snippet(
        format!("{left}=%&{}", &left[..59]).as_bytes(),
        &format!(
            "  | …{}=%&{}\n  | {}^",
            &left[..59],
            &left[..59],
            " ".repeat(61)
        ),
    );
    // Exactly the maximum, without an ellipsis.
    assert_snippet(
        format!("{}=%&{}", &left[..59], &left[..59]).as_bytes(),
        &format!(
            "  | {}=%&{}\n  | {}^",
            &left[..59],
            &left[..59],
            " ".repeat(60)
        ),
    );
    // The same number of characters, with four bytes each.
    let long = "\u{10348}".repeat(100);
    let left = "\u{10348}".repeat(59);
    assert_snippet(
        format!("{long}=%&{long}").as_bytes(),
        &format!("  | …{left}=%&{left}…\n  | {}^", " ".repeat(61)),
    );
    assert_snippet(
        format!("{long}%").as_bytes(),
        &format!("  | …{left}\u{10348}%\n  | {}^", " ".repeat(61)),
    );
    assert_snippet(
        ENVELOPE.replace("1206303963", &long).as_bytes(),
        &format!(
            "  | TIMESTAMP={left}\u{10348}…\n  |           {}",
            "^".repeat(60)
        ),
    );
    let error = Notification::parse("TIMESTAMP=x&MODULE=").unwrap_err();
    let shown = error
        .snippet(format!("TIMESTAMP=x{long}").as_bytes())
        .to_string();
    assert!(shown.contains(&format!("=x{left}\u{10348}…\n")), "{shown}");
    let cjk = "你".repeat(5000);
    let error = Notification::parse_bytes(cjk.as_bytes()).unwrap_err();
    let marked = error.snippet(cjk.as_bytes()).to_string();
    assert!(marked.len() < 600, "{} bytes", marked.len());
    assert!(
        marked.ends_with(&format!("| {}^", " ".repeat(121))),
        "{marked}"
    );
}

#[test]
fn snippets_of_another_input_do_not_panic() {
    let error = Notification::parse(&ENVELOPE.replace("TIMESTAMP=1", "TIMESTAMP=x")).unwrap_err();
    assert!(error.snippet(b"").to_string().ends_with("\n  | \n  | ^"));
    assert!(
        error
            .snippet(b"ab\xff")
            .to_string()
            .ends_with("\n  | ab\\xff\n  |       ^")
    );
    assert!(
        error
            .snippet("你你你你".as_bytes())
            .to_string()
            .contains("\\x")
    );
}

/// Returns bodies with every kind of error, filled with every kind of unusual text.
fn wrong_bodies() -> Vec<Vec<u8>> {
    let fillings = [
        "x".repeat(5000),
        "你".repeat(500),
        "\u{10ffff}".repeat(500),
        "\u{202e}\u{2066}\u{200b}\u{feff}\u{e0001}\u{ad}\u{61c}".repeat(50),
        (0..0x20)
            .map(char::from)
            .chain('\u{7f}'..'\u{a0}')
            .collect(),
        "\u{2028}\u{2029}\u{85}\r\n".repeat(20),
        "e\u{301}\u{36f}".repeat(50),
        "%".repeat(200),
        "%FF%80".repeat(200),
        "<&;=\"'>".repeat(50),
    ];
    let frames = [
        "§",
        "<§>",
        "<§",
        "</§>",
        "<!--§",
        "<!§>",
        "<?§?>",
        "<!DOCTYPE §>",
        "<![CDATA[§]]>",
        "&§;",
        "<chat>§</chat>",
        "<chat><room>§",
        "<chat><room>&§;",
        "<chat><room>&#§",
        "<chat><§/>",
        "<chat><room><§>",
        "<chat §>",
        "<chat §='x'>",
        "<kick type='§'>",
        "<kick type='ban' §='x'>",
        "<chat><room></room><user></user><message>§",
        "<chat/>§",
        "<create><room/></create>§",
        "<create><room/></create><§/>",
        "<chat><room></§>",
        "<chat><room a='§'>",
        "<?xml §?>",
        "TIMESTAMP=§",
        "§=%",
        "§=%FF",
        "%§=x",
        "a=%§",
        "TIMESTAMP=1&MODULE=ISL_Light&EVENT=STOP&SERVERID=§&DOMAIN_ID=x",
        "TIMESTAMP=1&MODULE=ISL_Light&EVENT=STOP&SERVERID=1&DOMAIN_ID=x&startTime=§",
    ];
    let mut bodies = Vec::new();
    for frame in frames {
        for filling in &fillings {
            let body = frame.replace('§', filling).into_bytes();
            let broken = [&body[..], b"\xff\xfe"].concat();
            bodies.extend([body, broken]);
        }
    }
    bodies
}

#[test]
fn messages_are_one_short_line_without_deceptive_characters() {
    let mut kinds = Vec::new();
    for body in wrong_bodies() {
        let text = String::from_utf8_lossy(&body);
        let errors = [
            Notification::parse_bytes(&body).err(),
            Parser::new().lenient().parse_bytes(&body).err(),
            Event::parse_bytes(&body).err(),
            Payload::parse_bytes(&body).err().map(Error::from),
        ];
        let on_bytes = errors.into_iter().flatten().map(|error| (error, &body[..]));
        let errors = [
            Event::parse_xml(&text).err(),
            Event::parse_verbatim(&text).err(),
        ];
        let on_text = errors
            .into_iter()
            .flatten()
            .map(|error| (error, text.as_bytes()));
        for (error, input) in on_bytes.chain(on_text) {
            kinds.push(error.kind());
            error::check(&error, input);
        }
    }
    for kind in [
        ErrorKind::InvalidUtf8,
        ErrorKind::InvalidPercentEncoding,
        ErrorKind::MissingParameter,
        ErrorKind::InvalidValue,
        ErrorKind::NotVerbatim,
        ErrorKind::NotWellFormed,
        ErrorKind::Doctype,
        ErrorKind::InvalidReference,
        ErrorKind::UnknownElement,
        ErrorKind::UnexpectedElement,
        ErrorKind::MissingElement,
        ErrorKind::UnexpectedAttribute,
        ErrorKind::UnexpectedText,
    ] {
        assert!(kinds.contains(&kind), "no body was {kind:?}");
    }
}
