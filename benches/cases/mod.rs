//! The cases of the comparison: the same work, done by this crate and by the code that a user would
//! write instead. One program times them, another counts their instructions.

use std::hint::black_box;
use std::sync::LazyLock;

use isl_volano::isl_light::{Notification, Parser};
use isl_volano::volano_chat::Event;

use crate::peers;

const STOP: &str = include_str!("../../tests/captures/isl_light/07-stop.form");
const CHAT: &str = include_str!("../captures/chat.xml");
const PRETTY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<chat>
  <room>Support Lobby &amp; Help Desk</room>
  <user>janez novak</user>
  <message>Hello everyone, is anybody able to help me with the &quot;printer&quot; on floor &lt;2&gt;?</message>
</chat>
"#;

/// [`STOP`] without characters that need encoding.
static UNESCAPED: LazyLock<String> = LazyLock::new(|| {
    STOP.replace('+', "-")
        .replace("%5C", "\\")
        .replace("%3B", ";")
});
static STOP_EVENT: LazyLock<Notification<'_>> =
    LazyLock::new(|| Notification::parse(STOP).expect("an event"));
static CHAT_EVENT: LazyLock<Event<'_>> = LazyLock::new(|| Event::parse(CHAT).expect("an event"));

/// Work that is done by this crate and by others. The first side is this crate's.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) bytes: usize,
    pub(crate) sides: Vec<Side>,
}

/// One side of a comparison.
pub(crate) struct Side {
    pub(crate) name: &'static str,
    /// Does the work once.
    pub(crate) work: Box<dyn FnMut()>,
}

fn side<T>(name: &'static str, mut work: impl FnMut() -> T + 'static) -> Side {
    Side {
        name,
        work: Box::new(move || drop(black_box(work()))),
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let unescaped = UNESCAPED.as_str();
    let stop = &*STOP_EVENT;
    let peer_stop = peers::Notification::from(stop);
    let chat = &*CHAT_EVENT;
    let peer_chat = peers::Event::of_chat(chat);
    let mut buffer = Vec::new();
    vec![
        Case {
            name: "isl_light/parse/stop",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", || {
                    Notification::parse_bytes(black_box(STOP.as_bytes()))
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
                side("serde_html_form", || {
                    serde_html_form::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
                side("memchr by hand", || {
                    peers::by_memchr(black_box(STOP.as_bytes()))
                }),
                side("form_urlencoded and match", || {
                    peers::by_form_urlencoded(black_box(STOP.as_bytes()))
                }),
                side("form_urlencoded, iterating only", || {
                    form_urlencoded::parse(black_box(STOP.as_bytes()))
                        .map(|(name, value)| name.len() + value.len())
                        .sum::<usize>()
                }),
                side("limit: UTF-8 and delimiters only", || {
                    limit(black_box(STOP.as_bytes()), b'&')
                }),
            ],
        },
        Case {
            name: "isl_light/parse/stop, caller's buffer",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", move || {
                    let stop = Parser::new().parse_in(black_box(STOP.as_bytes()), &mut buffer);
                    drop(black_box(stop));
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(STOP))
                }),
            ],
        },
        Case {
            name: "isl_light/parse/unescaped",
            bytes: unescaped.len(),
            sides: vec![
                side("isl-volano", || {
                    Notification::parse_bytes(black_box(unescaped.as_bytes()))
                }),
                side("serde_urlencoded", || {
                    serde_urlencoded::from_str::<peers::Notification<'_>>(black_box(unescaped))
                }),
                side("memchr by hand", || {
                    peers::by_memchr(black_box(unescaped.as_bytes()))
                }),
                side("form_urlencoded and match", || {
                    peers::by_form_urlencoded(black_box(unescaped.as_bytes()))
                }),
            ],
        },
        Case {
            name: "isl_light/write/stop",
            bytes: STOP.len(),
            sides: vec![
                side("isl-volano", move || black_box(stop).to_form()),
                side("serde_urlencoded", move || {
                    serde_urlencoded::to_string(black_box(&peer_stop))
                }),
            ],
        },
        Case {
            name: "volano_chat/parse/chat",
            bytes: CHAT.len(),
            sides: vec![
                side("isl-volano", || Event::parse(black_box(CHAT))),
                side("quick-xml serde", || {
                    quick_xml::de::from_str::<peers::Event<'_>>(black_box(CHAT))
                }),
                side("quick-xml events", || {
                    peers::chat_from_tokens(black_box(CHAT))
                }),
                side("roxmltree", || peers::chat_from_tree(black_box(CHAT))),
                side("limit: UTF-8 and delimiters only", || {
                    limit(black_box(CHAT.as_bytes()), b'<')
                }),
            ],
        },
        Case {
            name: "volano_chat/parse/pretty-printed",
            bytes: PRETTY.len(),
            sides: vec![
                side("isl-volano", || Event::parse(black_box(PRETTY))),
                side("quick-xml serde", || {
                    quick_xml::de::from_str::<peers::Event<'_>>(black_box(PRETTY))
                }),
                side("quick-xml events", || {
                    peers::chat_from_tokens(black_box(PRETTY))
                }),
                side("roxmltree", || peers::chat_from_tree(black_box(PRETTY))),
            ],
        },
        Case {
            name: "volano_chat/write/chat",
            bytes: CHAT.len(),
            sides: vec![
                side("isl-volano", move || black_box(chat).to_xml()),
                side("quick-xml serde", move || {
                    quick_xml::se::to_string(black_box(&peer_chat))
                }),
            ],
        },
    ]
}

