//! Large and hostile bodies are parsed correctly, in linear time.
//!
//! The limit is generous, for slow machines and unoptimized builds: quadratic code takes hours.

mod common;

use std::time::{Duration, Instant};

use common::ENVELOPE;
use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::{Chat, Enter, Event, Membership};
use isl_volano::{ErrorKind, Payload};

/// The length of a hostile body: a MiB, or less in unoptimized builds.
const LENGTH: usize = if cfg!(debug_assertions) {
    1 << 18
} else {
    1 << 20
};
const LENIENT: Parser = Parser::new().lenient();

/// Returns a piece repeated up to this length.
fn fill(piece: &str) -> String {
    piece.repeat(LENGTH / piece.len())
}

#[track_caller]
fn quickly<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = run();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
    result
}

#[test]
fn forms_of_a_repeated_piece() {
    for piece in [
        "&",
        "=",
        "%",
        "+",
        "%zz",
        "%FF",
        "a",
        "a&",
        "a=b&",
        "=&",
        "%4",
        "🍵",
        "&&&&=",
        "SESSIONID&",
        "startTime=&",
    ] {
        let filling = fill(piece);
        quickly(piece, || {
            for body in [
                filling.clone(),
                format!("{ENVELOPE}&{filling}"),
                format!("{filling}&{ENVELOPE}"),
            ] {
                let _ = Notification::parse(&body);
                let _ = Notification::parse_bytes(body.as_bytes());
                let broken = [body.as_bytes(), b"\xff"].concat();
                let mut buffer = Vec::new();
                for parser in [Parser::new(), LENIENT] {
                    let parsed = parser.parse_bytes(body.as_bytes());
                    assert_eq!(
                        parser.parse_in(body.as_bytes(), &mut buffer),
                        parsed,
                        "{piece}"
                    );
                    let _ = parser.parse_bytes(&broken);
                    if let Err(error) = &parsed {
                        assert!(error.snippet(body.as_bytes()).to_string().len() < 4000);
                    }
                }
                // With an envelope, lenient parsing accepts any pairs, and loses nothing.
                let parsed = LENIENT.parse(&body);
                assert_eq!(parsed.is_ok(), body.contains("TIMESTAMP"), "{piece}");
                if let Ok(event) = parsed {
                    let count = form_urlencoded::parse(body.as_bytes())
                        .filter(|(name, value)| !(name == "startTime" && value.is_empty()))
                        .count();
                    assert_eq!(
                        event.extra.len() + 5 + usize::from(event.session.id.is_some()),
                        count,
                        "{piece}"
                    );
                }
            }
        });
    }
}

#[test]
fn many_parameters() {
    let body: String = (0..100_000)
        .map(|number| format!("&parameter{number}=%2B{number}"))
        .collect();
    let body = format!("{ENVELOPE}{body}");
    let refused = quickly("refusing", || Notification::parse(&body));
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::TooManyParameters);
    let event = quickly("reading", || {
        Parser::new().max_parameters(usize::MAX).parse(&body)
    });
    let event = event.expect("no limit");
    assert_eq!(event.extra.len(), 100_000);
    for (number, (name, value)) in event.extra.iter().enumerate() {
        assert_eq!(name, format!("parameter{number}"));
        assert_eq!(value, format!("+{number}"));
    }
    assert_eq!(quickly("writing", || event.to_form()), body);
}

#[test]
fn a_long_value() {
    for piece in ["x", "%41", "+", "%F0%9F%8D%B5", "🍵"] {
        let body = format!("{ENVELOPE}&reason={}", fill(piece));
        let event = quickly(piece, || Notification::parse(&body)).expect(piece);
        let (_, expected) = form_urlencoded::parse(body.as_bytes())
            .last()
            .expect("a pair");
        assert!(event.reason.text.as_deref() == Some(&*expected), "{piece}");
        let again = quickly(piece, || event.to_form());
        assert!(
            Notification::parse(&again).as_ref() == Ok(&event),
            "{piece}"
        );
    }
}

#[test]
fn bodies_of_a_repeated_piece() {
    for piece in [
        "<",
        ">",
        "</",
        "<a",
        "<a>",
        "<!--",
        "<![CDATA[",
        "<?",
        "<!DOCTYPE ",
        "&",
        "&#",
        "&amp;",
        "]]>",
        "<chat>",
        "<chat><room>",
        "\r",
        "\u{feff}",
        "\0",
    ] {
        let filling = fill(piece);
        quickly(piece, || {
            for body in [
                filling.clone(),
                format!("<chat>{filling}"),
                format!("<chat ><room>{filling}</room>"),
            ] {
                assert!(Event::parse(&body).is_err(), "{piece}");
                assert!(Event::parse_xml(&body).is_err(), "{piece}");
                assert!(Event::parse_verbatim(&body).is_err(), "{piece}");
                let _ = Payload::parse(&body);
                assert_eq!(Event::readings(&body).count(), 0, "{piece}");
            }
        });
    }
}

