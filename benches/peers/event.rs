//! An event of VolanoChat as an enum with serde's derive, and a chat parsed by hand.

use std::borrow::Cow;

use isl_volano::volano_chat;
use quick_xml::events::Event as Token;
use serde::{Deserialize, Serialize};

/// VolanoChat's events as a derived enum, by the names of their elements.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Event<'a> {
    Create {
        #[serde(borrow)]
        room: Cow<'a, str>,
    },
    Enter {
        #[serde(rename = "@type", borrow)]
        membership: Cow<'a, str>,
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        user: Cow<'a, str>,
        #[serde(borrow)]
        host: Cow<'a, str>,
        #[serde(borrow)]
        profile: Cow<'a, str>,
    },
    Chat {
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        user: Cow<'a, str>,
        #[serde(borrow)]
        message: Cow<'a, str>,
    },
    Whisper {
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        from: Cow<'a, str>,
        #[serde(borrow)]
        to: Cow<'a, str>,
        #[serde(borrow)]
        message: Cow<'a, str>,
    },
    Ring {
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        from: Cow<'a, str>,
        #[serde(borrow)]
        to: Cow<'a, str>,
    },
    Kick {
        #[serde(rename = "@type", borrow)]
        kind: Cow<'a, str>,
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        from: Cow<'a, str>,
        #[serde(borrow)]
        to: Cow<'a, str>,
    },
    Exit {
        #[serde(borrow)]
        room: Cow<'a, str>,
        #[serde(borrow)]
        user: Cow<'a, str>,
    },
    Delete {
        #[serde(borrow)]
        room: Cow<'a, str>,
    },
}

impl<'a> Event<'a> {
    /// Converts from a chat of this crate.
    pub(crate) fn of_chat(ours: &'a volano_chat::Event<'_>) -> Self {
        let volano_chat::Event::Chat(chat) = ours else {
            panic!("{ours} is no chat")
        };
        Event::Chat {
            room: Cow::Borrowed(&chat.room),
            user: Cow::Borrowed(&chat.user),
            message: Cow::Borrowed(&chat.message),
        }
    }
}

/// Parses a chat by hand from quick-xml's events, and decodes its references.
pub(crate) fn chat_from_tokens(body: &str) -> Option<Event<'_>> {
    let mut reader = quick_xml::Reader::from_str(body);
    let (mut room, mut user, mut message) = (None, None, None);
    let mut in_chat = false;
    loop {
        match reader.read_event().ok()? {
            Token::Start(tag) => {
                let field = match tag.name().as_ref() {
                    "chat" if !in_chat => {
                        in_chat = true;
                        continue;
                    }
                    "room" => &mut room,
                    "user" => &mut user,
                    "message" => &mut message,
                    _ => return None,
                };
                *field = Some(text_from_tokens(&mut reader)?);
            }
            Token::Text(text) if text.trim().is_empty() => {}
            Token::Decl(_) if !in_chat => {}
            Token::End(_) => break,
            _ => return None,
        }
    }
    Some(Event::Chat {
        room: room?,
        user: user?,
        message: message?,
    })
}

/// Returns the text up to the end of the element.
fn text_from_tokens<'a>(reader: &mut quick_xml::Reader<&'a [u8]>) -> Option<Cow<'a, str>> {
    let mut text = Cow::Borrowed("");
    loop {
        match reader.read_event().ok()? {
            Token::Text(more) if text.is_empty() => text = more.xml10_content(),
            Token::Text(more) => text.to_mut().push_str(&more.xml10_content()),
            Token::GeneralRef(reference) => match reference.resolve_char_ref().ok()? {
                Some(c) => text.to_mut().push(c),
                None => {
                    let entity = quick_xml::escape::resolve_predefined_entity(&reference)?;
                    text.to_mut().push_str(entity);
                }
            },
            Token::End(_) => return Some(text),
            _ => return None,
        }
    }
}

/// Parses a chat by hand from roxmltree's document.
pub(crate) fn chat_from_tree(body: &str) -> Option<Event<'static>> {
    let document = roxmltree::Document::parse(body).ok()?;
    let chat = document.root_element();
    let text = |name| {
        let child = chat.children().find(|child| child.has_tag_name(name))?;
        Some(Cow::Owned(child.text().unwrap_or_default().to_owned()))
    };
    Some(Event::Chat {
        room: text("room")?,
        user: text("user")?,
        message: text("message")?,
    })
}
