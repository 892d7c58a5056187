//! Rows of text in columns.

use std::io::{self, Write};

/// Writes `rows` in columns as wide as their widest cell, two spaces apart: the first to the left, the
/// others to the right.
pub(super) fn aligned(rows: &[Vec<String>], out: &mut dyn Write) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let blank = " ".repeat(width - cell.chars().count());
            if column == 0 {
                line.push_str(cell);
                line.push_str(&blank);
            } else {
                line.push_str("  ");
                line.push_str(&blank);
                line.push_str(cell);
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A number with `digits` behind the point, `-` where there is none.
pub(super) fn number(value: Option<f64>, digits: usize) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
}

/// Minutes as a person says them: `35 min`, `2 h 5 min`, `3 d 4 h`.
pub(super) fn minutes(value: Option<f64>) -> String {
    let Some(value) = value else {
        return "-".to_owned();
    };
    // What is left out is less than a part of what is shown.
    let whole = value.round() as i64;
    let (days, hours, minutes) = (whole / 1440, whole / 60 % 24, whole % 60);
    match (days, hours, minutes) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::minutes;

    #[test]
    fn minutes_are_said_as_a_person_says_them() {
        let said = [
            Some(35.0),
            Some(60.0),
            Some(125.0),
            Some(1440.0),
            Some(4560.0),
            None,
        ];
        let said = said.map(minutes);
        assert_eq!(said, ["35 min", "1 h", "2 h 5 min", "1 d", "3 d 4 h", "-"]);
    }
}
