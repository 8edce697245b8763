//! What is made of many measurements.

/// The one in the middle, which a neighbour on the machine moves least.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
