//! What a page is about.

use std::sync::Arc;

use tuatara::frame::events::EventCalendar;
use tuatara::frame::{Instant, Source, Zone};
use tuatara::{Detection, Report};
use tuatara_backtest::Known;

use crate::sources::Read;
use crate::{Result, Serving};

/// How the anomalies of a report are written as a table.
pub(crate) type Table = Box<dyn Fn(&Report) -> Vec<u8> + Send + Sync>;

/// What a page is about: data, a specification to begin with, and what else is known.
pub struct Studio {
    pub(crate) source: Arc<dyn Source + Send + Sync>,
    pub(crate) read: Option<Read>,
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) other: Option<(String, String)>,
    pub(crate) calendars: Vec<EventCalendar>,
    pub(crate) since: Option<Instant>,
    pub(crate) until: Option<Instant>,
    pub(crate) zone: Option<Zone>,
    pub(crate) known: Known,
    pub(crate) table: Option<Table>,
}

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Studio")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Studio {
    /// A page over `source` that begins with the specification `text`; `name` is that of its file, and
    /// stands in messages.
    pub fn new(
        source: Arc<dyn Source + Send + Sync>,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            source,
            read: None,
            name: name.into(),
            text: text.into(),
            other: None,
            calendars: Vec::new(),
            since: None,
            until: None,
            zone: None,
            known: Known::Nothing,
            table: None,
        }
    }

    /// Reads the data again with `read` for a specification that asks for a metric, a dimension or a dataset
    /// that `source` does not have; its error says in words why that cannot be.
    #[must_use]
    pub fn reading(
        mut self,
        read: impl Fn(&Detection) -> Result<Arc<dyn Source + Send + Sync>, String>
        + Send
        + Sync
        + 'static,
    ) -> Self {
        self.read = Some(Box::new(read));
        self
    }

    /// Begins with another specification beside it, with which it is compared.
    #[must_use]
    pub fn compare(mut self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.other = Some((name.into(), text.into()));
        self
    }

    /// Adds events to those of every specification.
    #[must_use]
    pub fn calendar(mut self, more: EventCalendar) -> Self {
        self.calendars.push(more);
        self
    }

    /// Judges buckets that end after `since`, and not all there are.
    #[must_use]
    pub fn since(mut self, since: Instant) -> Self {
        self.since = Some(since);
        self
    }

    /// Judges buckets that end up to `until`, and not all there are.
    #[must_use]
    pub fn until(mut self, until: Instant) -> Self {
        self.until = Some(until);
        self
    }

    /// Shows times by the clock of `zone`, and not by that of the first rule.
    #[must_use]
    pub fn zone(mut self, zone: Zone) -> Self {
        self.zone = Some(zone);
        self
    }

    /// Outlines what is known of incidents, and says how good what was told is.
    #[must_use]
    pub fn known(mut self, known: Known) -> Self {
        self.known = known;
        self
    }

    /// Offers the anomalies as a file of comma-separated values, which `write` makes.
    #[must_use]
    pub fn table(mut self, write: impl Fn(&Report) -> Vec<u8> + Send + Sync + 'static) -> Self {
        self.table = Some(Box::new(write));
        self
    }

    /// Serves the page on `port` of 127.0.0.1, on any that is free where it is 0, on a thread of its own,
    /// until it is [closed](Serving::close).
    ///
    /// # Errors
    /// [`Bind`](crate::StudioError::Bind) where the port is taken;
    /// [`NoSecret`](crate::StudioError::NoSecret).
    pub fn open(self, port: u16) -> Result<Serving> {
        Serving::start(self, port)
    }
}
