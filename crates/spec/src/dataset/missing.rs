//! `missing` and `missingLimit`: what becomes of buckets without a value.

use tuatara_frame::Missing;

use super::read::Reader;
use crate::fields::Fields;
use crate::language::words;
use crate::{Code, Diagnostic};

/// What `missing` can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    Leave,
    Zero,
    Carry,
    Interpolate,
}

const POLICIES: [(&str, Policy); 4] = [
    ("LEAVE", Policy::Leave),
    ("ZERO", Policy::Zero),
    ("CARRY", Policy::Carry),
    ("INTERPOLATE", Policy::Interpolate),
];

/// What `missing` can be.
pub(super) const POLICY_WORDS: [&str; POLICIES.len()] = words(&POLICIES);

impl Reader {
    /// The policy with its limit, which some need and the others refuse.
    pub(super) fn missing(&mut self, fields: &Fields<'_>) -> Option<Missing> {
        let before = self.said.errors();
        let policy = self.word(fields, "missing", &POLICIES);
        let limit = fields.get("missingLimit").map(|entry| {
            let limit = self.said.value::<u32>(entry);
            (entry, limit)
        });
        if let Some((entry, Some(0))) = limit {
            self.said.say(
                Diagnostic::error(
                    Code::OutOfRange,
                    entry.1.span,
                    "`missingLimit` cannot be 0: nothing would be filled",
                )
                .allowed("a number of buckets from 1 to 4294967295")
                .remedy("write 1 or more, or `missing: LEAVE` without a limit"),
            );
        }
        if self.said.errors() > before {
            return None;
        }
        let policy_name = policy.map_or("", |policy| {
            let named = POLICIES.iter().find(|(_, known)| *known == policy);
            named.map_or("", |(name, _)| name)
        });
        match (policy, limit) {
            (Some(Policy::Carry), Some((_, Some(limit)))) => Some(Missing::Carry { limit }),
            (Some(Policy::Interpolate), Some((_, Some(limit)))) => {
                Some(Missing::Interpolate { limit })
            }
            (Some(Policy::Carry | Policy::Interpolate), _) => {
                let (key, node) = fields.get("missing")?;
                let message = format!("`{}: {policy_name}` needs `missingLimit`", key.text);
                self.said.say(
                    Diagnostic::error(Code::MissingKey, node.span, message)
                        .allowed("the longest stretch of buckets to fill, from 1")
                        .remedy("add `missingLimit: 3` beside it"),
                );
                None
            }
            (policy, Some((entry, _))) => {
                let message = match policy {
                    Some(_) => format!("`missingLimit` does not go with `missing: {policy_name}`"),
                    None => "`missingLimit` stands without `missing`".to_owned(),
                };
                self.said.say(
                    Diagnostic::error(Code::Conflict, entry.0.span, message)
                        .allowed("`missing: CARRY` or `missing: INTERPOLATE` beside it")
                        .remedy("add one of these, or delete the limit"),
                );
                None
            }
            (Some(Policy::Leave), None) => Some(Missing::Leave),
            (Some(Policy::Zero), None) => Some(Missing::Zero),
            (None, None) => None,
        }
    }
}
