//! Answers: other parsers find the same texts.

use arbitrary::{Result, Unstructured};
use isl_volano::ErrorKind;
use isl_volano::isl_light::{Reply, Secret};
use isl_volano::volano_chat::Registration;
use roxmltree::{Document, Node};

use crate::oracle::deceptive::assert_harmless;
use crate::oracle::samples::text;
use crate::oracle::words::{FORM, MARKUP};
use crate::oracle::xml::is_char;

/// Creates replies and a registration from the bytes, and parses them with roxmltree and
/// form_urlencoded.
pub(crate) fn run(data: &[u8]) {
    if let Ok([secret, session, label, said]) = texts(data, MARKUP) {
        reply(&secret, &session, &label, &said);
    }
    if let Ok([room, callback]) = texts(data, FORM) {
        registration(&room, &callback);
    }
}

fn texts<const N: usize>(data: &[u8], words: &[&str]) -> Result<[String; N]> {
    let mut u = Unstructured::new(data);
    let mut texts = [const { String::new() }; N];
    for made in &mut texts {
        *made = text(&mut u, words)?;
    }
    Ok(texts)
}

fn reply(secret: &str, session: &str, label: &str, said: &str) {
    assert_eq!(Reply::NoMessage.to_xml().as_deref(), Ok("<nomessage/>"));
    let message_box = Reply::MessageBox {
        secret: Secret::new(secret),
        session: session.into(),
        text: said.into(),
    };
    let sent = [("msgbox", "1"), ("message", said)];
    command(&message_box, secret, session, Some("client"), &sent);
    for label in [None, Some(label)] {
        let chat = Reply::Chat {
            secret: Secret::new(secret),
            session: session.into(),
            label: label.map(Into::into),
            text: said.into(),
        };
        let mut sent = vec![("chat", "1"), ("message", said)];
        sent.splice(..0, label.map(|label| ("cp_label", label)));
        command(&chat, secret, session, Some("desk"), &sent);
    }
    let drop = Reply::Drop {
        secret: Secret::new(secret),
        session: session.into(),
    };
    command(&drop, secret, session, None, &[]);
}

/// Checks that a command has exactly these texts, or that XML does not allow one of them.
fn command(
    reply: &Reply<'_>,
    secret: &str,
    session: &str,
    to: Option<&str>,
    sent: &[(&str, &str)],
) {
    let texts = [secret, session].into_iter();
    let mut texts = texts.chain(sent.iter().map(|sent| sent.1));
    let document = match reply.to_xml() {
        Ok(document) => document,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::UnrepresentableText);
            assert_harmless(&error.to_string());
            assert!(!texts.all(|text| text.chars().all(is_char)), "{error}");
            return;
        }
    };
    assert!(texts.all(|text| text.chars().all(is_char)), "{document:?}");
    let document = Document::parse(&document).expect(&document);
    let module = document.root_element();
    assert_element(module, "module", &[("secret", secret)]);
    let isl_light = only_child(module);
    assert_element(isl_light, "islLight", &[]);
    let in_session = only_child(isl_light);
    assert_element(in_session, "session", &[("id", session)]);
    let action = only_child(in_session);
    let Some(to) = to else {
        assert_element(action, "drop", &[]);
        assert!(!action.has_children());
        return;
    };
    assert_element(action, "send", &[("to", to)]);
    assert_eq!(action.children().count(), sent.len());
    for (child, (name, text)) in action.children().zip(sent) {
        assert_element(child, name, &[]);
        assert!(child.children().all(|child| child.is_text()));
        assert_eq!(child.text().unwrap_or_default(), *text);
    }
}

#[track_caller]
fn only_child<'a, 'input>(element: Node<'a, 'input>) -> Node<'a, 'input> {
    assert_eq!(element.children().count(), 1);
    element.first_element_child().expect("an element")
}

#[track_caller]
fn assert_element(element: Node<'_, '_>, name: &str, attributes: &[(&str, &str)]) {
    assert_eq!(element.tag_name().name(), name);
    let found = element.attributes();
    let found: Vec<_> = found.map(|found| (found.name(), found.value())).collect();
    assert_eq!(found, attributes);
}

/// Checks that the request of a registration is a form with the room and the callback.
fn registration(room: &str, callback: &str) {
    let registration = Registration::new(room, callback);
    let target = registration.to_string();
    let query = target.strip_prefix("/servlet/register?").expect(&target);
    assert!(
        target.bytes().all(|byte| byte.is_ascii_graphic()),
        "{target:?}"
    );
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!(
        pairs,
        [
            ("room".into(), room.into()),
            ("href".into(), callback.into())
        ]
    );
    for server in [
        "http://chat.example.com:8080",
        "http://chat.example.com:8080/",
    ] {
        let url = registration.url(server);
        assert_eq!(url, format!("http://chat.example.com:8080{target}"));
    }
}
