//! Slow growth.
//!
//! ```text
//! g(t) = (1 + r)^(t / 365.25)        t in days, r the growth in a year
//! ```

/// Days in a year of the Julian calendar.
const DAYS_PER_YEAR: f64 = 365.25;

/// The factor after `days` of compound growth by the share `yearly` in a year.
///
/// `yearly` is above −1 (0.1 is ten per cent a year); at or below −1 the answer is 0 or NaN.
pub fn growth(days: f64, yearly: f64) -> f64 {
    libm::exp(days / DAYS_PER_YEAR * libm::log1p(yearly))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_grows_by_the_share_and_two_years_by_its_square() {
        assert!((growth(365.25, 0.1) - 1.1).abs() < 1e-12);
        assert!((growth(730.5, 0.1) - 1.21).abs() < 1e-12);
        assert!((growth(365.25, -0.5) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_grown_on_the_first_day_or_without_growth() {
        assert_eq!(growth(0.0, 0.1).to_bits(), 1.0f64.to_bits());
        assert_eq!(growth(100.0, 0.0).to_bits(), 1.0f64.to_bits());
    }
}
