//! A foreign page can neither read what is shown nor drive it.

#[allow(dead_code, reason = "each test uses what it needs of it")]
mod shop;

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::json;

use shop::{Address, Answered, SPEC, studio};

fn assert_refused(answered: &Answered, status: u16, why: &str) {
    assert_eq!(answered.status, status, "{answered:?}");
    assert!(answered.body.contains(why), "{answered:?}");
    for secret in ["drops", "orders", "PERCENTAGE_RULE"] {
        assert!(!answered.body.contains(secret), "{answered:?}");
    }
    // Nobody is told that it may read this from elsewhere.
    assert!(!answered.has("access-control-allow-origin"), "{answered:?}");
}

fn asked() -> String {
    let side = json!({"name": "drops.yaml", "text": SPEC});
    json!({"page": "p", "ticket": 1, "sides": [side], "slices": []}).to_string()
}

#[test]
fn the_page_is_for_whoever_opens_its_address() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    assert!(page.host.starts_with("127.0.0.1:"));
    let host = [format!("Host: {}", page.host)];
    for (file, kind) in [
        ("", "text/html"),
        ("studio.js", "text/javascript"),
        ("charts.js", "text/javascript"),
        ("studio.css", "text/css"),
    ] {
        let answered = page.ask(&format!("GET {}{file}", page.path), &host, "");
        assert_eq!(answered.status, 200, "{answered:?}");
        assert!(
            answered.has(&format!("content-type: {kind}")),
            "{answered:?}"
        );
        assert!(answered.has("content-security-policy: default-src 'none'; script-src 'self';"));
        assert!(
            answered.has("x-content-type-options: nosniff")
                && answered.has("cache-control: no-store")
        );
        assert!(
            answered.has("referrer-policy: no-referrer")
                && answered.has("cross-origin-resource-policy: same-origin")
        );
    }
    serving.close();
}

#[test]
fn another_name_that_resolves_to_loopback_is_refused() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    for host in ["evil.example", "127.0.0.1", "localhost:1", ""] {
        let headers = [format!("Host: {host}")];
        let answered = page.ask(&format!("GET {}", page.path), &headers, "");
        assert_refused(&answered, 403, "answered on 127.0.0.1");
        let mut headers = page.own();
        headers[0] = format!("Host: {host}");
        let answered = page.ask(&format!("POST {}run", page.path), &headers, &asked());
        assert_refused(&answered, 403, "answered on 127.0.0.1");
    }
}

#[test]
fn another_page_is_refused_even_with_the_secret() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    let run = format!("POST {}run", page.path);
    for origin in [
        "Origin: http://evil.example",
        "Origin: null",
        "X-None: 1",
        "Origin: http://127.0.0.1:1",
    ] {
        let mut headers = page.own();
        headers[1] = origin.to_owned();
        assert_refused(
            &page.ask(&run, &headers, &asked()),
            403,
            "its own page alone",
        );
    }
    for site in ["cross-site", "same-site"] {
        let headers = [
            format!("Host: {}", page.host),
            format!("Sec-Fetch-Site: {site}"),
        ];
        let answered = page.ask(&format!("GET {}studio.js", page.path), &headers, "");
        assert_refused(&answered, 403, "its own page alone");
    }
    // What browsers ask before they send JSON for another page is not allowed either.
    let asks = [
        format!("Host: {}", page.host),
        "Origin: http://evil.example".to_owned(),
        "Access-Control-Request-Method: POST".to_owned(),
    ];
    let answered = page.ask(&format!("OPTIONS {}run", page.path), &asks, "");
    assert_refused(&answered, 403, "its own page alone");
    // What a form sends is no JSON.
    let mut headers = page.own();
    headers[2] = "Content-Type: text/plain".to_owned();
    assert_refused(&page.ask(&run, &headers, &asked()), 415, "application/json");
}

