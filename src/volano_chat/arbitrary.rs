//! Arbitrary events, for fuzzing the services that receive them.

use std::borrow::Cow;

use arbitrary::{Arbitrary, Error, Result, Unstructured};

use super::event::{ELEMENTS, Event, StartTag};
use super::frame::MAX_CHILDREN;

/// Any event, of any texts: some cannot be written as [XML](Event::to_xml), others have more than
/// one [reading](Event::readings) as the server writes them.
impl<'a> Arbitrary<'a> for Event<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let frame = StartTag::frame_of(u.choose(ELEMENTS)?).ok_or(Error::IncorrectFormat)?;
        let kind = match frame.types {
            [] => None,
            types => Some(*u.choose(types)?),
        };
        let tag = StartTag::new(frame.element, kind).ok_or(Error::IncorrectFormat)?;
        let mut texts = [const { Cow::Borrowed("") }; MAX_CHILDREN];
        for (text, _) in texts.iter_mut().zip(frame.children) {
            *text = Cow::Borrowed(u.arbitrary()?);
        }
        Ok(Event::from_parts(tag, texts))
    }
}
