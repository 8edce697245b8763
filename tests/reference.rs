//! The tables of the guide's reference, generated from the crate's and compared.
//!
//! `UPDATE_REFERENCE=1 cargo test --test reference` writes them. What the last column of a table
//! says where the crate has no words for it is written by people, and kept.

#![cfg(all(feature = "isl-light", feature = "volano-chat"))]

mod common;
mod oracle;

use std::borrow::Cow;
use std::env;
use std::fs;
use std::time::Duration;

use common::{ENVELOPE, path};
use isl_volano::isl_light::{
    Address, DatabaseId, Event, Kind, Module, NetworkInterfaces, Notification, Parameter, Platform,
    SoftwareType, Transport, Version,
};
use isl_volano::time::OffsetDateTime;
use isl_volano::{ErrorKind, volano_chat};
use oracle::frame::{FRAMES, Reading};
use oracle::parameters::PARAMETERS;

/// The field of a parameter: its path in a notification, and its type.
struct Field {
    parameter: Parameter,
    path: String,
    kind: &'static str,
    /// The field of this notification, for comparing.
    show: fn(&Notification<'_>) -> String,
}

/// Defines the fields of the parameters. A path or type that is wrong does not compile.
macro_rules! fields {
    (
        envelope { $($parameter:ident $($path:ident).+: $kind:ty;)+ }
        optional { $($optional:ident $($optional_path:ident).+: $optional_kind:ty;)+ }
    ) => {
        fn fields() -> Vec<Field> {
            vec![
                $(Field {
                    parameter: Parameter::$parameter,
                    path: stringify!($($path).+).replace(' ', ""),
                    kind: stringify!($kind),
                    show: |notification| {
                        let field: &$kind = &notification.$($path).+;
                        format!("{field:?}")
                    },
                },)+
                $(Field {
                    parameter: Parameter::$optional,
                    path: stringify!($($optional_path).+).replace(' ', ""),
                    kind: stringify!($optional_kind),
                    show: |notification| {
                        let field: &Option<$optional_kind> = &notification.$($optional_path).+;
                        format!("{field:?}")
                    },
                },)+
            ]
        }
    };
}

type Text<'a> = Cow<'a, str>;

fields! {
    envelope {
    Timestamp timestamp: OffsetDateTime;
    Module module: Module<'_>;
    Event event: Event<'_>;
    ServerId server_id: i64;
    DomainId domain_id: DatabaseId<'_>;
    }
    optional {
    Reason reason.text: Text<'_>;
    ReasonSoftwareType reason.software_type: SoftwareType<'_>;
    ReasonAddress reason.address: Address<'_>;
    SessionId session.id: DatabaseId<'_>;
    CpuserId user.id: DatabaseId<'_>;
    CpuserEid user.external_id: Text<'_>;
    Cpuser user.full_name: Text<'_>;
    CpuserName user.name: Text<'_>;
    CpuserDomain user.domain: Text<'_>;
    CpuserDomainId user.domain_id: DatabaseId<'_>;
    CreatedTime session.created_time: OffsetDateTime;
    StartTime session.start_time: OffsetDateTime;
    TotalTransferredBytes session.total_transferred_bytes: u64;
    TotalConnectionTime session.total_connection_time: Duration;
    LastTransferredPacketTime session.last_transferred_packet_time: OffsetDateTime;
    TransportReconnects session.transport_reconnects: u64;
    GracefulExit session.graceful_exit: bool;
    DeskVersion desk.version: Version<'_>;
    DeskAddress desk.address: Address<'_>;
    DeskTransport desk.transport: Transport<'_>;
    DeskLanguage desk.language: Text<'_>;
    DeskNetworkInterfaces desk.network_interfaces: NetworkInterfaces<'_>;
    DeskPlatform desk.platform: Platform<'_>;
    DeskCode session.desk_code: Text<'_>;
    TextCode session.text_code: Text<'_>;
    ClientVersion client.version: Version<'_>;
    ClientAddress client.address: Address<'_>;
    ClientTransport client.transport: Transport<'_>;
    ClientLanguage client.language: Text<'_>;
    ClientNetworkInterfaces client.network_interfaces: NetworkInterfaces<'_>;
    ClientPlatform client.platform: Platform<'_>;
    }
}

impl Field {
    /// Returns the type as the docs show it.
    fn kind(&self) -> String {
        match self.kind.split('<').next().unwrap() {
            "Text" => "`Cow<str>`".to_owned(),
            "OffsetDateTime" => "[`OffsetDateTime`](crate::time::OffsetDateTime)".to_owned(),
            "Duration" => "[`Duration`](std::time::Duration)".to_owned(),
            "DatabaseId" | "Address" | "NetworkInterfaces" | "Version" | "Module" | "Event"
            | "SoftwareType" | "Transport" | "Platform" => {
                let name = self.kind.split('<').next().unwrap();
                format!("[`{name}`](crate::isl_light::{name})")
            }
            plain => format!("`{plain}`"),
        }
    }
}

/// Each parameter fills the field that the reference names, and no other.
#[test]
fn each_path_is_that_of_its_parameter() {
    let empty = Notification::parse(ENVELOPE).unwrap();
    // None of these is what the envelope has.
    let other = |name, sample| match name {
        "TIMESTAMP" => "1",
        "MODULE" => "ISL_GROOP",
        "EVENT" => "START",
        "SERVERID" => "1",
        "DOMAIN_ID" => "s1_0_1",
        _ => sample,
    };
    let fields = fields();
    let known: Vec<_> = fields.iter().map(|field| field.parameter).collect();
    assert_eq!(known, Parameter::ALL);
    for (field, documented) in fields.iter().zip(PARAMETERS) {
        let mut set = empty.clone();
        let value = other(documented.name, documented.sample);
        set.set(field.parameter, value).unwrap();
        for each in &fields {
            let changed = (each.show)(&set) != (each.show)(&empty);
            let is_it = each.parameter == field.parameter;
            assert_eq!(changed, is_it, "{}: {}", field.parameter, each.path);
        }
    }
}

/// The reference, with the tables that are generated in place.
struct Reference {
    text: String,
}

impl Reference {
    /// Returns where the table under a heading stands: its lines begin with `|`.
    fn table(&self, heading: &str) -> std::ops::Range<usize> {
        let heading = format!("\n# {heading}\n");
        let at = self.text.find(&heading).expect(&heading) + heading.len();
        let start = at + self.text[at..].find("\n|").expect(&heading) + 1;
        let end = self.text[start..].find("\n\n").map(|end| start + end + 1);
        start..end.unwrap_or(self.text.len())
    }

