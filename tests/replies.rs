//! Answers: the replies to ISL Conference Proxy as printed in its manual, and the acknowledgement
//! and registration of VolanoChat.

use isl_volano::isl_light::{DatabaseId, Reply, Secret};
use isl_volano::volano_chat::{ACKNOWLEDGEMENT, Registration};

fn secret() -> Secret<'static> {
    Secret::new("S")
}

fn session() -> DatabaseId<'static> {
    DatabaseId::new("s19_3_390")
}

fn chat(label: Option<&'static str>, text: &'static str) -> Reply<'static> {
    Reply::Chat {
        secret: secret(),
        session: session(),
        label: label.map(Into::into),
        text: text.into(),
    }
}

#[test]
fn replies_are_those_of_the_manual() {
    let message_box = Reply::MessageBox {
        secret: secret(),
        session: session(),
        text: "Text".into(),
    };
    let drop = Reply::Drop {
        secret: secret(),
        session: session(),
    };
    for (reply, expected) in [
        (Reply::default(), "<nomessage/>"),
        (
            message_box,
            r#"<module secret="S"><islLight><session id="s19_3_390"><send to="client"><msgbox>1</msgbox><message>Text</message></send></session></islLight></module>"#,
        ),
        (
            chat(None, "Text"),
            r#"<module secret="S"><islLight><session id="s19_3_390"><send to="desk"><chat>1</chat><message>Text</message></send></session></islLight></module>"#,
        ),
        (
            chat(Some("server: "), "Text"),
            r#"<module secret="S"><islLight><session id="s19_3_390"><send to="desk"><cp_label>server: </cp_label><chat>1</chat><message>Text</message></send></session></islLight></module>"#,
        ),
        (
            drop,
            r#"<module secret="S"><islLight><session id="s19_3_390"><drop/></session></islLight></module>"#,
        ),
    ] {
        assert_eq!(reply.to_xml().as_deref(), Ok(expected));
    }
}

#[test]
fn replies_are_escaped() {
    let reply = Reply::Chat {
        secret: Secret::new("\"<&>'"),
        session: DatabaseId::new("\"/><drop/>"),
        label: Some("a\r\nb".into()),
        text: "</message><drop/>\u{1f375}]]>".into(),
    };
    let document = reply.to_xml().expect("it can be written");
    let parsed = roxmltree::Document::parse(&document).expect("well-formed");
    let find = |name| parsed.descendants().find(|node| node.has_tag_name(name));
    assert_eq!(parsed.root_element().attribute("secret"), Some("\"<&>'"));
    let session = find("session").expect("a session");
    assert_eq!(session.attribute("id"), Some("\"/><drop/>"));
    assert_eq!(
        find("cp_label").and_then(|node| node.text()),
        Some("a\r\nb")
    );
    let message = find("message").and_then(|node| node.text());
    assert_eq!(message, Some("</message><drop/>\u{1f375}]]>"));
    assert!(find("drop").is_none());
}

#[test]
fn the_acknowledgement_is_a_line_feed() {
    assert_eq!(ACKNOWLEDGEMENT, "\n");
}

#[test]
fn a_registration_is_a_request() {
    let registration = Registration::new("Tea & <Cakes>", "http://example.com/cb?room=é");
    let target = "/servlet/register?room=Tea+%26+%3CCakes%3E\
                  &href=http%3A%2F%2Fexample.com%2Fcb%3Froom%3D%C3%A9";
    assert_eq!(registration.to_string(), target);
    for server in [
        "http://chat.example.com:8080",
        "http://chat.example.com:8080/",
    ] {
        let url = format!("http://chat.example.com:8080{target}");
        assert_eq!(registration.url(server), url);
    }
    let (_, query) = target.split_once('?').expect("a query");
    let pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    assert_eq!(pairs[0], ("room".into(), "Tea & <Cakes>".into()));
    assert_eq!(
        pairs[1],
        ("href".into(), "http://example.com/cb?room=é".into())
    );
}

#[test]
fn each_family_has_its_acknowledgement() {
    use isl_volano::Family;

    let isl_light = Family::IslLight;
    assert_eq!(
        isl_light.acknowledgement(),
        isl_volano::isl_light::ACKNOWLEDGEMENT
    );
    assert_eq!(isl_light.acknowledgement(), "<nomessage/>");
    assert_eq!(isl_light.content_type(), "text/xml; charset=utf-8");
    assert_eq!(
        isl_light.content_type(),
        isl_volano::isl_light::CONTENT_TYPE
    );
    let volano_chat = Family::VolanoChat;
    assert_eq!(
        volano_chat.acknowledgement(),
        isl_volano::volano_chat::ACKNOWLEDGEMENT
    );
    assert_eq!(volano_chat.acknowledgement(), "\n");
    assert_eq!(volano_chat.content_type(), "text/plain");
}
