//! What `Arbitrary` makes is what bodies and stores can hold.

use arbitrary::{Arbitrary, Unstructured};
use isl_volano::Payload;
use isl_volano::isl_light::{Event as IslEvent, Module, Notification, Parameter};
use isl_volano::volano_chat::Event;

/// Makes many values, each of other random bytes.
fn many<'a, T: Arbitrary<'a>>(bytes: &'a [u8]) -> impl Iterator<Item = T> {
    bytes
        .chunks(4096)
        .map(|chunk| T::arbitrary(&mut Unstructured::new(chunk)).expect("bytes suffice"))
}

/// ASCII for the most part: elsewhere, texts of random bytes end at the first that is not UTF-8.
fn random_bytes() -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    (0..4096 * 1000)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8 & 0x7f
        })
        .collect()
}

#[test]
fn notifications_are_written_and_stored_and_come_back() {
    let bytes = random_bytes();
    let mut given = [0; Parameter::ALL.len()];
    let (mut other_modules, mut other_events, mut extra) = (0, 0, 0);
    let mut years = std::collections::BTreeSet::new();
    for notification in many::<Notification<'_>>(&bytes) {
        for (count, &parameter) in given.iter_mut().zip(Parameter::ALL) {
            *count += usize::from(notification.get(parameter).is_some());
        }
        years.insert(notification.timestamp.year());
        other_modules += usize::from(notification.module != Module::IslLight);
        other_events += usize::from(!IslEvent::KNOWN.contains(&notification.event));
        extra += notification.extra.len();

        let body = notification.to_form();
        assert_eq!(Notification::parse(&body).as_ref(), Ok(&notification));
        let json = serde_json::to_string(&notification).expect("it is stored");
        let stored: Notification<'_> = serde_json::from_str(&json).expect("it comes back");
        assert_eq!(stored, notification);
    }
    assert!(given.iter().all(|count| *count > 10), "{given:?}");
    assert!(years.len() > 500, "{years:?}");
    let others = [other_modules, other_events, extra];
    assert!(others.iter().all(|count| *count > 50), "{others:?}");
}

#[test]
fn events_are_stored_and_come_back() {
    let bytes = random_bytes();
    let mut kinds = std::collections::BTreeMap::new();
    for event in many::<Event<'_>>(&bytes) {
        *kinds.entry((event.name(), event.kind())).or_insert(0) += 1;
        let json = serde_json::to_string(&event).expect("it is stored");
        let stored: Event<'_> = serde_json::from_str(&json).expect("it comes back");
        assert_eq!(stored, event);
        if let Ok(body) = event.to_verbatim() {
            assert_eq!(Event::parse_verbatim(&body), Ok(event));
        }
    }
    // Eight elements, of which one has two types and one has three.
    assert_eq!(kinds.len(), 11, "{kinds:?}");
    assert!(kinds.values().all(|count| *count > 20), "{kinds:?}");
}

#[test]
fn payloads_are_of_both_families() {
    let bytes = random_bytes();
    let families: std::collections::BTreeSet<_> = many::<Payload<'_>>(&bytes)
        .map(|payload| payload.family().as_str())
        .collect();
    assert_eq!(families.len(), 2);
}

#[test]
fn no_bytes_at_all_make_a_value() {
    let mut nothing = Unstructured::new(&[]);
    assert!(Notification::arbitrary(&mut nothing).is_ok());
    assert!(Event::arbitrary(&mut nothing).is_ok());
}
