//! stub
/// stub
#[derive(Debug)]
pub struct FoldBattery;
/// stub
#[derive(Debug)]
pub struct FoldReport;
/// stub
pub fn check_fold() {}
