//! Receives the events of both servers at one URL.
//!
//! ```text
//! cargo run --example axum -- 127.0.0.1:8080
//! curl --data-binary @tests/captures/isl_light/07-stop.form http://127.0.0.1:8080/events
//! ```

use std::{env, io};

use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use isl_volano::{Family, Payload, PayloadError};
use tokio::net::TcpListener;

/// The maximum length of a body. Longer ones are refused before parsing.
const MAX_BODY: usize = 16 << 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let address = env::args().nth(1);
    let listener = TcpListener::bind(address.as_deref().unwrap_or("127.0.0.1:8080")).await?;
    println!("http://{}/events", listener.local_addr()?);
    let events = Router::new()
        .route("/events", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    axum::serve(listener, events).await
}

/// Receives an event. The body is extracted as `Bytes`, because `Form` refuses VolanoChat's bodies,
/// which are declared as forms but are not.
async fn receive(body: Bytes) -> impl IntoResponse {
    match Payload::parse_owned(&body) {
        Ok(payload) => store(payload),
        Err(error) => set_aside(&body, &error),
    }
    // Acknowledge the event even if it cannot be parsed. Otherwise, ISL Light repeats it forever,
    // and VolanoChat ends the registration.
    let family = Family::of(&body);
    let content_type = [(CONTENT_TYPE, family.content_type())];
    (content_type, family.acknowledgement())
}

/// Stores an event. A service would write it to its database or to a queue.
fn store(payload: Payload<'static>) {
    println!("{payload}");
}

/// Sets aside a body that cannot be parsed. A service would store it, because it is not sent again.
fn set_aside(body: &[u8], error: &PayloadError) {
    println!("{} bytes set aside: {error}", body.len());
}
