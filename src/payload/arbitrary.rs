//! Arbitrary payloads, for fuzzing the services that receive them.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::Payload;

impl<'a> Arbitrary<'a> for Payload<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(if u.arbitrary()? {
            Payload::IslLight(u.arbitrary()?)
        } else {
            Payload::VolanoChat(u.arbitrary()?)
        })
    }
}
