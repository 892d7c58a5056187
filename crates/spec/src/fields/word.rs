//! One of a few words.

use tuatara_frame::closest;

use super::{Entry, Said};
use crate::diagnostic::{listed, quote};
use crate::tree::Node;
use crate::{Code, Diagnostic, Span};

const ONE: &str = "write one of these";
const OR_NONE: &str = "write one of these, or delete the key";

impl Said {
    /// What the word of an entry stands for: any case, `-` being `_`.
    pub(crate) fn word<T: Copy>(
        &mut self,
        entry: Entry<'_>,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.any_word(entry, words, OR_NONE)
    }

    /// The same of a key that has to be there.
    pub(crate) fn required_word<T: Copy>(
        &mut self,
        entry: Entry<'_>,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        self.any_word(entry, words, ONE)
    }

    fn any_word<T: Copy>(
        &mut self,
        entry: Entry<'_>,
        words: &[(&'static str, T)],
        remedy: &str,
    ) -> Option<T> {
        let text = self.text(entry)?;
        let found = find(&text, words);
        if found.is_none() {
            let all = words.iter().map(|(word, _)| *word);
            self.unknown(&entry.0.text, &entry.1, &text, all, remedy);
        }
        found
    }

    /// What the words of an entry stand for, each item of it being one.
    pub(crate) fn words<T: Copy>(
        &mut self,
        entry: Entry<'_>,
        words: &[(&'static str, T)],
    ) -> Vec<T> {
        let Some(texts) = self.value::<Vec<String>>(entry) else {
            return Vec::new();
        };
        let nodes = super::items(&entry.1);
        let mut found = Vec::new();
        for (text, node) in texts.iter().zip(nodes) {
            match find(text, words) {
                Some(value) => found.push(value),
                None => {
                    let all = words.iter().map(|(word, _)| *word);
                    self.unknown(&entry.0.text, node, text, all, ONE);
                }
            }
        }
        found
    }

    /// Says that the text of an entry is none of the words.
    #[cfg(feature = "files")]
    pub(crate) fn unknown_word(
        &mut self,
        entry: Entry<'_>,
        text: &str,
        words: impl Iterator<Item = &'static str> + Clone,
    ) {
        self.unknown(&entry.0.text, &entry.1, text, words, OR_NONE);
    }

    fn unknown(
        &mut self,
        key: &str,
        node: &Node,
        text: &str,
        words: impl Iterator<Item = &'static str> + Clone,
        remedy: &str,
    ) {
        let message = format!("{} cannot be {}", quote(key), quote(text));
        let near = closest(text, words.clone());
        let diagnostic = Diagnostic::error(Code::UnknownValue, node.span, message)
            .allowed(listed(words))
            .suggest(near);
        self.say(match near {
            Some(_) => diagnostic,
            None => diagnostic.remedy(remedy),
        });
    }

    /// Says that a mapping or a list should stand where something else does.
    pub(crate) fn wrong_type(
        &mut self,
        entry: Entry<'_>,
        meant: &str,
        allowed: impl Into<String>,
        remedy: &str,
    ) {
        let (key, node) = entry;
        let message = format!(
            "{} is {}, but {meant} is meant",
            quote(&key.text),
            node.describe()
        );
        let span: Span = if node.is_null() { key.span } else { node.span };
        self.say(
            Diagnostic::error(Code::WrongType, span, message)
                .allowed(allowed)
                .remedy(remedy),
        );
    }
}

fn find<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Option<T> {
    let text = text.trim().replace('-', "_");
    let found = words
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(&text));
    found.map(|(_, value)| *value)
}
