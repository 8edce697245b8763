//! `POST /isl-light`.

use axum::extract::State;
use axum::response::Response;
use isl_volano::Family;
use isl_volano::isl_light::Notification;

use crate::app::App;
use crate::call::Call;
use crate::record::{Problem, Record, json};

pub(crate) async fn post(State(app): State<App>, call: Call) -> Response {
    app.keep(read(call)).await
}

/// Parses the body leniently, and keeps the problems.
pub(crate) fn read(call: Call) -> Record {
    let body = call.body.clone();
    let mut record = Record::new(Family::IslLight, call);
    match Notification::parse_lenient(&body) {
        Ok(lenient) => {
            let notification = lenient.notification;
            record.event = Some(notification.event.as_str().to_owned());
            record.module = Some(notification.module.as_str().to_owned());
            record.time = Some(notification.timestamp.unix_timestamp());
            record.session = notification.session.id.as_ref().map(ToString::to_string);
            record.actor = notification.user.full_name.as_deref().map(str::to_owned);
            record.value = json(&notification);
            let problems = lenient.problems.iter();
            record.problems = problems.map(|error| Problem::new(error, &body)).collect();
            let omitted = Some(lenient.omitted_problems).filter(|omitted| *omitted > 0);
            record.problems.extend(omitted.map(Problem::omitted));
        }
        Err(error) => record.error = Some(Problem::new(&error, &body)),
    }
    record
}
