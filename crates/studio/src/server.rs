//! The page over HTTP, on loopback.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use serde::de::DeserializeOwned;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::answer::{Asked, Of, Scope, Stale, answer, figures, own, start, table, trace};
use crate::desk::Desk;
use crate::doors::{Doors, Guest};
use crate::guard::{Guard, Refusal};
use crate::page;
use crate::secret::Secret;
use crate::{Result, Studio, StudioError};

/// Bytes of a request at most: two specifications of the size that the parser takes.
const LONGEST: usize = 4 << 20;

/// How long a body is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may ask for nothing, or not to the end.
const SILENCE: Duration = Duration::from_secs(60);

/// How long nothing is accepted after the system refused to, and how often in a row it may.
const PAUSE: Duration = Duration::from_millis(100);
const REFUSALS: u32 = 100;

/// What every answer says to a browser.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cache-control", "no-store"),
];

/// A page that is served.
#[derive(Debug)]
pub struct Serving {
    address: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

impl Serving {
    pub(crate) fn start(studio: Studio, port: u16) -> Result<Self> {
        let secret = Secret::new()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let bound = |error| StudioError::Bind {
            address: wanted,
            error,
        };
        let listener = runtime.block_on(TcpListener::bind(wanted)).map_err(bound)?;
        let port = listener.local_addr().map_err(bound)?.port();
        let address = format!("http://127.0.0.1:{port}/{}/", secret.as_str());
        let served = Arc::new(Served {
            guard: Guard::new(port, secret),
            desk: Desk::new(studio),
        });
        let (stop, stopped) = oneshot::channel::<()>();
        let serve = move || {
            runtime.block_on(async move {
                let graceful = GracefulShutdown::new();
                let ended = tokio::select! {
                    error = accept(listener, served, &graceful) => Err(error),
                    // A sender that is dropped ends it, too.
                    _ = stopped => Ok(()),
                };
                graceful.shutdown().await;
                ended
            })
        };
        let thread = std::thread::Builder::new()
            .name("studio".to_owned())
            .spawn(serve)?;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The address of the page, with its secret.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves until the program ends, or serving does.
    ///
    /// # Errors
    /// [`StudioError::Serve`]
    pub fn wait(mut self) -> Result<()> {
        let thread = self.thread.take().expect("invariant: it is joined once");
        match thread.join() {
            Ok(ended) => Ok(ended?),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    /// Ends serving: what is being answered is answered, and nothing more.
    pub fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}

/// What requests are answered from.
#[derive(Debug)]
struct Served {
    guard: Guard,
    desk: Desk,
}

/// Lets connections in until the system keeps refusing to, and says why.
async fn accept(
    listener: TcpListener,
    served: Arc<Served>,
    graceful: &GracefulShutdown,
) -> std::io::Error {
    let doors = Arc::new(Doors::default());
    let mut refusals = 0;
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) if refusals == REFUSALS => return error,
            // Who opened it has gone, or there is no room for one more.
            Err(_) => {
                refusals += 1;
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        refusals = 0;
        if let Some(guest) = doors.enter() {
            let served = Arc::clone(&served);
            tokio::spawn(attend(stream, served, guest, graceful.watcher()));
        }
    }
}

/// Answers what is asked over one connection, until it has to make room.
async fn attend(stream: TcpStream, served: Arc<Served>, guest: Guest, watcher: Watcher) {
    let answer = |request: Request<Incoming>| {
        let (served, guest) = (Arc::clone(&served), &guest);
        async move {
            let _answered = guest.answered();
            Ok::<_, Infallible>(handle(served, request.map(Body::new)).await)
        }
    };
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(SILENCE)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    tokio::select! {
        // Who goes away in the middle is nobody's error.
        _ = watcher.watch(connection) => {}
        () = guest.sent_away() => {}
    }
}

async fn handle(served: Arc<Served>, request: Request<Body>) -> Response<Body> {
    let mut response = match respond(served, request).await {
        Ok(response) => response,
        Err(refusal) => refused(refusal),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

async fn respond(served: Arc<Served>, request: Request<Body>) -> Result<Response<Body>, Refusal> {
    let (head, body) = request.into_parts();
    let path = served
        .guard
        .admit(&head.method, head.uri.path(), &head.headers)?;
    if let Some(page) = page::file(path) {
        let is_read = matches!(head.method, Method::GET | Method::HEAD);
        return match is_read {
            true => Ok(content(page.kind, page.text.into_owned())),
            false => Err(Refusal::Method("GET, HEAD")),
        };
    }
    let path = path.to_owned();
    if !matches!(
        path.as_str(),
        "start" | "view" | "run" | "trace" | "own" | "figures" | "table"
    ) {
        return Err(Refusal::Path);
    }
    if head.method != Method::POST {
        return Err(Refusal::Method("POST"));
    }
    let length = head.headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LONGEST) {
        return Err(Refusal::TooLong);
    }
    // A body that does not come is not waited for.
    let body = tokio::time::timeout(PATIENCE, to_bytes(body, LONGEST)).await;
    let body = body.map_err(|_| Refusal::Body)?;
    let body = body.map_err(|_| Refusal::TooLong)?;
    let scope = match path.as_str() {
        "view" => Some(Scope::View),
        "run" => Some(Scope::All),
        _ => None,
    };
    if let Some(scope) = scope {
        // What was asked for before is stale at once, not only when a thread is free.
        let asked: Asked = read(&body)?;
        served.desk.announce(&asked.page, asked.ticket);
        return work(move || match answer(&served.desk, &asked, scope) {
            Ok(text) => content(JSON, text),
            Err(Stale) => status(StatusCode::NO_CONTENT),
        })
        .await;
    }
    if path == "start" {
        return Ok(content(JSON, start(&served.desk).to_string()));
    }
    let of: Of = read(&body)?;
    // Nothing to say is no error, of which a browser would complain.
    let gone = || status(StatusCode::NO_CONTENT);
    work(move || {
        let desk = &served.desk;
        if path == "table" {
            return table(desk, &of)
                .map_or_else(gone, |rows| content("text/csv; charset=utf-8", rows));
        }
        let told = match path.as_str() {
            "trace" => trace(desk, &of),
            "own" => own(desk, &of),
            _ => figures(desk, &of),
        };
        told.map_or_else(gone, |told| content(JSON, told.to_string()))
    })
    .await
}

const JSON: &str = "application/json";

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|_| Refusal::Body)
}

/// Work for a thread that may be busy, not for the one that listens.
async fn work(
    work: impl FnOnce() -> Response<Body> + Send + 'static,
) -> Result<Response<Body>, Refusal> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR)))
}

fn content(kind: &'static str, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = content("text/plain; charset=utf-8", "");
    *response.status_mut() = status;
    response
}

fn refused(refusal: Refusal) -> Response<Body> {
    let mut response = content("text/plain; charset=utf-8", format!("{}\n", refusal.text()));
    *response.status_mut() = refusal.status();
    if let Refusal::Method(allowed) = refusal {
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static(allowed));
    }
    response
}
