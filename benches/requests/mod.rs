//! Raw HTTP requests, concatenated: splitting by Content-Length, and writing.

use std::fmt::Write as _;

use memchr::memmem::Finder;

/// Returns the bodies of requests in the format of a server such as VolanoChat's.
///
/// For benches only: it stops at anything else.
pub(crate) fn bodies(requests: &[u8]) -> impl Iterator<Item = &[u8]> {
    let length = Finder::new("\r\nContent-Length: ");
    let end = Finder::new("\r\n\r\n");
    let mut rest = requests;
    std::iter::from_fn(move || {
        let (head, after) = rest.split_at_checked(end.find(rest)? + end.needle().len())?;
        let digits = head.get(length.find(head)? + length.needle().len()..)?;
        let length = digits
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0, |length, digit| 10 * length + usize::from(digit - b'0'));
        let body;
        (body, rest) = after.split_at_checked(length)?;
        Some(body)
    })
}

/// Returns a request with this body, as ISL Conference Proxy posts it.
#[allow(dead_code, reason = "not every bench makes requests")]
pub(crate) fn push_request(requests: &mut String, body: &str) {
    let length = body.len();
    let written = write!(
        requests,
        "POST /cb/isl HTTP/1.1\r\nHost: 127.0.0.1:28910\r\nAccept: */*\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}",
    );
    written.expect("a string takes everything");
}
