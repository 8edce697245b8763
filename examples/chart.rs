//! Draws the chart of speeds: the result of the comparison bench in, SVG out.
//!
//! ```text
//! cargo bench --bench compare -- --json > benches/speed.json
//! cargo run --example chart < benches/speed.json > benches/speed.svg
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// `{"CASE": {"PEER": RATIO, ...}, ...}`: how many times as long as this crate a peer takes.
type Ratios = BTreeMap<String, BTreeMap<String, f64>>;

/// What each case is called in the chart.
const CASES: &[(&str, &str)] = &[
    ("isl_light/parse/stop", "ISL Light: parse a STOP"),
    (
        "isl_light/parse/stop, caller's buffer",
        "ISL Light: the same, into a buffer of the caller",
    ),
    (
        "isl_light/parse/unescaped",
        "ISL Light: the same with nothing escaped",
    ),
    ("isl_light/write/stop", "ISL Light: write a STOP"),
    ("volano_chat/parse/chat", "VolanoChat: parse a message"),
    (
        "volano_chat/parse/pretty-printed",
        "VolanoChat: parse a pretty-printed message",
    ),
    (
        "volano_chat/write/chat",
        "VolanoChat: write a message as XML",
    ),
];

const WIDTH: f64 = 760.0;
/// Where the bars begin; their names end before it.
const LEFT: f64 = 216.0;
/// The room for the number after the longest bar.
const RIGHT: f64 = 60.0;
const HEADER: f64 = 50.0;
const LINE: f64 = 20.0;
const BAR: f64 = 13.0;
const GAP: f64 = 14.0;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let ratios: Ratios = serde_json::from_reader(io::stdin())?;
    print!("{}", chart(&ratios)?);
    Ok(())
}

/// A group of bars.
struct Case<'a> {
    title: &'a str,
    /// The bars, shortest first.
    bars: Vec<(&'a str, f64)>,
}

impl<'a> Case<'a> {
    fn new(name: &'a str, peers: &'a BTreeMap<String, f64>) -> Self {
        let title = CASES.iter().find(|case| case.0 == name);
        let peers = peers.iter().filter(|(peer, _)| does_the_same(peer));
        let mut bars = vec![("isl-volano", 1.0)];
        bars.extend(peers.map(|(peer, ratio)| (&**peer, *ratio)));
        bars.sort_by(|a, b| a.1.total_cmp(&b.1));
        Case {
            title: title.map_or(name, |case| case.1),
            bars,
        }
    }
}

/// Whether a side of the comparison does all of the work. Some only mark a limit.
fn does_the_same(peer: &str) -> bool {
    !peer.starts_with("limit:") && !peer.ends_with("iterating only")
}

fn chart(ratios: &Ratios) -> Result<String, std::fmt::Error> {
    let cases: Vec<_> = ratios
        .iter()
        .map(|(name, peers)| Case::new(name, peers))
        .collect();
    let bars = cases.iter().flat_map(|case| &case.bars);
    let longest = bars.map(|bar| bar.1).fold(1.0, f64::max);
    let scale = (WIDTH - LEFT - RIGHT) / longest;
    let lines: usize = cases.iter().map(|case| case.bars.len() + 1).sum();
    let height = HEADER + LINE * lines as f64 + GAP * (cases.len() + 1) as f64;

    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title desc">
<title id="title">Time to parse and write events, as multiples of isl-volano's time</title>
<desc id="desc">{description}</desc>
<style>
text {{ font: 13px system-ui, sans-serif; fill: #1f2328 }}
.background {{ fill: #ffffff }}
.head {{ font-weight: 600 }}
.note {{ fill: #59636e }}
.ours {{ fill: #1a7f37 }}
.peer {{ fill: #a5adb7 }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6edf3 }}
  .background {{ fill: #0d1117 }}
  .note {{ fill: #9198a1 }}
  .ours {{ fill: #3fb950 }}
  .peer {{ fill: #57606a }}
}}
</style>
<rect class="background" width="100%" height="100%"/>
<text class="head" x="16" y="26">Time for one event, as a multiple of isl-volano's</text>
<text class="note" x="16" y="46">Shorter is faster. Medians of paired rounds: cargo bench --bench compare.</text>
"#,
        description = escaped(&describe(&cases)?),
    );
    let mut y = HEADER;
    for case in &cases {
        y += GAP;
        writeln!(
            svg,
            r#"<text class="head" x="16" y="{:.0}">{}</text>"#,
            y + BAR,
            escaped(case.title)
        )?;
        y += LINE;
        for (name, ratio) in &case.bars {
            let class = if *name == "isl-volano" {
                "ours"
            } else {
                "peer"
            };
            let (width, baseline) = (ratio * scale, y + BAR - 2.0);
            writeln!(
                svg,
                r#"<text x="{:.0}" y="{baseline:.0}" text-anchor="end">{}</text><rect class="{class}" x="{LEFT}" y="{y:.0}" width="{width:.1}" height="{BAR}" rx="2"/><text x="{:.1}" y="{baseline:.0}">{}</text>"#,
                LEFT - 8.0,
                escaped(name),
                LEFT + width + 6.0,
                times(*ratio),
            )?;
            y += LINE;
        }
    }
    svg.push_str("</svg>\n");
    Ok(svg)
}

/// The same in words, for those who do not see it.
fn describe(cases: &[Case<'_>]) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    for case in cases {
        write!(text, "{}: ", case.title)?;
        for (at, (name, ratio)) in case.bars.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(text, "{comma}{name} {}", times(*ratio))?;
        }
        text.push_str(". ");
    }
    Ok(text.trim_end().to_owned())
}

/// `7.2×`, `38×`.
fn times(ratio: f64) -> String {
    if ratio < 10.0 && ratio != 1.0 {
        format!("{ratio:.1}×")
    } else {
        format!("{ratio:.0}×")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
