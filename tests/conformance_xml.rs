//! XML 1.0 (Fifth Edition) by section: what [`Event::parse_xml`] accepts, how it is decoded, and
//! what it refuses. The reference parser is roxmltree, which this crate does not use.

mod common;

use isl_volano::ErrorKind;
use isl_volano::volano_chat::{Chat, Event, Kick, KickKind};

/// Returns a document with this message.
fn chat(message: &str) -> String {
    format!("<chat>\n<room>r</room><user>u</user><message>{message}</message></chat>")
}

/// Returns the text of an element according to roxmltree.
fn roxmltree_text(document: &str, element: &str) -> Option<String> {
    // By default, roxmltree refuses a DOCTYPE.
    let parsed = roxmltree::Document::parse(document).ok()?;
    let node = parsed
        .descendants()
        .find(|node| node.has_tag_name(element))?;
    Some(
        node.children()
            .filter_map(|child| child.text().filter(|_| child.is_text()))
            .collect(),
    )
}

/// Asserts that the message is decoded to this text.
#[track_caller]
fn assert_text(message: &str, text: &str) {
    assert_text_here(message, text);
    let roxmltree_text = roxmltree_text(&chat(message), "message");
    assert_eq!(
        roxmltree_text.as_deref(),
        Some(text),
        "{message:?}: the roxmltree_text"
    );
}

/// Asserts the same where roxmltree is wrong.
#[track_caller]
fn assert_text_here(message: &str, text: &str) {
    let document = chat(message);
    let parsed = Event::parse_xml(&document);
    assert_eq!(parsed, Ok(Chat::new("r", "u", text).into()), "{message:?}");
    // It is not in the server's format, so `parse` parses it as XML.
    assert_eq!(Event::parse(&document), parsed, "{message:?}");
}

/// Asserts that the document with this message is not well-formed.
#[track_caller]
fn assert_refused(message: &str) {
    assert_refused_here(message);
    assert_eq!(
        roxmltree_text(&chat(message), "message"),
        None,
        "{message:?}: the roxmltree_text"
    );
}

/// Asserts the same where roxmltree is more lenient than the standard.
#[track_caller]
fn assert_refused_here(message: &str) {
    let error = Event::parse_xml(&chat(message)).expect_err(message);
    let kinds = [ErrorKind::NotWellFormed, ErrorKind::InvalidReference];
    assert!(kinds.contains(&error.kind()), "{message:?}: {error}");
}

/// Asserts that the document is the event with these texts.
#[track_caller]
fn assert_document(document: &str) {
    let expected = Chat::new("r", "u", "m").into();
    assert_eq!(Event::parse_xml(document), Ok(expected), "{document:?}");
    assert!(
        roxmltree::Document::parse(document).is_ok(),
        "{document:?}: the roxmltree_text"
    );
}

#[track_caller]
fn assert_document_refused(document: &str, kind: ErrorKind) {
    let error = Event::parse_xml(document).expect_err(document);
    assert_eq!(error.kind(), kind, "{document:?}: {error}");
    assert!(
        roxmltree::Document::parse(document).is_err(),
        "{document:?}: the roxmltree_text"
    );
}

const BODY: &str = "<chat><room>r</room><user>u</user><message>m</message></chat>";

/// 2.2, production 2, `Char`, as a raw character and as a reference (4.1, Legal Character).
#[test]
fn characters() {
    for (code, is_char) in [
        (0x00, false),
        (0x01, false),
        (0x08, false),
        (0x09, true),
        (0x0a, true),
        (0x0b, false),
        (0x0c, false),
        (0x0d, true),
        (0x0e, false),
        (0x1f, false),
        (0x20, true),
        (0x7f, true),
        (0x85, true),
        (0x9f, true),
        (0xd7ff, true),
        (0xd800, false),
        (0xdbff, false),
        (0xdc00, false),
        (0xdfff, false),
        (0xe000, true),
        (0xfdd0, true),
        (0xfffd, true),
        (0xfffe, false),
        (0xffff, false),
        (0x1_0000, true),
        (0x1_ffff, true),
        (0x10_ffff, true),
        (0x11_0000, false),
        (u32::MAX, false),
    ] {
        let text = char::from_u32(code).map(String::from);
        for reference in [
            format!("&#{code};"),
            format!("&#x{code:x};"),
            format!("&#x{code:X};"),
            format!("&#000{code};"),
            format!("&#x00000000000{code:x};"),
        ] {
            match &text {
                Some(text) if is_char => {
                    assert_text(&format!("a{reference}b"), &format!("a{text}b"))
                }
                // roxmltree replaces an invalid character with U+FFFD.
                _ => assert_refused_here(&format!("a{reference}b")),
            }
        }
        if let Some(text) = text.filter(|text| text != "\r") {
            if is_char {
                assert_text(&text, &text);
                assert_text(&format!("<![CDATA[{text}]]>"), &text);
                assert_text(&format!("<!--{text}--><?p {text}?>"), "");
            } else {
                assert_refused(&text);
                assert_refused(&format!("<![CDATA[{text}]]>"));
                assert_refused(&format!("<!--{text}-->"));
                assert_refused(&format!("<?p {text}?>"));
            }
        }
    }
}