    /// Returns the last cell of the row that begins with this cell: words of people, kept.
    fn words(&self, heading: &str, first: &str) -> String {
        let table = &self.text[self.table(heading)];
        let row = table
            .lines()
            .find(|row| row.starts_with(&format!("| {first} |")));
        let cells = row.map(|row| row.trim_matches('|').split(" | "));
        let words = cells.and_then(Iterator::last).unwrap_or_default().trim();
        assert!(!words.is_empty(), "{heading}: no words about {first}");
        words.to_owned()
    }

    /// Puts a table in the place of the one under a heading.
    fn set(&mut self, heading: &str, columns: &[&str], rows: Vec<Vec<String>>) {
        let mut table = format!(
            "| {} |\n|{}\n",
            columns.join(" | "),
            "---|".repeat(columns.len())
        );
        for row in rows {
            assert_eq!(row.len(), columns.len());
            table += &format!("| {} |\n", row.join(" | ").replace("|  |", "| |"));
        }
        let range = self.table(heading);
        self.text.replace_range(range, &table);
    }
}

fn unit(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "a whole number, may be negative",
        Kind::Count => "a count",
        Kind::Bytes => "bytes",
        Kind::Seconds => "seconds",
        Kind::Timestamp => "seconds since 1970-01-01 UTC",
        Kind::Bool => "`1` or `0`",
        other => panic!("{other:?} has no words"),
    }
}

