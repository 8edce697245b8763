//! An arbitrary notification, written and read back by everything that can.

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use isl_volano::isl_light::{Endpoint, Event, Module, Notification, Parser};
use time::OffsetDateTime;

use crate::parameters::{LAST_SECOND, WORDS};
use crate::text;

/// Makes a notification of the bytes, and writes and reads it.
pub fn run(data: &[u8]) {
    if let Ok(notification) = notification(&mut Unstructured::new(data)) {
        examine(&notification);
    }
}

fn examine(notification: &Notification<'_>) {
    let form = notification.to_form();
    for parser in [Parser::new(), Parser::new().lenient()] {
        assert_eq!(parser.parse(&form).as_ref(), Ok(notification));
        let mut buffer = Vec::new();
        let read = parser.parse_in(form.as_bytes(), &mut buffer);
        assert_eq!(read.as_ref(), Ok(notification));
    }
    assert_eq!(notification.clone().into_owned(), *notification);

    let json = serde_json::to_string(notification).expect("JSON");
    let read: Notification<'_> = serde_json::from_str(&json).expect("JSON");
    assert_eq!(read, *notification);
}

fn notification<'a>(u: &mut Unstructured<'_>) -> Result<Notification<'a>> {
    let module = if u.ratio(4, 5)? {
        Module::IslLight
    } else {
        Module::new(text(u)?)
    };
    let event = if u.ratio(4, 5)? {
        u.choose(Event::KNOWN)?.clone()
    } else {
        Event::new(text(u)?)
    };
    let server = u.arbitrary()?;
    let mut notification = Notification::new(time(u)?, module, event, server, text(u)?.into());

    let reason = &mut notification.reason;
    reason.text = some(u, text)?.map(Into::into);
    reason.software_type = some(u, text)?.map(Into::into);
    reason.address = some(u, text)?.map(Into::into);

    let session = &mut notification.session;
    session.id = some(u, text)?.map(Into::into);
    session.desk_code = some(u, text)?.map(Into::into);
    session.text_code = some(u, text)?.map(Into::into);
    session.created_time = some(u, time)?;
    session.start_time = some(u, time)?;
    session.total_transferred_bytes = u.arbitrary()?;
    session.total_connection_time = some(u, |u| Ok(Duration::from_secs(u.arbitrary()?)))?;
    session.last_transferred_packet_time = some(u, time)?;
    session.transport_reconnects = u.arbitrary()?;
    session.graceful_exit = u.arbitrary()?;

    let user = &mut notification.user;
    user.id = some(u, text)?.map(Into::into);
    user.external_id = some(u, text)?.map(Into::into);
    user.full_name = some(u, text)?.map(Into::into);
    user.name = some(u, text)?.map(Into::into);
    user.domain = some(u, text)?.map(Into::into);
    user.domain_id = some(u, text)?.map(Into::into);

    endpoint(u, &mut notification.desk)?;
    endpoint(u, &mut notification.client)?;
    for _ in 0..u.int_in_range(0..=8)? {
        // A known name is given back, and has no place there.
        let _ = notification.extra.push(text(u)?, text(u)?);
    }
    Ok(notification)
}

fn endpoint(u: &mut Unstructured<'_>, endpoint: &mut Endpoint<'_>) -> Result<()> {
    endpoint.version = some(u, text)?.map(Into::into);
    endpoint.address = some(u, text)?.map(Into::into);
    endpoint.transport = some(u, text)?.map(Into::into);
    endpoint.language = some(u, text)?.map(Into::into);
    endpoint.network_interfaces = some(u, text)?.map(Into::into);
    endpoint.platform = some(u, text)?.map(Into::into);
    Ok(())
}

fn text(u: &mut Unstructured<'_>) -> Result<String> {
    text::arbitrary(u, WORDS)
}

/// Whole seconds: a fraction is not written.
fn time(u: &mut Unstructured<'_>) -> Result<OffsetDateTime> {
    let last = LAST_SECOND as i64;
    let seconds = u.int_in_range(0..=last)?;
    Ok(OffsetDateTime::from_unix_timestamp(seconds).expect("a time"))
}

fn some<T>(
    u: &mut Unstructured<'_>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    Ok(if u.arbitrary()? { Some(make(u)?) } else { None })
}
