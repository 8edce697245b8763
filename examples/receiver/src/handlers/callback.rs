//! `POST /callback`, for both families.

use axum::extract::State;
use axum::response::Response;
use isl_volano::Family;

use super::{isl_light, volano_chat};
use crate::app::App;
use crate::call::Call;
use crate::record::Record;

pub(crate) async fn post(State(app): State<App>, call: Call) -> Response {
    let family = Family::of(&call.body);
    app.keep(read(family, call)).await
}

pub(crate) fn read(family: Family, call: Call) -> Record {
    match family {
        Family::VolanoChat => volano_chat::read(call),
        _ => isl_light::read(call),
    }
}
