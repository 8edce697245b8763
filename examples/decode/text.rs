//! Payloads as readable text.

use std::fmt::{Display, Write as _};
use std::iter::repeat_n;

use isl_volano::isl_light::{Kind, Module, Notification, Parameter, Value};
use isl_volano::volano_chat::Event;
use isl_volano::{ErrorKind, Family, Payload};
use time::OffsetDateTime;
use unicode_width::UnicodeWidthStr as _;

use crate::body::{Body, Decoded, Problem};
use crate::escape::{escaped, push_escaped};

/// The maximum number of characters shown of a text.
const SHOWN: usize = 200;
/// The width of the column of group names.
const GROUP: usize = "envelope".len();
/// The maximum number of readings shown of an ambiguous body.
const READINGS: usize = 4;

/// A writer of text.
#[derive(Debug, Default)]
pub(crate) struct Text {
    out: String,
    colour: bool,
    source: String,
}

#[derive(Debug, Clone, Copy)]
enum Ink {
    Bold = 1,
    Dim = 2,
    Red = 31,
    Cyan = 36,
}

// Writing to a `String` cannot fail.

impl Text {
    pub(crate) fn new(colour: bool) -> Self {
        Text {
            colour,
            ..Text::default()
        }
    }

    /// Returns the output since the last `clear`.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.out.as_bytes()
    }

    pub(crate) fn clear(&mut self) {
        self.out.clear();
    }

    /// Sets the source of the payloads that follow.
    pub(crate) fn source(&mut self, name: &str) {
        let out = std::mem::take(&mut self.out);
        self.paint(Ink::Cyan, escaped(name));
        self.source = std::mem::replace(&mut self.out, out);
    }

    /// Writes a decoded payload.
    pub(crate) fn event(&mut self, index: u64, body: &Body<'_>, decoded: &Decoded<'_>) {
        self.begin(index);
        match &decoded.event {
            Payload::IslLight(notification) => {
                let family = match &notification.module {
                    Module::IslLight => "ISL Light".to_owned(),
                    module => escaped(module.as_str()),
                };
                self.word(&family, Ink::Bold);
                self.word(&escaped(notification.event.as_str()), Ink::Bold);
                let _ = write!(self.out, "  {}", Date(notification.timestamp));
                self.end_heading(Some(body));
                self.notification(notification);
            }
            Payload::VolanoChat(event) => {
                self.word("VolanoChat", Ink::Bold);
                self.word(&Named(event).to_string(), Ink::Bold);
                self.end_heading(Some(body));
                self.texts("", 0, event);
            }
            _ => self.end_heading(Some(body)),
        }
        for error in &decoded.problems {
            self.problem_line(error);
        }
        if decoded.omitted_problems > 0 {
            self.problem_line(format_args!("{} more", decoded.omitted_problems));
        }
        self.out.push('\n');
    }

    /// Writes what lenient parsing left out of the fields.
    fn problem_line(&mut self, problem: impl Display) {
        self.word("problem", Ink::Red);
        let _ = writeln!(self.out, "   {}", escaped(&problem.to_string()));
    }

    /// Writes a payload that was not decoded.
    pub(crate) fn problem(&mut self, index: u64, body: Option<&Body<'_>>, problem: &Problem) {
        self.begin(index);
        match body.and_then(|body| body.family) {
            Some(Family::IslLight) => self.word("ISL", Ink::Bold),
            Some(Family::VolanoChat) => self.word("VolanoChat", Ink::Bold),
            _ => {}
        }
        self.word("not decoded", Ink::Red);
        let _ = write!(self.out, ": {}", problem.kind());
        self.end_heading(body);
        match (problem, body) {
            (Problem::Parse(error), Some(body)) => {
                for line in error.snippet(&body.bytes).to_string().lines() {
                    let _ = writeln!(self.out, "  {}", escaped(line));
                }
                if error.kind() == ErrorKind::Ambiguous
                    && let Ok(text) = str::from_utf8(&body.bytes)
                {
                    self.readings(text);
                }
            }
            _ => {
                let _ = writeln!(self.out, "  {}", escaped(&problem.message()));
            }
        }
        self.out.push('\n');
    }

    fn begin(&mut self, index: u64) {
        let _ = write!(self.out, "{} #{index}", self.source);
    }

    fn end_heading(&mut self, body: Option<&Body<'_>>) {
        if let Some(charset) = body.and_then(|body| body.guessed) {
            let _ = write!(self.out, "  (read as {}, not being UTF-8)", charset.name());
        }
        self.out.push('\n');
    }

    fn word(&mut self, word: &str, ink: Ink) {
        self.out.push_str("  ");
        self.paint(ink, word);
    }

    fn paint(&mut self, ink: Ink, text: impl Display) {
        let _ = if self.colour {
            write!(self.out, "\x1b[{}m{text}\x1b[0m", ink as u8)
        } else {
            write!(self.out, "{text}")
        };
    }

    fn notification(&mut self, notification: &Notification<'_>) {
        let width = Parameter::ALL.iter().map(|p| p.name().len()).max();
        let width = width.unwrap_or_default();
        for group in Group::ALL {
            let mut label = group.name();
            for &parameter in Parameter::ALL {
                if Group::of(parameter) != group {
                    continue;
                }
                let Some(value) = notification.get(parameter) else {
                    continue;
                };
                self.name(label, GROUP, parameter.name(), width);
                self.value(parameter, value);
                label = "";
            }
        }
        let mut label = "extra";
        for (name, value) in notification.extra.iter() {
            self.name(label, GROUP, &excerpt(name), width);
            self.text(value);
            label = "";
        }
    }

    /// Writes the texts of an event. The first line has the label, if there is a column for it.
    fn texts(&mut self, label: &str, label_width: usize, event: &Event<'_>) {
        let mut label = label;
        let width = event.texts().map(|(name, _)| name.len()).max();
        for (name, text) in event.texts() {
            self.name(label, label_width, name, width.unwrap_or_default());
            self.text(text);
            label = "";
        }
    }

    fn readings(&mut self, body: &str) {
        let mut readings = Event::readings(body);
        for (index, event) in readings.by_ref().take(READINGS).enumerate() {
            let label = format!("reading {}", index + 1);
            self.texts(&label, label.len(), &event);
        }
        if readings.next().is_some() {
            self.out.push_str("  and more\n");
        }
    }

    /// Begins a line with the name of the group, if it is the first of the group, and the name of
    /// the field.
    fn name(&mut self, label: &str, label_width: usize, name: &str, width: usize) {
        self.out.push_str("  ");
        if label_width > 0 {
            self.column(Ink::Dim, label, label_width);
        }
        self.column(Ink::Cyan, name, width);
    }

    /// Writes text in a column of this width, padded with blanks.
    fn column(&mut self, ink: Ink, text: &str, width: usize) {
        if !text.is_empty() {
            self.paint(ink, text);
        }
        let blanks = width.saturating_sub(text.width()) + "  ".len();
        self.out.extend(repeat_n(' ', blanks));
    }

    /// Ends a line with a value in readable form.
    fn value(&mut self, parameter: Parameter, value: Value<'_>) {
        let readable = match value {
            Value::Text(text) => return self.text(text),
            Value::Bool(flag) => Some(if flag { "yes" } else { "no" }.to_owned()),
            Value::Unsigned(number) => readable(number, parameter.kind()),
            _ => None,
        };
        match readable {
            Some(readable) => {
                self.out.push_str(&readable);
                self.paint(Ink::Dim, format_args!("  ({value})"));
            }
            None => {
                let _ = write!(self.out, "{value}");
            }
        }
        self.out.push('\n');
    }

    /// Ends a line with a text.
    fn text(&mut self, text: &str) {
        let text = excerpt(text);
        self.out.push_str(&text);
        self.out.push('\n');
    }
}

