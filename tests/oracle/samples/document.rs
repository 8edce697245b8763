//! XML documents that are events, or almost events.

use arbitrary::{Result, Unstructured};

use crate::oracle::frame::FRAMES;

/// Creates a document that is an event, or almost: children in any order, with everything between
/// and in them that may or may not be there. Every other document is tidy, or almost.
pub(crate) fn document(u: &mut Unstructured<'_>) -> Result<String> {
    let frame = u.choose(FRAMES)?;
    let tidy = u.arbitrary()?;
    let mut document = String::new();
    document += word(u, BEGINNINGS, tidy)?;
    push(u, &mut document, MISC, tidy)?;
    document += &format!("<{}", frame.element);
    if let Some(kind) = u.choose(&frame.kinds())? {
        document += &word(u, ATTRIBUTES, tidy)?.replace("KIND", kind);
    }
    push(u, &mut document, IN_TAGS, tidy)?;
    document += ">";
    let mut children = frame.children.to_vec();
    while !children.is_empty() {
        push(u, &mut document, MISC, tidy)?;
        let at = u.choose_index(children.len())?;
        // One in 32 is repeated, as long as there are bytes left.
        let child = if u.ratio(31, 32)? {
            children.remove(at)
        } else {
            children[at]
        };
        document += &format!("<{child}");
        push(u, &mut document, IN_TAGS, tidy)?;
        if !tidy && u.ratio(1, 8)? {
            document += "/>";
            continue;
        }
        document += ">";
        push(u, &mut document, CONTENT, tidy)?;
        document += &format!("</{child}");
        push(u, &mut document, IN_TAGS, tidy)?;
        document += ">";
    }
    push(u, &mut document, MISC, tidy)?;
    document += &format!("</{}>", frame.element);
    push(u, &mut document, MISC, tidy)?;
    Ok(document)
}

/// Creates copies of the document with one change each: something added at the start or end of
/// markup, something removed, or a child with another name. The bytes select the changes.
pub(crate) fn changed(document: &str, bytes: &[u8]) -> Vec<String> {
    let borders: Vec<usize> = (0..=document.len())
        .filter(|&at| {
            let (before, after) = document.as_bytes().split_at(at);
            before.ends_with(b">") || after.starts_with(b"<")
        })
        .collect();
    let lists = [BEGINNINGS, MISC, IN_TAGS, CONTENT];
    let words: Vec<_> = lists
        .iter()
        .flat_map(|words| [words.tidy, words.good, words.bad].concat())
        .collect();
    let mut names: Vec<_> = FRAMES.iter().flat_map(|frame| frame.children).collect();
    names.retain(|name| document.contains(&format!("<{name}>")));
    let mut documents = Vec::new();
    for change in bytes.chunks_exact(3).take(CHANGES) {
        let [at, word, sort] = [change[0], change[1], change[2]].map(usize::from);
        let at = at % borders.len().max(1);
        let (Some(&start), Some(&end)) = (borders.get(at), borders.get(at + 1)) else {
            continue;
        };
        let mut other = document.to_owned();
        match sort % 4 {
            0 => other.replace_range(start..end, ""),
            1 if !names.is_empty() => {
                let [from, to] = [at, word].map(|index| names[index % names.len()]);
                other = other.replace(&format!("{from}>"), &format!("{to}>"));
            }
            2 => other.insert_str(start, words[word % words.len()]),
            _ => other.insert_str(end, words[word % words.len()]),
        }
        documents.push(other);
    }
    documents
}

/// The maximum number of changed documents.
const CHANGES: usize = 8;

/// Pieces that are allowed at some place, and pieces that are not.
struct Words {
    /// Allowed, and plain.
    tidy: &'static [&'static str],
    good: &'static [&'static str],
    bad: &'static [&'static str],
}

/// Returns one of the pieces: mostly a plain one, in a tidy document, otherwise an allowed one.
fn word(u: &mut Unstructured<'_>, words: &Words, tidy: bool) -> Result<&'static str> {
    let words = match (u.int_in_range(0..=31_u8)?, tidy) {
        (0..=29, true) => words.tidy,
        (0..=30, _) => words.good,
        _ => words.bad,
    };
    Ok(u.choose(words)?)
}

/// Appends a few of the pieces, mostly none.
fn push(u: &mut Unstructured<'_>, document: &mut String, words: &Words, tidy: bool) -> Result<()> {
    for _ in 0..u.int_in_range(0..=7_u8)?.saturating_sub(3) {
        document.push_str(word(u, words, tidy)?);
    }
    Ok(())
}

const BEGINNINGS: &Words = &Words {
    tidy: &[
        "",
        "<?xml version=\"1.0\"?>",
        "<?xml version='1.1' encoding='UTF-8' standalone='yes' ?>\n",
    ],
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
    tidy: &[" type=\"KIND\"", " type='KIND'"],
    good: &[" type=\"KIND\"", " type='KIND'", "\r\ntype\t=\n'KIND'"],
    bad: &[
        "",
        " type=\"KIND\" type=\"KIND\"",
        " type=KIND",
        "type='KIND'",
        " :type='KIND'",
        " type='KIND\"",
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
    tidy: &[" ", "\n", "\t"],
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
        "\u{c}",
        "\u{a0}",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "<a/>",
        "</a>",
        "]]>",
    ],
};

/// In a tag, after the name and the attributes.
const IN_TAGS: &Words = &Words {
    tidy: &[""],
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
    tidy: &[
        "a",
        "é",
        " ",
        "\t",
        "\n",
        ">",
        "]",
        "\"",
        "\u{7f}",
        "\u{feff}",
        "\u{fffd}",
        "&lt;",
        "&gt;",
        "&amp;",
        "&apos;",
        "&quot;",
        "&#13;",
        "&#x0A;",
        "&#1114111;",
        "&#000065;",
    ],
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
