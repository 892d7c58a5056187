//! What the documents show is what happens.
//!
//! | block of a document | what is done with it                                                   |
//! |---------------------|------------------------------------------------------------------------|
//! | `console`           | every line `$ command` is run; both streams say what follows it        |
//! | `yaml`, `yaml FILE` | `tuatara check` accepts it; with a name it becomes that file            |
//! | `yaml FILE wrong`   | becomes that file, as a dataset file does: `….tuatara.yaml`            |
//! | `csv FILE`, `json FILE` | becomes that file                                                  |
//! | `sh`                | every line is among the commands of [`NOT_RUN`]                        |
//! | `rust from=FILE`    | stands in that file, layout apart; a line `// …` leaves some out        |
//! | `rust`              | a documentation test of another crate                                  |
//! | `text`              | nothing                                                                |
//!
//! Each document has a folder of its own with copies of `examples/` and `datasets/`, and its
//! commands are run there in order. A line `…` in an output stands for any number of lines, and
//! `$ echo $?` for the exit status of the command before. With `REWRITE_EXPECTED` set, outputs
//! without such a line are written anew; read every line of the change.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tuatara::spec::tree::Node;
use tuatara::spec::{Class, Code, DetectionSpec, Kind, Level};
use tuatara::standard_registry;

/// Commands that are shown and not run: they build, install or test the whole project, or do not end.
const NOT_RUN: [&str; 9] = [
    "cargo test --workspace",
    "cargo install --path crates/cli",
    "cargo install --path crates/cli --features train",
    "cargo test -p tuatara-rules",
    ".ci/run",
    "cargo package --workspace --exclude tuatara-testkit --exclude tuatara-examples --exclude tuatara-benches",
    "tuatara studio examples/revenue_smoothed.yaml datasets/daily-revenue.csv --labels datasets/daily-revenue.labels.csv",
    "git clone --depth 1 https://github.com/numenta/NAB",
    "tuatara backtest nab.yaml NAB/data --labels NAB/labels/combined_windows.json",
];

const ELISION: &str = "…";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    let text = fs::read_to_string(path);
    text.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn document(name: &str) -> String {
    read(&root().join(name))
}

/// A fenced block: the words behind the fence, the line of the fence, and what it holds.
struct Block<'t> {
    words: Vec<&'t str>,
    line: usize,
    text: String,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match line.strip_prefix("```") {
            Some(_) if open => open = false,
            Some(words) => {
                open = true;
                let words = words.split_whitespace().collect();
                blocks.push(Block {
                    words,
                    line: number + 1,
                    text: String::new(),
                });
            }
            None if open => {
                let block = blocks.last_mut().expect("a block is open");
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "the last block is not closed");
    blocks
}

/// A folder in which the commands of one document are run.
struct Place {
    folder: PathBuf,
    status: Option<i32>,
}

impl Place {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name.replace('/', "-"));
        let _ = fs::remove_dir_all(&folder);
        for part in ["examples", "datasets"] {
            fs::create_dir_all(folder.join(part)).expect("a folder for the commands");
            for entry in fs::read_dir(root().join(part)).expect("it is part of the project") {
                let path = entry.expect("a file").path();
                let to = folder
                    .join(part)
                    .join(path.file_name().expect("it has a name"));
                if path
                    .extension()
                    .is_some_and(|end| end == "csv" || end == "yaml")
                {
                    fs::copy(&path, to).expect("a copy");
                }
            }
        }
        Self {
            folder,
            status: None,
        }
    }

    fn put(&self, file: &str, text: &str) {
        fs::write(self.folder.join(file), text).expect("a file in the folder of the document");
    }

    /// What `command` prints: of `tuatara` both streams, of `cargo run` the results alone.
    fn run(&mut self, command: &str) -> String {
        if command == "echo $?" {
            let status = self.status.expect("a command was run before");
            return format!("{status}\n");
        }
        let (command, input) = match command.split_once(" < ") {
            Some((command, file)) => (command, Some(self.folder.join(file))),
            None => (command, None),
        };
        let words = split(command);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut process = match words[..] {
            ["tuatara", ref rest @ ..]
            | ["cargo", "run", "-p", "tuatara-cli", "--", ref rest @ ..] => {
                let mut process = Command::new(env!("CARGO_BIN_EXE_tuatara"));
                process.args(rest).current_dir(&self.folder);
                process
            }
            ["cargo", "run", "--example", name] => return example(name),
            _ => panic!("`{command}` is no command that a document may show"),
        };
        if let Some(path) = input {
            process.stdin(File::open(path).expect("the input is there"));
        }
        let printed = self.folder.join("printed");
        let both = File::create(&printed).expect("a file for the output");
        let status = process
            .stdout(both.try_clone().expect("one more handle"))
            .stderr(both)
            .status()
            .expect("the command starts");
        self.status = status.code();
        read(&printed)
    }
}

