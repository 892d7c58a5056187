//! A shop of forty days, and its page.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use serde_json::Value;
use tuatara::frame::{Frame, Granularity, Instant, Metric};
use tuatara_studio::{Serving, Studio};

/// Drops of more than a fifth against the same weekday.
pub(crate) const SPEC: &str = "\
detectionName: drops
metric: orders
rules:
  - detection:
      - name: drop
        type: PERCENTAGE_RULE
        params: { offset: median3w, percentageChange: 0.2 } # by hand
";

/// The first of January 2026.
pub(crate) const FIRST: i64 = 1_767_225_600_000;

/// Forty days of a hundred orders; 40 on the 31st, an outage, and 75 on the 36th, a mere dip.
pub(crate) fn orders() -> Frame {
    of("orders")
}

/// The same of another metric.
pub(crate) fn of(metric: &str) -> Frame {
    let metric = Metric::new(metric);
    let mut rows = Frame::builder("shop", [metric]).granularity(Granularity::days());
    for day in 0..40_i64 {
        let midnight = Instant::from_millis(FIRST + day * 86_400_000).unwrap();
        let orders = match day {
            30 => 40.0,
            35 => 75.0,
            _ => 100.0,
        };
        rows.row(midnight, &[], &[orders]).unwrap();
    }
    rows.build().unwrap()
}

/// Two shops with a hundred orders a day: the northern has 70 on the 31st, the southern 40.
pub(crate) fn two_shops() -> Frame {
    let rows = Frame::builder("shops", [Metric::new("orders")]).granularity(Granularity::days());
    let mut rows = rows.dimensions(["shop"]);
    for day in 0..40_i64 {
        let midnight = Instant::from_millis(FIRST + day * 86_400_000).unwrap();
        for (shop, outage) in [("north", 70.0), ("south", 40.0)] {
            let orders = if day == 30 { outage } else { 100.0 };
            rows.row(midnight, &[shop], &[orders]).unwrap();
        }
    }
    rows.build().unwrap()
}

pub(crate) fn studio() -> Studio {
    Studio::new(Arc::new(orders()), "drops.yaml", SPEC)
}

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answered {
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn has(&self, header: &str) -> bool {
        self.head
            .lines()
            .any(|line| line.to_lowercase().starts_with(&header.to_lowercase()))
    }
}

/// Where a page is served.
pub(crate) struct Address {
    pub(crate) host: String,
    /// With a slash at each end.
    pub(crate) path: String,
}

impl Address {
    pub(crate) fn of(serving: &Serving) -> Self {
        let rest = serving.address().strip_prefix("http://").unwrap();
        let (host, path) = rest.split_once('/').unwrap();
        Self {
            host: host.to_owned(),
            path: format!("/{path}"),
        }
    }

    /// What is answered to `text`, as it goes over the wire.
    pub(crate) fn send(&self, text: &str) -> Answered {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        // Who refuses early may close before everything is sent.
        let _ = stream.write_all(text.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answered {
            status: status.unwrap_or(0),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    /// Asks with these headers beside those that there have to be.
    pub(crate) fn ask(&self, line: &str, headers: &[String], body: &str) -> Answered {
        let headers: String = headers
            .iter()
            .map(|header| format!("{header}\r\n"))
            .collect();
        let length = body.len();
        self.send(&format!(
            "{line} HTTP/1.1\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ))
    }

    /// The headers of the page itself.
    pub(crate) fn own(&self) -> Vec<String> {
        vec![
            format!("Host: {}", self.host),
            format!("Origin: http://{}", self.host),
            "Content-Type: application/json".to_owned(),
        ]
    }

    /// Asks as the page does.
    pub(crate) fn post(&self, what: &str, body: &Value) -> Answered {
        let line = format!("POST {}{what}", self.path);
        self.ask(&line, &self.own(), &body.to_string())
    }
}
