//! Starts the service: `cargo run --release -- DATABASE ADDRESS`.

use std::env;
use std::error::Error;
use std::path::PathBuf;

use isl_volano_service::{Storage, app};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1);
    let database = arguments.next().map_or("events.db".into(), PathBuf::from);
    let address = arguments.next().unwrap_or("127.0.0.1:8080".into());
    let storage = Storage::open(&database)?;
    let listener = TcpListener::bind(&*address.to_string_lossy()).await?;
    println!(
        "http://{} into {}",
        listener.local_addr()?,
        database.display()
    );
    Ok(axum::serve(listener, app(storage)).await?)
}
