//! Statistics of measurements.

/// Returns the median, which other processes on the machine influence least.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
