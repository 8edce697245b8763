//! A handler that stores nothing, as the baseline for the performance of the receiver.

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::post;
use isl_volano::Family;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let handler = async |body: Bytes| {
        let family = Family::of(&body);
        let content_type = [(CONTENT_TYPE, family.content_type())];
        (content_type, family.acknowledgement()).into_response()
    };
    let router = Router::new().route("/callback", post(handler));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}