#[test]
fn a_long_message() {
    for piece in [
        "x",
        "<",
        "&",
        "&#",
        "&amp;",
        "&amp;&#",
        "]]>",
        "<!--",
        "</message>",
        "<message>",
        "</message></chat>",
        "\n",
        "\0",
        "🍵",
    ] {
        let message = fill(piece);
        let body =
            format!("<chat><room>r</room><user>u</user><message>{message}</message></chat>\n");
        let said = Event::from(Chat::new("r", "u", &*message));
        quickly(piece, || {
            assert!(
                Event::parse_verbatim(&body).as_ref() == Ok(&said),
                "{piece}"
            );
            assert!(said.to_verbatim().as_deref() == Ok(&*body), "{piece}");
            assert!(Event::readings(&body).eq([said.clone()]), "{piece}");
            assert!(Event::parse(&body).as_ref() == Ok(&said), "{piece}");
            let _ = Event::parse_xml(&body);
            if let Ok(document) = said.to_xml() {
                assert!(Event::parse_xml(&document).as_ref() == Ok(&said), "{piece}");
            }
        });
    }
}

#[test]
fn repeated_tags_of_the_server() {
    for piece in [
        "</user><message>",
        "</room><user></user><message>",
        "</user><message></room><user>",
    ] {
        let filling = fill(piece);
        let body =
            format!("<chat><room>r</room><user>u</user><message>{filling}</message></chat>\n");
        let error = quickly(piece, || Event::parse(&body)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Ambiguous, "{piece}");
        // There are too many readings to see all of them. Each is found on demand.
        let first: Vec<_> = quickly(piece, || Event::readings(&body).take(10).collect());
        assert_eq!(first.len(), 10, "{piece}");
        assert!(first[0] == Chat::new("r", "u", &*filling).into(), "{piece}");
        for (index, event) in first.iter().enumerate() {
            assert!(
                !first[..index].contains(event),
                "{piece}: the same one twice"
            );
        }
        assert!(
            quickly(piece, || first[0].to_verbatim()).is_err(),
            "{piece}"
        );
    }
}

#[test]
fn repeated_hosts() {
    for piece in [
        "</user><host>",
        "</host><profile>",
        "</user><host>1</host>",
        "</user><host><</host><profile>",
        "<host>1</host><profile>",
        "</user><host>1</user><host>",
    ] {
        let filling = fill(piece);
        let enter = Enter::new(Membership::Member, "r", "u", "192.0.2.1", &*filling);
        let said = Event::from(enter);
        let body = quickly(piece, || said.to_verbatim()).expect(piece);
        assert!(
            quickly(piece, || Event::parse(&body)) == Ok(said),
            "{piece}"
        );
        let enter = Enter::new(Membership::Member, "r", &*filling, "192.0.2.1", "p");
        let said = Event::from(enter);
        let body = quickly(piece, || said.to_verbatim()).expect(piece);
        assert!(
            quickly(piece, || Event::parse(&body)) == Ok(said),
            "{piece}"
        );
    }
    // Complete hosts have one reading each.
    let filling = "</user><host>1</host><profile>".repeat(100);
    let enter = Enter::new(Membership::Member, "r", "u", "2", &*filling);
    let error = Event::from(enter.clone()).to_verbatim().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Ambiguous);
    let body = format!(
        "<enter type=\"member\"><room>r</room><user>u</user><host>2</host><profile>{filling}</profile></enter>"
    );
    let readings: Vec<_> = quickly("readings", || Event::readings(&body).collect());
    assert_eq!(readings.len(), 101);
    assert!(readings.contains(&enter.into()));
}

#[test]
fn xml_of_many_pieces() {
    for (piece, text) in [
        ("&amp;", "&"),
        ("a<!-- -->", "a"),
        ("<![CDATA[a]]>", "a"),
        ("<?p?>", ""),
        ("\r\n", "\n"),
        ("&#13;", "\r"),
    ] {
        let body = format!(
            "<chat ><room>r</room><user>u</user><message>{}</message></chat>",
            fill(piece)
        );
        let event = quickly(piece, || Event::parse(&body)).expect(piece);
        let expected = text.repeat(LENGTH / piece.len());
        assert!(event == Chat::new("r", "u", expected).into(), "{piece}");
    }
    let spaces = fill(" ");
    let body =
        format!("{spaces}<chat{spaces}><room>r</room>{spaces}<user>u</user><message/></chat>");
    assert_eq!(
        quickly("spaces", || Event::parse(&body)),
        Ok(Chat::new("r", "u", "").into())
    );
    let attributes = (0..20_000)
        .map(|number| format!(" a{number}='x'"))
        .collect::<String>();
    let body = format!("<kick type='ban'{attributes}/>");
    assert!(quickly("attributes", || Event::parse(&body)).is_err());
}
