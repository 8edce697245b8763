//! `POST /volano-chat`.

use axum::extract::State;
use axum::response::Response;
use isl_volano::volano_chat::Event;
use isl_volano::{ErrorKind, Family};

use crate::app::App;
use crate::call::Call;
use crate::charset;
use crate::record::{Problem, Record};
use crate::roster;

pub(crate) async fn post(State(app): State<App>, call: Call) -> Response {
    app.keep(read(call)).await
}

/// Decodes the body in the character set of the URL, or else as UTF-8, and parses it.
pub(crate) fn read(call: Call) -> Record {
    let body = call.body.clone();
    let encoding = call.encoding.clone();
    let mut record = Record::new(Family::VolanoChat, call);
    let decoded = encoding.map_or(Ok(None), |name| charset::decode(&name, &body).map(Some));
    let text = match &decoded {
        Ok(Some(text)) => text.as_bytes(),
        Ok(None) => &*body,
        Err(problem) => {
            record.error = Some(problem.clone());
            return record;
        }
    };
    match Event::parse_bytes(text) {
        Ok(event) => record.set_chat(&event),
        Err(error) => {
            record.error = Some(Problem::new(&error, text));
            if error.kind() == ErrorKind::Ambiguous {
                roster::add_readings(&mut record, text);
            }
        }
    }
    record
}