/// What an example prints; the other tests of the workspace have built it already.
fn example(name: &str) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--example", name])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "the example {name} ended with {}",
        output.status
    );
    String::from_utf8(output.stdout).expect("text")
}

/// The words of a command; single quotes hold a word together.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (i, part) in command.split('\'').enumerate() {
        if i % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// Whether `printed` is what is shown, with any number of lines for each elision.
fn fits(shown: &[&str], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((&ELISION, rest)) => (0..=printed.len()).any(|skip| fits(rest, &printed[skip..])),
        Some((first, rest)) => printed.first() == Some(first) && fits(rest, &printed[1..]),
    }
}

fn check_console(place: &mut Place, name: &str, block: &Block<'_>) {
    let mut shown: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in block.text.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => shown.push((command, Vec::new())),
            None => shown
                .last_mut()
                .expect("a command comes first")
                .1
                .push(line),
        }
    }
    for (command, shown) in shown {
        let printed = place.run(command);
        let lines: Vec<&str> = printed.lines().collect();
        if rewrites() && !fits(&shown, &lines) && !shown.contains(&ELISION) {
            rewrite(name, command, &shown, &printed);
            continue;
        }
        assert!(
            fits(&shown, &lines),
            "{name}, the block in line {}: `{command}` printed\n{printed}\nbut shown is\n{}\n",
            block.line,
            shown.join("\n")
        );
    }
}

fn rewrites() -> bool {
    std::env::var_os("REWRITE_EXPECTED").is_some()
}

/// Puts what `command` printed in the place of what the document shows.
fn rewrite(name: &str, command: &str, shown: &[&str], printed: &str) {
    let lines = |lines: &mut dyn Iterator<Item = &str>| -> String {
        lines.map(|line| format!("{line}\n")).collect()
    };
    let old = format!("$ {command}\n{}", lines(&mut shown.iter().copied()));
    let new = format!("$ {command}\n{}", lines(&mut printed.lines()));
    let text = document(name);
    assert!(text.contains(&old), "{name} does not have\n{old}");
    fs::write(root().join(name), text.replacen(&old, &new, 1)).expect("the document is written");
}

fn check_yaml(place: &mut Place, name: &str, block: &Block<'_>) {
    let file = block.words.get(1).unwrap_or(&"block.yaml");
    place.put(file, &block.text);
    let printed = place.run(&format!("tuatara check {file}"));
    assert_eq!(
        place.status,
        Some(0),
        "{name}, the block in line {}:\n{printed}",
        block.line
    );
}

/// Code without its layout: no white space, no comma before a closing bracket.
fn bare(code: &str) -> String {
    let mut bare = String::new();
    for c in code.chars().filter(|c| !c.is_whitespace()) {
        if matches!(c, ')' | ']' | '}') && bare.ends_with(',') {
            bare.pop();
        }
        bare.push(c);
    }
    bare
}

fn check_quote(name: &str, file: &str, block: &Block<'_>) {
    let source = bare(&document(file));
    let mut rest = source.as_str();
    for part in block.text.split("// …\n") {
        let bare = bare(part);
        let at = rest.find(&bare).unwrap_or_else(|| {
            panic!(
                "{name}, the block in line {}: {file} does not have\n{part}",
                block.line
            )
        });
        rest = &rest[at + bare.len()..];
    }
}