/// 4.1, production 66, `CharRef`: malformed references.
#[test]
fn malformed_references() {
    for reference in [
        "&#;",
        "&#x;",
        "&#X41;",
        "&#x41",
        "&#65",
        "&#-65;",
        "&#+65;",
        "&#x+41;",
        "&# 65;",
        "&#65 ;",
        "&#x 41;",
        "&#6_5;",
        "&#xG;",
        "&#A;",
        "&#0x41;",
        "&#1e2;",
        "&#99999999999999999999;",
        "&#x100000041;",
        "&#4294967361;",
        "& #65;",
        "&",
        "&;",
        "& ",
        "&a",
        "&&amp;",
        "&a b;",
        "&1;",
        "&#٦٥;",
    ] {
        assert_refused(reference);
    }
}

/// 4.6: the predefined entities, and no others without a declaration (4.1, Entity Declared).
#[test]
fn entities() {
    assert_text("&lt;", "<");
    assert_text("&gt;", ">");
    assert_text("&amp;", "&");
    assert_text("&apos;", "'");
    assert_text("&quot;", "\"");
    assert_text("&lt;b&gt;&amp;amp;&apos;&quot;", "<b>&amp;'\"");
    assert_text("a&amp;lt;b", "a&lt;b");
    for name in [
        "nbsp", "copy", "LT", "Amp", "AMP", "lt ", "quote", "x", "#amp",
    ] {
        assert_refused(&format!("&{name};"));
    }
}

/// 2.11, End-of-Line Handling: line ends are normalized first, so a carriage return written as a
/// reference stays.
#[test]
fn line_ends() {
    for (raw, text) in [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\nb", "a\nb"),
        ("a\n\rb", "a\n\nb"),
        ("a\r\r\nb", "a\n\nb"),
        ("\r", "\n"),
        ("\r\n", "\n"),
        ("a\u{85}b\u{2028}c", "a\u{85}b\u{2028}c"),
    ] {
        assert_text(raw, text);
        assert_text(&format!("<![CDATA[{raw}]]>"), text);
        // roxmltree loses a carriage return before a reference.
        assert_text_here(&format!("{raw}&lt;"), &format!("{text}<"));
    }
    assert_text("a&#13;b", "a\rb");
    assert_text("a&#xD;&#xA;b", "a\r\nb");
    assert_text_here("a\r&#10;b", "a\n\nb");
    assert_text("a&#13;\nb", "a\r\nb");
    assert_text("a\r<!-- -->\nb", "a\n\nb");
    assert_text("a\r<![CDATA[\n]]>b", "a\n\nb");
}

/// 2.4, Character Data: `]]>` is not allowed, `>` is.
#[test]
fn character_data() {
    assert_text("a > b ]] ]> ]]&gt;", "a > b ]] ]> ]]>");
    assert_text("\"'", "\"'");
    assert_text(" \t\n ", " \t\n ");
    // roxmltree accepts these.
    assert_refused_here("]]>");
    assert_refused_here("a]]]>b");
    assert_refused_here("&lt;]]>");
}

