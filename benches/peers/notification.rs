//! An ISL Light event as a struct with serde's derive, and the same struct filled in by hand.

use std::borrow::Cow;

use isl_volano::isl_light;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// An ISL Light event as a derived struct of `Cow`s, which borrow where possible, and numbers.
/// Missing values are not written.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// Converts from a notification of this crate, to check that both parse the same.
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

/// Parses a form by hand: simdutf8 for UTF-8, memchr for `&` and `=`, percent_encoding where it is
/// needed.
pub(crate) fn by_memchr(body: &[u8]) -> Option<Notification<'_>> {
    let body = simdutf8::basic::from_utf8(body).ok()?;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'&', body.as_bytes()).chain([body.len()]);
    from_pairs(ends.map(move |end| {
        let pair = &body[start..end];
        start = end + 1;
        let equals = memchr::memchr(b'=', pair.as_bytes()).unwrap_or(pair.len());
        let value = pair.get(equals + 1..).unwrap_or_default();
        Some((&pair[..equals], decoded(value)?))
    }))
}

fn decoded(value: &str) -> Option<Cow<'_, str>> {
    let special = memchr::memchr2(b'%', b'+', value.as_bytes());
    if special.is_none() {
        return Some(Cow::Borrowed(value));
    }
    if !value.contains('+') {
        return percent_decode_str(value).decode_utf8().ok();
    }
    let spaced = value.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}

/// Parses a form with form_urlencoded.
pub(crate) fn by_form_urlencoded(body: &[u8]) -> Option<Notification<'_>> {
    from_pairs(form_urlencoded::parse(body).map(Some))
}

fn from_pairs<'a, N: AsRef<str>>(
    pairs: impl Iterator<Item = Option<(N, Cow<'a, str>)>>,
) -> Option<Notification<'a>> {
    let mut made = Notification::default();
    let (mut timestamp, mut server_id) = (None, None);
    for pair in pairs {
        let (name, value) = pair?;
        match name.as_ref() {
            "TIMESTAMP" => timestamp = Some(value.parse().ok()?),
            "MODULE" => made.module = value,
            "EVENT" => made.event = value,
            "SERVERID" => server_id = Some(value.parse().ok()?),
            "DOMAIN_ID" => made.domain_id = value,
            "reason" => made.reason = value,
            "reasonSoftwareType" => made.reason_software_type = value,
            "reasonAddress" => made.reason_address = value,
            "SESSIONID" => made.session_id = value,
            "CPUSER_ID" => made.cpuser_id = value,
            "CPUSER_EID" => made.cpuser_eid = value,
            "CPUSER" => made.cpuser = value,
            "CPUSER_NAME" => made.cpuser_name = value,
            "CPUSER_DOMAIN" => made.cpuser_domain = value,
            "CPUSER_DOMAIN_ID" => made.cpuser_domain_id = value,
            "createdTime" => made.created_time = Some(value.parse().ok()?),
            "startTime" => made.start_time = Some(value.parse().ok()?),
            "totalTransferredBytes" => made.total_transferred_bytes = Some(value.parse().ok()?),
            "totalConnectionTime" => made.total_connection_time = Some(value.parse().ok()?),
            "lastTransferredPacketTime" => {
                made.last_transferred_packet_time = Some(value.parse().ok()?)
            }
            "transportReconnects" => made.transport_reconnects = Some(value.parse().ok()?),
            "gracefulExit" => made.graceful_exit = Some(value.parse().ok()?),
            "deskVersion" => made.desk_version = value,
            "deskAddress" => made.desk_address = value,
            "deskTransport" => made.desk_transport = value,
            "deskLanguage" => made.desk_language = value,
            "deskNetworkInterfaces" => made.desk_network_interfaces = value,
            "deskPlatform" => made.desk_platform = value,
            "deskCode" => made.desk_code = value,
            "textCode" => made.text_code = value,
            "clientVersion" => made.client_version = value,
            "clientAddress" => made.client_address = value,
            "clientTransport" => made.client_transport = value,
            "clientLanguage" => made.client_language = value,
            "clientNetworkInterfaces" => made.client_network_interfaces = value,
            "clientPlatform" => made.client_platform = value,
            _ => {}
        }
    }
    made.timestamp = timestamp?;
    made.server_id = server_id?;
    let texts = [&made.module, &made.event, &made.domain_id];
    texts.iter().all(|text| !text.is_empty()).then_some(made)
}
