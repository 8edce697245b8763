//! The readings of a body as VolanoChat writes them, found slowly and plainly.

use isl_volano::volano_chat::Event;

/// Each event that the server would write: the opening tags for each type, and the children.
const FRAMES: &[(&str, &[&str], &[&str])] = &[
    ("create", &[], &["room"]),
    (
        "enter",
        &["member", "non-member"],
        &["room", "user", "host", "profile"],
    ),
    ("chat", &[], &["room", "user", "message"]),
    ("whisper", &[], &["room", "from", "to", "message"]),
    ("ring", &[], &["room", "from", "to"]),
    (
        "kick",
        &["remove", "disconnect", "ban"],
        &["room", "from", "to"],
    ),
    ("exit", &[], &["room", "user"]),
    ("delete", &[], &["room"]),
];

/// Every reading, slowly: all ways to cut the body at the fixed tags, less those in which the
/// host holds `<`. Each event is then made by way of XML, which has no say in where it is cut.
pub(crate) fn all_cuts(body: &str) -> Vec<Event<'static>> {
    let line = body.strip_suffix('\n').unwrap_or(body);
    let line = if line.len() < body.len() {
        line.strip_suffix('\r').unwrap_or(line)
    } else {
        line
    };
    let mut found = Vec::new();
    for (element, types, children) in FRAMES {
        let mut tags: Vec<_> = types
            .iter()
            .map(|of| format!("<{element} type=\"{of}\">"))
            .collect();
        if tags.is_empty() {
            tags.push(format!("<{element}>"));
        }
        for tag in tags {
            let opening = format!("{tag}<{}>", children[0]);
            let closing = format!("</{}></{element}>", children[children.len() - 1]);
            let inner = line.strip_prefix(&*opening);
            let Some(inner) = inner.and_then(|rest| rest.strip_suffix(&*closing)) else {
                continue;
            };
            for texts in cuts(inner, children) {
                found.push(made(&tag, element, children, &texts));
            }
        }
    }
    found
}

/// All ways to cut `inner` into the texts of these children.
fn cuts<'a>(inner: &'a str, children: &[&str]) -> Vec<Vec<&'a str>> {
    let [child, rest @ ..] = children else {
        return Vec::new();
    };
    let allowed = |text: &str| *child != "host" || !text.contains('<');
    let Some(next) = rest.first() else {
        return if allowed(inner) {
            vec![vec![inner]]
        } else {
            Vec::new()
        };
    };
    let separator = format!("</{child}><{next}>");
    let mut found = Vec::new();
    for at in (0..inner.len()).filter(|&at| inner.is_char_boundary(at)) {
        if inner[at..].starts_with(&*separator) && allowed(&inner[..at]) {
            for mut texts in cuts(&inner[at + separator.len()..], rest) {
                texts.insert(0, &inner[..at]);
                found.push(texts);
            }
        }
    }
    found
}

/// The event of these texts, made without the reader of what the server writes.
fn made(tag: &str, element: &str, children: &[&str], texts: &[&str]) -> Event<'static> {
    // Stand-ins, since XML cannot carry every text.
    let stand_in: String = children
        .iter()
        .enumerate()
        .map(|(index, child)| format!("<{child}>{index}</{child}>"))
        .collect();
    let document = format!("{tag}{stand_in}</{element}>");
    let event = Event::parse_xml(&document).expect("well-formed");
    replace(event.into_owned(), texts)
}

fn replace(mut event: Event<'static>, texts: &[&str]) -> Event<'static> {
    let text = |index: usize| texts[index].to_owned().into();
    match &mut event {
        Event::Create(event) => event.room = text(0),
        Event::Delete(event) => event.room = text(0),
        Event::Enter(event) => {
            (event.room, event.user) = (text(0), text(1));
            (event.host, event.profile) = (text(2), text(3));
        }
        Event::Chat(event) => (event.room, event.user, event.message) = (text(0), text(1), text(2)),
        Event::Whisper(event) => {
            (event.room, event.from) = (text(0), text(1));
            (event.to, event.message) = (text(2), text(3));
        }
        Event::Ring(event) => (event.room, event.from, event.to) = (text(0), text(1), text(2)),
        Event::Kick(event) => (event.room, event.from, event.to) = (text(0), text(1), text(2)),
        Event::Exit(event) => (event.room, event.user) = (text(0), text(1)),
        other => panic!("{other}: a new event"),
    }
    event
}