/// 2.5, Comments: not part of the text. `--` is not allowed in them, nor `-` before their end.
#[test]
fn comments() {
    for comment in [
        "<!---->",
        "<!-- -->",
        "<!-- - -->",
        "<!--->-->",
        "<!--<b>&x;]]>-->",
        "<!-- <!- -->",
    ] {
        assert_text(&format!("a{comment}b"), "ab");
        assert_document(&format!("{comment}{BODY}\n{comment}"));
        assert_document(&BODY.replace("</room>", &format!("</room>{comment}")));
    }
    for comment in [
        "<!-- -- -->",
        "<!-- --->",
        "<!----->",
        "<!-->",
        "<!--->",
        "<!-- ",
        "<!- -->",
        "<! -- -->",
    ] {
        assert_refused(comment);
    }
}

/// 2.6, Processing Instructions: not part of the text. Each has a target, which is not `xml`.
#[test]
fn processing_instructions() {
    for instruction in [
        "<?p?>",
        "<?p ?>",
        "<?p a=\"b\" < & ]]> --?>",
        "<?xml-stylesheet x?>",
        "<?p ? >?>",
        "<?é?>",
        "<?_:x.-1?>",
    ] {
        assert_text(&format!("a{instruction}b"), "ab");
        assert_document(&format!("{instruction}{BODY}\n{instruction}"));
    }
    for instruction in [
        "<? p?>",
        "<??>",
        "<?p>",
        "<?p",
        "<?xml version=\"1.0\"?>",
        "<?1?>",
        "<?-p?>",
    ] {
        assert_refused(instruction);
    }
    // roxmltree accepts these.
    for instruction in ["<?xml?>", "<?XML x?>", "<?xMl?>", "<?p!?>"] {
        assert_refused_here(instruction);
    }
}

/// 2.7, CDATA Sections: they contain no markup, have exactly these delimiters, and are allowed only
/// where text is.
#[test]
fn cdata_sections() {
    assert_text("<![CDATA[]]>", "");
    assert_text(
        "a<![CDATA[<b>&amp;&bogus;]] >]>]]>c",
        "a<b>&amp;&bogus;]] >]>c",
    );
    assert_text("<![CDATA[<![CDATA[]]>]]&gt;", "<![CDATA[]]>");
    assert_text("<![CDATA[]]]]><![CDATA[>]]>", "]]>");
    assert_text("<![CDATA[]]]>", "]");
    for section in [
        "<![CDATA[",
        "<![CDATA[x]]",
        "<![CDATA[x]>",
        "<![cdata[x]]>",
        "<! [CDATA[x]]>",
        "<![CDATA [x]]>",
        "<![CDATA]]>",
    ] {
        assert_refused(section);
    }
    assert_document_refused(&format!("<![CDATA[]]>{BODY}"), ErrorKind::NotWellFormed);
    assert_document_refused(&format!("{BODY}<![CDATA[ ]]>"), ErrorKind::NotWellFormed);
}

/// 2.8, Prolog: productions 23 to 26 and 80, `XMLDecl`, and 32, `SDDecl`.
#[test]
fn declarations() {
    for declaration in [
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.0'?>",
        "<?xml version = \"1.0\" ?>",
        "<?xml\nversion=\"1.0\"\tencoding=\"UTF-8\"?>\r\n",
        "<?xml version=\"1.0\" encoding='utf-8' standalone=\"yes\"?>",
        "<?xml version=\"1.0\" standalone='no' ?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        "\u{feff}<?xml version=\"1.0\"?>",
        "\u{feff}",
        "\n \t\r",
    ] {
        assert_document(&format!("{declaration}{BODY}"));
    }
    for declaration in [
        "<?xml?>",
        "<?xml ?>",
        "<?xml version=1.0?>",
        "<?xml version=\"1.0'?>",
        "<?xml version=\"1.0\"encoding=\"UTF-8\"?>",
        "<?xml encoding=\"UTF-8\"?>",
        "<?xml encoding=\"UTF-8\" version=\"1.0\"?>",
        "<?xml version=\"1.0\" standalone=\"maybe\"?>",
        "<?xml version=\"1.0\" standalone=\"yes\" encoding=\"UTF-8\"?>",
        "<?xml version=\"1.0\" x=\"y\"?>",
        "<?xml version=\"1.0\">",
        " <?xml version=\"1.0\"?>",
        "<!-- --><?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?>",
        "<?xml version=\"2.0\"?>",
        "<?xml version=\"\"?>",
        "<?xml version=\"1.\"?>",
        "<?xml version=\"1.0\" encoding=\"\"?>",
        "<?xml version=\"1.0\" encoding=\"1x\"?>",
        "<?xml version=\"1.0\" encoding=\"a b\"?>",
        "<?xml version=\"1.0\" version=\"1.0\"?>",
    ] {
        let document = format!("{declaration}{BODY}");
        let error = Event::parse_xml(&document).expect_err(declaration);
        assert_eq!(
            error.kind(),
            ErrorKind::NotWellFormed,
            "{declaration:?}: {error}"
        );
        assert!(
            error.offset() <= declaration.len(),
            "{declaration:?}: {error}"
        );
    }
    // A processor of the fifth edition parses version 1.1 or later as 1.0 (2.8).
    assert_eq!(
        Event::parse_xml(&format!("<?xml version=\"1.1\"?>{BODY}")),
        Event::parse_xml(BODY)
    );
}

