//! XML against roxmltree, which shares nothing with the reader beneath the crate's own.

use std::str;
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use isl_volano::volano_chat::Event;
use regex_lite::Regex;
use roxmltree::{Document, Node};

use crate::check;
use crate::frame::{FRAMES, Reading};

/// Reads the bytes as they are, and as the plan of a document.
pub fn run(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        examine(text);
    }
    if let Ok(text) = document(&mut Unstructured::new(data)) {
        examine(&text);
    }
}

fn examine(text: &str) {
    let result = Event::parse_xml(text);
    if let Err(error) = &result {
        check::error(error, text.as_bytes());
    }
    let found = result.as_ref().ok().map(Reading::of);
    assert_eq!(found, reading(text), "{result:?}");
}

/// The event in a document, as roxmltree reads it.
fn reading(text: &str) -> Option<Reading> {
    // XML 1.0, 2.11: line ends are made one before anything else is done. roxmltree does it
    // later, and misses a carriage return before a reference.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let document = Document::parse(&text).ok()?;
    if !is_well_formed(&document) {
        return None;
    }
    let root = document.root_element();
    let frame = FRAMES.iter().find(|frame| named(root, frame.element))?;
    let kind = match attributes(root).as_slice() {
        [] if frame.types.is_empty() => None,
        [("type", value)] => Some(*frame.types.iter().find(|known| *known == value)?),
        _ => return None,
    };
    let mut texts = vec![None; frame.children.len()];
    for child in root.children() {
        if child.is_element() {
            let index = frame.children.iter().position(|name| named(child, name))?;
            let before = texts[index].replace(plain_text(child)?);
            if before.is_some() || !attributes(child).is_empty() {
                return None;
            }
        } else if child.is_text()
            && !child
                .text()?
                .trim_matches([' ', '\t', '\r', '\n'])
                .is_empty()
        {
            return None;
        }
    }
    let texts = frame.children.iter().copied().zip(texts);
    Some(Reading {
        element: frame.element,
        kind,
        texts: texts
            .map(|(name, text)| Some((name, text?)))
            .collect::<Option<_>>()?,
    })
}

/// Whether the element's name, as it is written, is this one. roxmltree knows namespaces, and
/// takes `<:chat>` for `<chat>`.
fn named(element: Node<'_, '_>, name: &str) -> bool {
    let source = &element.document().input_text()[element.range()];
    let end = source
        .rsplit("</")
        .next()
        .filter(|_| !source.ends_with("/>"));
    element.tag_name().name() == name
        && source[1..].starts_with(name)
        && end.is_none_or(|end| end.starts_with(name))
}

/// The attributes, their names as they are written. Declarations of namespaces, which roxmltree
/// does not count among them, are attributes like any other.
fn attributes<'a>(element: Node<'a, '_>) -> Vec<(&'a str, &'a str)> {
    let source = element.document().input_text();
    let attributes = element.attributes();
    let tag = source[element.range()].split('>').next();
    let declares = tag.is_some_and(|tag| tag.contains("xmlns"));
    attributes
        .map(|attribute| (&source[attribute.range_qname()], attribute.value()))
        .chain(declares.then_some(("xmlns", "")))
        .collect()
}

/// The text of an element without elements.
fn plain_text(element: Node<'_, '_>) -> Option<String> {
    let mut text = String::new();
    for child in element.children() {
        if child.is_element() {
            return None;
        }
        if child.is_text() {
            text.push_str(child.text()?);
        }
    }
    Some(text)
}

