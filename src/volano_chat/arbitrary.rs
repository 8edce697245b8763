//! Arbitrary events, for fuzzing the services that receive them.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::event::{Event, StartTag};
use super::frame::MAX_CHILDREN;

/// Any event, of any texts: some cannot be written as [XML](Event::to_xml), others have more than
/// one [reading](Event::readings) as the server writes them.
impl<'a> Arbitrary<'a> for Event<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let mut tags = 0_usize;
        StartTag::find(|_| {
            tags = tags.saturating_add(1);
            false
        });
        let mut before = u.choose_index(tags)?;
        let tag = StartTag::find(|_| match before.checked_sub(1) {
            Some(left) => {
                before = left;
                false
            }
            None => true,
        });
        let tag = tag.ok_or(Error::IncorrectFormat)?;
        let mut texts = [const { Cow::Borrowed("") }; MAX_CHILDREN];
        for (text, _) in texts.iter_mut().zip(tag.frame().children) {
            *text = Cow::Borrowed(u.arbitrary()?);
        }
        Ok(Event::from_parts(tag, texts))
    }
}