/// Returns text, escaped and shortened. It is quoted if it is empty, or begins or ends with a
/// blank.
fn excerpt(text: &str) -> String {
    let mut out = String::new();
    let quoted = text.is_empty() || text.starts_with([' ', '"']) || text.ends_with(' ');
    if quoted {
        out.push('"');
    }
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            push_escaped(&mut out, text.get(..end).unwrap_or_default());
            let _ = write!(out, "… ({} characters)", text.chars().count());
        }
        None => push_escaped(&mut out, text),
    }
    if quoted {
        out.push('"');
    }
    out
}

/// Returns a number with its unit, if it has one.
fn readable(number: u64, kind: Kind) -> Option<String> {
    match kind {
        Kind::Timestamp => {
            let seconds = i64::try_from(number).ok()?;
            let time = OffsetDateTime::from_unix_timestamp(seconds).ok()?;
            Some(Date(time).to_string())
        }
        Kind::Seconds => Some(duration(number)),
        Kind::Bytes => Some(bytes(number)),
        _ => None,
    }
}

/// Returns a duration in its two largest units.
fn duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (0, ..) => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// Returns a number of bytes in a larger unit.
fn bytes(number: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let mut units = UNITS.iter();
    let mut amount = number as f64;
    let mut unit = None;
    while amount >= 1024.0 {
        amount /= 1024.0;
        unit = units.next();
    }
    match unit {
        Some(unit) => format!("{amount:.1} {unit}"),
        None => format!("{number} bytes"),
    }
}

/// A point in time, such as `2008-03-23 20:26:03 UTC`.
struct Date(OffsetDateTime);

impl Display for Date {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Date(time) = self;
        write!(
            f,
            "{:04}-{:02}-{:02} {:02}:{:02}:{:02} UTC",
            time.year(),
            u8::from(time.month()),
            time.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

/// The name and kind of an event.
struct Named<'a>(&'a Event<'a>);

impl Display for Named<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name())?;
        match self.0.kind() {
            Some(kind) => write!(f, " {kind}"),
            None => Ok(()),
        }
    }
}

/// A group of parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Envelope,
    Reason,
    Session,
    User,
    Desk,
    Client,
}

impl Group {
    const ALL: [Group; 6] = [
        Group::Envelope,
        Group::Reason,
        Group::Session,
        Group::User,
        Group::Desk,
        Group::Client,
    ];

    fn name(self) -> &'static str {
        match self {
            Group::Envelope => "envelope",
            Group::Reason => "reason",
            Group::Session => "session",
            Group::User => "user",
            Group::Desk => "desk",
            Group::Client => "client",
        }
    }

    /// Returns the group by the beginning of the name, which also works for new parameters.
    fn of(parameter: Parameter) -> Group {
        let name = parameter.name();
        if parameter.is_envelope() {
            Group::Envelope
        } else if parameter == Parameter::DeskCode {
            Group::Session
        } else if name.starts_with("reason") {
            Group::Reason
        } else if name.starts_with("CPUSER") {
            Group::User
        } else if name.starts_with("desk") {
            Group::Desk
        } else if name.starts_with("client") {
            Group::Client
        } else {
            Group::Session
        }
    }
}