/// Whether the document is well-formed where roxmltree does not look: in what an XML declaration
/// says, in what follows the name of a processing instruction, and in references to numbers
/// that are no characters.
fn is_well_formed(document: &Document<'_>) -> bool {
    static NO_CHARACTERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>").expect("an expression")
    });
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("&#(x[0-9a-fA-F]+|[0-9]+);").expect("an expression"));

    let source = document.input_text();
    let without_mark = source.strip_prefix('\u{feff}').unwrap_or(source);
    let start = source.len() - without_mark.len();
    // roxmltree makes nothing of a declaration, unless it takes it for an instruction.
    let declared = !without_mark.starts_with("<?xml ") || is_declaration(without_mark);
    let instructions = document.descendants().all(|node| {
        let Some(instruction) = node.pi() else {
            return true;
        };
        let from = &source[node.range().start..];
        if instruction.target.eq_ignore_ascii_case("xml") {
            return node.range().start == start && is_declaration(from);
        }
        let behind = &from["<?".len() + instruction.target.len()..];
        behind.starts_with([' ', '\t', '\n']) || behind.starts_with("?>")
    });
    let characters = NO_CHARACTERS.replace_all(source, "");
    let numbers = NUMBER.captures_iter(&characters).all(|reference| {
        let number = match reference[1].strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => reference[1].parse(),
        };
        number.is_ok_and(|number| char::from_u32(number).is_some())
    });
    declared && instructions && numbers
}

/// Whether the text begins with an XML declaration (productions 23 to 26, 32, 80 and 81).
fn is_declaration(text: &str) -> bool {
    static DECLARATION: LazyLock<Regex> = LazyLock::new(|| {
        let attribute =
            |name: &str, value: &str| format!("\\s+{name}\\s*=\\s*('{value}'|\"{value}\")");
        let version = attribute("version", "1\\.[0-9]+");
        let encoding = attribute("encoding", "[A-Za-z][A-Za-z0-9._-]*");
        let standalone = attribute("standalone", "(yes|no)");
        let declaration = format!("^<\\?xml{version}({encoding})?({standalone})?\\s*\\?>");
        Regex::new(&declaration.replace("\\s", "[ \\t\\n]")).expect("an expression")
    });
    DECLARATION.is_match(text)
}

/// A document that is an event, or nearly so: children in any order, with all that may and may
/// not stand between and in them.
fn document(u: &mut Unstructured<'_>) -> Result<String> {
    let frame = u.choose(FRAMES)?;
    let mut document = String::new();
    document += word(u, BEGINNINGS)?;
    push(u, &mut document, MISC)?;
    document += &format!("<{}", frame.element);
    if let Some(kind) = u.choose(&frame.kinds())? {
        document += &word(u, ATTRIBUTES)?.replace("KIND", kind);
    }
    push(u, &mut document, IN_TAGS)?;
    document += ">";
    let mut children = frame.children.to_vec();
    while !children.is_empty() {
        push(u, &mut document, MISC)?;
        let at = u.choose_index(children.len())?;
        // One in 32 stays, and comes again: as long as there are bytes left.
        let child = if u.ratio(31, 32)? {
            children.remove(at)
        } else {
            children[at]
        };
        document += &format!("<{child}");
        push(u, &mut document, IN_TAGS)?;
        if u.ratio(1, 8)? {
            document += "/>";
            continue;
        }
        document += ">";
        push(u, &mut document, CONTENT)?;
        document += &format!("</{child}");
        push(u, &mut document, IN_TAGS)?;
        document += ">";
    }
    push(u, &mut document, MISC)?;
    document += &format!("</{}>", frame.element);
    push(u, &mut document, MISC)?;
    Ok(document)
}

/// What may stand somewhere, and what may not.
struct Words {
    good: &'static [&'static str],
    bad: &'static [&'static str],
}

