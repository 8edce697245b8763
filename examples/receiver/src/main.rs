//! Receives the callbacks of ISL Light and VolanoChat, and loses none.

// Requests come from strangers: nothing in here may panic.
#![cfg_attr(
    not(test),
    deny(
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::string_slice,
        clippy::unwrap_used
    )
)]

mod app;
mod call;
mod charset;
mod config;
mod handlers;
mod metrics;
mod record;
mod registrations;
mod roster;
mod server;
mod start_message;
mod storage;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::app::App;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::registrations::Registrations;
use crate::start_message::StartMessage;
use crate::storage::Storage;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    config.check().unwrap_or_else(|error| error.exit());
    tracing_subscriber::fmt()
        .with_max_level(config.log)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let metrics = Metrics::new()?;
    let start_message = config.start_message.as_deref().map(StartMessage::new);
    let start_message = start_message.transpose()?.map(Arc::new);
    let (storage, thread) = Storage::start(&config.database, config.storage_time, metrics.clone())?;
    let listen = config.listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
    println!("listening on http://{}", listener.local_addr()?);

    let app = App {
        sink: storage,
        registrations: Registrations::start(&config, &metrics),
        start_message,
        streams: Arc::new(Semaphore::new(config.max_streams)),
        config: Arc::new(config),
        metrics,
        shutdown: CancellationToken::new(),
    };
    let mut terminate = signal(SignalKind::terminate())?;
    let shutdown = app.shutdown.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        info!("ending: requests that have begun are finished");
        shutdown.cancel();
    });
    server::serve(listener, &app).await;

    // The thread ends when nothing can send to it any longer.
    drop(app);
    let ended = tokio::task::spawn_blocking(move || thread.join()).await?;
    let ended = ended.map_err(|_| anyhow::anyhow!("the storage thread panicked"))?;
    ended.context("the database was not closed in order")
}
