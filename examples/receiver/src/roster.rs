//! The users in the rooms, which can decide between the readings of a body.
//!
//! VolanoChat does not escape what users type, so a user can make another one appear to speak. A
//! reading is impossible if its speaker is not in the room. This is certain only while all users in
//! the room are known: after its `create` event, until an event is missing. A wrong decision would
//! help the forger, so in doubt, the body stays ambiguous.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use isl_volano::volano_chat::{Event, KickKind};

use crate::record::Record;

/// The maximum number of readings that are stored of one body.
const MAX_READINGS: usize = 16;

/// Adds the readings of an ambiguous body to its record. If only one of them has the room of the
/// URL, decides for it.
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

/// Decides for a reading if it is the only possible one.
fn decide(record: &mut Record, by: &'static str, is_possible: impl Fn(&Event<'_>) -> bool) {
    let mut possible = record.readings.iter().filter(|event| is_possible(event));
    if let (Some(event), None) = (possible.next(), possible.next()) {
        let event = event.clone();
        record.set_chat(&event);
        record.resolved_by = Some(by);
    }
}

/// The rooms whose users are known.
#[derive(Debug, Default)]
pub(crate) struct Rosters {
    rooms: HashMap<String, Room>,
    /// The last message that was drained.
    last: Option<(Arc<str>, i64)>,
    /// The number of events that each run of another receiver has missed.
    missed: HashMap<String, u64>,
}

#[derive(Debug)]
struct Room {
    users: HashSet<String>,
    /// The run of the receiver that published all events of the room, if they were drained. Events of
    /// several receivers can be out of order, and another receiver reports a missed event too late.
    receiver: Option<String>,
}

impl Rosters {
    /// Checks, before the event of a message is decoded, whether events are missing since the last
    /// message. If so, clears the rosters.
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

    /// Decides between the readings of a record if only one is possible with the users in the room.
    pub(crate) fn resolve(&self, record: &mut Record) {
        let more = record.readings.len() == MAX_READINGS;
        if more || record.readings.is_empty() || record.value.is_some() {
            return;
        }
        let url_room = record.call.room.clone();
        let in_room = |event: &Event<'_>| url_room.as_deref().is_none_or(|r| event.room() == r);
        // The users of all rooms that the event can be about must be known.
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

    /// Returns whether the event is possible with the users in the room.
    fn can_be(&self, event: &Event<'_>) -> bool {
        let Some(Room { users, .. }) = self.rooms.get(event.room()) else {
            return true;
        };
        match (event, event.actor()) {
            // A user who enters is not in the room yet.
            (Event::Enter(_), _) | (_, None) => true,
            // A broadcast has no user.
            (Event::Chat(_), Some("")) => true,
            (_, Some(user)) => users.contains(user),
        }
    }

    /// Updates the rosters with a stored event.
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
            // All readings leave the users unchanged.
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
            // No exit event follows. The case of the name can differ from the real one.
            Event::Kick(kick) if kick.kind == KickKind::Remove => {
                let name = kick.to.to_lowercase();
                users.retain(|user| user.to_lowercase() != name);
            }
            _ => {}
        }
    }

    /// Removes the rooms that an undecodable event can be about.
    fn forget(&mut self, record: &Record) {
        match &record.call.room {
            Some(room) => {
                self.rooms.remove(room);
            }
            None => self.rooms.clear(),
        }
    }

    /// Removes all rooms, because an event is missing.
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
