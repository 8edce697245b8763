//! Both servers answered at one URL, with axum. Whatever arrives is acknowledged, or it arrives
//! again, for ever (ISL Light), or nothing arrives any more (VolanoChat).
//!
//! ```text
//! cargo run --example axum
//! curl --data 'TIMESTAMP=1&MODULE=ISL_Light&EVENT=STOP&SERVERID=1&DOMAIN_ID=s' localhost:8080/callback
//! ```

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use isl_volano::{Family, Payload, PayloadError};

/// Extracts a payload by the body, never by the content type. What cannot be parsed is no rejection:
/// the handler answers it, too. A body over axum's limit, or one that breaks off, is.
struct Callback {
    family: Family,
    payload: Result<Payload<'static>, PayloadError>,
}

impl<S: Send + Sync> FromRequest<S> for Callback {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        let body = Bytes::from_request(request, state).await?;
        Ok(Callback {
            family: Family::of(&body),
            payload: Payload::parse_owned(&body),
        })
    }
}

async fn callback(Callback { family, payload }: Callback) -> impl IntoResponse {
    // Store it here, before the answer.
    match payload {
        Ok(payload) => println!("{family}: {payload}"),
        Err(error) => println!("{error}"),
    }
    (
        [(CONTENT_TYPE, family.content_type())],
        family.acknowledgement(),
    )
}

pub(crate) fn app() -> Router {
    Router::new().route("/callback", post(callback))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    println!("listening on http://{}/callback", listener.local_addr()?);
    axum::serve(listener, app()).await
}
