//! A Chromium without a window, driven over its debugging pipe: JSON messages that end with NUL.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long a browser may be silent before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A browser with one page.
pub(crate) struct Browser {
    process: Child,
    folder: PathBuf,
    to: File,
    from: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// Errors and dialogs of the page.
    complaints: Vec<Value>,
    loaded: bool,
}

/// The program, if there is one.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

impl Browser {
    /// The page in the file `page`, loaded; nothing where there is no browser, which is said.
    pub(crate) fn open(page: &Path) -> Option<Self> {
        Self::start(&format!("file://{}", page.display()), true)
    }

    /// The same with scripts of the page turned off.
    pub(crate) fn open_without_scripts(page: &Path) -> Option<Self> {
        Self::start(&format!("file://{}", page.display()), false)
    }

    /// The page at `url`.
    pub(crate) fn visit(url: &str) -> Option<Self> {
        Self::start(url, true)
    }

    fn start(url: &str, scripts: bool) -> Option<Self> {
        let Some(program) = program() else {
            eprintln!(
                "SKIPPED: no chromium is on the path, so that {url} was not looked at; install one, or name \
                 it with CHROMIUM=PATH"
            );
            return None;
        };
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("browser-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the browser");
        let (to, from) = (folder.join("to"), folder.join("from"));
        let made = Command::new("mkfifo").args([&to, &from]).status();
        assert!(made.expect("mkfifo starts").success());
        // The browser reads commands from its third stream and answers on its fourth.
        let command = "exec \"$0\" --headless --no-sandbox --disable-gpu --hide-scrollbars \
                       --disable-dev-shm-usage --no-first-run --remote-debugging-pipe \
                       --user-data-dir=\"$1/profile\" 3<\"$1/to\" 4>\"$1/from\"";
        let process = Command::new("sh")
            .arg("-c")
            .arg(command)
            .arg(&program)
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let to = OpenOptions::new().write(true).open(&to).expect("a pipe");
        let answers = File::open(&from).expect("a pipe");
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(answers);
            let mut message = Vec::new();
            while reader
                .read_until(0, &mut message)
                .is_ok_and(|read| read > 0)
            {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else {
                    break;
                };
                if send.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut browser = Self {
            process,
            folder,
            to,
            from,
            session: None,
            last: 0,
            complaints: Vec::new(),
            loaded: false,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", attached);
        browser.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            browser.call(domain, json!({}));
        }
        let window = json!({"width": 1240, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        browser.call("Emulation.setDeviceMetricsOverride", window);
        if !scripts {
            let off = json!({"value": true});
            browser.call("Emulation.setScriptExecutionDisabled", off);
        }
        browser.go("Page.navigate", json!({ "url": url }));
        Some(browser)
    }

    /// Leaves for what is then loaded.
    fn go(&mut self, method: &str, params: Value) {
        self.loaded = false;
        self.call(method, params);
        while !self.loaded {
            self.hear();
        }
    }

    /// Loads the page again.
    pub(crate) fn reload(&mut self) {
        self.go("Page.reload", json!({}));
    }

    /// Waits until `expression` is true in the page.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let seen = format!(
            "new Promise(done => {{ const look = () => {{ let is = false; try {{ is = {expression}; }} catch {{}} \
             is ? done(true) : setTimeout(look, 20); }}; look(); }})"
        );
        let params = json!({"expression": seen, "awaitPromise": true});
        self.call("Runtime.evaluate", params);
    }

    /// Writes `text` where the focus is, as a person does.
    pub(crate) fn write(&mut self, text: &str) {
        self.call("Input.insertText", json!({ "text": text }));
        self.settle();
    }

    /// One message; events are taken note of.
    fn hear(&mut self) -> Value {
        let heard = self.from.recv_timeout(PATIENCE);
        let message = heard.expect("the browser answers in time");
        match message["method"].as_str() {
            Some("Page.loadEventFired") => self.loaded = true,
            Some("Runtime.exceptionThrown" | "Page.javascriptDialogOpening") => {
                self.complaints.push(message.clone());
            }
            Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" => {
                self.complaints.push(message.clone());
            }
            Some("Runtime.consoleAPICalled") if message["params"]["type"] == "error" => {
                self.complaints.push(message.clone());
            }
            _ => {}
        }
        message
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.hear();
            if answer["id"] == self.last {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    /// Runs `expression` in the page.
    pub(crate) fn evaluate(&mut self, expression: &str) {
        self.value(&format!("{{ {expression}; 0 }}"));
    }

    /// What `expression` is in the page.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        let result = self.call("Runtime.evaluate", params);
        let thrown = &result["exceptionDetails"];
        assert!(thrown.is_null(), "{expression}: {thrown}");
        result["result"]["value"].clone()
    }

    /// Until the page has drawn what was asked of it.
    fn settle(&mut self) {
        let drawn = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";
        let params = json!({"expression": drawn, "awaitPromise": true});
        self.call("Runtime.evaluate", params);
    }

    fn mouse(&mut self, kind: &str, (x, y): (f64, f64), buttons: u32) {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let params = json!({"type": kind, "x": x, "y": y, "button": button, "buttons": buttons, "clickCount": 1});
        self.call("Input.dispatchMouseEvent", params);
    }

    /// Moves the pointer there.
    pub(crate) fn hover(&mut self, x: f64, y: f64) {
        self.mouse("mouseMoved", (x - 3.0, y), 0);
        self.mouse("mouseMoved", (x, y), 0);
        self.settle();
    }

    /// Presses and releases the button there.
    pub(crate) fn click(&mut self, x: f64, y: f64) {
        self.mouse("mouseMoved", (x, y), 0);
        self.mouse("mousePressed", (x, y), 1);
        self.mouse("mouseReleased", (x, y), 0);
        self.settle();
    }

    /// Presses the button at `from` and releases it at `to`.
    pub(crate) fn drag(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.mouse("mouseMoved", from, 0);
        self.mouse("mousePressed", from, 1);
        let half = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
        for place in [half, to] {
            let (x, y) = place;
            let params =
                json!({"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1});
            self.call("Input.dispatchMouseEvent", params);
        }
        self.mouse("mouseReleased", to, 0);
        self.settle();
    }

    /// Presses a key.
    pub(crate) fn key(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let mut params = json!({"type": kind, "key": key});
            // Those that do something by themselves are known by number.
            let number = match key {
                "Tab" => Some(9),
                "Enter" => Some(13),
                _ => None,
            };
            if let Some(number) = number {
                params["windowsVirtualKeyCode"] = json!(number);
                params["code"] = json!(key);
                if key == "Enter" && kind == "keyDown" {
                    params["text"] = json!("\r");
                }
            }
            self.call("Input.dispatchKeyEvent", params);
        }
        self.settle();
    }

    /// Shows the page as it is printed.
    pub(crate) fn on_paper(&mut self) {
        self.call("Emulation.setEmulatedMedia", json!({"media": "print"}));
        self.settle();
    }

    /// The page has thrown nothing, logged no error and opened no dialog.
    pub(crate) fn assert_quiet(&mut self) {
        self.settle();
        assert!(self.complaints.is_empty(), "{:#?}", self.complaints);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
