//! Law 1 for a forecaster joined to a judge, whatever the judge's settings.

use tuatara_core::{
    Forecast, Forecaster, Judge, Judged, Lookback, Memo, Pattern, Readiness, Result, Window,
};
use tuatara_frame::{SeriesView, TimeAxis};
use tuatara_testkit::check_detector;

/// Expects the previous value again, with the distance to the one before it as unit width.
#[derive(Debug)]
struct Previous;

impl Forecaster for Previous {
    fn lookback(&self, _: &TimeAxis) -> Result<Lookback> {
        Ok(Lookback::buckets(2))
    }

    fn forecast(
        &self,
        series: SeriesView<'_>,
        window: Window,
        _: &mut Memo,
        out: &mut Forecast,
    ) -> Result<()> {
        window.check(series.len())?;
        let axis = series.axis();
        let columns = out.columns(window.len());
        let internals = columns.internals.wanted().then_some(columns.internals);
        let mut widths = vec![f64::NAN; window.len()];
        for (row, i) in window.range().enumerate() {
            let before = |n: usize| {
                let source = i.checked_sub(n)?;
                let made_from = series
                    .fill_at(source, i)
                    .map_or_else(|| axis.bucket(source), |fill| fill.made_from());
                let hidden = series.mask().hides(made_from, axis.end(i));
                (!hidden).then(|| series.history(source, i))
            };
            let (one, two) = (before(1).unwrap_or(f64::NAN), before(2).unwrap_or(f64::NAN));
            let width = (one - two).abs();
            columns.expected[row] = one;
            columns.width[row] = if width.is_finite() { width } else { 0.0 };
            widths[row] = columns.width[row];
            if one.is_nan() && i < 2 {
                let have = u32::try_from(i).expect("none or one");
                columns
                    .unready
                    .set(row, Readiness::WarmingUp { have, need: 2 });
            }
        }
        if let Some(internals) = internals {
            internals.column("width").copy_from_slice(&widths);
        }
        Ok(())
    }
}

#[test]
fn a_forecaster_and_a_judge_keep_law_1_on_every_side_and_width() {
    for pattern in [Pattern::Up, Pattern::Down, Pattern::UpOrDown] {
        let open = Judge::new(pattern);
        for (settings, judge) in [
            ("open", open),
            ("factor 2", open.with_factor(2.0).unwrap()),
            ("factor 0", open.with_factor(0.0).unwrap()),
            ("minAbs 5", open.with_min_abs(5.0).unwrap()),
            ("minRel 0.1", open.with_min_rel(0.1).unwrap()),
            ("minRel 0", open.with_min_rel(0.0).unwrap()),
            (
                "all three",
                open.with_factor(1.5)
                    .unwrap()
                    .with_min_abs(1.0)
                    .unwrap()
                    .with_min_rel(0.05)
                    .unwrap(),
            ),
        ] {
            let name = format!("previous, {pattern}, {settings}");
            let report = check_detector(&name, &Judged::new(Previous, judge));
            assert_eq!(report.anomalous == 0, settings == "open", "{report}");
        }
    }
}
