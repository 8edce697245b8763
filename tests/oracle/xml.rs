//! Events in XML, parsed by roxmltree, which shares no code with the crate.

use std::sync::LazyLock;

use regex_lite::Regex;
use roxmltree::{Document, Node};

use super::frame::{FRAMES, Reading};

/// Returns whether XML 1.0 allows the character (production 2).
pub(crate) fn is_char(c: char) -> bool {
    matches!(c,
        '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}'
        | '\u{10000}'..='\u{10ffff}')
}

/// Parses the event in a document with roxmltree.
pub(crate) fn reading(text: &str) -> Option<Reading> {
    // Line ends are normalized before anything else (XML 1.0, 2.11). roxmltree does so later, and
    // misses a carriage return before a reference.
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

/// Returns whether the element has this raw name. roxmltree supports namespaces, and treats
/// `<:chat>` as `<chat>`.
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

/// Returns the attributes with their raw names, including declarations of namespaces, which
/// roxmltree omits.
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

/// Returns the text of an element without child elements.
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

/// Returns whether the document is well-formed where roxmltree does not check: the content of an
/// XML declaration, the character after the target of a processing instruction, and character
/// references to invalid characters.
fn is_well_formed(document: &Document<'_>) -> bool {
    static NO_CHARACTERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?s)<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>").expect("an expression")
    });
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("&#(x[0-9a-fA-F]+|[0-9]+);").expect("an expression"));

    let source = document.input_text();
    let without_mark = source.strip_prefix('\u{feff}').unwrap_or(source);
    let start = source.len() - without_mark.len();
    // roxmltree ignores a declaration, unless it mistakes it for a processing instruction.
    let declared = !without_mark.starts_with("<?xml ") || is_declaration(without_mark);
    let instructions = document.descendants().all(|node| {
        let Some(instruction) = node.pi() else {
            return true;
        };
        let from = &source[node.range().start..];
        if instruction.target.eq_ignore_ascii_case("xml") {
            return node.range().start == start && is_declaration(from);
        }
        let after = &from["<?".len() + instruction.target.len()..];
        after.starts_with([' ', '\t', '\n']) || after.starts_with("?>")
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

/// Returns whether the text begins with an XML declaration (productions 23 to 26, 32, 80 and 81).
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
