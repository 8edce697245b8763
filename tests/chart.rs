//! The chart of speeds is drawn from the figures beside it.

mod common;

use std::fs;
use std::process::{Command, Stdio};

use common::{build_example, path};

#[test]
fn the_chart_shows_the_figures() {
    let figures = fs::File::open(path("../benches/speed.json")).unwrap();
    let drawn = Command::new(build_example("chart"))
        .stdin(Stdio::from(figures))
        .output()
        .unwrap();
    assert!(drawn.status.success());
    let kept = fs::read_to_string(path("../benches/speed.svg")).unwrap();
    assert!(
        kept == String::from_utf8(drawn.stdout).unwrap(),
        "`cargo run --example chart < benches/speed.json > benches/speed.svg` draws it again"
    );
}

/// Every figure is in the chart, but for those of sides that do less than the whole work.
#[test]
fn the_chart_leaves_no_peer_out() {
    let figures = fs::read_to_string(path("../benches/speed.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    let chart = fs::read_to_string(path("../benches/speed.svg")).unwrap();
    let peers = figures.as_object().unwrap().values();
    let peers = peers.flat_map(|peers| peers.as_object().unwrap().keys());
    let whole = peers.filter(|peer| !peer.starts_with("limit: ") && !peer.ends_with(" only"));
    let bars = chart.matches("class=\"peer\"").count();
    assert_eq!(bars, whole.count());
    let cases = figures.as_object().unwrap().len();
    assert_eq!(chart.matches("class=\"ours\"").count(), cases);
    assert!(!chart.contains("isl_light/"), "a case without a title");
    assert!(!chart.contains("volano_chat/"), "a case without a title");
}

/// The README's table has the figures of the chart, rounded in the same way.
#[test]
fn the_readme_has_the_same_figures() {
    let figures = fs::read_to_string(path("../benches/speed.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    let readme = fs::read_to_string(path("../README.md")).unwrap();
    let table = readme.split("## Speed").nth(1).unwrap();
    let times: Vec<_> = table
        .lines()
        .take_while(|line| !line.starts_with("In a clone"))
        .filter_map(|line| line.split('|').nth(5)?.trim().strip_suffix(" times"))
        .collect();
    let rows = [
        ("isl_light/parse/stop", "serde_urlencoded"),
        ("isl_light/parse/stop", "memchr by hand"),
        ("isl_light/parse/stop, caller's buffer", "serde_urlencoded"),
        ("isl_light/parse/unescaped", "serde_urlencoded"),
        ("isl_light/parse/unescaped", "memchr by hand"),
        ("isl_light/write/stop", "serde_urlencoded"),
        ("volano_chat/parse/chat", "quick-xml serde"),
        ("volano_chat/parse/chat", "quick-xml events"),
        ("volano_chat/parse/pretty-printed", "quick-xml serde"),
        ("volano_chat/parse/pretty-printed", "quick-xml events"),
        ("volano_chat/write/chat", "quick-xml serde"),
    ];
    let expected = rows.map(|(case, peer)| match figures[case][peer].as_f64() {
        Some(ratio) if ratio < 10.0 => format!("{ratio:.1}"),
        Some(ratio) => format!("{ratio:.0}"),
        None => panic!("{case}: {peer}"),
    });
    assert_eq!(times, expected);
}
