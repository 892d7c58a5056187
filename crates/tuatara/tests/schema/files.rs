//! Every file of the project that is written in one of its languages.

use std::fs;
use std::path::{Path, PathBuf};

use tuatara::spec::dataset::DatasetSpec;
use tuatara::spec::subscription::SubscriptionSpec;
use tuatara::spec::tree::{Node, Value};
use tuatara::spec::{
    Code, DetectionSpec, Registry, Severity, SpecError, calendar_from_tree, schema, yaml,
};

use tuatara::standard_registry;

use crate::validator::Validator;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Detection,
    Subscription,
    Dataset,
    Calendar,
}

pub(crate) const KINDS: [Kind; 4] = [
    Kind::Detection,
    Kind::Subscription,
    Kind::Dataset,
    Kind::Calendar,
];

impl Kind {
    /// The schema, as the command writes it.
    pub(crate) fn schema(self, registry: &Registry) -> Validator {
        Validator::new(&schema::to_json(&match self {
            Self::Detection => schema::detection(registry),
            Self::Subscription => schema::subscription(),
            Self::Dataset => schema::dataset(),
            Self::Calendar => schema::calendar(),
        }))
    }

    /// What the reader refuses in a tree, by cause; nothing where it is read.
    pub(crate) fn refused(self, tree: &Node, registry: &Registry) -> Vec<Code> {
        let refused = match self {
            Self::Detection => DetectionSpec::from_tree(tree, "tree", registry).map(drop),
            Self::Subscription => SubscriptionSpec::from_tree(tree, "tree").map(drop),
            Self::Dataset => DatasetSpec::from_tree(tree, "tree").map(drop),
            Self::Calendar => calendar_from_tree(tree, "tree").map(drop),
        };
        match refused {
            Ok(()) => Vec::new(),
            Err(error) => causes(&error),
        }
    }
}

fn causes(error: &SpecError) -> Vec<Code> {
    let found = error.diagnosis().diagnostics().iter();
    let errors = found.filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.code).collect()
}

/// The tree as JSON.
pub(crate) fn json(tree: &Node) -> serde_json::Value {
    serde_json::from_str(&schema::to_json(tree)).expect("a tree is written as JSON")
}

/// A file, or a block of a document.
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// None where the text is no YAML.
    pub(crate) tree: Option<Node>,
}

impl Written {
    fn new(name: String, text: &str) -> Self {
        let kind = if name.ends_with(".tuatara.yaml") {
            Kind::Dataset
        } else if SubscriptionSpec::recognises(text) || name.contains("subscriptions/") {
            Kind::Subscription
        } else {
            Kind::Detection
        };
        Self {
            name,
            kind,
            tree: yaml::parse(text).ok(),
        }
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a folder, in order.
pub(crate) fn folder(path: &str) -> Vec<Written> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join(path))
        .expect("it is part of the project")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).expect("text");
            let name = file.file_name().expect("a name").to_string_lossy();
            Written::new(format!("{path}/{name}"), &text)
        })
        .collect()
}

/// The blocks of a document that are shown as right.
pub(crate) fn blocks(path: &str) -> Vec<Written> {
    let text = fs::read_to_string(root().join(path)).expect("a document");
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix("```") else {
            continue;
        };
        let text: String = lines
            .by_ref()
            .take_while(|line| !line.starts_with("```"))
            .map(|line| format!("{line}\n"))
            .collect();
        let words: Vec<&str> = words.split_whitespace().collect();
        let [language, rest @ ..] = &words[..] else {
            continue;
        };
        if *language == "yaml" && rest.get(1) != Some(&"wrong") {
            let file = rest.first().unwrap_or(&"block.yaml");
            let block = Written::new(format!("{path}/{file}"), &text);
            blocks.push(block);
        }
    }
    blocks
}

