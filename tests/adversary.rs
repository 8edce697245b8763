//! Hostile bodies. Each test says what an attacker would gain if it failed.

mod common;

use common::{ENVELOPE, chat_capture, is_deceptive};
use isl_volano::isl_light::{Event as IslEvent, Module, Notification, Parser};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Dialect, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};
use isl_volano::{ErrorKind, Family, Payload};

/// Asserts that every parser except the XML parser reads a captured chat as what Alice typed.
#[track_caller]
fn assert_alice_typed(capture: &str, message: &str) {
    let capture = chat_capture(capture);
    let chat = Event::from(Chat::new("Tea & <Cakes>", "Alice", message));
    assert_eq!(capture.said, chat, "the capture");
    assert_eq!(Event::parse(&capture.body), Ok(chat.clone()));
    assert_eq!(Event::parse_verbatim(&capture.body), Ok(chat.clone()));
    assert_eq!(Payload::parse(&capture.body), Ok(Payload::VolanoChat(chat)));
}

/// One user could speak as another: a user with the name `Al</user><message>b` could speak as Al,
/// and Al could deny what he said.
#[test]
fn the_speaker_is_never_guessed() {
    let (a, b) = (chat_capture("utf8-00131"), chat_capture("utf8-00132"));
    assert_eq!(a.body, b.body, "the same bytes");
    assert_ne!(a.said, b.said, "of different users");
    for parse in [
        Event::parse(&a.body),
        Event::parse_verbatim(&a.body),
        Event::parse_xml(&a.body),
    ] {
        parse.expect_err("no guess");
    }
    assert_eq!(
        Event::parse(&a.body).unwrap_err().kind(),
        ErrorKind::Ambiguous
    );
    assert_eq!(
        Payload::parse(&a.body).unwrap_err().error.kind(),
        ErrorKind::Ambiguous
    );
    let readings: Vec<_> = Event::readings(&a.body).collect();
    assert_eq!(readings, [a.said.clone(), b.said.clone()]);
    // This crate cannot write such a body either.
    a.said.to_verbatim().expect_err("ambiguous");
    b.said.to_verbatim().expect_err("ambiguous");
    // With escaped texts, the two events are distinct.
    assert_ne!(a.said.to_xml(), b.said.to_xml());
}

/// Asserts that a captured chat is refused as ambiguous, and that in every reading with a known
/// speaker, Alice speaks.
#[track_caller]
fn assert_only_alice_can_have_typed(capture: &str, message: &str, forged: &str) {
    let capture = chat_capture(capture);
    let room = "Tea & <Cakes>";
    assert_eq!(capture.said, Chat::new(room, "Alice", message).into());
    for parsed in [
        Event::parse(&capture.body),
        Event::parse_verbatim(&capture.body),
    ] {
        assert_eq!(parsed.expect_err("no guess").kind(), ErrorKind::Ambiguous);
    }
    let readings: Vec<_> = Event::readings(&capture.body).collect();
    assert!(readings.contains(&capture.said));
    for reading in readings {
        let Event::Chat(chat) = reading else {
            panic!("no chat")
        };
        assert!(chat.room != room || chat.user != forged, "{chat:?}");
    }
}

/// Alice could speak as Admin: an XML parser that takes the last `<user>` believes the forged one.
#[test]
fn a_user_forged_in_a_message_is_text() {
    let message = "</message><user>Admin</user><message>spoof";
    assert_only_alice_can_have_typed("utf8-00037", message, "Admin");
    let chat =
        format!("<chat><room>Tea</room><user>Alice</user><message>{message}</message></chat>");
    assert!(
        roxmltree::Document::parse(&chat).is_ok(),
        "an XML parser reads it"
    );
    assert_eq!(
        Event::parse_xml(&chat).unwrap_err().kind(),
        ErrorKind::DuplicateElement
    );
    assert_eq!(
        Event::parse(&chat).unwrap_err().kind(),
        ErrorKind::Ambiguous
    );
}

/// Alice could speak as MEMORY: a parser that splits the body at the end tags sees a second event.
#[test]
fn an_event_forged_in_a_message_is_text() {
    assert_only_alice_can_have_typed(
        "utf8-00038",
        "</message></chat><chat><room>Tea & <Cakes></room><user>MEMORY</user><message>forged",
        "MEMORY",
    );
}

