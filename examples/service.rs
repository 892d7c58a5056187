//! How do I put detection behind HTTP, in a service of my own?
//!
//! `POST /detect` takes rows as CSV and answers with the anomalies and their reasons; `GET /health` says
//! which detection is in service and what became of the requests so far. Without an argument the example
//! asks itself three things and ends; `cargo run --example service -- 8080` goes on serving.

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tuatara::{Detection, files};

struct Service {
    detection: Detection,
    answered: AtomicU64,
    refused: AtomicU64,
}

impl Service {
    /// Reads, runs, explains: work for a thread that may be busy, not for the event loop.
    fn detect(&self, rows: Vec<u8>) -> tuatara::Result<Value> {
        let data = files::from_bytes("request.csv", rows)
            .for_detection(&self.detection)
            .read()?;
        let interval = self.detection.extent(&data.frame)?;
        let report = self.detection.run(&data.frame, interval)?;
        let mut anomalies = Vec::new();
        for anomaly in report.anomalies() {
            let why = &report.explain(&anomaly.slice, anomaly.peak.at)?[0];
            anomalies.push(json!({
                "id": anomaly.id.to_string(),
                "slice": anomaly.slice.to_string(),
                "start": anomaly.interval.start().to_string(),
                "end": anomaly.interval.end().to_string(),
                "score": anomaly.peak.score,
                "reason": why.headline(),
            }));
        }
        Ok(json!({ "judgedUntil": report.complete_until().to_string(), "anomalies": anomalies }))
    }
}

async fn detect(
    State(service): State<Arc<Service>>,
    rows: axum::body::Bytes,
) -> (StatusCode, Json<Value>) {
    let worker = Arc::clone(&service);
    let work = tokio::task::spawn_blocking(move || worker.detect(rows.to_vec()));
    match work.await {
        Ok(Ok(found)) => {
            service.answered.fetch_add(1, Ordering::Relaxed);
            (StatusCode::OK, Json(found))
        }
        Ok(Err(error)) => {
            service.refused.fetch_add(1, Ordering::Relaxed);
            let error = json!({ "error": error.to_string() });
            (StatusCode::UNPROCESSABLE_ENTITY, Json(error))
        }
        Err(_) => {
            let error = json!({ "error": "the detection broke off" });
            (StatusCode::INTERNAL_SERVER_ERROR, Json(error))
        }
    }
}

async fn health(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({
        "detection": service.detection.name(),
        "fingerprint": format!("{:032x}", service.detection.fingerprint()),
        "answered": service.answered.load(Ordering::Relaxed),
        "refused": service.refused.load(Ordering::Relaxed),
    }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let service = Service {
        detection: Detection::from_yaml(&std::fs::read_to_string(here.join("revenue.yaml"))?)?,
        answered: AtomicU64::new(0),
        refused: AtomicU64::new(0),
    };
    let routes = Router::new()
        .route("/detect", post(detect))
        .route("/health", get(health))
        .with_state(Arc::new(service));

    let port: Option<u16> = std::env::args()
        .nth(1)
        .map(|text| text.parse())
        .transpose()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
    let address = listener.local_addr()?;
    if port.is_some() {
        println!("serving on http://{address}");
        axum::serve(listener, routes).await?;
        return Ok(());
    }

    tokio::spawn(async move { axum::serve(listener, routes).await });
    let revenue = std::fs::read_to_string(here.join("../datasets/daily-revenue.csv"))?;
    let winter: Vec<&str> = revenue.lines().take(100).collect();
    for (what, method, path, body) in [
        ("a hundred days", "POST", "/detect", winter.join("\n")),
        (
            "a word for a number",
            "POST",
            "/detect",
            "date,revenue\n2024-01-01,much\n".to_owned(),
        ),
        ("how it is", "GET", "/health", String::new()),
    ] {
        let mut stream = TcpStream::connect(address).await?;
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let (head, body) = answer.split_once("\r\n\r\n").ok_or("half an answer")?;
        println!(
            "{method} {path}, {what}: {}",
            head.lines().next().unwrap_or_default()
        );
        println!("{:#}", body.parse::<Value>()?);
    }
    Ok(())
}
