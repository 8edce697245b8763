//! Versions of programs.

use std::cmp::Ordering;

string_newtype! {
    /// The version of a program, such as `4.4.2332.60`: the parameters `deskVersion` and
    /// `clientVersion`.
    ///
    /// Versions are ordered by the numbers between their dots, and by their text where the
    /// numbers are the same.
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

/// What stands between two dots: a number of any length, or, before all numbers, other text.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Text(&'a str),
    /// How many digits there are without leading zeros, and those.
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