/// Alice could make anyone seem to leave: a parser that expects one event per line sees a separate
/// `exit`.
#[test]
fn an_event_forged_on_a_separate_line_is_text() {
    assert_alice_typed(
        "utf8-00039",
        "</message></chat>\n<exit><room>Tea & <Cakes></room><user>Alice</user></exit>\n<chat><room>",
    );
}

/// Two concatenated events could be parsed as one of them, so that the other is lost or believed.
#[test]
fn two_events_are_not_parsed_as_one() {
    let one = "<exit><room>Tea</room><user>Al</user></exit>\n";
    let two = one.repeat(2);
    assert_eq!(Event::parse(&two).unwrap_err().kind(), ErrorKind::Ambiguous);
    assert_eq!(
        Event::parse_xml(&two).unwrap_err().kind(),
        ErrorKind::NotWellFormed
    );
    assert!(Event::readings(&two).all(|event| event.to_string().contains("</exit>")));
}

/// A stranger could read the server's files or exhaust its memory. Entities are never declared and
/// never expanded.
#[test]
fn a_doctype_is_text_or_refused() {
    let xxe = "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
    assert_alice_typed("utf8-00046", &format!("{xxe}&e;"));
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\"><!ENTITY c \"&b;&b;\">]>";
    for doctype in [
        xxe,
        laughs,
        "<!DOCTYPE exit SYSTEM \"http://192.0.2.1/x.dtd\">",
        "<!doctype x>",
    ] {
        let body = format!("{doctype}<exit><room>&c;</room><user>&e;</user></exit>");
        for parse in [Event::parse(&body), Event::parse_xml(&body)] {
            assert_eq!(parse.unwrap_err().kind(), ErrorKind::Doctype, "{doctype}");
        }
        let body = format!("<?xml version=\"1.0\"?>\n<!-- -->{body}");
        assert_eq!(
            Event::parse(&body).unwrap_err().kind(),
            ErrorKind::Doctype,
            "{doctype}"
        );
    }
    let entity = "<exit ><room>&e;</room><user>a</user></exit>";
    assert_eq!(
        Event::parse(entity).unwrap_err().kind(),
        ErrorKind::InvalidReference
    );
}

/// Returns an event of each element and type, and the body that the server writes for it.
fn each_event(text: impl Fn(usize) -> &'static str) -> Vec<(Event<'static>, String)> {
    let mut events = vec![
        Create::new(text(0)).into(),
        Chat::new(text(0), text(1), text(2)).into(),
        Whisper::new(text(0), text(1), text(2), text(3)).into(),
        Ring::new(text(0), text(1), text(2)).into(),
        Exit::new(text(0), text(1)).into(),
        Delete::new(text(0)).into(),
    ];
    for membership in Membership::ALL {
        events.push(Enter::new(*membership, text(0), text(1), text(2), text(3)).into());
    }
    for kind in KickKind::ALL {
        events.push(Kick::new(*kind, text(0), text(1), text(2)).into());
    }
    let body = |event: &Event<'_>| {
        let kind = event.kind().map(|kind| format!(" type=\"{kind}\""));
        let texts: String = event
            .texts()
            .map(|(child, text)| format!("<{child}>{text}</{child}>"))
            .collect();
        let name = event.name();
        format!("<{name}{}>{texts}</{name}>", kind.unwrap_or_default())
    };
    let bodies = events.iter().map(body).collect::<Vec<_>>();
    events.into_iter().zip(bodies).collect()
}

/// Returns the results of every parser of the server's format.
fn each_parser(body: &str) -> [Result<Event<'_>, isl_volano::Error>; 10] {
    let event = |payload| match payload {
        Payload::VolanoChat(event) => event,
        other => panic!("{other}"),
    };
    [
        Event::parse(body),
        Event::parse_bytes(body.as_bytes()),
        Event::parse_owned(body),
        body.parse(),
        Event::parse_verbatim(body),
        Dialect::default().parse(body),
        Dialect::Auto.parse_bytes(body.as_bytes()),
        Dialect::Verbatim.parse(body),
        Payload::parse(body).map(event).map_err(Into::into),
        Payload::parse_bytes(body.as_bytes())
            .map(event)
            .map_err(Into::into),
    ]
}

