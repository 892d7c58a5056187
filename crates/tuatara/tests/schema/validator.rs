//! JSON Schema, draft 2020-12, as far as the schemas of this project go: a naive reading of the
//! standard, keyword by keyword. A keyword that it does not know ends the test.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value};

/// A schema, ready to be asked.
pub(crate) struct Validator {
    root: Value,
    patterns: RefCell<BTreeMap<String, Regex>>,
}

impl Validator {
    pub(crate) fn new(json: &str) -> Self {
        let root: Value = serde_json::from_str(json).expect("a schema is JSON");
        let validator = Self {
            root,
            patterns: RefCell::default(),
        };
        validator.check_keywords(&validator.root);
        validator
    }

    pub(crate) fn accepts(&self, instance: &Value) -> bool {
        self.fits(&self.root, instance)
    }

    /// Ends the test unless every keyword is known and every reference leads somewhere, whether or not
    /// an instance comes there.
    fn check_keywords(&self, schema: &Value) {
        let Value::Object(keywords) = schema else {
            assert!(schema.is_boolean(), "{schema} is no schema");
            return;
        };
        for (keyword, value) in keywords {
            match keyword.as_str() {
                "$schema" | "$id" | "title" | "description" => assert!(value.is_string()),
                "deprecated" => assert!(value.is_boolean()),
                "type" | "enum" | "required" | "pattern" => {}
                "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                    assert!(value.is_number());
                }
                "minItems" | "maxItems" | "minProperties" | "maxProperties" => {
                    assert!(value.is_u64());
                }
                "$ref" => {
                    self.check_reference(value.as_str().expect("a reference"));
                }
                "$defs" | "properties" | "patternProperties" => {
                    let parts = value.as_object().expect("a mapping");
                    parts.values().for_each(|part| self.check_keywords(part));
                }
                "anyOf" | "allOf" => {
                    let parts = value.as_array().expect("a list");
                    assert!(!parts.is_empty());
                    parts.iter().for_each(|part| self.check_keywords(part));
                }
                "items" | "additionalProperties" | "not" | "if" | "then" | "else" => {
                    self.check_keywords(value);
                }
                other => panic!("`{other}` is no keyword of these schemas"),
            }
        }
    }

    fn check_reference(&self, reference: &str) {
        self.target(reference);
    }

    fn target(&self, reference: &str) -> &Value {
        let pointer = reference.strip_prefix('#').expect("within the schema");
        let target = self.root.pointer(pointer);
        target.unwrap_or_else(|| panic!("{reference} leads nowhere"))
    }

    fn fits(&self, schema: &Value, instance: &Value) -> bool {
        let keywords = match schema {
            Value::Bool(all) => return *all,
            Value::Object(keywords) => keywords,
            other => panic!("{other} is no schema"),
        };
        keywords
            .iter()
            .all(|(keyword, value)| self.keyword(keyword, value, keywords, instance))
    }

    fn keyword(
        &self,
        keyword: &str,
        value: &Value,
        beside: &Map<String, Value>,
        instance: &Value,
    ) -> bool {
        let bound = || value.as_f64().expect("a number");
        let count = || usize::try_from(value.as_u64().expect("a count")).expect("a small one");
        let parts = || value.as_array().expect("a list").iter();
        match (keyword, instance) {
            ("$ref", _) => self.fits(self.target(value.as_str().expect("text")), instance),
            ("type", _) => match value {
                Value::Array(types) => types.iter().any(|one| is_of_type(one, instance)),
                one => is_of_type(one, instance),
            },
            ("enum", _) => parts().any(|one| one == instance),
            ("anyOf", _) => parts().any(|part| self.fits(part, instance)),
            ("allOf", _) => parts().all(|part| self.fits(part, instance)),
            ("not", _) => !self.fits(value, instance),
            ("if", _) => {
                let branch = if self.fits(value, instance) {
                    "then"
                } else {
                    "else"
                };
                beside
                    .get(branch)
                    .is_none_or(|part| self.fits(part, instance))
            }
            ("pattern", Value::String(text)) => self.matches(value.as_str().expect("text"), text),
            ("minimum", Value::Number(number)) => number.as_f64().is_some_and(|n| n >= bound()),
            ("maximum", Value::Number(number)) => number.as_f64().is_some_and(|n| n <= bound()),
            ("exclusiveMinimum", Value::Number(n)) => n.as_f64().is_some_and(|n| n > bound()),
            ("exclusiveMaximum", Value::Number(n)) => n.as_f64().is_some_and(|n| n < bound()),
            ("minItems", Value::Array(items)) => items.len() >= count(),
            ("maxItems", Value::Array(items)) => items.len() <= count(),
            ("items", Value::Array(items)) => items.iter().all(|item| self.fits(value, item)),
            ("minProperties", Value::Object(entries)) => entries.len() >= count(),
            ("maxProperties", Value::Object(entries)) => entries.len() <= count(),
            ("required", Value::Object(entries)) => {
                parts().all(|key| entries.contains_key(key.as_str().expect("a key")))
            }
            ("properties", Value::Object(entries)) => value
                .as_object()
                .expect("a mapping")
                .iter()
                .all(|(key, part)| entries.get(key).is_none_or(|entry| self.fits(part, entry))),
            ("patternProperties", Value::Object(entries)) => value
                .as_object()
                .expect("a mapping")
                .iter()
                .all(|(pattern, part)| {
                    let mut named = entries.iter().filter(|(key, _)| self.matches(pattern, key));
                    named.all(|(_, entry)| self.fits(part, entry))
                }),
            ("additionalProperties", Value::Object(entries)) => {
                let named = |word: &str, key: &str| {
                    let part = beside.get(word).and_then(Value::as_object);
                    part.is_some_and(|part| match word {
                        "properties" => part.contains_key(key),
                        _ => part.keys().any(|pattern| self.matches(pattern, key)),
                    })
                };
                let mut rest = entries.iter().filter(|(key, _)| {
                    !named("properties", key) && !named("patternProperties", key)
                });
                rest.all(|(_, entry)| self.fits(value, entry))
            }
            // Annotations, and keywords about another type of instance.
            _ => true,
        }
    }

    fn matches(&self, pattern: &str, text: &str) -> bool {
        let mut patterns = self.patterns.borrow_mut();
        let regex = patterns
            .entry(pattern.to_owned())
            .or_insert_with(|| Regex::new(pattern).expect("a regular expression"));
        regex.is_match(text)
    }
}

