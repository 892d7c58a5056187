//! The data, read again where a specification asks for what was not read.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tuatara::frame::{FrameError, Source};
use tuatara::{Detection, Error, Session};
use tuatara_backtest::BacktestError;

/// Data that others than the first were read for, at most.
const KEPT: usize = 3;

/// Reads what a detection asks for; in words why that cannot be.
pub(crate) type Read =
    Box<dyn Fn(&Detection) -> Result<Arc<dyn Source + Send + Sync>, String> + Send + Sync>;

/// Data with what was made of them.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) source: Arc<dyn Source + Send + Sync>,
    pub(crate) session: Mutex<Session>,
}

impl Opened {
    fn new(source: Arc<dyn Source + Send + Sync>) -> Arc<Self> {
        let session = Mutex::new(Session::new(Arc::clone(&source)));
        Arc::new(Self { source, session })
    }
}

/// Why nothing was made of any data.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The engine refuses.
    Refused(BacktestError),
    /// The data cannot be read for it.
    Unreadable(String),
}

impl From<BacktestError> for Trouble {
    fn from(error: BacktestError) -> Self {
        Self::Refused(error)
    }
}

/// The data as they were read at first, and as they were read for other specifications.
pub(crate) struct Sources {
    first: Arc<Opened>,
    others: Mutex<Vec<Arc<Opened>>>,
    read: Option<Read>,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources").finish_non_exhaustive()
    }
}

impl Sources {
    pub(crate) fn new(first: Arc<dyn Source + Send + Sync>, read: Option<Read>) -> Self {
        Self {
            first: Opened::new(first),
            others: Mutex::new(Vec::new()),
            read,
        }
    }

    /// What `ask` makes of the first data that have what it asks for; where none have, they are read
    /// again for `detection`.
    ///
    /// # Errors
    /// [`Trouble`]
    pub(crate) fn ask<T>(
        &self,
        detection: &Detection,
        mut ask: impl FnMut(&Opened) -> Result<T, BacktestError>,
    ) -> Result<(Arc<Opened>, T), Trouble> {
        let mut lacking = match ask(&self.first) {
            Err(error) if is_unread(&error) => error,
            made => return Ok((Arc::clone(&self.first), made?)),
        };
        let others: Vec<Arc<Opened>> = self.others().clone();
        for opened in others {
            match ask(&opened) {
                Err(error) if is_unread(&error) => lacking = error,
                made => return Ok((opened, made?)),
            }
        }
        let Some(read) = &self.read else {
            return Err(lacking.into());
        };
        let opened = Opened::new(read(detection).map_err(Trouble::Unreadable)?);
        let made = ask(&opened)?;
        let mut others = self.others();
        if others.len() >= KEPT {
            others.remove(0);
        }
        others.push(Arc::clone(&opened));
        Ok((opened, made))
    }

    fn others(&self) -> MutexGuard<'_, Vec<Arc<Opened>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether something is asked for that was not read, and may be there.
fn is_unread(error: &BacktestError) -> bool {
    let of_frame = |error: &FrameError| {
        matches!(
            error,
            FrameError::UnknownMetric { .. }
                | FrameError::UnknownDimension { .. }
                | FrameError::UnknownDataset { .. }
        )
    };
    match error {
        BacktestError::Engine(Error::Frame(error)) | BacktestError::Frame(error) => of_frame(error),
        BacktestError::Engine(Error::UnknownDataset { .. }) => true,
        _ => false,
    }
}