/// 2.8, production 28, `doctypedecl`: refused everywhere, well-formed or not.
#[test]
fn doctypes() {
    for (before, doctype) in [
        ("", "<!DOCTYPE chat>"),
        ("", "<!DOCTYPE chat SYSTEM \"x\">"),
        ("", "<!DOCTYPE chat [<!ELEMENT chat ANY>]>"),
        ("<?xml version=\"1.0\"?>\n", "<!DOCTYPE chat>"),
        ("<!-- c -->", "<!DOCTYPE chat>"),
        ("", "<!doctype chat>"),
        ("", "<!DOCTYPE"),
    ] {
        let document = format!("{before}{doctype}{BODY}");
        let error = Event::parse_xml(&document).expect_err(&document);
        assert_eq!(error.kind(), ErrorKind::Doctype, "{document:?}: {error}");
    }
    assert_document_refused(&chat("<!DOCTYPE chat>"), ErrorKind::Doctype);
    assert_document_refused(&format!("{BODY}<!DOCTYPE chat>"), ErrorKind::Doctype);
}

/// 3.1, Start-Tags, End-Tags, and Empty-Element Tags: where white space is allowed.
#[test]
fn tags() {
    for document in [
        "<chat ><room >r</room ><user\n>u</user\t><message\r\n>m</message\r\n></chat\n>",
        "<chat>\n <room>r</room>\t<user>u</user>\r\n<message>m</message>\n</chat>\n\n",
        "<chat><message>m</message><room>r</room><user>u</user></chat>",
    ] {
        assert_document(document);
    }
    let empty = [
        "<message/>",
        "<message />",
        "<message\n/>",
        "<message></message>",
    ];
    for message in empty {
        let document = format!("<chat><room>r</room><user>u</user>{message}</chat>");
        assert_eq!(
            Event::parse_xml(&document),
            Ok(Chat::new("r", "u", "").into()),
            "{message}"
        );
        assert!(
            roxmltree::Document::parse(&document).is_ok(),
            "{message}: the roxmltree_text"
        );
    }
    for (from, to) in [
        ("</room>", "</ room>"),
        ("</room>", "< /room>"),
        ("</room>", "</Room>"),
        ("</room>", "</roo>"),
        ("</room>", "</rooms>"),
        ("</room>", "</room x>"),
        ("</room>", "</room a=\"b\">"),
        ("</room>", "</room/>"),
        ("</room>", "</>"),
        ("</chat>", ""),
        ("</chat>", "</chat></chat>"),
        ("</chat>", "</chat><chat/>"),
        ("</chat>", "</chat"),
    ] {
        assert_document_refused(&BODY.replace(from, to), ErrorKind::NotWellFormed);
    }
    for (from, to) in [
        ("<room>", "< room>"),
        ("<room>", "<>"),
        ("<room>", "<room/ >"),
        ("<room>", "<1>"),
        ("<room>", "<r<oom>"),
        ("</room>", ""),
    ] {
        let document = BODY.replacen(from, to, 1);
        assert!(Event::parse_xml(&document).is_err(), "{document}");
        assert!(
            roxmltree::Document::parse(&document).is_err(),
            "{document}: the roxmltree_text"
        );
    }
}

