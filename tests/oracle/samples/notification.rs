//! Notifications created field by field.

use std::time::Duration;

use arbitrary::{Result, Unstructured};
use isl_volano::isl_light::{Endpoint, Event, Module, Notification};
use isl_volano::time::OffsetDateTime;

use crate::oracle::parameters::{EVENTS, LAST_SECOND, PARAMETERS};
use crate::oracle::words::FORM;

/// Creates any notification that a user of the crate can create.
pub(crate) fn notification<'a>(u: &mut Unstructured<'_>) -> Result<Notification<'a>> {
    let module = if u.ratio(4, 5)? {
        Module::IslLight
    } else {
        Module::new(text(u)?)
    };
    let event = if u.ratio(4, 5)? {
        Event::new(*u.choose(EVENTS)?)
    } else {
        Event::new(text(u)?)
    };
    let server = if u.ratio(1, 4)? {
        i64::MIN
    } else {
        u.arbitrary()?
    };
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
    session.total_transferred_bytes = some(u, number)?;
    session.total_connection_time = some(u, number)?.map(Duration::from_secs);
    session.last_transferred_packet_time = some(u, time)?;
    session.transport_reconnects = some(u, number)?;
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
        let (name, value) = (text(u)?, text(u)?);
        // The name of a known parameter is refused, because it has its own field.
        let is_known = PARAMETERS.iter().any(|known| known.name == name);
        assert_eq!(notification.extra.push(name, value).is_err(), is_known);
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
    super::text::text(u, FORM)
}

fn number(u: &mut Unstructured<'_>) -> Result<u64> {
    Ok(match u.int_in_range(0..=3)? {
        0 => 0,
        1 => u64::MAX,
        _ => u.arbitrary()?,
    })
}

/// Creates a time in whole seconds, as a fraction is not written.
fn time(u: &mut Unstructured<'_>) -> Result<OffsetDateTime> {
    let seconds = match u.int_in_range(0..=3)? {
        0 => 0,
        1 => LAST_SECOND,
        _ => u.int_in_range(0..=LAST_SECOND)?,
    };
    let time = OffsetDateTime::from_unix_timestamp(seconds as i64);
    Ok(time.expect("a time"))
}

fn some<T>(
    u: &mut Unstructured<'_>,
    make: impl FnOnce(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Option<T>> {
    Ok(if u.arbitrary()? { Some(make(u)?) } else { None })
}
