//! How what a stage depends on is recognised.

use std::fmt;
use std::sync::Arc;

/// A thing that was made once and is shared: equal to itself alone.
pub(crate) struct Same<T>(pub(crate) Arc<T>);

impl<T> Same<T> {
    pub(crate) fn of(it: &Arc<T>) -> Self {
        Self(Arc::clone(it))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> fmt::Debug for Same<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {:p}", Arc::as_ptr(&self.0))
    }
}

/// A detector, filter or labeler: equal to one of the same settings, and to itself where it does not
/// tell them.
#[derive(Debug)]
pub(crate) struct Known<T: ?Sized> {
    settings: Option<String>,
    /// Held, so that nothing else can come to lie where it lies.
    it: Arc<T>,
}

impl<T: ?Sized> Known<T> {
    pub(crate) fn new(it: &Arc<T>, settings: Option<String>) -> Self {
        let it = Arc::clone(it);
        Self { settings, it }
    }
}

impl<T: ?Sized> PartialEq for Known<T> {
    fn eq(&self, other: &Self) -> bool {
        let tell_the_same = self.settings.is_some() && self.settings == other.settings;
        tell_the_same || Arc::ptr_eq(&self.it, &other.it)
    }
}
