//! Whom a mail goes to.

use tuatara_core::TextForm;

use super::keys::RECIPIENTS;
use crate::diagnostic::quote;
use crate::fields::{Entry, Said, items};
use crate::{Code, Diagnostic};

/// Addresses of a mail, each as written, in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Recipients {
    /// `to`.
    pub to: Vec<String>,
    /// `cc`.
    pub cc: Vec<String>,
    /// `bcc`.
    pub bcc: Vec<String>,
}

/// `recipients`, wherever it stands.
pub(super) fn recipients(said: &mut Said, entry: Entry<'_>) -> Recipients {
    let Some(fields) = said.fields(&RECIPIENTS, &entry.1, entry.0.span) else {
        return Recipients::default();
    };
    let mut list = |key| {
        let entry = fields.get(key);
        entry.map_or_else(Vec::new, |entry| addresses(said, entry))
    };
    Recipients {
        to: list("to"),
        cc: list("cc"),
        bcc: list("bcc"),
    }
}

/// Addresses in a list, or one.
pub(super) fn addresses(said: &mut Said, entry: Entry<'_>) -> Vec<String> {
    let Some(texts) = said.value::<Vec<String>>(entry) else {
        return Vec::new();
    };
    let nodes = items(&entry.1);
    let pairs = texts.into_iter().zip(nodes);
    let mut kept = Vec::new();
    for (text, node) in pairs {
        if is_address(&text) {
            kept.push(text);
            continue;
        }
        let message = format!("{} of {} is no address", quote(&text), quote(&entry.0.text));
        said.say(
            Diagnostic::error(Code::BadValue, node.span, message)
                .allowed("addresses such as oncall@example.com")
                .remedy("write each address on its own, without a name before it"),
        );
    }
    kept
}

/// The address of an entry.
pub(super) fn address(said: &mut Said, entry: Entry<'_>) -> Option<String> {
    let text = said.text(entry)?;
    if is_address(&text) {
        return Some(text.value);
    }
    let message = format!("{} of {} is no address", quote(&text), quote(&entry.0.text));
    said.say(
        Diagnostic::error(Code::BadValue, text.span, message)
            .allowed("an address such as alerts@example.com")
            .remedy("write the address alone, or delete the key"),
    );
    None
}

/// What an address looks like.
pub(crate) const ADDRESS: TextForm = TextForm::new("address", "^[^@,;<>]+@[^@,;<>]+$");

/// Whether this is `local@domain`, as far as it can be told without sending a mail.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.contains(|c: char| c.is_whitespace() || c.is_control() || ",;<>@".contains(c))
    };
    text.split_once('@')
        .is_some_and(|(local, domain)| plain(local) && plain(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host_and_nothing_else() {
        for good in ["oncall@example.com", "a.b+c@localhost", "ü@bücher.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "oncall",
            "@example.com",
            "oncall@",
            "a@b@c",
            "On Call <oncall@example.com>",
            "a@example.com, b@example.com",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