fn check(name: &str) {
    let text = document(name);
    let mut place = Place::new(name);
    for block in blocks(&text) {
        match block.words[..] {
            ["console"] => check_console(&mut place, name, &block),
            ["csv" | "json", file] | ["yaml", file, "wrong"] => place.put(file, &block.text),
            ["yaml", file] if file.ends_with(".tuatara.yaml") => place.put(file, &block.text),
            ["yaml", ..] => check_yaml(&mut place, name, &block),
            ["sh"] => {
                for line in block.text.lines() {
                    let known = NOT_RUN.contains(&line);
                    assert!(known, "{name}: `{line}` is neither run nor known not to be");
                }
            }
            ["rust"] | ["text"] => {}
            ["rust", from] => {
                let file = from.strip_prefix("from=").expect("`rust from=FILE`");
                check_quote(name, file, &block);
            }
            ref other => panic!("{name}, line {}: a block of {other:?}", block.line),
        }
    }
}

#[test]
fn the_readme_shows_what_happens() {
    check("README.md");
}

#[test]
fn the_first_chapters_of_the_book_show_what_happens() {
    check("docs/README.md");
    check("docs/first-alert.md");
    check("docs/how-it-thinks.md");
    check("docs/choosing.md");
}

#[test]
fn the_questions_have_the_answers_of_the_examples() {
    check("docs/questions.md");
}

#[test]
fn the_chapters_for_those_who_come_from_elsewhere_show_what_happens() {
    check("docs/from-thirdeye.md");
    check("docs/from-others.md");
    check("docs/embedding.md");
}

#[test]
fn the_pages_on_configuration_data_and_history_show_what_happens() {
    check("docs/configuration.md");
    check("docs/data.md");
    check("docs/output.md");
    check("docs/reference.md");
    check("docs/report.md");
    #[cfg(feature = "studio")]
    check("docs/studio.md");
    check("docs/subscriptions.md");
    check("docs/backtest.md");
    check("docs/performance.md");
}

/// Only with candle is there `tuatara train`.
#[cfg(feature = "train")]
#[test]
fn the_page_on_training_shows_what_happens() {
    check("docs/training.md");
}

#[test]
fn the_readme_of_the_command_shows_what_happens() {
    check("crates/cli/README.md");
}

#[test]
fn the_pages_on_quality_and_speed_show_specifications_that_hold() {
    check("docs/quality.md");
    check("docs/mistakes.md");
    check("docs/benchmarks.md");
}

#[test]
fn the_recipes_for_contributors_quote_code_that_is_there() {
    check("CONTRIBUTING.md");
}

#[test]
fn decisions_and_changes_show_what_happens() {
    check("docs/decisions.md");
    check("CHANGELOG.md");
}

/// A key as the tables of the documents have it.
fn is_listed(text: &str, name: &str) -> bool {
    text.contains(&format!("`{name}`"))
}

/// What stands under a heading, up to the next.
fn section<'t>(text: &'t str, heading: &str) -> &'t str {
    let (_, section) = text
        .split_once(&format!("### {heading}\n"))
        .unwrap_or_else(|| panic!("no ### {heading}"));
    section
        .split_once("\n#")
        .map_or(section, |(section, _)| section)
}

/// With `REWRITE_EXPECTED` set the page is written anew; read every line of the change.
#[test]
fn the_reference_is_what_the_types_and_tables_say() {
    let written = Place::new("reference").run("tuatara schema --reference");
    let page = root().join("docs/reference.md");
    if std::env::var_os("REWRITE_EXPECTED").is_some() {
        fs::write(&page, &written).expect("the page");
    }
    assert!(
        read(&page) == written,
        "docs/reference.md is not what `tuatara schema --reference` writes: run this test with \
         REWRITE_EXPECTED=1, and read the change"
    );
}