/// A user could impersonate another: a user with the name `&#65;dmin` could speak, kick and be
/// banned as Admin, in every text of every event.
#[test]
fn names_that_are_equal_after_decoding_are_different_users() {
    let mut compared = 0;
    for (typed, decoded) in [
        ("&#65;dmin", "Admin"),
        ("&#x41;dmin", "Admin"),
        ("A&#000100;min", "Admin"),
        ("&amp;", "&"),
        ("AT&amp;T", "AT&T"),
        ("&amp;amp;", "&amp;"),
        ("&lt;b&gt;", "<b>"),
        ("&quot;&apos;", "\"'"),
        ("a&#13;&#10;b", "a\r\nb"),
        ("192&#46;0.2.1", "192.0.2.1"),
    ] {
        for other in ["", "x", "Bob &amp; Al", "&#66;", "&nbsp;", "&", "a > b"] {
            for at in 0..4 {
                let with = |text| move |index| if index == at { text } else { other };
                let typed_by_someone = each_event(with(typed));
                let of_another = each_event(with(decoded));
                for ((said, body), (another, _)) in typed_by_someone.iter().zip(&of_another) {
                    let Some((child, _)) = said.texts().nth(at) else {
                        continue;
                    };
                    assert_ne!(said, another);
                    for line_end in ["\n", "\r\n", ""] {
                        let body = format!("{body}{line_end}");
                        for (parser, parsed) in each_parser(&body).into_iter().enumerate() {
                            let parsed = parsed.expect(&body);
                            assert_eq!(parsed, *said, "parser {parser}, {child} of {body}");
                            compared += 1;
                        }
                    }
                }
            }
        }
    }
    // There are 31 texts.
    assert_eq!(compared, 31 * 10 * 7 * 3 * 10);
}

/// A user with the name `&lt;script&gt;` could become `<script>` in a service that escapes too
/// early, and `AT&amp;T` would not be what was typed.
#[test]
fn typed_references_stay_escaped() {
    let capture = chat_capture("utf8-00017");
    let Ok(Event::Enter(enter)) = Event::parse_verbatim(&capture.body) else {
        panic!("no enter");
    };
    assert_eq!(enter.user, "&lt;script&gt;");
    assert_eq!(enter.profile, "&#60;b&#62; &nbsp; &unknown;");
    assert_eq!(Event::parse(&capture.body), Ok(enter.clone().into()));
    // Written as XML and parsed again, it is escaped and unescaped once more.
    let document = Event::from(enter.clone())
        .to_xml()
        .expect("it can be written");
    assert!(document.contains("<user>&amp;lt;script&amp;gt;</user>"));
    assert_eq!(Event::parse_xml(&document), Ok(enter.into()));
}

/// A user could hide their address, and have another user banned for what they do.
#[test]
fn a_host_forged_in_a_name_is_text() {
    let capture = chat_capture("utf8-00020");
    let Ok(Event::Enter(enter)) = Event::parse(&capture.body) else {
        panic!("no enter");
    };
    assert_eq!(enter.host, "127.0.0.27");
    assert_eq!(enter.user, "x</user><host>9.9.9.");
    // A complete forged element leaves two readings, and neither is chosen.
    let body = "<enter type=\"member\"><room>r</room><user>x</user><host>9.9.9.9</host><profile>p\
                </user><host>192.0.2.1</host><profile></profile></enter>";
    let error = Event::parse(&body.replace("p</user>", "</profile></user>")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ambiguous);
}

/// A user could truncate text with a NUL, or take over a terminal.
#[test]
fn control_characters_are_kept_and_never_shown_raw() {
    let controls: String = (1..0x20).chain([0x7f]).map(char::from).collect();
    assert_alice_typed("utf8-00071", &format!("[{controls}]"));
    assert_alice_typed("utf8-00070", "a\0b");
    for capture in [
        "utf8-00071",
        "utf8-00070",
        "utf8-00012",
        "utf8-00011",
        "utf8-00010",
    ] {
        let capture = chat_capture(capture);
        let shown = Event::parse(&capture.body)
            .expect(&capture.name)
            .to_string();
        assert!(
            !shown.chars().any(is_deceptive),
            "{}: {shown:?}",
            capture.name
        );
        let refused = Event::parse_xml(&capture.body).expect_err(&capture.name);
        let marked = refused.snippet(capture.body.as_bytes()).to_string();
        assert!(
            !marked.chars().any(|c| c != '\n' && is_deceptive(c)),
            "{marked:?}"
        );
    }
}

