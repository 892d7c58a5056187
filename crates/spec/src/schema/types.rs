//! Components by their types: which there are, and which parameters each takes.

use tuatara_core::ParamDoc;

use super::shape::{Field, Shape, Variant};
use super::terms::{Terms, any_of, described, entries, matching, object, one_of, strings, typed};
use crate::language::{Count, Folding, Level};
use crate::registry::{Kind, Registry, TypeEntry};
use crate::tree::Node;

impl Terms<'_> {
    /// Puts the names of the types in the place of what a `type` can be.
    pub(super) fn type_names(
        &mut self,
        registry: &Registry,
        kind: Kind,
        node: &mut [(&'static str, Node)],
    ) {
        let Some((_, properties)) = node.iter_mut().find(|(key, _)| *key == "properties") else {
            return;
        };
        let names: Vec<&str> = registry.types(kind).collect();
        let types = match names.is_empty() {
            true => Node::from(false),
            false => {
                let about = format!("what it is: a {kind} (required)");
                let mut about = vec![("description".to_owned(), Node::text(about))];
                about.extend(entries(self.word(names, Folding::Dash)));
                Node::mapping(about)
            }
        };
        let others = entries(std::mem::replace(properties, Node::null()));
        *properties = Node::mapping(others.into_iter().map(|(key, value)| {
            let value = if key == "type" { types.clone() } else { value };
            (key, value)
        }));
    }

    /// For each type, which parameters there may be where it stands.
    pub(super) fn parameters_by_type(&mut self, registry: &Registry, kind: Kind) -> Vec<Node> {
        let types: Vec<TypeEntry> = registry.entries(kind).collect();
        types
            .iter()
            .map(|entry| {
                let params = self.parameters(entry, kind);
                let needed = entry.docs.iter().any(|doc| doc.required)
                    || matches!(&entry.shape, Shape::Struct { fields, .. }
                        if fields.iter().any(|field| field.required));
                let params = match needed {
                    true => params,
                    false => any_of([params, self.not_set()]),
                };
                let mut then = vec![("properties", object([("params", params)]))];
                if needed {
                    then.push(("required", strings(["params"])));
                }
                let name = one_of([entry.name], Folding::Dash);
                of_type(&format!("^{name}$"), Node::mapping(then))
            })
            .collect()
    }

    /// The mapping under `params` of a type.
    fn parameters(&mut self, entry: &TypeEntry, kind: Kind) -> Node {
        let settings = match kind {
            Kind::Detector => Level::SETTINGS,
            Kind::Filter | Kind::Labeler => Level::CLOCK,
        };
        self.refer(&format!("{kind}.{}", entry.name), |terms| {
            let Shape::Struct { fields, closed } = &entry.shape else {
                return typed("object");
            };
            let mut own = terms.fields(fields, entry.docs, "");
            for key in settings.keys {
                let property = terms.property(key);
                own.retain(|(name, _)| *name != key.name);
                own.push((key.name, property));
            }
            let required = fields.iter().filter(|field| {
                let doc = ParamDoc::of(entry.docs, field.name);
                field.aliases.is_empty() && (field.required || doc.is_some_and(|doc| doc.required))
            });
            let required: Vec<&str> = required.map(|field| field.name).collect();
            let mut node = Vec::new();
            if !entry.summary.is_empty() {
                node.push(("description", Node::text(entry.summary)));
            }
            node.push(("type", Node::text("object")));
            node.push(("properties", Node::mapping(own)));
            if !required.is_empty() {
                node.push(("required", strings(required)));
            }
            if *closed {
                node.push(("additionalProperties", Node::from(false)));
            }
            Node::mapping(node)
        })
    }

    /// The keys of a mapping, each with its other names. `path` leads to it.
    fn fields(
        &mut self,
        fields: &[Field],
        docs: &[ParamDoc],
        path: &str,
    ) -> Vec<(&'static str, Node)> {
        let mut properties = Vec::new();
        for field in fields {
            let path = match path {
                "" => field.name.to_owned(),
                path => format!("{path}.{}", field.name),
            };
            let doc = ParamDoc::of(docs, &path);
            let shape = self.shape(&field.shape, doc, docs, &path);
            let mut node = Vec::new();
            if let Some(doc) = doc {
                let about = described(doc.meaning, doc.default);
                node.push(("description".to_owned(), about));
            }
            node.extend(entries(shape));
            properties.push((field.name, Node::mapping(node.clone())));
            for alias in &field.aliases {
                let mut node = node.clone();
                node.retain(|(key, _)| key != "description");
                let about = Node::text(format!("the same as `{}`", field.name));
                node.insert(0, ("description".to_owned(), about));
                properties.push((*alias, Node::mapping(node)));
            }
        }
        properties
    }

    fn shape(
        &mut self,
        shape: &Shape,
        doc: Option<&ParamDoc>,
        docs: &[ParamDoc],
        path: &str,
    ) -> Node {
        match shape {
            Shape::Anything => object([]),
            Shape::Nothing => typed("null"),
            Shape::Bool => self.answer(),
            Shape::Number => self.number(doc.and_then(|doc| doc.bounds)),
            Shape::Whole { least, most } => {
                let held = tuatara_core::Bounds::closed(*least as f64, *most as f64);
                self.whole(doc.and_then(|doc| doc.bounds).unwrap_or(held))
            }
            Shape::Text => self.parameter_text(doc.and_then(|doc| doc.form)),
            Shape::Optional(within) => {
                let within = self.shape(within, doc, docs, path);
                any_of([within, self.not_set()])
            }
            Shape::List(item) => {
                let item = self.shape(item, doc, docs, path);
                self.list(item, Count::ANY)
            }
            Shape::Mapping(value) => {
                let value = self.shape(value, doc, docs, path);
                any_of([self.mapping(value, 0), typed("null")])
            }
            Shape::Struct { fields, closed } => {
                let properties = self.fields(fields, docs, path);
                let mut node = vec![
                    ("type", strings(["object", "null"])),
                    ("properties", Node::mapping(properties)),
                ];
                if *closed {
                    node.push(("additionalProperties", Node::from(false)));
                }
                Node::mapping(node)
            }
            Shape::Choice(variants) => self.choice(variants, docs, path),
        }
    }

    /// A word for a variant that holds nothing, or a mapping of the variant to what it holds.
    fn choice(&mut self, variants: &[Variant], docs: &[ParamDoc], path: &str) -> Node {
        let mut all = Vec::new();
        let words = variants.iter().filter(|variant| variant.content.is_none());
        let words: Vec<&str> = words.map(|variant| variant.name).collect();
        let is_text = |word: &&str| {
            // What looks like something else may be read as that.
            word.starts_with(|c: char| c.is_alphabetic())
                && !["true", "false", "null"].contains(&word.to_ascii_lowercase().as_str())
        };
        match words.iter().all(is_text) {
            true if words.is_empty() => {}
            true => all.extend([self.word(words.iter().copied(), Folding::Dash)]),
            false => all.push(self.any_text()),
        }
        for variant in variants {
            let content = match &variant.content {
                None => typed("null"),
                Some(content) => self.shape(content, None, docs, path),
            };
            let name = format!("^{}$", one_of([variant.name], Folding::Dash));
            all.push(object([
                ("type", Node::text("object")),
                ("minProperties", Node::from(1)),
                ("maxProperties", Node::from(1)),
                ("patternProperties", Node::mapping([(name, content)])),
                ("additionalProperties", Node::from(false)),
            ]));
        }
        any_of(all)
    }
}

/// What holds where `type` matches.
pub(super) fn of_type(pattern: &str, then: Node) -> Node {
    let condition = object([
        ("properties", object([("type", matching(pattern))])),
        ("required", strings(["type"])),
    ]);
    object([("if", condition), ("then", then)])
}
