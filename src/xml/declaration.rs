//! XML declarations and processing instructions.

use super::chars::{SPACE, is_name, is_space, split_near, trim_start};

/// Returns whether `raw` is an XML declaration (production 23, `XMLDecl`).
pub(crate) fn is_declaration(raw: &str) -> bool {
    let Some(mut rest) = raw
        .strip_prefix("<?xml")
        .and_then(|raw| raw.strip_suffix("?>"))
    else {
        return false;
    };
    let is_version = |value: &str| {
        let minor = value.strip_prefix("1.").unwrap_or_default();
        !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_encoding = |value: &str| {
        value.starts_with(|c: char| c.is_ascii_alphabetic())
            && value
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    };
    if !pseudo_attribute(&mut rest, "version").is_some_and(is_version) {
        return false;
    }
    for (name, is_value) in [
        ("encoding", &is_encoding as &dyn Fn(&str) -> bool),
        ("standalone", &|value| matches!(value, "yes" | "no")),
    ] {
        if rest.trim_ascii_start().starts_with(name)
            && !pseudo_attribute(&mut rest, name).is_some_and(is_value)
        {
            return false;
        }
    }
    is_space(rest)
}

/// Splits off white space, `name`, `=` and a quoted value. Returns the value.
fn pseudo_attribute<'a>(rest: &mut &'a str, name: &str) -> Option<&'a str> {
    let text = trim_start(rest);
    if text.len() == rest.len() {
        return None;
    }
    let text = trim_start(trim_start(text.strip_prefix(name)?).strip_prefix('=')?);
    let quote = text.bytes().next().filter(|c| matches!(c, b'"' | b'\''))?;
    let (value, after) = split_near(text.get(1..)?, quote)?;
    *rest = after;
    Some(value)
}

/// Returns whether `raw` is a processing instruction (production 16, `PI`), whose target is a name
/// other than `xml`.
pub(super) fn is_instruction(raw: &str) -> bool {
    let content = raw
        .strip_prefix("<?")
        .and_then(|raw| raw.strip_suffix("?>"));
    let target = content.unwrap_or_default().split(SPACE).next();
    target.is_some_and(|target| is_name(target) && !target.eq_ignore_ascii_case("xml"))
}