#[test]
fn every_key_of_the_language_is_documented_with_its_class() {
    let text = document("docs/reference.md");
    for level in Level::ALL {
        let mut heading = level.name.to_owned();
        heading[..1].make_ascii_uppercase();
        let section = section(&text, &heading);
        for key in level.keys {
            let row = format!("| `{}` |", key.name);
            let row = section.lines().find(|line| line.starts_with(&row));
            let row = row.unwrap_or_else(|| panic!("`{}` of {level}", key.name));
            match key.class {
                Class::WithoutEffect(reason) => {
                    assert!(row.contains(&format!("**without effect**: {reason}")));
                }
                _ => assert!(!row.contains("without effect"), "{row}"),
            }
        }
    }
}

#[test]
fn every_type_is_explained_and_every_parameter_is_in_the_reference() {
    let text = document("docs/configuration.md");
    let reference = document("docs/reference.md");
    let registry = standard_registry();
    for kind in Kind::ALL {
        for name in registry.types(kind) {
            let heading = format!("`{name}`");
            let explained = section(&text, &heading);
            let link = format!("(reference.md#{})", name.to_ascii_lowercase());
            assert!(explained.contains(&link), "{name} leads to its parameters");
            assert!(explained.len() > 3 * link.len(), "{name} is explained");
            for parameter in parameters(kind, name) {
                let listed = is_listed(section(&reference, &heading), &parameter);
                assert!(listed, "`{parameter}` of {name}");
            }
        }
    }
}

/// The parameters of a type, which the error for an unknown one lists.
fn parameters(kind: Kind, type_name: &str) -> Vec<String> {
    let component = |type_name: &str, params: Node| {
        Node::mapping([
            ("name", Node::text(type_name)),
            ("type", Node::text(type_name)),
            ("params", params),
        ])
    };
    let unknown = component(
        type_name,
        Node::mapping([("no such parameter", Node::from(1))]),
    );
    let rule = match kind {
        Kind::Detector => Node::mapping([("detection", unknown)]),
        behind => {
            let threshold = component("THRESHOLD", Node::mapping([("max", Node::from(1))]));
            Node::mapping([("detection", threshold), (behind.key(), unknown)])
        }
    };
    let detection = Node::mapping([
        ("detectionName", Node::text("asked")),
        ("metric", Node::text("asked")),
        ("rules", Node::list([rule])),
    ]);
    let error = DetectionSpec::from_tree(&detection, "asked", &standard_registry())
        .expect_err("there is no such parameter");
    let mut found = error.diagnosis().diagnostics().iter();
    let unknown = found
        .find(|found| found.code == Code::UnknownKey)
        .expect("it is said");
    let allowed = unknown.allowed.as_deref().expect("it says what is allowed");
    allowed.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_column_of_the_output_is_documented() {
    let text = document("docs/output.md");
    let mut place = Place::new("columns");
    let data = "examples/revenue.yaml datasets/daily-revenue.csv --quiet";
    for command in [
        "points",
        "detect --format csv",
        "detect --events --format csv",
        "backtest --format csv",
        "tune --param against_four_weeks.percentageChange --values 0.3 --budget 1/day --format csv",
        "diff examples/revenue.yaml --format csv",
        "inject --incident zero --trials 1 --format csv",
    ] {
        let printed = place.run(&format!("tuatara {command} {data}"));
        let header = printed.lines().next().expect("a header");
        for column in header.split(',') {
            assert!(is_listed(&text, column), "`{column}` of {command}");
        }
    }
}

#[test]
fn every_flag_is_documented() {
    let text = ["configuration", "data", "backtest", "report", "studio"]
        .map(|name| document(&format!("docs/{name}.md")));
    let text = text.concat();
    let mut place = Place::new("flags");
    let commands = [
        "check", "detect", "points", "explain", "preview", "backtest", "diff", "tune", "inject",
        "generate", "schema",
    ];
    let studio = cfg!(feature = "studio").then_some("studio");
    for command in commands.into_iter().chain(studio) {
        assert!(text.contains(&format!("`tuatara {command}")), "{command}");
        let help = place.run(&format!("tuatara {command} --help"));
        let options = help
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with('-'));
        let flags = options.filter_map(|line| line.split_once("--"));
        for flag in flags.filter_map(|(_, flag)| flag.split([' ', '=']).next()) {
            assert!(
                text.contains(&format!("`--{flag}")),
                "--{flag} of {command}"
            );
        }
    }
}