/// Which events carry a parameter, as far as the vendor says it.
fn carried_by(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Reason => "usually `STOP`",
        envelope if envelope.is_envelope() => "every event",
        _ => "—",
    }
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn codes<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<_> = texts.into_iter().map(code).collect();
    texts.join(", ")
}

/// Returns the name of a variant, as `Debug` shows it.
fn variant(value: &impl std::fmt::Debug) -> String {
    let shown = format!("{value:?}");
    let end = shown.find(|c: char| !c.is_alphanumeric());
    shown[..end.unwrap_or(shown.len())].to_owned()
}

fn parameters(reference: &mut Reference) {
    let rows = fields().into_iter().zip(PARAMETERS).map(|(field, known)| {
        let parameter = field.parameter;
        assert_eq!(parameter.name(), known.name);
        assert_eq!(variant(&parameter.kind()), variant(&known.kind));
        let (name, path) = (known.name, &field.path);
        vec![
            format!("`{name}`<br>{}", unit(parameter.kind())),
            format!("`{path}`<br>{}", field.kind()),
            parameter.description().to_owned(),
            carried_by(parameter).to_owned(),
        ]
    });
    let columns = ["parameter<br>unit", "field<br>type", "meaning", "sent with"];
    let rows = rows.collect();
    reference.set("Parameters of ISL Light", &columns, rows);
}

fn isl_events(reference: &mut Reference) {
    let heading = "Events of ISL Light";
    let rows = Event::KNOWN.iter().map(|event| {
        let name = code(event.as_str());
        let variant = variant(event);
        let link = format!("[`Event::{variant}`](crate::isl_light::Event::{variant})");
        let words = reference.words(heading, &name);
        vec![name, link, words]
    });
    let rows = rows.collect();
    reference.set(heading, &["`EVENT`", "type", "meaning"], rows);
}

fn named_values(reference: &mut Reference) {
    /// A row for each type: its known values.
    macro_rules! rows {
        ($($kind:ident: $($parameter:ident)+;)+) => {
            vec![$(vec![
                format!("[`{0}`](crate::isl_light::{0})", stringify!($kind)),
                codes([$(Parameter::$parameter.name()),+]),
                codes($kind::KNOWN.iter().map($kind::as_str)),
            ]),+]
        };
    }
    let rows = rows! {
        Module: Module;
        SoftwareType: ReasonSoftwareType;
        Transport: DeskTransport ClientTransport;
        Platform: DeskPlatform ClientPlatform;
    };
    let columns = ["type", "parameters", "values with a name"];
    reference.set("Values of ISL Light that have a name", &columns, rows);
}

fn elements(reference: &mut Reference) {
    let heading = "Elements of VolanoChat";
    let rows = FRAMES.iter().map(|frame| {
        let reading = Reading {
            element: frame.element,
            kind: frame.kinds()[0],
            texts: frame
                .children
                .iter()
                .map(|child| (*child, String::new()))
                .collect(),
        };
        let variant = variant(&reading.event());
        let element = code(frame.element);
        let words = reference.words(heading, &element);
        vec![
            element,
            codes(frame.types.iter().copied()),
            codes(frame.children.iter().copied()),
            format!("[`{variant}`](crate::volano_chat::{variant})"),
            words,
        ]
    });
    let columns = [
        "element",
        "`type`",
        "children, in this order",
        "type",
        "meaning",
    ];
    let rows = rows.collect();
    reference.set(heading, &columns, rows);
}

