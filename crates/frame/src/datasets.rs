//! Several datasets as one source: what is watched, and what it may be compared with.

use std::collections::BTreeMap;

use crate::{
    Exploration, Fetched, FrameError, Interval, Profile, SliceKey, SliceRequest, Source,
    StableHash, closest,
};

/// A main dataset, and others that can be asked beside it by their names.
///
/// As a [`Source`] it is the main one; [`Source::dataset`] finds the others, and the main one under
/// its own name. A filter that compares with the visits of another dataset finds them there.
///
/// ```
/// use tuatara_frame::{Datasets, Frame, Granularity, Metric, Source};
///
/// let one_day = |metric: &str, value: f64| {
///     let mut day = Frame::builder(metric, [Metric::new(metric)]).granularity(Granularity::days());
///     day.row("2026-03-01T00:00:00Z".parse()?, &[], &[value])?;
///     day.build()
/// };
///
/// let all = Datasets::new("orders", one_day("orders", 40.0)?);
/// let all = all.with("visits", one_day("visits", 2000.0)?)?;
/// assert_eq!(all.profile("orders")?.metric.name(), "orders");
/// assert_eq!(all.get("visits")?.profile("visits")?.metric.name(), "visits");
/// assert_eq!(
///     all.get("vists").unwrap_err().to_string(),
///     "there is no dataset `vists`; there are: orders, visits; did you mean `visits`?"
/// );
/// # Ok::<(), tuatara_frame::FrameError>(())
/// ```
#[derive(Debug)]
pub struct Datasets<'a> {
    main: Named<'a>,
    others: BTreeMap<String, Box<dyn Source + Send + 'a>>,
}

#[derive(Debug)]
struct Named<'a> {
    name: String,
    source: Box<dyn Source + Send + 'a>,
}

impl<'a> Datasets<'a> {
    /// `main`, called `name`; a reference to a source is one, too.
    pub fn new(name: impl Into<String>, main: impl Source + Send + 'a) -> Self {
        Self {
            main: Named {
                name: name.into(),
                source: Box::new(main),
            },
            others: BTreeMap::new(),
        }
    }

    /// The same with `other`, to be found as `name`.
    ///
    /// # Errors
    /// [`FrameError::DuplicateDataset`] when the name is taken.
    pub fn with(
        mut self,
        name: impl Into<String>,
        other: impl Source + Send + 'a,
    ) -> Result<Self, FrameError> {
        let name = name.into();
        if name == self.main.name || self.others.contains_key(&name) {
            return Err(FrameError::DuplicateDataset { dataset: name });
        }
        self.others.insert(name, Box::new(other));
        Ok(self)
    }

    /// The names: the main one first, then the others in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let others = self.others.keys().map(String::as_str);
        std::iter::once(self.main.name.as_str()).chain(others)
    }

    /// The dataset called `name`.
    ///
    /// # Errors
    /// [`FrameError::UnknownDataset`], with the names there are and the one that was probably
    /// meant.
    pub fn get(&self, name: &str) -> Result<&dyn Source, FrameError> {
        self.dataset(name)
            .ok_or_else(|| FrameError::UnknownDataset {
                dataset: name.to_owned(),
                known: self.names().map(str::to_owned).collect(),
                suggestion: closest(name, self.names()).map(str::to_owned),
            })
    }
}

impl Source for Datasets<'_> {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        self.main.source.profile(metric)
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        self.main.source.series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        self.main.source.explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        self.main.source.aggregate(slice, interval)
    }

    fn dataset(&self, name: &str) -> Option<&dyn Source> {
        if name == self.main.name {
            return Some(&*self.main.source);
        }
        let other = self.others.get(name).map(|other| &**other as &dyn Source);
        other.or_else(|| self.main.source.dataset(name))
    }

    /// That of the main dataset where there is no other; else one of all names and contents.
    fn fingerprint(&self) -> Option<u128> {
        let main = self.main.source.fingerprint()?;
        if self.others.is_empty() {
            return Some(main);
        }
        let mut hash = StableHash::new();
        hash.write_str("datasets");
        hash.write_str(&format!("{main:032x}"));
        for (name, other) in &self.others {
            hash.write_str(name);
            hash.write_str(&format!("{:032x}", other.fingerprint()?));
        }
        Some(hash.finish())
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn profile(&self, metric: &str) -> Result<Profile, FrameError> {
        (**self).profile(metric)
    }

    fn series(&self, request: &SliceRequest) -> Result<Fetched, FrameError> {
        (**self).series(request)
    }

    fn explore(&self, exploration: &Exploration) -> Result<Vec<SliceKey>, FrameError> {
        (**self).explore(exploration)
    }

    fn aggregate(&self, slice: &SliceKey, interval: Interval) -> Result<f64, FrameError> {
        (**self).aggregate(slice, interval)
    }

    fn dataset(&self, name: &str) -> Option<&dyn Source> {
        (**self).dataset(name)
    }

    fn fingerprint(&self) -> Option<u128> {
        (**self).fingerprint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frame, Granularity, Metric};

    fn frame(name: &str, value: f64) -> Frame {
        let rows = Frame::builder(name, [Metric::new("m")]);
        let mut rows = rows.granularity(Granularity::days());
        let at = "2026-03-01T00:00:00Z".parse().unwrap();
        rows.row(at, &[], &[value]).unwrap();
        rows.build().unwrap()
    }

    fn total(source: &dyn Source) -> f64 {
        let whole = source.profile("m").unwrap().extent;
        source.aggregate(&SliceKey::new("m"), whole).unwrap()
    }

    #[test]
    fn the_main_dataset_answers_and_each_is_found_by_its_name() {
        let borrowed = frame("b", 2.0);
        let all = Datasets::new("a", frame("a", 1.0))
            .with("b", &borrowed)
            .unwrap();
        assert_eq!(total(&all).to_string(), "1");
        assert_eq!(total(all.get("a").unwrap()).to_string(), "1");
        assert_eq!(total(all.dataset("b").unwrap()).to_string(), "2");
        assert!(all.dataset("c").is_none());
        assert_eq!(all.names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn datasets_in_datasets_are_found_from_without() {
        let inner = Datasets::new("a", frame("a", 1.0))
            .with("b", frame("b", 2.0))
            .unwrap();
        let outer = Datasets::new("shop", &inner);
        assert_eq!(total(outer.get("b").unwrap()).to_string(), "2");
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        for taken in ["a", "b"] {
            let all = Datasets::new("a", frame("a", 1.0)).with("b", frame("b", 2.0));
            let again = all.unwrap().with(taken, frame("c", 3.0));
            assert_eq!(
                again.unwrap_err().to_string(),
                format!("there are two datasets `{taken}`; give one of them another name")
            );
        }
    }

    #[test]
    fn the_fingerprint_tells_contents_and_names_apart() {
        let main = frame("a", 1.0);
        let alone = Datasets::new("a", &main).fingerprint();
        assert_eq!(alone, main.fingerprint());
        let with = |name: &str, value: f64| {
            let all = Datasets::new("a", &main).with(name, frame("b", value));
            all.unwrap().fingerprint()
        };
        assert_eq!(with("b", 2.0), with("b", 2.0));
        let different = [alone, with("b", 2.0), with("b", 3.0), with("c", 2.0)];
        for (at, one) in different.iter().enumerate() {
            assert!(!different[..at].contains(one), "{at}");
        }
    }
}
