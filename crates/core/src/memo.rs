//! Memory between calls that may make an answer faster and never changes it.

use std::any::Any;
use std::fmt;

/// Opaque working memory of one detector on one slice, owned by the caller.
///
/// A detector keeps here what is expensive to find again: a plan of lags, a fitted model keyed by
/// refit instant and a fingerprint of its training values. The answer must be the same with an
/// empty memo, a warm one, and one warmed on other data or by another detector; the law battery
/// of `tuatara-testkit` tries all three.
///
/// ```
/// use tuatara_core::Memo;
///
/// let mut memo = Memo::default();
/// *memo.get_or_default::<u32>() += 1;
/// assert_eq!(*memo.get_or_default::<u32>(), 1);
/// // Another type finds an empty memo, never the bytes of the first.
/// assert_eq!(memo.get_or_default::<String>(), "");
/// ```
#[derive(Default)]
pub struct Memo {
    kept: Option<Box<dyn Any + Send>>,
}

impl Memo {
    /// What was kept as a `T`, or `T::default()` where nothing or something else was.
    pub fn get_or_default<T: Any + Send + Default>(&mut self) -> &mut T {
        if !self.kept.as_ref().is_some_and(|kept| kept.is::<T>()) {
            self.kept = None;
        }
        self.kept
            .get_or_insert_with(|| Box::new(T::default()))
            .downcast_mut()
            .expect("the memo holds a T: it was checked or just made")
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.kept = None;
    }
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memo")
            .field("warm", &self.kept.is_some())
            .finish()
    }
}
