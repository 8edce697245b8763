//! Versions of programs.

use std::cmp::Ordering;

string_newtype! {
    /// The version of a program, such as `4.4.2332.60`: the parameters `deskVersion` and
    /// `clientVersion`.
    ///
    /// Versions are ordered by the numbers between the dots, then by the text.
    ///
    /// ```
    /// use isl_volano::isl_light::Version;
    ///
    /// assert!(Version::new("4.4.2332.60") < Version::new("4.10"));
    /// ```
    Version
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let numbers = self.0.split('.').map(Part::new);
        numbers
            .cmp(other.0.split('.').map(Part::new))
            .then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A part of a version: a number of any length, or other text, which comes before all numbers.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Text(&'a str),
    /// The number of digits without leading zeros, and the digits.
    Number(usize, &'a str),
}

impl<'a> Part<'a> {
    fn new(text: &'a str) -> Self {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Part::Text(text);
        }
        let digits = text.trim_start_matches('0');
        Part::Number(digits.len(), digits)
    }
}
