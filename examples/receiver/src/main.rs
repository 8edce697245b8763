//! Receives the callbacks of ISL Light and VolanoChat without losing any.

// Requests come from untrusted clients: only tests may panic.
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
mod nats;
mod record;
mod registrations;
mod roster;
mod server;
mod sink;
mod start_message;
mod storage;

use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Parser as _;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::app::App;
use crate::config::Config;
use crate::metrics::Metrics;
use crate::nats::publisher::Publisher;
use crate::nats::{Nats, drain};
use crate::registrations::Registrations;
use crate::sink::Sink;
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
    run(config).await
}

async fn run(mut config: Config) -> anyhow::Result<()> {
    let metrics = Metrics::new()?;
    let start_message = config.start_message.as_deref().map(StartMessage::new);
    let start_message = start_message.transpose()?.map(Arc::new);
    let listener = listen(&config).await?;
    let nats = match config.sink.is_empty() {
        true => None,
        false => Some(Nats::connect(&config).await?),
    };
    let shutdown = CancellationToken::new();
    let (mut thread, mut drain) = (None, None);
    let sink = match nats {
        Some(nats) if config.receives() => {
            let publisher = Publisher::start(nats, config.storage_time, metrics.clone()).await;
            config.max_body = config.max_body.min(publisher.max_body());
            Sink::Nats(Arc::new(publisher))
        }
        nats => {
            let (database, patience) = (&config.database, config.storage_time);
            let (storage, writer) = Storage::start(database, patience, metrics.clone())?;
            thread = Some(writer);
            let task = nats.map(|nats| drain::run(nats, storage.clone(), shutdown.clone()));
            drain = task.map(tokio::spawn);
            Sink::Sqlite(storage)
        }
    };
    match &listener {
        Some(listener) => {
            let address = listener.local_addr()?;
            println!("listening on http://{address}");
            if config.receives() {
                info!("post to /isl-light, /volano-chat, or /callback; / shows the events");
            }
            if config.token.is_none() && !address.ip().is_loopback() {
                warn!("no --token is set: anyone who can connect can post and read events");
            }
        }
        None => println!("draining into {}", config.database.display()),
    }

    let app = App {
        sink: sink.clone(),
        registrations: Registrations::start(&config, &metrics),
        start_message,
        streams: Arc::new(Semaphore::new(config.max_streams)),
        config: Arc::new(config),
        metrics,
        shutdown: shutdown.clone(),
    };
    tokio::spawn(end_on_signal(shutdown.clone())?);
    match listener {
        Some(listener) => server::serve(listener, &app).await,
        None => shutdown.cancelled().await,
    }
    if let Some(drain) = drain {
        drain.await?;
    }
    if let Sink::Nats(publisher) = &sink {
        let _ = timeout(app.config.shutdown_time, publisher.finish()).await;
    }

    // The thread ends when all senders are dropped.
    drop((app, sink));
    let Some(thread) = thread else {
        return Ok(());
    };
    let ended = tokio::task::spawn_blocking(move || thread.join()).await?;
    let ended = ended.map_err(|_| anyhow::anyhow!("the storage thread panicked"))?;
    ended.context("the database was not closed cleanly")
}

/// Listens on the configured address. Without one, a drain does not listen.
async fn listen(config: &Config) -> anyhow::Result<Option<TcpListener>> {
    let default = SocketAddr::from(([127, 0, 0, 1], 8080));
    let address = config.listen.or(config.receives().then_some(default));
    let Some(address) = address else {
        return Ok(None);
    };
    let listener = TcpListener::bind(address).await;
    let listener = listener.with_context(|| format!("cannot listen on {address}"))?;
    Ok(Some(listener))
}

fn end_on_signal(shutdown: CancellationToken) -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        info!("shutting down after the requests in progress");
        shutdown.cancel();
    })
}
