//! ThirdEye's Holt-Winters: the recurrence, fits and the rule, against what the original gave; see
//! `../golden/third_eye/README.md`.

mod observed;
mod recurrence;
mod rule;
