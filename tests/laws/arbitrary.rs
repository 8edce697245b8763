//! Values and bodies for the laws: every variant, and text that is awkward on purpose.

use std::time::Duration;

use isl_volano::isl_light::{
    Address, DatabaseId, Event as IslEvent, Module, NetworkInterfaces, Notification, Parameter,
    Platform, SoftwareType, Transport, Version,
};
use isl_volano::volano_chat::{
    Chat, Create, Delete, Enter, Event, Exit, Kick, KickKind, Membership, Ring, Whisper,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use time::OffsetDateTime;

/// The last second that a time on the wire can be.
pub(crate) const LAST_SECOND: i64 = 253_402_300_799;

/// Pieces of text that mean something to a form, to XML or to the VolanoChat server.
const PIECES: &[&str] = &[
    "",
    "<",
    ">",
    "&",
    "\"",
    "'",
    "%",
    "+",
    ";",
    "=",
    "%41",
    "%zz",
    "%4",
    "%00",
    "%FF",
    "%C3%A9",
    "&x=",
    "&amp;",
    "&lt;",
    "&#65;",
    "&#x1F375;",
    "&#0;",
    "&#xD800;",
    "&bogus;",
    "&#",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?x y?>",
    "<!DOCTYPE x>",
    "\0",
    "\x1b",
    "\x7f",
    "\r\n",
    "\r",
    "\n",
    "\t",
    " ",
    "é",
    "你",
    "🍵",
    "\u{fffe}",
    "\u{ffff}",
    "\u{202e}",
    "\u{feff}",
    "null",
    "</room><user>",
    "</user><message>",
    "</user><host>",
    "</host><profile>",
    "</from><to>",
    "</to><message>",
    "</message></chat>",
    "</user></exit>",
    "<chat><room>",
    "</room>",
    "<user>",
    "192.0.2.1",
];

/// Text that is awkward on purpose.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[ -~]{0,5}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn optional_text() -> impl Strategy<Value = Option<String>> {
    option::of(text())
}

fn second() -> impl Strategy<Value = OffsetDateTime> {
    prop_oneof![Just(0), Just(LAST_SECOND), 0..=LAST_SECOND]
        .prop_map(|second| OffsetDateTime::from_unix_timestamp(second).expect("in range"))
}

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), any::<u64>(), 0..100_u64]
}

/// A known text, in either spelling, or another.
fn known(texts: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop_oneof![3 => select(texts).prop_map(str::to_owned), 1 => text()]
}

const EVENTS: &[&str] = &[
    "NEW SESSION",
    "NEWSESSION",
    "CODE",
    "GETCODE",
    "START",
    "STOP",
    "INVALID",
    "RECONNECT",
    "TERMINATED",
    "MESSAGE",
    "stop",
];

type Endpoint = isl_volano::isl_light::Endpoint<'static>;

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let texts = [(); 4].map(|()| optional_text());
    let transport = option::of(known(&["direct", "HTTP", "HTTPS", "http"]));
    let platform = option::of(known(&["win32", "Win32"]));
    (texts, transport, platform).prop_map(|(texts, transport, platform)| {
        let [version, address, language, interfaces] = texts;
        let mut endpoint = Endpoint::default();
        endpoint.version = version.map(Version::new);
        endpoint.address = address.map(Address::new);
        endpoint.transport = transport.map(Transport::new);
        endpoint.language = language.map(Into::into);
        endpoint.network_interfaces = interfaces.map(NetworkInterfaces::new);
        endpoint.platform = platform.map(Platform::new);
        endpoint
    })
}

/// Any notification that can be made by hand.
pub(crate) fn notification() -> impl Strategy<Value = Notification<'static>> {
    let envelope = (
        second(),
        known(&["ISL_Light", "ISL_LIGHT", "ISL_PRONTO"]),
        known(EVENTS),
        any::<i64>(),
        text(),
    );
    let texts = [(); 11].map(|()| optional_text());
    let times = [(); 3].map(|()| option::of(second()));
    let numbers = [(); 3].map(|()| option::of(number()));
    let software = option::of(known(&["desk", "client"]));
    let extra = prop::collection::vec((text(), text()), 0..4);
    let rest = (software, option::of(any::<bool>()), extra);
    (
        envelope,
        texts,
        times,
        numbers,
        rest,
        endpoint(),
        endpoint(),
    )
        .prop_map(
            |(envelope, texts, times, numbers, (software, graceful, extra), desk, client)| {
                let (timestamp, module, event, server_id, domain_id) = envelope;
                let mut made = Notification::new(
                    timestamp,
                    Module::new(module),
                    IslEvent::new(event),
                    server_id,
                    DatabaseId::new(domain_id),
                );
                let [
                    reason,
                    address,
                    session,
                    desk_code,
                    text_code,
                    user,
                    eid,
                    full,
                    name,
                    domain,
                    id,
                ] = texts;
                made.reason.text = reason.map(Into::into);
                made.reason.software_type = software.map(SoftwareType::new);
                made.reason.address = address.map(Address::new);
                made.session.id = session.map(DatabaseId::new);
                made.session.desk_code = desk_code.map(Into::into);
                made.session.text_code = text_code.map(Into::into);
                [
                    made.session.created_time,
                    made.session.start_time,
                    made.session.last_transferred_packet_time,
                ] = times;
                let [bytes, seconds, reconnects] = numbers;
                made.session.total_transferred_bytes = bytes;
                made.session.total_connection_time = seconds.map(Duration::from_secs);
                made.session.transport_reconnects = reconnects;
                made.session.graceful_exit = graceful;
                made.user.id = user.map(DatabaseId::new);
                made.user.external_id = eid.map(Into::into);
                made.user.full_name = full.map(Into::into);
                made.user.name = name.map(Into::into);
                made.user.domain = domain.map(Into::into);
                made.user.domain_id = id.map(DatabaseId::new);
                made.desk = desk;
                made.client = client;
                for (name, value) in extra {
                    // A known name has a field of its own, and is refused.
                    let known = Parameter::from_name(&name).is_some();
                    assert_eq!(made.extra.push(name, value).is_err(), known);
                }
                made
            },
        )
}