/// Fails unless all sides read and write the same.
pub(crate) fn check() {
    for body in [STOP, &UNESCAPED] {
        let ours = Notification::parse_bytes(body.as_bytes()).unwrap();
        let ours = peers::Notification::from(&ours);
        let theirs: [peers::Notification<'_>; 4] = [
            serde_urlencoded::from_str(body).unwrap(),
            serde_html_form::from_str(body).unwrap(),
            peers::by_memchr(body.as_bytes()).unwrap(),
            peers::by_form_urlencoded(body.as_bytes()).unwrap(),
        ];
        for theirs in theirs {
            // The only difference is the spelling of the module's name.
            assert_eq!(theirs.module, "ISL_LIGHT");
            let module = "ISL_Light".into();
            assert_eq!(peers::Notification { module, ..theirs }, ours);
        }
        let written = Notification::parse(body).unwrap().to_form();
        let theirs = serde_urlencoded::to_string(&ours).unwrap();
        let pairs = |body: &str| {
            let mut pairs: Vec<_> = form_urlencoded::parse(body.as_bytes())
                .into_owned()
                .collect();
            pairs.sort();
            pairs
        };
        assert_eq!(pairs(&written), pairs(&theirs));
    }
    for body in [CHAT, PRETTY] {
        let ours = Event::parse(body).unwrap();
        let ours = peers::Event::of_chat(&ours);
        let theirs = [
            quick_xml::de::from_str(body).unwrap(),
            peers::chat_from_tokens(body).unwrap(),
            peers::chat_from_tree(body).unwrap(),
        ];
        assert!(theirs.iter().all(|theirs| *theirs == ours), "{theirs:?}");
    }
    let chat = &*CHAT_EVENT;
    assert_eq!(
        chat.to_xml().unwrap().to_lowercase(),
        quick_xml::se::to_string(&peers::Event::of_chat(chat))
            .unwrap()
            .to_lowercase(),
    );
}

/// Does the minimum work of any parser of text: one UTF-8 check and one look at each byte.
fn limit(body: &[u8], delimiter: u8) -> usize {
    let text = simdutf8::basic::from_utf8(body).unwrap_or_default();
    memchr::memchr_iter(delimiter, text.as_bytes()).count()
}
