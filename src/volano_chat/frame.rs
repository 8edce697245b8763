//! How the table of events becomes the tags that stand around their texts.

/// How the server frames an event: which tags stand where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// The element.
    pub(super) element: &'static str,
    /// The values of its attribute `type`; none if it has no such attribute.
    pub(super) types: &'static [&'static str],
    /// Its children, in the server's order.
    pub(super) children: &'static [&'static str],
    /// What a body begins with, one for each type: `<chat><room>`.
    pub(super) openings: &'static [&'static str],
    /// What stands between two texts, one fewer than there are children: `</room><user>`.
    pub(super) separators: &'static [&'static str],
    /// What a body ends with: `</message></chat>`.
    pub(super) closing: &'static str,
}

/// The most children that an element has.
pub(super) const MAX_CHILDREN: usize = 4;

impl Frame {
    /// Whether the text of this child is a numeric address, which never holds `<`.
    pub(super) fn is_address(&self, child: usize) -> bool {
        self.children.get(child) == Some(&"host")
    }
}

/// What a body begins with.
macro_rules! openings {
    ($element:literal $first:ident $($more:ident)*;) => {
        &[concat!("<", $element, "><", stringify!($first), ">")]
    };
    ($element:literal $first:ident $($more:ident)*; $($type:literal)+) => {
        openings!(@ $element $first $($type)+)
    };
    (@ $element:literal $first:ident $($type:literal)+) => {
        &[$(concat!("<", $element, " type=\"", $type, "\"><", stringify!($first), ">")),+]
    };
}

/// What stands between the texts.
macro_rules! separators {
    ([$($done:expr,)*] $last:ident) => {
        &[$($done),*]
    };
    ([$($done:expr,)*] $one:ident $next:ident $($more:ident)*) => {
        separators!(
            [$($done,)* concat!("</", stringify!($one), "><", stringify!($next), ">"),]
            $next $($more)*
        )
    };
}

/// What a body ends with.
macro_rules! closing {
    ($element:literal $last:ident) => {
        concat!("</", stringify!($last), "></", $element, ">")
    };
    ($element:literal $one:ident $($more:ident)+) => {
        closing!($element $($more)+)
    };
}

/// Takes the texts off the front of `$rest`, one after the other, each up to the tags that stand
/// behind it. Leaves the function with `None` where the next `<` begins no such tags.
macro_rules! texts {
    ($rest:ident $plain:ident $element:literal $last:ident) => {
        let ($last, $rest) = $plain($rest, concat!("</", stringify!($last), "></", $element, ">"))?;
    };
    ($rest:ident $plain:ident $element:literal $one:ident $next:ident $($more:ident)*) => {
        let ($one, $rest) =
            $plain($rest, concat!("</", stringify!($one), "><", stringify!($next), ">"))?;
        texts!($rest $plain $element $next $($more)*);
    };
}
