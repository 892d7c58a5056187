//! Detectors one by one, with numbers that can be checked by hand.

mod data_sla;
mod flatline;
mod judged;
mod mean_variance_rule;
mod missing_data;
mod robust_zscore;
