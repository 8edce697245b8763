//! Receives the events of both servers at one URL, with actix-web.
//!
//! ```text
//! cargo run
//! curl --data-binary @../../tests/captures/isl_light/07-stop.form http://127.0.0.1:8080/events
//! ```

use actix_web::web::{Bytes, PayloadConfig};
use actix_web::{App, HttpResponse, HttpServer, post};
use isl_volano::{Family, Payload};

#[post("/events")]
async fn receive(body: Bytes) -> HttpResponse {
    match Payload::parse_owned(&body) {
        Ok(payload) => println!("store {payload}"),
        Err(error) => println!("set {} bytes aside: {error}", body.len()),
    }
    let family = Family::of(&body);
    HttpResponse::Ok()
        .content_type(family.content_type())
        .body(family.acknowledgement())
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    HttpServer::new(|| {
        App::new()
            .app_data(PayloadConfig::new(16 << 20))
            .service(receive)
    })
    .bind("127.0.0.1:8080")?
    .run()
    .await
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, call_service, init_service, read_body};

    use super::*;

    #[actix_web::test]
    async fn every_body_is_acknowledged() {
        let limit = PayloadConfig::new(16 << 20);
        let app = init_service(App::new().app_data(limit).service(receive)).await;
        let long = format!(
            "<chat><room>Tea</room><user>Al</user><message>{}</message></chat>\n",
            "x".repeat(1 << 20)
        );
        let isl = ("text/xml; charset=utf-8", "<nomessage/>");
        let volano = ("text/plain", "\n");
        let cases = [
            ("EVENT=STOP", isl),
            ("<delete><room>Tea</room></delete>\n", volano),
            ("<delete><room>", volano),
            (&long, volano),
        ];
        for (body, (content_type, acknowledgement)) in cases {
            // Both servers declare a form.
            let request = TestRequest::post()
                .uri("/events")
                .insert_header(("content-type", "application/x-www-form-urlencoded"))
                .set_payload(body.to_owned());
            let answer = call_service(&app, request.to_request()).await;
            assert_eq!(answer.status(), 200);
            assert_eq!(answer.headers().get("content-type").unwrap(), content_type);
            assert_eq!(read_body(answer).await, acknowledgement);
        }
    }
}