/// `\u{202e}evil` could be shown as `live`, and a line of a log could be read backwards.
#[test]
fn bidi_controls_are_kept_and_never_shown_raw() {
    assert_alice_typed("utf8-00057", "\u{202e}abc\u{202c} \u{2066}x\u{2069}");
    for capture in ["utf8-00018", "utf8-00057", "utf8-00058", "utf8-00059"] {
        let capture = chat_capture(capture);
        let event = Event::parse(&capture.body).expect(&capture.name);
        assert_eq!(event, capture.said, "{}", capture.name);
        let shown = event.to_string();
        assert!(
            !shown.chars().any(is_deceptive),
            "{}: {shown:?}",
            capture.name
        );
    }
}

/// A user could insert quotes and line breaks into a log, and forge entries.
#[test]
fn log_lines_cannot_be_forged() {
    let chat = Event::from(Chat::new(
        "Tea",
        "Al\" message=\"I quit\nchat room=\"Tea",
        "\\\"",
    ));
    let expected =
        r#"chat room="Tea" user="Al\" message=\"I quit\nchat room=\"Tea" message="\\\"""#;
    assert_eq!(chat.to_string(), expected);
}

/// Invisible characters, and those that change the direction of writing, could deceive the reader
/// of an error. All of them are escaped, wherever the text is quoted.
#[test]
fn no_deceptive_character_is_shown_raw() {
    let mut deceptive: Vec<_> = ('\0'..=char::MAX).filter(|c| is_deceptive(*c)).collect();
    assert!(deceptive.len() > 4000, "{} of them", deceptive.len());
    for must in [
        '\u{1b}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180b}',
        '\u{200b}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202e}',
        '\u{2069}',
        '\u{2800}',
        '\u{3164}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{e0001}',
        '\u{13441}',
        '\u{13442}',
        '\u{1d159}',
        '\u{fffc}',
    ] {
        assert!(deceptive.contains(&must));
    }
    // There are many private-use characters, so only the first is tested.
    deceptive.retain(
        |c| !matches!(c, '\u{e001}'..='\u{f8ff}' | '\u{f0001}'..='\u{fffff}' | '\u{100001}'..),
    );
    for c in deceptive {
        let form = format!("{ENVELOPE}&startTime={c}");
        let name = format!("a{c}=%");
        let element = format!("<{c}>");
        let body = format!("x{c}");
        let errors = [
            (Notification::parse(&form).unwrap_err(), &form),
            (Notification::parse(&name).unwrap_err(), &name),
            (Event::parse(&element).unwrap_err(), &element),
            (Event::parse_xml(&body).unwrap_err(), &body),
            (Event::parse_verbatim(&body).unwrap_err(), &body),
        ];
        for (error, input) in errors {
            let shown = format!("{error}{error:?}{}", error.name().unwrap_or_default());
            assert!(!shown.contains(c), "{shown:?} shows {:?}", u32::from(c));
            let marked = error.snippet(input.as_bytes()).to_string();
            let picture = marked.replacen("\n  | ", "", 2);
            assert!(!picture.contains(c), "{picture:?} shows {:?}", u32::from(c));
        }
        let shown = Event::from(Chat::new("r", "u", String::from(c))).to_string();
        assert!(!shown.contains(c), "{shown:?} shows {:?}", u32::from(c));
    }
}

/// An attacker who can append to a body could close another session than the one that was checked,
/// if one program uses the first value and another the last.
#[test]
fn a_repeated_session_is_an_error() {
    for second in [
        "SESSIONID",
        "%53ESSIONID",
        "SESSION%49D",
        "%53%45%53%53%49%4f%4e%49%44",
    ] {
        let body = format!("{ENVELOPE}&SESSIONID=s19_3_390&{second}=s19_3_666");
        let error = Notification::parse(&body).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DuplicateParameter, "{second}");
        // In lenient mode, the first value is used, and the second is kept.
        let event = Parser::new().lenient().parse(&body).expect(second);
        assert_eq!(
            event.session.id.expect("a session"),
            "s19_3_390",
            "{second}"
        );
        assert_eq!(event.extra.get("SESSIONID"), Some("s19_3_666"), "{second}");
    }
    // A name with white space, another case or a NUL is a different name.
    for other in [
        "sessionid",
        "SESSIONID+",
        "+SESSIONID",
        "SESSIONID%00",
        "SESSIONID[]",
    ] {
        let body = format!("{ENVELOPE}&SESSIONID=s19_3_390&{other}=s19_3_666");
        let event = Notification::parse(&body).expect(other);
        assert_eq!(event.session.id.expect("a session"), "s19_3_390", "{other}");
        assert_eq!(event.extra.len(), 1, "{other}");
    }
}

