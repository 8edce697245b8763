//! What a user would write instead of taking this crate: structs derived for serde_urlencoded and
//! for quick-xml, and quick-xml's events by hand.

#![allow(dead_code, reason = "not every bench has every peer")]

use std::borrow::Cow;

use isl_volano::{isl_light, volano_chat};
use quick_xml::events::Event as Token;
use serde::{Deserialize, Serialize};

/// An ISL Light event as a derived struct of `Cow`s, which borrow where they can, and numbers. What
/// is not there is not written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notification<'a> {
    #[serde(rename = "TIMESTAMP")]
    pub(crate) timestamp: u64,
    #[serde(rename = "MODULE", borrow)]
    pub(crate) module: Cow<'a, str>,
    #[serde(rename = "EVENT", borrow)]
    pub(crate) event: Cow<'a, str>,
    #[serde(rename = "SERVERID")]
    pub(crate) server_id: i64,
    #[serde(rename = "DOMAIN_ID", borrow)]
    pub(crate) domain_id: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "str::is_empty")]
    pub(crate) reason: Cow<'a, str>,
    #[serde(
        rename = "reasonSoftwareType",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) reason_software_type: Cow<'a, str>,
    #[serde(
        rename = "reasonAddress",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) reason_address: Cow<'a, str>,
    #[serde(
        rename = "SESSIONID",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) session_id: Cow<'a, str>,
    #[serde(
        rename = "CPUSER_ID",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser_id: Cow<'a, str>,
    #[serde(
        rename = "CPUSER_EID",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser_eid: Cow<'a, str>,
    #[serde(
        rename = "CPUSER",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser: Cow<'a, str>,
    #[serde(
        rename = "CPUSER_NAME",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser_name: Cow<'a, str>,
    #[serde(
        rename = "CPUSER_DOMAIN",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser_domain: Cow<'a, str>,
    #[serde(
        rename = "CPUSER_DOMAIN_ID",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) cpuser_domain_id: Cow<'a, str>,
    #[serde(rename = "createdTime", skip_serializing_if = "Option::is_none")]
    pub(crate) created_time: Option<u64>,
    #[serde(rename = "startTime", skip_serializing_if = "Option::is_none")]
    pub(crate) start_time: Option<u64>,
    #[serde(
        rename = "totalTransferredBytes",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) total_transferred_bytes: Option<u64>,
    #[serde(
        rename = "totalConnectionTime",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) total_connection_time: Option<u64>,
    #[serde(
        rename = "lastTransferredPacketTime",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) last_transferred_packet_time: Option<u64>,
    #[serde(
        rename = "transportReconnects",
        skip_serializing_if = "Option::is_none"
    )]
    pub(crate) transport_reconnects: Option<u64>,
    #[serde(rename = "gracefulExit", skip_serializing_if = "Option::is_none")]
    pub(crate) graceful_exit: Option<u8>,
    #[serde(
        rename = "deskVersion",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_version: Cow<'a, str>,
    #[serde(
        rename = "deskAddress",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_address: Cow<'a, str>,
    #[serde(
        rename = "deskTransport",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_transport: Cow<'a, str>,
    #[serde(
        rename = "deskLanguage",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_language: Cow<'a, str>,
    #[serde(
        rename = "deskNetworkInterfaces",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_network_interfaces: Cow<'a, str>,
    #[serde(
        rename = "deskPlatform",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_platform: Cow<'a, str>,
    #[serde(
        rename = "deskCode",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) desk_code: Cow<'a, str>,
    #[serde(
        rename = "textCode",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) text_code: Cow<'a, str>,
    #[serde(
        rename = "clientVersion",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_version: Cow<'a, str>,
    #[serde(
        rename = "clientAddress",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_address: Cow<'a, str>,
    #[serde(
        rename = "clientTransport",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_transport: Cow<'a, str>,
    #[serde(
        rename = "clientLanguage",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_language: Cow<'a, str>,
    #[serde(
        rename = "clientNetworkInterfaces",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_network_interfaces: Cow<'a, str>,
    #[serde(
        rename = "clientPlatform",
        borrow,
        default,
        skip_serializing_if = "str::is_empty"
    )]
    pub(crate) client_platform: Cow<'a, str>,
}

/// The same from this crate's, for the check that both read the same.
impl<'a> From<&'a isl_light::Notification<'_>> for Notification<'a> {
    fn from(ours: &'a isl_light::Notification<'_>) -> Self {
        use isl_light::{Parameter as P, Value};
        let text = |parameter| match ours.get(parameter) {
            Some(Value::Text(text)) => Cow::Borrowed(text),
            _ => Cow::Borrowed(""),
        };
        let number = |parameter| match ours.get(parameter) {
            Some(Value::Unsigned(number)) => Some(number),
            _ => None,
        };
        Notification {
            timestamp: number(P::Timestamp).unwrap(),
            module: text(P::Module),
            event: text(P::Event),
            server_id: ours.server_id,
            domain_id: text(P::DomainId),
            reason: text(P::Reason),
            reason_software_type: text(P::ReasonSoftwareType),
            reason_address: text(P::ReasonAddress),
            session_id: text(P::SessionId),
            cpuser_id: text(P::CpuserId),
            cpuser_eid: text(P::CpuserEid),
            cpuser: text(P::Cpuser),
            cpuser_name: text(P::CpuserName),
            cpuser_domain: text(P::CpuserDomain),
            cpuser_domain_id: text(P::CpuserDomainId),
            created_time: number(P::CreatedTime),
            start_time: number(P::StartTime),
            total_transferred_bytes: number(P::TotalTransferredBytes),
            total_connection_time: number(P::TotalConnectionTime),
            last_transferred_packet_time: number(P::LastTransferredPacketTime),
            transport_reconnects: number(P::TransportReconnects),
            graceful_exit: ours.session.graceful_exit.map(u8::from),
            desk_version: text(P::DeskVersion),
            desk_address: text(P::DeskAddress),
            desk_transport: text(P::DeskTransport),
            desk_language: text(P::DeskLanguage),
            desk_network_interfaces: text(P::DeskNetworkInterfaces),
            desk_platform: text(P::DeskPlatform),
            desk_code: text(P::DeskCode),
            text_code: text(P::TextCode),
            client_version: text(P::ClientVersion),
            client_address: text(P::ClientAddress),
            client_transport: text(P::ClientTransport),
            client_language: text(P::ClientLanguage),
            client_network_interfaces: text(P::ClientNetworkInterfaces),
            client_platform: text(P::ClientPlatform),
        }
    }
}

/// VolanoChat's events as a derived enum, by its elements' names.
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
    /// The same from a chat of this crate's.
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

/// A chat read by hand from quick-xml's events.
pub(crate) fn chat_from_tokens(body: &str) -> Option<Event<'_>> {
    let mut reader = quick_xml::Reader::from_str(body);
    let (mut room, mut user, mut message) = (None, None, None);
    match reader.read_event().ok()? {
        Token::Start(tag) if tag.name().as_ref() == "chat" => {}
        _ => return None,
    }
    loop {
        match reader.read_event().ok()? {
            Token::Start(tag) => {
                let field = match tag.name().as_ref() {
                    "room" => &mut room,
                    "user" => &mut user,
                    "message" => &mut message,
                    _ => return None,
                };
                let Token::Text(text) = reader.read_event().ok()? else {
                    return None;
                };
                *field = Some(text.into_inner());
                let Token::End(_) = reader.read_event().ok()? else {
                    return None;
                };
            }
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

/// A chat read by hand from roxmltree's document.
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
