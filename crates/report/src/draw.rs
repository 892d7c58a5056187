//! Pictures of a report, as its methods.

use tuatara::frame::SliceKey;
use tuatara::{Report, Result};

use crate::Page;

/// Pictures of a report, with what is usual; [`Page`] has the settings.
pub trait Draw {
    /// A page: one self-contained HTML file.
    ///
    /// # Errors
    /// When a detector or filter refuses to explain what it took before.
    fn to_html(&self) -> Result<String>;

    /// A picture of `slice`: one self-contained SVG file.
    ///
    /// # Errors
    /// [`UnknownSlice`](tuatara::Error::UnknownSlice) when the run did not look at it.
    fn to_svg(&self, slice: &SliceKey) -> Result<String>;
}

impl Draw for Report {
    fn to_html(&self) -> Result<String> {
        Page::of(self).html()
    }

    fn to_svg(&self, slice: &SliceKey) -> Result<String> {
        Page::of(self).svg(slice)
    }
}