/// An event of another product could count as one of ISL Light, or an unknown event as a known one.
#[test]
fn modules_and_events_are_not_confused() {
    for module in [
        "ISL_PRONTO",
        "isl_light",
        "ISL_Light+",
        "+ISL_Light",
        "ISL_Light%00",
        "",
    ] {
        let body = ENVELOPE.replace("ISL_Light", module);
        let event = Notification::parse(&body).expect(module);
        assert_ne!(event.module, Module::IslLight, "{module}");
        assert!(matches!(event.module, Module::Other(_)), "{module}");
    }
    for name in [
        "stop",
        "STOP%0A",
        "NEW++SESSION",
        "NEW%C2%A0SESSION",
        "ST%D0%9EP",
    ] {
        let body = ENVELOPE.replace("STOP", name);
        let event = Notification::parse(&body).expect(name).event;
        assert!(matches!(event, IslEvent::Other(_)), "{name}");
    }
    // A second MODULE cannot turn an event of ISL Light into that of another module, which has
    // fewer checks.
    for body in [
        format!("MODULE=ISL_PRONTO&{ENVELOPE}&startTime=soon"),
        format!("{ENVELOPE}&MODULE=ISL_PRONTO&startTime=soon"),
        format!("{ENVELOPE}&startTime=soon&%4DODULE=ISL_PRONTO"),
    ] {
        assert_eq!(
            Notification::parse(&body).unwrap_err().kind(),
            ErrorKind::DuplicateParameter
        );
    }
}

/// A value could add parameters. An encoded `&` or `=` is text.
#[test]
fn values_cannot_add_parameters() {
    let body = format!("{ENVELOPE}&reason=x%26SESSIONID%3Ds19_3_666&CPUSER=a;SESSIONID=b");
    let event = Notification::parse(&body).expect("it parses");
    assert_eq!(event.session.id, None);
    assert_eq!(event.reason.text.as_deref(), Some("x&SESSIONID=s19_3_666"));
    assert_eq!(event.user.full_name.as_deref(), Some("a;SESSIONID=b"));
    let again = event.to_form();
    assert_eq!(Notification::parse(&again), Ok(event));
}

/// A body without content could keep a service busy, or exhaust its memory.
#[test]
fn bodies_without_content_are_errors() {
    let nothing = "&".repeat(1_000_000);
    let body = format!("{nothing}{ENVELOPE}{nothing}x=y{nothing}");
    let event = Notification::parse(&body).expect("it parses");
    assert_eq!(event.extra.len(), 1);
    assert_eq!(
        Notification::parse(&nothing).unwrap_err().kind(),
        ErrorKind::MissingParameter
    );
    let many = format!("{ENVELOPE}{}", "&x".repeat(1_000_000));
    assert_eq!(
        Notification::parse(&many).unwrap_err().kind(),
        ErrorKind::TooManyParameters
    );
}

/// A stranger could choose the parser with a header, or with leading white space.
#[test]
fn only_the_body_determines_the_family() {
    for (body, family) in [
        ("<chat>", Family::VolanoChat),
        (" \t\r\n<chat>", Family::VolanoChat),
        ("\u{feff}<chat>", Family::VolanoChat),
        ("\u{feff}\n<chat>", Family::VolanoChat),
        ("<", Family::VolanoChat),
        ("", Family::IslLight),
        ("%3Cchat%3E", Family::IslLight),
        ("a=<chat>", Family::IslLight),
        ("\0<chat>", Family::IslLight),
        ("\u{a0}<chat>", Family::IslLight),
    ] {
        assert_eq!(Family::of(body.as_bytes()), family, "{body:?}");
    }
}