#[test]
fn without_the_secret_there_is_nothing() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    let host = [format!("Host: {}", page.host)];
    let wrong = "0".repeat(page.path.len() - 2);
    for path in [
        "/",
        "/studio.js",
        "/run",
        &format!("/{wrong}/"),
        &format!("/{wrong}/studio.js"),
    ] {
        assert_refused(
            &page.ask(&format!("GET {path}"), &host, ""),
            403,
            "the secret of this page",
        );
    }
    let answered = page.ask(&format!("POST /{wrong}/run"), &page.own(), &asked());
    assert_refused(&answered, 403, "the secret of this page");
    // No two pages have the same.
    let other = studio().open(0).unwrap();
    assert_ne!(Address::of(&other).path, page.path);
}

#[test]
fn what_is_too_long_or_not_asked_for_like_that_is_refused() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    let run = format!("POST {}run", page.path);
    let long = " ".repeat((4 << 20) + 1);
    assert_refused(&page.ask(&run, &page.own(), &long), 413, "too long");
    // Without a length it is not read on either.
    let mut headers = page.own();
    headers.push("Transfer-Encoding: chunked".to_owned());
    let chunk = format!("{:x}\r\n{long}\r\n0\r\n\r\n", long.len());
    let head: String = headers
        .iter()
        .map(|header| format!("{header}\r\n"))
        .collect();
    let answered = page.send(&format!(
        "{run} HTTP/1.1\r\n{head}Connection: close\r\n\r\n{chunk}"
    ));
    assert_refused(&answered, 413, "too long");

    let host = [format!("Host: {}", page.host)];
    let answered = page.ask(&format!("GET {}run", page.path), &host, "");
    assert_refused(&answered, 405, "not asked for like that");
    assert!(answered.has("allow: POST"));
    for method in ["POST", "PUT", "DELETE"] {
        let answered = page.ask(&format!("{method} {}", page.path), &page.own(), "{}");
        assert_refused(&answered, 405, "not asked for like that");
        assert!(answered.has("allow: GET, HEAD"));
    }
    for path in [
        "Cargo.toml",
        "../Cargo.toml",
        "%2e%2e/Cargo.toml",
        "etc/passwd",
        "api",
    ] {
        let answered = page.ask(&format!("GET {}{path}", page.path), &host, "");
        assert_refused(&answered, 404, "nothing here");
    }
    for body in [
        "",
        "[]",
        "{\"page\": 1}",
        "{\"page\": \"p\", \"ticket\": 1, \"sides\": [], \"slices\": [], \"write\": \"page.yaml\"}",
    ] {
        assert_refused(
            &page.ask(&run, &page.own(), body),
            400,
            "not what is asked for",
        );
    }
}

#[test]
fn connections_that_ask_for_nothing_make_room_for_the_page() {
    let serving = studio().open(0).unwrap();
    let page = Address::of(&serving);
    let host = [format!("Host: {}", page.host)];
    // More than there is room for; of every other one the head never ends.
    let idle: Vec<TcpStream> = (0..200)
        .map(|at| {
            let mut stream = TcpStream::connect(&page.host).unwrap();
            if at % 2 == 1 {
                // It may have made room by then.
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost:");
            }
            stream
        })
        .collect();
    let answered = page.ask(&format!("GET {}", page.path), &host, "");
    assert_eq!(answered.status, 200, "{answered:?}");
    // Those that came first were closed for it, without an answer.
    let mut bytes = Vec::new();
    assert_eq!((&idle[0]).read_to_end(&mut bytes).unwrap(), 0);
}

#[test]
fn a_port_that_is_taken_is_named_with_the_remedy() {
    let serving = studio().open(0).unwrap();
    let host = Address::of(&serving).host;
    let port = host.rsplit(':').next().unwrap().parse().unwrap();
    let error = studio().open(port).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("{host} cannot be listened on: ")),
        "{error}"
    );
    assert!(
        error.ends_with("; choose another --port, or 0 for any that is free"),
        "{error}"
    );
}