/// Everything that is read, as far as it is known here.
pub(crate) fn good() -> Vec<Written> {
    let mut all = documented();
    for path in [
        "examples",
        "datasets",
        "crates/cli/tests/risky_configs",
        "crates/cli/tests/risky_subscriptions",
        "crates/cli/tests/risky_datasets",
    ] {
        all.extend(folder(path));
    }
    let pages = fs::read_dir(root().join("docs")).expect("it is part of the project");
    let pages = pages.map(|page| page.expect("a file").file_name());
    let mut pages: Vec<String> = pages
        .map(|page| format!("docs/{}", page.to_string_lossy()))
        .filter(|page| page.ends_with(".md"))
        .collect();
    pages.extend(["README.md", "CONTRIBUTING.md"].map(str::to_owned));
    pages.sort();
    for page in pages {
        all.extend(blocks(&page));
    }
    // Its model is made by the commands of its page.
    all.retain(|file| file.name != "docs/training.md/mine.yaml");
    all.extend(calendars(&all));
    all
}

/// What detections know of the calendar, as files of events.
fn calendars(detections: &[Written]) -> Vec<Written> {
    let trees = detections
        .iter()
        .filter_map(|file| Some((file, file.tree.as_ref()?)));
    let parts = trees.filter_map(|(file, tree)| {
        let known = ["events", "holidays"].map(|key| Some((key, tree.get(key)?.clone())));
        let known: Vec<(&str, Node)> = known.into_iter().flatten().collect();
        (!known.is_empty()).then(|| Written {
            name: format!("the calendar of {}", file.name),
            kind: Kind::Calendar,
            tree: Some(Node::mapping(known)),
        })
    });
    parts.collect()
}

/// The files of ThirdEye's documentation: those that are parts of a file, in a file. The table says
/// which there are.
fn documented() -> Vec<Written> {
    let registry = standard_registry();
    let base = |name: &str| {
        let bases = folder("crates/cli/tests/documented/bases").into_iter();
        let mut trees = bases.filter(|base| base.name.ends_with(name));
        trees.next().and_then(|base| base.tree).expect("a base")
    };
    let (detection, group) = (base("detection.yaml"), base("subscription.yaml"));
    let first_rule = match &detection.get("rules").expect("a base has rules").value {
        Value::Sequence(rules) => rules[0].clone(),
        _ => panic!("rules are a list"),
    };
    let in_rules = |rules: Node| onto(&detection, &Node::mapping([("rules", rules)]));
    let files = folder("crates/cli/tests/documented").into_iter();
    let mut unread = Vec::new();
    let read = files.filter_map(|file| {
        unread.push(file.name.clone());
        let part = file.tree?;
        let ways = [
            (Kind::Detection, part.clone()),
            (Kind::Detection, onto(&detection, &part)),
            (Kind::Detection, in_rules(part.clone())),
            (
                Kind::Detection,
                in_rules(Node::list([onto(&first_rule, &part)])),
            ),
            (Kind::Subscription, part.clone()),
            (Kind::Subscription, onto(&group, &part)),
        ];
        let mut ways = ways.into_iter();
        let (kind, tree) = ways.find(|(kind, tree)| kind.refused(tree, &registry).is_empty())?;
        unread.pop();
        Some(Written {
            name: file.name,
            kind,
            tree: Some(tree),
        })
    });
    let read: Vec<Written> = read.collect();
    assert_eq!(unread, ["crates/cli/tests/documented/table.yaml"]);
    read
}

/// The keys of `part` in the place of those of `base`.
fn onto(base: &Node, part: &Node) -> Node {
    let entries = [base, part].map(|tree| match &tree.value {
        Value::Mapping(entries) => entries.clone(),
        _ => Vec::new(),
    });
    let entries = entries.into_iter().flatten();
    Node::mapping(entries.map(|(key, value)| (key.text, value)))
}

/// Everything that is refused, each for a cause of its own.
pub(crate) fn broken() -> Vec<Written> {
    let galleries = [
        "crates/cli/tests/broken_configs",
        "crates/cli/tests/broken_subscriptions",
        "crates/cli/tests/broken_datasets",
    ];
    galleries.into_iter().flat_map(folder).collect()
}
