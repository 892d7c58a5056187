//! Lines and areas as SVG paths, short enough to be mailed.
//!
//! More points than can be told apart are drawn as the lowest and the highest of each column, in
//! their order: a single point that stands out of ten thousand is drawn at its height.

use crate::text::push_decimal;

/// A point of a line in drawing units; nothing where the line is broken.
pub(crate) type Point = (f64, Option<f64>);

/// Points in columns of this width that are drawn one by one.
const FEW: f64 = 2.0;

/// A path that is written with relative steps on a grid.
#[derive(Debug)]
struct Pen {
    text: String,
    /// Places behind the point.
    places: usize,
    /// Parts of a unit: 10 for a tenth.
    grain: f64,
    at: (i64, i64),
}

impl Pen {
    /// One that draws to the unit where there are `many` points, and to the tenth of it otherwise.
    fn new(many: bool) -> Self {
        Self {
            text: String::new(),
            places: if many { 0 } else { 1 },
            grain: if many { 1.0 } else { 10.0 },
            at: (0, 0),
        }
    }

    fn on_grid(&self, (x, y): (f64, f64)) -> (i64, i64) {
        let place = |value: f64| libm::round(value * self.grain) as i64;
        (place(x), place(y))
    }

    fn number(&mut self, steps: i64, is_first: bool) {
        if steps < 0 {
            self.text.push('-');
        } else if !is_first {
            self.text.push(' ');
        }
        push_decimal(&mut self.text, steps.unsigned_abs(), self.places);
    }

    fn go(&mut self, to: (f64, f64)) {
        self.at = self.on_grid(to);
        self.text.push('M');
        self.number(self.at.0, true);
        self.number(self.at.1, false);
    }

    fn draw(&mut self, to: (f64, f64)) {
        let to = self.on_grid(to);
        let by = (to.0 - self.at.0, to.1 - self.at.1);
        self.at = to;
        match by {
            (0, 0) => {}
            (across, 0) => {
                self.text.push('h');
                self.number(across, true);
            }
            (0, down) => {
                self.text.push('v');
                self.number(down, true);
            }
            (across, down) => {
                self.text.push('l');
                self.number(across, true);
                self.number(down, false);
            }
        }
    }

    /// Goes to the first point and draws through the others; one alone becomes a dot.
    fn stroke(&mut self, points: &[(f64, f64)]) {
        let Some((first, others)) = points.split_first() else {
            return;
        };
        self.go(*first);
        let before = self.text.len();
        for point in others {
            self.draw(*point);
        }
        if self.text.len() == before {
            self.text.push_str("h0");
        }
    }
}

/// Whether `count` points in `width` are so many that columns of `column` are drawn instead.
pub(crate) fn are_many(count: usize, width: f64, column: f64) -> bool {
    count as f64 > FEW * width / column
}

/// The line through `points`, in order of time, in columns of `column` units where they are many
/// for `width`.
pub(crate) fn line(points: &[Point], width: f64, column: f64) -> String {
    let many = are_many(points.len(), width, column);
    let mut pen = Pen::new(many);
    for run in points.split(|(_, y)| y.is_none()) {
        let run: Vec<(f64, f64)> = run.iter().filter_map(|&(x, y)| Some((x, y?))).collect();
        match many {
            true => pen.stroke(&extremes(&run, column)),
            false => pen.stroke(&run),
        }
    }
    pen.text
}

/// Of each column the highest and the lowest point, in their order, and the first and last of all.
fn extremes(run: &[(f64, f64)], column: f64) -> Vec<(f64, f64)> {
    let place = |x: f64| libm::floor(x / column) as i64;
    let mut kept = Vec::new();
    for points in run.chunk_by(|a, b| place(a.0) == place(b.0)) {
        let middle = (place(points[0].0) as f64 + 0.5) * column;
        let (mut low, mut high) = (0, 0);
        for (i, point) in points.iter().enumerate() {
            if point.1 > points[low].1 {
                low = i;
            }
            if point.1 < points[high].1 {
                high = i;
            }
        }
        kept.push((middle, points[low.min(high)].1));
        kept.push((middle, points[low.max(high)].1));
    }
    kept
}

/// The area between an upper and a lower edge, each with as many points as the other and broken
/// where either is.
pub(crate) fn area(upper: &[Point], lower: &[Point], width: f64, column: f64) -> String {
    let many = are_many(upper.len(), width, column);
    let mut pen = Pen::new(many);
    let both: Vec<Option<(f64, f64, f64)>> = upper
        .iter()
        .zip(lower)
        .map(|(&(x, high), &(_, low))| Some((x, high?, low?)))
        .collect();
    for run in both.split(Option::is_none) {
        let run: Vec<(f64, f64, f64)> = run.iter().flatten().copied().collect();
        let run = if many { widest(&run, column) } else { run };
        let Some(first) = run.first() else {
            continue;
        };
        // A band of one bucket would have no width.
        let beside = if run.len() == 1 { 0.5 } else { 0.0 };
        pen.go((first.0 - beside, first.1));
        for &(x, high, _) in &run {
            pen.draw((x + beside, high));
        }
        for &(x, _, low) in run.iter().rev() {
            pen.draw((x + beside, low));
        }
        pen.draw((first.0 - beside, first.2));
        pen.text.push('z');
    }
    pen.text
}

fn widest(run: &[(f64, f64, f64)], column: f64) -> Vec<(f64, f64, f64)> {
    let place = |x: f64| libm::floor(x / column) as i64;
    let columns = run.chunk_by(|a, b| place(a.0) == place(b.0));
    let of_column = |points: &[(f64, f64, f64)]| {
        let middle = (place(points[0].0) as f64 + 0.5) * column;
        let edge = points.iter();
        edge.fold(
            (middle, f64::INFINITY, f64::NEG_INFINITY),
            |(x, high, low), p| (x, high.min(p.1), low.max(p.2)),
        )
    };
    columns.map(of_column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_nothing_is() {
        let points = [
            (0.0, Some(5.0)),
            (1.0, Some(4.0)),
            (2.0, None),
            (3.0, Some(4.0)),
        ];
        assert_eq!(line(&points, 100.0, 1.0), "M0 5l1-1M3 4h0");
    }

    #[test]
    fn one_point_of_ten_thousand_that_stands_out_is_drawn_at_its_height() {
        let height = |i: usize| {
            if i == 4_321 {
                3.0
            } else {
                90.0 + (i % 5) as f64
            }
        };
        let points: Vec<Point> = (0..10_000)
            .map(|i| (i as f64 / 10.0, Some(height(i))))
            .collect();
        let drawn = line(&points, 1_000.0, 1.0);
        // In column 432, from the lines between 90 and 94 to 3 and back.
        assert!(drawn.contains("l1-91v91"), "it is not drawn");
        assert!(drawn.len() < 12_000, "{}", drawn.len());
    }

    #[test]
    fn an_area_goes_there_above_and_back_below() {
        let upper = [(0.0, Some(1.0)), (2.0, Some(2.0))];
        let lower = [(0.0, Some(8.0)), (2.0, Some(9.0))];
        assert_eq!(area(&upper, &lower, 100.0, 1.0), "M0 1l2 1v7l-2-1z");
    }

    #[test]
    fn half_a_band_is_no_band() {
        let upper = [(0.0, Some(1.0)), (2.0, None)];
        let lower = [(0.0, None), (2.0, Some(9.0))];
        assert_eq!(area(&upper, &lower, 100.0, 1.0), "");
    }
}