/// Returns a kick with these attributes.
fn kick(attributes: &str) -> String {
    format!("<kick{attributes}><room>r</room><from>f</from><to>t</to></kick>")
}

/// 3.1, production 41, `Attribute`, and 3.3.3, Attribute-Value Normalization.
#[test]
fn attributes() {
    let expected: Event<'_> = Kick::new(KickKind::Ban, "r", "f", "t").into();
    for attributes in [
        " type=\"ban\"",
        " type='ban'",
        " type = 'ban'",
        "\ttype\n=\r\n\"ban\"\n",
        " type=\"b&#97;n\"",
        " type=\"&#x62;&#x61;&#x6E;\"",
    ] {
        let document = kick(attributes);
        assert_eq!(
            Event::parse_xml(&document),
            Ok(expected.clone()),
            "{attributes:?}"
        );
        assert_eq!(
            Event::parse(&document),
            Ok(expected.clone()),
            "{attributes:?}"
        );
        let roxmltree_text = roxmltree::Document::parse(&document).expect(attributes);
        assert_eq!(
            roxmltree_text.root_element().attribute("type"),
            Some("ban"),
            "{attributes:?}"
        );
    }
    for attributes in [
        " type=ban",
        " type=\"ban'",
        " type=\"ban",
        " type",
        " type=",
        " =\"ban\"",
        " type=\"ban\" type=\"ban\"",
        " type=\"ban\" type='remove'",
        " type=\"ban\"\"",
        " type=\"ban\" /x",
        " type==\"ban\"",
        " type=\"<ban\"",
        " type=\"b<\"",
        " type=\"b&an\"",
        " type=\"&bogus;\"",
        " type=\"&#0;\"",
        " type=\"ban\"x=\"y\"",
    ] {
        let document = kick(attributes);
        assert!(Event::parse_xml(&document).is_err(), "{attributes:?}");
        assert!(
            roxmltree::Document::parse(&document).is_err(),
            "{attributes:?}: the roxmltree_text"
        );
    }
    // Well-formed, but not a kick: without a DOCTYPE, values are not trimmed (3.3.3).
    for (attributes, kind) in [
        (" type=\" ban\"", ErrorKind::InvalidValue),
        (" type=\"ban\n\"", ErrorKind::InvalidValue),
        (" type=\"BAN\"", ErrorKind::InvalidValue),
        (" type=\"\"", ErrorKind::InvalidValue),
        (" type=\"ban&#10;\"", ErrorKind::InvalidValue),
        (" type=\"b&amp;n\"", ErrorKind::InvalidValue),
        (" Type=\"ban\"", ErrorKind::UnexpectedAttribute),
        (" type=\"ban\" x=\"y\"", ErrorKind::UnexpectedAttribute),
        (
            " xml:space=\"preserve\" type=\"ban\"",
            ErrorKind::UnexpectedAttribute,
        ),
        (" xmlns=\"u\" type=\"ban\"", ErrorKind::UnexpectedAttribute),
        ("", ErrorKind::MissingAttribute),
    ] {
        let document = kick(attributes);
        assert_eq!(
            Event::parse_xml(&document).unwrap_err().kind(),
            kind,
            "{attributes:?}"
        );
        assert!(
            roxmltree::Document::parse(&document).is_ok(),
            "{attributes:?}: the roxmltree_text"
        );
    }
}

/// 2.1, Well-Formed XML Documents: one root element, without text around it.
#[test]
fn documents() {
    for document in ["", " ", "<!-- -->", "<?p?>", "r", "&amp;", "]]>"] {
        assert!(Event::parse_xml(document).is_err(), "{document:?}");
        assert!(
            roxmltree::Document::parse(document).is_err(),
            "{document:?}: the roxmltree_text"
        );
    }
    for (before, after) in [
        ("x", ""),
        ("", "x"),
        ("&#32;", ""),
        ("", "&#32;"),
        ("", "&amp;"),
        ("\u{a0}", ""),
        ("", "\0"),
        ("", "\u{feff}"),
        ("\u{feff}\u{feff}", ""),
    ] {
        let document = format!("{before}{BODY}{after}");
        assert!(Event::parse_xml(&document).is_err(), "{document:?}");
        assert!(
            roxmltree::Document::parse(&document).is_err(),
            "{document:?}: the roxmltree_text"
        );
    }
}