fn is_of_type(name: &Value, instance: &Value) -> bool {
    match name.as_str().expect("a type has a name") {
        "null" => instance.is_null(),
        "boolean" => instance.is_boolean(),
        "string" => instance.is_string(),
        "array" => instance.is_array(),
        "object" => instance.is_object(),
        "number" => instance.is_number(),
        "integer" => {
            let whole = |n: f64| n.is_finite() && n.trunc().to_bits() == n.to_bits();
            instance.is_i64() || instance.is_u64() || instance.as_f64().is_some_and(whole)
        }
        other => panic!("`{other}` is no type"),
    }
}

#[test]
fn the_validator_knows_the_standard_as_far_as_it_goes() {
    let validator = Validator::new(
        r##"{
            "$defs": { "short": { "type": "string", "pattern": "^.{0,3}$" } },
            "type": "object",
            "properties": {
                "name": { "$ref": "#/$defs/short" },
                "size": { "type": "integer", "exclusiveMinimum": 0, "maximum": 10 },
                "tags": { "type": "array", "items": { "enum": ["a", 1] }, "minItems": 1 }
            },
            "patternProperties": { "^x-": { "not": { "type": "null" } } },
            "required": ["name"],
            "additionalProperties": false,
            "if": { "required": ["size"] },
            "then": { "required": ["tags"] }
        }"##,
    );
    for (instance, accepted) in [
        (r#"{"name": "abc"}"#, true),
        (r#"{"name": "abcd"}"#, false),
        (r#"{}"#, false),
        (r#"{"name": "a", "size": 1}"#, false),
        (r#"{"name": "a", "size": 10.0, "tags": [1, "a"]}"#, true),
        (r#"{"name": "a", "size": 0, "tags": ["a"]}"#, false),
        (r#"{"name": "a", "size": 0.5, "tags": ["a"]}"#, false),
        (r#"{"name": "a", "tags": ["b"]}"#, false),
        (r#"{"name": "a", "tags": []}"#, false),
        (r#"{"name": "a", "tags": "a"}"#, false),
        (r#"{"name": "a", "x-more": 1}"#, true),
        (r#"{"name": "a", "x-more": null}"#, false),
        (r#"{"name": "a", "more": 1}"#, false),
        (r#"["name"]"#, false),
    ] {
        let value = serde_json::from_str(instance).unwrap();
        assert_eq!(validator.accepts(&value), accepted, "{instance}");
    }
}