/// Any event of VolanoChat.
pub(crate) fn event() -> impl Strategy<Value = Event<'static>> {
    let membership = select(Membership::ALL);
    let kind = select(KickKind::ALL);
    prop_oneof![
        text().prop_map(|room| Create::new(room).into()),
        text().prop_map(|room| Delete::new(room).into()),
        (membership, [(); 4].map(|()| text())).prop_map(
            |(membership, [room, user, host, profile])| {
                Enter::new(membership, room, user, host, profile).into()
            }
        ),
        [(); 3]
            .map(|()| text())
            .prop_map(|[room, user, message]| Chat::new(room, user, message).into()),
        [(); 4]
            .map(|()| text())
            .prop_map(|[room, from, to, message]| Whisper::new(room, from, to, message).into()),
        [(); 3]
            .map(|()| text())
            .prop_map(|[room, from, to]| Ring::new(room, from, to).into()),
        (kind, [(); 3].map(|()| text()))
            .prop_map(|(kind, [room, from, to])| Kick::new(kind, room, from, to).into()),
        [(); 2]
            .map(|()| text())
            .prop_map(|[room, user]| Exit::new(room, user).into()),
    ]
}

/// The body that the server would write for an event, whatever it can be read as.
pub(crate) fn pasted(event: &Event<'_>) -> String {
    let name = event.name();
    let kind = event.kind().map(|kind| format!(" type=\"{kind}\""));
    let texts = event
        .texts()
        .map(|(child, text)| format!("<{child}>{text}</{child}>"));
    let texts: String = texts.collect();
    format!("<{name}{}>{texts}</{name}>", kind.unwrap_or_default())
}

/// A form much like those that ICP sends, and not quite right.
pub(crate) fn form() -> impl Strategy<Value = Vec<u8>> {
    let names: Vec<_> = Parameter::ALL.iter().map(|known| known.name()).collect();
    let name = prop_oneof![
        6 => select(names.clone()).prop_map(str::to_owned),
        1 => select(names).prop_map(|name| name.replace('e', "%65").replace('S', "%53")),
        1 => select(vec!["startTime", "reason", "MODULE", "x"]).prop_map(str::to_owned),
        1 => text(),
    ];
    let value = prop_oneof![
        3 => select(vec![
            "", "0", "1", "05", "-1", "1206303963", "253402300800", "18446744073709551616",
            "ISL_Light", "ISL_LIGHT", "ISL_PRONTO", "NEWSESSION", "NEW+SESSION", "STOP", "true",
        ])
        .prop_map(str::to_owned),
        2 => text(),
    ];
    let pair = (name, value, any::<bool>()).prop_map(|(name, value, equals)| {
        if equals || !value.is_empty() {
            format!("{name}={value}")
        } else {
            name
        }
    });
    let pairs = prop::collection::vec(pair, 0..8);
    let envelope = prop_oneof![
        5 => Just("TIMESTAMP=1206303963&MODULE=ISL_Light&EVENT=STOP&SERVERID=19&DOMAIN_ID=s-1_0_0"),
        3 => Just("TIMESTAMP=1206303963&MODULE=ISL_GROOP&EVENT=STOP&SERVERID=-1&DOMAIN_ID=s-1_0_0"),
        1 => Just("MODULE=ISL_LIGHT&EVENT=NEWSESSION&SERVERID=19&DOMAIN_ID=s-1_0_0"),
    ];
    let noise = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..2);
    let noise = prop_oneof![3 => Just(Vec::new()), 1 => noise];
    (envelope, pairs, any::<prop::sample::Index>(), noise).prop_map(
        |(envelope, mut pairs, place, noise)| {
            pairs.insert(place.index(pairs.len() + 1), envelope.to_owned());
            let mut body = pairs.join("&").into_bytes();
            for (place, byte) in noise {
                let place = place.index(body.len());
                body[place] = byte;
            }
            body
        },
    )
}

/// A body much like those that the VolanoChat server or an XML writer sends, and not quite
/// right.
pub(crate) fn markup() -> impl Strategy<Value = String> {
    let pasted = (event(), select(vec!["", "\n", "\r\n", "\r", "\n\n"]))
        .prop_map(|(event, end)| format!("{}{end}", pasted(&event)));
    let escaped = event().prop_filter_map("XML cannot carry it", |event| event.to_xml().ok());
    let from = [
        "><",
        "\"",
        "<chat>",
        "</user>",
        "<message>",
        "type=",
        "&lt;",
        "<room>",
        "</message></chat>",
    ];
    let to = [
        "> <",
        ">\n  <",
        "'",
        "<chat >",
        "<user/>",
        "",
        "<!-- c -->",
        "<?p i?>",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?><chat>",
        "&#60;",
        " type = ",
        " x='y' type=",
        "<profile>",
        "\r\n",
        "</message></chat>x",
        "<!DOCTYPE chat><chat>",
    ];
    let change = (
        select(from.to_vec()).prop_map(str::to_owned),
        select(to.to_vec()).prop_map(str::to_owned),
    );
    let changes = prop::collection::vec(change, 0..3);
    let body = prop_oneof![2 => pasted, 2 => escaped, 1 => text()];
    (body, changes).prop_map(|(body, changes)| {
        changes
            .into_iter()
            .fold(body, |body, (from, to)| body.replacen(&from, &to, 1))
    })
}
