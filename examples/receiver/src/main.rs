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
mod roster;
mod server;
mod storage;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::app::App;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::storage::Storage;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::parse();
    tracing_subscriber::fmt()
        .with_max_level(config.log)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    let metrics = Metrics::new()?;
    let (storage, thread) = Storage::start(&config.database, config.storage_time, metrics.clone())?;
    let listen = config.listen;
    let listener = TcpListener::bind(listen).await;
    let listener = listener.with_context(|| format!("cannot listen on {listen}"))?;
    println!("listening on http://{}", listener.local_addr()?);

    let app = App {
        config: Arc::new(config),
        sink: storage,
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
