//! What a tree says, apart from how it was written.

use tuatara_frame::StableHash;

use super::{Key, Node, Value};

const NULL: i64 = 0;
const TEXT: i64 = 1;
const SEQUENCE: i64 = 2;
const MAPPING: i64 = 3;

impl Node {
    /// A 128-bit fingerprint of what the tree says: its keys and values, in order where they are
    /// a list. Places, comments, quotes and the order of keys do not count; the spelling of a
    /// value does (`0.1` is not `0.10`).
    pub fn fingerprint(&self) -> u128 {
        let mut hash = StableHash::new();
        self.hash_into(&mut hash);
        hash.finish()
    }

    /// Whether both trees say the same. Places and the order of keys do not count.
    pub fn says_the_same(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar { text: a, .. }, Value::Scalar { text: b, .. }) => {
                self.is_null() == other.is_null() && (self.is_null() || a == b)
            }
            (Value::Sequence(a), Value::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                a.len() == b.len()
                    && in_key_order(a)
                        .iter()
                        .zip(in_key_order(b))
                        .all(|((k, a), (l, b))| k.text == l.text && a.says_the_same(b))
            }
            _ => false,
        }
    }

    fn hash_into(&self, hash: &mut StableHash) {
        match &self.value {
            Value::Scalar { .. } if self.is_null() => hash.write_i64(NULL),
            Value::Scalar { text, .. } => {
                hash.write_i64(TEXT);
                hash.write_str(text);
            }
            Value::Sequence(items) => {
                hash.write_i64(SEQUENCE);
                hash.write_i64(items.len() as i64);
                items.iter().for_each(|item| item.hash_into(hash));
            }
            Value::Mapping(entries) => {
                hash.write_i64(MAPPING);
                hash.write_i64(entries.len() as i64);
                for (key, value) in in_key_order(entries) {
                    hash.write_str(&key.text);
                    value.hash_into(hash);
                }
            }
        }
    }
}

fn in_key_order(entries: &[(Key, Node)]) -> Vec<&(Key, Node)> {
    let mut sorted: Vec<_> = entries.iter().collect();
    sorted.sort_by(|a, b| a.0.text.cmp(&b.0.text));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Node {
        Node::mapping([
            ("a", Node::plain("1")),
            ("b", Node::list(["x".into(), Node::null()])),
        ])
    }

    #[test]
    fn the_order_of_keys_and_the_quotes_do_not_count() {
        let other = Node::mapping([
            ("b", Node::list([Node::plain("x"), Node::plain("~")])),
            ("a", Node::text("1")),
        ]);
        assert!(tree().says_the_same(&other));
        assert_eq!(tree().fingerprint(), other.fingerprint());
    }

    #[test]
    fn the_order_of_a_list_counts() {
        let turned = Node::mapping([
            ("a", Node::plain("1")),
            ("b", Node::list([Node::null(), "x".into()])),
        ]);
        assert!(!tree().says_the_same(&turned));
        assert_ne!(tree().fingerprint(), turned.fingerprint());
    }

    #[test]
    fn where_a_value_ends_counts() {
        let one = Node::list(["ab".into(), "c".into()]);
        let other = Node::list(["a".into(), "bc".into()]);
        assert_ne!(one.fingerprint(), other.fingerprint());
    }
}
