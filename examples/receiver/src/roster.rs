//! Who is in the rooms: what can decide between two readings of a body.
//!
//! Text is pasted between tags as it was typed, so one user can make another seem to speak. A
//! reading in which someone speaks who is not in the room is not what happened. That holds only
//! where it is known for sure who is in the room: from its `create` on, as long as no event was
//! missed. A wrong guess would be what the forger wants, so in doubt nothing is decided.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use isl_volano::volano_chat::{Event, KickKind};

use crate::record::Record;

/// The number of readings that are kept of one body.
const MAX_READINGS: usize = 16;

/// Adds the readings of an ambiguous body to its record, and decides for the one whose room is
/// that of the URL, if it is the only one.
pub(crate) fn add_readings(record: &mut Record, body: &[u8]) {
    let Ok(body) = std::str::from_utf8(body) else {
        return;
    };
    let mut readings = Event::readings(body);
    record.readings = readings
        .by_ref()
        .take(MAX_READINGS)
        .map(Event::into_owned)
        .collect();
    if readings.next().is_some() {
        return;
    }
    if let Some(room) = record.call.room.clone() {
        decide(record, "room", |event| event.room() == room);
    }
}

/// Decides for the only reading that is possible, if there is just one.
fn decide(record: &mut Record, by: &'static str, is_possible: impl Fn(&Event<'_>) -> bool) {
    let mut possible = record.readings.iter().filter(|event| is_possible(event));
    if let (Some(event), None) = (possible.next(), possible.next()) {
        let event = event.clone();
        record.set_chat(&event);
        record.resolved_by = Some(by);
    }
}

/// The rooms of which it is known who is in them.
#[derive(Debug, Default)]
pub(crate) struct Rosters {
    rooms: HashMap<String, Room>,
    /// The last message of a stream.
    last: Option<(Arc<str>, i64)>,
    /// How many events the runs of other receivers have missed.
    missed: HashMap<String, u64>,
}

#[derive(Debug)]
struct Room {
    users: HashSet<String>,
    /// The run of the receiver that all events of the room came by, if they were drained. They come
    /// in order by one only, and what another one missed is heard of too late.
    receiver: Option<String>,
}

impl Rosters {
    /// Hears from another receiver, by a message, before its event is read: whatever is missing in
    /// between is forgotten.
    pub(crate) fn hear(&mut self, record: &Record) {
        let Some(origin) = &record.origin else {
            return;
        };
        let here = (Arc::clone(&origin.stream), origin.sequence);
        let is_next = self.last.as_ref().is_some_and(|(stream, sequence)| {
            *stream == origin.stream && sequence.checked_add(1) == Some(origin.sequence)
        });
        self.last = Some(here);
        let known = self.missed.entry(origin.receiver.clone()).or_default();
        let is_whole = origin.missed <= *known;
        *known = origin.missed.max(*known);
        if !is_next || !is_whole {
            self.rooms.clear();
        }
    }

    /// Decides between the readings of a record if the users in the room leave only one.
    pub(crate) fn resolve(&self, record: &mut Record) {
        let more = record.readings.len() == MAX_READINGS;
        if more || record.readings.is_empty() || record.value.is_some() {
            return;
        }
        let url_room = record.call.room.clone();
        let in_room = |event: &Event<'_>| url_room.as_deref().is_none_or(|r| event.room() == r);
        // All rooms that it can be about have to be known.
        let mut rooms = record.readings.iter().filter(|event| in_room(event));
        let receiver = receiver(record);
        if rooms.all(|event| self.known(event.room(), receiver)) {
            decide(record, "roster", |event| {
                in_room(event) && self.can_be(event)
            });
        }
    }

    fn known(&self, room: &str, receiver: Option<&str>) -> bool {
        let room = self.rooms.get(room);
        room.is_some_and(|room| room.receiver.as_deref() == receiver)
    }

    /// Returns whether the event can have happened, with these users in the room.
    fn can_be(&self, event: &Event<'_>) -> bool {
        let Some(Room { users, .. }) = self.rooms.get(event.room()) else {
            return true;
        };
        match (event, event.actor()) {
            // Who enters is not there yet.
            (Event::Enter(_), _) | (_, None) => true,
            // A broadcast has no user.
            (Event::Chat(_), Some("")) => true,
            (_, Some(user)) => users.contains(user),
        }
    }

    /// Follows an event that was stored.
    pub(crate) fn follow(&mut self, record: &Record) {
        if record.family != isl_volano::Family::VolanoChat {
            return;
        }
        let event = record
            .value
            .as_deref()
            .map(serde_json::from_str::<Event<'_>>);
        match event {
            Some(Ok(event)) => self.update(&event, receiver(record)),
            // Nobody knows what it did to the room.
            _ if record.readings.iter().all(changes_nobody) && !record.readings.is_empty() => {}
            _ => self.forget(record),
        }
    }

    fn update(&mut self, event: &Event<'_>, receiver: Option<&str>) {
        let room = event.room();
        if !self.known(room, receiver) {
            self.rooms.remove(room);
        }
        match event {
            Event::Create(_) => {
                let receiver = receiver.map(str::to_owned);
                let users = HashSet::new();
                self.rooms.insert(room.to_owned(), Room { users, receiver });
            }
            Event::Delete(_) => {
                self.rooms.remove(room);
            }
            _ => {}
        }
        let Some(Room { users, .. }) = self.rooms.get_mut(room) else {
            return;
        };
        match event {
            Event::Enter(enter) => {
                users.insert(enter.user.clone().into_owned());
            }
            Event::Exit(exit) => {
                users.remove(&*exit.user);
            }
            // It is not followed by an exit. The name's case can differ from the real one.
            Event::Kick(kick) if kick.kind == KickKind::Remove => {
                let name = kick.to.to_lowercase();
                users.retain(|user| user.to_lowercase() != name);
            }
            _ => {}
        }
    }

    /// Forgets the rooms that an unreadable event can have been about.
    fn forget(&mut self, record: &Record) {
        match &record.call.room {
            Some(room) => {
                self.rooms.remove(room);
            }
            None => self.rooms.clear(),
        }
    }

    /// Forgets everything: an event was missed.
    pub(crate) fn clear(&mut self) {
        self.rooms.clear();
    }
}

/// Returns the run of the receiver that published the event, if it was drained.
fn receiver(record: &Record) -> Option<&str> {
    record.origin.as_ref().map(|origin| &*origin.receiver)
}

fn changes_nobody(event: &Event<'_>) -> bool {
    matches!(event, Event::Chat(_) | Event::Whisper(_) | Event::Ring(_))
}
