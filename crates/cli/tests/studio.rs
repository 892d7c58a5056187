//! `tuatara studio`: the address is written once the page is served, and nothing else is.

#![cfg(feature = "studio")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

struct Studio {
    process: Child,
    host: String,
    path: String,
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tuatara"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    command.args(words.split_whitespace()).current_dir(root);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command
}

fn studio(more: &str) -> Studio {
    let words = "studio examples/revenue.yaml datasets/daily-revenue.csv --quiet";
    let mut command = command(&format!("{words} {more}"));
    let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    let out = process.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    let rest = line.trim_end().strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    Studio {
        host: host.to_owned(),
        path: format!("/{path}"),
        process,
    }
}

impl Studio {
    fn post(&self, what: &str, body: &str) -> String {
        let Self { host, path, .. } = self;
        let mut stream = TcpStream::connect(host).unwrap();
        let request = format!(
            "POST {path}{what} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    fn json(&self, what: &str, body: &str) -> serde_json::Value {
        serde_json::from_str(&self.post(what, body)).unwrap()
    }
}

/// What `detect` writes, row for row.
#[test]
fn the_table_is_that_of_detect() {
    let studio = studio("--labels datasets/daily-revenue.labels.csv");
    let start = studio.json("start", "{}");
    assert_eq!(start["name"], "examples/revenue.yaml");
    assert_eq!(
        (&start["labelled"], &start["table"]),
        (&true.into(), &true.into())
    );
    let side = serde_json::json!({"name": start["name"], "text": start["text"]});
    let asked = serde_json::json!({"page": "p", "ticket": 1, "sides": [side], "slices": []});
    let answer = studio.json("run", &asked.to_string());
    assert_eq!(answer["sides"][0]["anomalies"], 11);
    let table = studio.post("table", "{\"answers\": [0]}");
    let detect = "detect examples/revenue.yaml datasets/daily-revenue.csv --quiet --format csv";
    let detected = command(detect).output().unwrap();
    assert_eq!(table, String::from_utf8(detected.stdout).unwrap());
}

#[test]
fn times_and_another_specification_are_those_of_the_flags() {
    let studio =
        studio("--since 2025-04-01 --until 2025-07-01 --compare examples/revenue_smoothed.yaml");
    let start = studio.json("start", "{}");
    assert_eq!(start["other"]["name"], "examples/revenue_smoothed.yaml");
    let side = |of: &serde_json::Value| serde_json::json!({"name": of["name"], "text": of["text"]});
    let sides = [side(&start), side(&start["other"])];
    let asked = serde_json::json!({"page": "p", "ticket": 1, "sides": sides, "slices": []});
    let answer = studio.json("run", &asked.to_string());
    // The two that docs/report.md shows.
    assert_eq!(answer["sides"][0]["anomalies"], 2);
    assert_eq!(answer["sides"][0]["numbers"]["from"], 1_743_465_600_000_i64);
    assert!(answer["diff"]["same"].is_u64());
}

#[test]
fn a_port_that_is_taken_ends_the_command_with_the_remedy() {
    let studio = studio("");
    let port = studio.host.rsplit(':').next().unwrap();
    let words = "studio examples/revenue.yaml datasets/daily-revenue.csv --quiet --port";
    let refused = command(&format!("{words} {port}")).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert!(
        said.starts_with("error: 127.0.0.1:") && said.contains("choose another --port"),
        "{said}"
    );
}
