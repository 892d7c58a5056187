//! Which columns of a wide table hold values.

use super::columns::Header;
use super::{FileError, Layout, ReadOptions};
use crate::{FrameError, Metric};

/// The dimension that the layout itself makes.
const SERIES: &str = "series";

/// The places of the columns of a table whose values lie side by side.
#[derive(Debug)]
pub(super) struct Spread {
    /// The names in the header, without spaces around.
    pub(super) names: Vec<String>,
    /// The column that says which row it is: the time, or the series.
    pub(super) key: usize,
    /// What all values are.
    pub(super) metric: Metric,
    /// The dimensions in columns of their own.
    pub(super) dimensions: Vec<(String, usize)>,
    /// The name of the dimension that tells the series apart.
    pub(super) series: String,
    /// The columns with values, at least one.
    pub(super) values: Vec<usize>,
}

impl Spread {
    /// Takes for values what `options` say nothing else about.
    pub(super) fn find(
        names: Vec<String>,
        file: &str,
        layout: Layout,
        options: &ReadOptions,
    ) -> Result<Self, FrameError> {
        let header = Header {
            names: &names,
            file,
        };
        header.check_unique()?;
        let metric = metric(file, layout, options)?;
        let mut taken = header.ignored(options)?;
        let mut series = SERIES.to_owned();
        let mut dimensions = Vec::new();
        for (name, column) in &options.dimensions {
            let column = column.as_deref().unwrap_or(name);
            if column == SERIES && !names.iter().any(|name| name == SERIES) {
                series.clone_from(name);
                continue;
            }
            let column = header.column("dimension", Some(name), column)?;
            dimensions.push((name.clone(), column));
            taken.push(column);
        }
        let first = (0..names.len()).find(|column| !taken.contains(column));
        let key = match (layout, &options.time) {
            (Layout::Wide, None) if !header.suggests_time(&taken) => first,
            (Layout::Wide, _) => Some(header.time(options, &taken)?),
            _ => first,
        };
        let none = || FileError::NoSeries {
            file: file.to_owned(),
            layout,
            columns: names.clone(),
        };
        let key = key.ok_or_else(none)?;
        taken.push(key);
        let mut is_value = vec![true; names.len()];
        for column in taken {
            is_value[column] = false;
        }
        let values: Vec<usize> = (0..names.len()).filter(|&i| is_value[i]).collect();
        if values.is_empty() {
            return Err(none().into());
        }
        if layout == Layout::Wide
            && let Some(&unnamed) = values.iter().find(|&&column| names[column].is_empty())
        {
            return Err(FileError::UnnamedSeries {
                file: file.to_owned(),
                column: unnamed + 1,
                remedy: "name it in the header, or take it out",
            }
            .into());
        }
        Ok(Self {
            names,
            key,
            metric,
            dimensions,
            series,
            values,
        })
    }

    /// The names of all dimensions, that of the series last.
    pub(super) fn dimension_names(&self) -> Vec<String> {
        let names = self.dimensions.iter().map(|(name, _)| name);
        names.chain([&self.series]).cloned().collect()
    }
}

/// What all values are: the only metric of `options`, which cannot have a column.
fn metric(file: &str, layout: Layout, options: &ReadOptions) -> Result<Metric, FrameError> {
    let (option, remedy) = match &options.metrics[..] {
        [] => return Ok(Metric::new("value")),
        [(metric, None)] => return Ok(metric.clone()),
        [(metric, Some(column))] => (
            format!("the column `{column}` of metric `{}`", metric.name()),
            "name the metric without a column (--metric NAME), or read the file with --layout long",
        ),
        several => (
            format!("more than one metric ({})", several.len()),
            "name one, or read the file with --layout long",
        ),
    };
    Err(FileError::Unfit {
        file: file.to_owned(),
        option,
        with: match layout {
            Layout::Wide => "layout wide, where every column holds the same metric",
            _ => "layout series, where every row holds the same metric",
        },
        remedy,
    }
    .into())
}
