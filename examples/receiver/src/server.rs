//! Connections: limits, timeouts, and shutdown.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, service::Service as _};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;
use tracing::{debug, warn};

use crate::app::App;
use crate::call::Connection;

/// Serves connections until the app shuts down, then finishes the requests in progress.
pub(crate) async fn serve(listener: TcpListener, app: &App) {
    let router = app.router();
    let places = Arc::new(Semaphore::new(app.config.max_connections));
    let tracker = TaskTracker::new();
    let accept = async {
        for number in 1.. {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else {
                return;
            };
            let (stream, peer) = loop {
                match listener.accept().await {
                    Ok(accepted) => break accepted,
                    // For example, too many files are open: others may be closed soon.
                    Err(error) => {
                        warn!("cannot accept a connection: {error}");
                        sleep(Duration::from_millis(100)).await;
                    }
                }
            };
            let connection = Arc::new(Connection::new(number, peer));
            let (router, app) = (router.clone(), app.clone());
            tracker.spawn(async move {
                serve_connection(stream, connection, router, &app).await;
                drop(place);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        () = app.shutdown.cancelled() => {}
    }
    drop(listener);
    tracker.close();
    if timeout(app.config.shutdown_time, tracker.wait())
        .await
        .is_err()
    {
        warn!(
            connections = tracker.len(),
            "some requests did not finish in time"
        );
    }
}

async fn serve_connection(
    stream: TcpStream,
    connection: Arc<Connection>,
    router: Router,
    app: &App,
) {
    app.metrics.connections.inc();
    // A response is one small packet, and the sender waits for it.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(Arc::clone(&connection));
        router.call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.config.request_time)
        .serve_connection(TokioIo::new(stream), service);
    tokio::pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => result,
        () = app.shutdown.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = result {
        debug!(peer = %connection.peer, "the connection ended: {error}");
        // A connection that was idle for too long had received its responses.
        let last = connection.last_stored().filter(|_| !error.is_timeout());
        if let Some(id) = last {
            app.sink.unanswered(id).await;
        }
    }
    app.metrics.connections.dec();
}