/// One of the words, mostly a good one.
fn word(u: &mut Unstructured<'_>, words: &Words) -> Result<&'static str> {
    let words = if u.ratio(31, 32)? {
        words.good
    } else {
        words.bad
    };
    Ok(u.choose(words)?)
}

/// Appends a few of the words, mostly none.
fn push(u: &mut Unstructured<'_>, document: &mut String, words: &Words) -> Result<()> {
    for _ in 0..u.int_in_range(0..=7_u8)?.saturating_sub(3) {
        document.push_str(word(u, words)?);
    }
    Ok(())
}

const BEGINNINGS: &Words = &Words {
    good: &[
        "",
        "\u{feff}",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.1' encoding='UTF-8' standalone='yes' ?>\r\n",
        "\u{feff}<?xml\tversion = \"1.0\"\r\nencoding = 'utf-8'?>",
    ],
    bad: &[
        "<?xml version=\"1.0\" standalone=\"maybe\"?>",
        "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
        "<?xml version='1.0'encoding='UTF-8'?>",
        "<?xml version='1.0' encoding='8'?>",
        "<?xml encoding='UTF-8'?>",
        "<?xml version='2.0'?>",
        "<?xml\tversion='1.'?>",
        " <?xml version='1.0'?>",
        "\u{feff}\u{feff}",
        "<?XML?>",
        "<!DOCTYPE chat>",
    ],
};

const ATTRIBUTES: &Words = &Words {
    good: &[" type=\"KIND\"", " type='KIND'", "\r\ntype\t=\n'KIND'"],
    bad: &[
        "",
        " type=\"KIND\" type=\"KIND\"",
        " type=KIND",
        "type='KIND'",
        " :type='KIND'",
        " type='&#x4B;IND'",
        " type='&lt;'",
        " type='<'",
        " type=' KIND'",
        " type='KIND'a='b'",
        " xmlns:type='KIND'",
    ],
};

/// Between elements.
const MISC: &Words = &Words {
    good: &[
        " ",
        "\n",
        "\r\n",
        "\t",
        "<!-- a -->",
        "<!---->",
        "<!-- <room> & \r -->",
        "<?a?>",
        "<?a b?>",
        "<?é\n?>",
        "<?a <room>? ?>",
        "<?xml-a ?>",
        "<?xmlé?>",
        "<?:?>",
    ],
    bad: &[
        "<!-->",
        "<!--->",
        "<!-- a-- -->",
        "<!--a--->",
        "<!--\u{ffff}-->",
        "<!-- a",
        "<?a?b?>",
        "<?a+b?>",
        "<?-a?>",
        "<??>",
        "<? a?>",
        "<?xml ?>",
        "<?xml?>",
        "<?a\u{1}?>",
        "<?a",
        "<![CDATA[ ]]>",
        "<![CDATA[]]>",
        "<!ELEMENT a ANY>",
        "&#32;",
        "&#xA;",
        "&lt;",
        "a",
        "\u{a0}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "<a/>",
        "</a>",
        "]]>",
    ],
};

/// In a tag, behind the name and the attributes.
const IN_TAGS: &Words = &Words {
    good: &["", "", " ", "\n", "\r", "\t"],
    bad: &[
        "/",
        " a=''",
        " xml:lang='a'",
        " xmlns='a'",
        " xmlns:a=''",
        "\u{a0}",
        "\0",
        "a",
        "<",
        "=",
        "\"",
        " type",
        ":",
        " :",
    ],
};

/// In a child.
const CONTENT: &Words = &Words {
    good: &[
        "a",
        "é",
        "\u{1f600}",
        " ",
        "\t",
        "\n",
        "\r",
        "\r\n",
        ">",
        "]",
        "\"",
        "'",
        "\u{7f}",
        "\u{85}",
        "\u{feff}",
        "\u{fffd}",
        "&lt;",
        "&gt;",
        "&amp;",
        "&apos;",
        "&quot;",
        "&#13;",
        "&#10;",
        "&#x0A;",
        "&#x1F600;",
        "&#xd7FF;",
        "&#xFFFD;",
        "&#1114111;",
        "&#000065;",
        "<![CDATA[<&>]]>",
        "<![CDATA[\r]]]>",
        "<![CDATA[]]>",
        "<![CDATA[&lt;]]>",
        "<!-- a -->",
        "<?a b?>",
    ],
    bad: &[
        "&#0;",
        "&#xD800;",
        "&#xFFFE;",
        "&#1114112;",
        "&#4294967361;",
        "&#x;",
        "&#;",
        "&#+65;",
        "&#X41;",
        "&#6A;",
        "&# 65;",
        "&#65",
        "&;",
        "&a;",
        "&LT;",
        "&",
        "& ",
        "&l<!---->t;",
        "<![CDATA[\0]]>",
        "<![cdata[]]>",
        "<![CDATA[",
        "]]>",
        "<",
        "<a>",
        "</a>",
        "\0",
        "\u{b}",
        "\u{fffe}",
        "\u{ffff}",
    ],
};