fn types(reference: &mut Reference) {
    use volano_chat::{KickKind, Membership};

    let heading = "Values of `type`";
    let mut rows = Vec::new();
    let mut add = |element: &str, name: &str, kind: &str, variant: String| {
        let first = code(name);
        let words = reference.words(heading, &first);
        let link = format!("[`{kind}::{variant}`](crate::volano_chat::{kind}::{variant})");
        rows.push(vec![first, code(element), link, words]);
    };
    for kind in Membership::ALL {
        add("enter", kind.as_str(), "Membership", variant(kind));
    }
    for kind in KickKind::ALL {
        add("kick", kind.as_str(), "KickKind", variant(kind));
    }
    // No element more has types.
    let documented: usize = FRAMES.iter().map(|frame| frame.types.len()).sum();
    assert_eq!(rows.len(), documented);
    reference.set(heading, &["`type`", "element", "type", "meaning"], rows);
}

fn children(reference: &mut Reference) {
    let heading = "Children of the elements";
    let mut names: Vec<_> = FRAMES.iter().flat_map(|frame| frame.children).collect();
    let mut seen = Vec::new();
    names.retain(|name| !seen.contains(name) && (seen.push(*name), true).1);
    let rows = names.into_iter().map(|child| {
        let with = FRAMES.iter().filter(|frame| frame.children.contains(child));
        let name = code(child);
        let words = reference.words(heading, &name);
        vec![name, codes(with.map(|frame| frame.element)), words]
    });
    let rows = rows.collect();
    reference.set(heading, &["child", "in", "meaning"], rows);
}

#[test]
fn the_reference_is_that_of_the_tables() {
    let file = path("../src/guide/reference.md");
    let kept = fs::read_to_string(&file).unwrap();
    let mut reference = Reference { text: kept.clone() };
    parameters(&mut reference);
    isl_events(&mut reference);
    named_values(&mut reference);
    elements(&mut reference);
    types(&mut reference);
    children(&mut reference);
    if env::var_os("UPDATE_REFERENCE").is_some() {
        fs::write(&file, &reference.text).unwrap();
    } else {
        for (kept, generated) in kept.lines().zip(reference.text.lines()) {
            assert_eq!(kept, generated);
        }
        assert_eq!(kept, reference.text);
    }
}

/// The guide says of every kind of error what it tells.
#[test]
fn the_guide_names_every_kind_of_error() {
    let page = fs::read_to_string(path("../src/guide/errors.md")).unwrap();
    let (_, tables) = page.split_once("# What the kinds tell you").unwrap();
    for kind in ErrorKind::ALL {
        assert!(tables.contains(&code(kind.as_str())), "{kind}");
    }
}

/// The page about events has every event.
#[test]
fn the_guide_names_every_event() {
    let page = fs::read_to_string(path("../src/guide/events.md")).unwrap();
    let isl = Event::KNOWN.iter().map(Event::as_str);
    for name in isl.chain(FRAMES.iter().map(|frame| frame.element)) {
        let rows = page.lines().filter(|line| line.starts_with("| "));
        let firsts: Vec<_> = rows.filter_map(|row| row.split(" | ").next()).collect();
        assert!(
            firsts.iter().any(|first| first.contains(&code(name))),
            "{name}"
        );
    }
}

/// The guide's handler for actix, which no doctest can run, is that of the package which is built
/// and tested.
#[test]
fn the_guide_shows_the_handler_that_is_built() {
    let page = fs::read_to_string(path("../src/guide/handlers.md")).unwrap();
    let (_, block) = page.split_once("```ignore\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let program = fs::read_to_string(path("../examples/actix/src/main.rs")).unwrap();
    assert!(program.contains(block));
    // And there is no other block that is not run.
    let pages = fs::read_dir(path("../src/guide")).unwrap();
    let ignored = pages.map(|page| {
        let text = fs::read_to_string(page.unwrap().path()).unwrap();
        ["ignore", "no_run", "compile_fail", "should_panic"]
            .map(|word| text.matches(&format!("```{word}")).count())
            .iter()
            .sum::<usize>()
    });
    assert_eq!(ignored.sum::<usize>(), 1);
}
