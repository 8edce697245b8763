//! Any bytes as a file of HTTP requests, split as the example `decode` does: the size of the pieces
//! does not change the result, and the bodies are those that were put in.

use arbitrary::{Result, Unstructured};

use crate::oracle::deceptive::assert_harmless;

#[path = "../../examples/decode/http.rs"]
mod http;

use http::{Sniffer, Splitter};

/// Splits the bytes themselves, and requests created from them.
pub fn run(data: &[u8]) {
    examine(data);
    if let Ok((stream, bodies)) = requests(&mut Unstructured::new(data)) {
        let expected: Vec<_> = bodies.into_iter().map(Ok).collect();
        assert_eq!(examine(&stream), expected);
        // A truncated stream gives a prefix of the bodies.
        let cut = stream.len() / 2 + data.len() % 32;
        let found = examine(&stream[..cut.min(stream.len())]);
        let whole = found.iter().take_while(|body| body.is_ok()).count();
        assert_eq!(found[..whole], expected[..whole]);
    }
}

/// A body, or the error and its offset.
type Outcome = std::result::Result<Vec<u8>, (u64, String)>;

fn examine(input: &[u8]) -> Vec<Outcome> {
    let outcomes = split(&[input], true);
    let bytes: Vec<_> = input.chunks(1).collect();
    let sevens: Vec<_> = input.chunks(7).collect();
    let pieces = pieces(input);
    for pieces in [&bytes, &sevens, &pieces] {
        for at_once in [false, true] {
            assert_eq!(split(pieces, at_once), outcomes);
        }
        assert_eq!(sniff(pieces), sniff(&[input]));
    }

    let mut length = 0;
    for (index, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Ok(body) => {
                assert!(!body.is_empty());
                assert_eq!(sniff(&[input]), Some(true));
                length += body.len();
            }
            Err((offset, message)) => {
                assert_eq!(index + 1, outcomes.len(), "an error is the end");
                assert!(*offset <= input.len() as u64, "{offset} is out of bounds");
                assert_harmless(message);
            }
        }
    }
    assert!(length <= input.len());
    outcomes
}

/// Reads the pieces, and collects the bodies after each piece or at the end.
fn split(pieces: &[&[u8]], at_once: bool) -> Vec<Outcome> {
    let mut splitter = Splitter::new();
    let mut outcomes = Vec::new();
    for piece in pieces {
        let mut piece = *piece;
        while !piece.is_empty() {
            splitter.read_from(&mut piece).expect("bytes can be read");
        }
        if !at_once {
            drain(&mut splitter, &mut outcomes);
        }
    }
    splitter.finish();
    drain(&mut splitter, &mut outcomes);
    assert!(splitter.next().is_none());
    outcomes
}

fn drain(splitter: &mut Splitter, outcomes: &mut Vec<Outcome>) {
    while let Some(next) = splitter.next() {
        outcomes.push(match next {
            Ok(body) => Ok(body.to_vec()),
            Err(error) => Err((error.offset, error.to_string())),
        });
    }
}

/// Returns the decision of the sniffer, which must not change.
fn sniff(pieces: &[&[u8]]) -> Option<bool> {
    let mut sniffer = Sniffer::new();
    let mut decision = None;
    for piece in pieces {
        let now = sniffer.feed(piece);
        assert!(decision.is_none() || now == decision);
        decision = now;
    }
    decision
}

/// Returns pieces with lengths taken from the bytes, some of them empty.
fn pieces(input: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let mut rest = input;
    for length in input {
        let piece;
        (piece, rest) = rest.split_at(usize::from(length % 32).min(rest.len()));
        pieces.push(piece);
    }
    pieces.push(rest);
    pieces
}

/// Creates a stream of requests, and their bodies.
fn requests(u: &mut Unstructured<'_>) -> Result<(Vec<u8>, Vec<Vec<u8>>)> {
    let mut stream = Vec::new();
    let mut bodies = Vec::new();
    for _ in 0..u.int_in_range(0..=4)? {
        let length = u.int_in_range(0..=80)?.min(u.len());
        let body = u.bytes(length)?.to_vec();
        let line_end = *u.choose(&["\r\n", "\r\n", "\n"])?;
        let mut head = format!(
            "POST /events?room=a HTTP/1.{}",
            u8::from(u.arbitrary::<bool>()?)
        );
        for header in ["Host: a", "Content-type: application/x-www-form-urlencoded"] {
            if u.arbitrary()? {
                head += &format!("{line_end}{header}");
            }
        }
        let chunked = u.ratio(1, 3)?;
        let framing = if chunked {
            u.choose(&["Transfer-Encoding: chunked", "transfer-encoding:CHUNKED"])?
                .to_string()
        } else {
            let name = u.choose(&["Content-Length:", "content-length: "])?;
            format!("{name}{}", body.len())
        };
        head += &format!("{line_end}{framing}{line_end}{line_end}");
        stream.extend_from_slice(head.as_bytes());
        if chunked {
            chunks(u, &body, line_end, &mut stream)?;
        } else {
            stream.extend_from_slice(&body);
        }
        // Some senders put an empty line after a body.
        let empty_line = u.choose(&["", "", "\r\n", "\n"])?;
        stream.extend_from_slice(empty_line.as_bytes());
        bodies.push(body);
    }
    // A request without a body is not a payload.
    bodies.retain(|body| !body.is_empty());
    Ok((stream, bodies))
}

/// Writes a body in chunks.
fn chunks(
    u: &mut Unstructured<'_>,
    body: &[u8],
    line_end: &str,
    stream: &mut Vec<u8>,
) -> Result<()> {
    let mut rest = body;
    while !rest.is_empty() {
        let chunk;
        (chunk, rest) = rest.split_at(u.int_in_range(1..=rest.len())?);
        let extension = u.choose(&["", "", ";a=b", " "])?;
        stream.extend_from_slice(format!("{:x}{extension}{line_end}", chunk.len()).as_bytes());
        stream.extend_from_slice(chunk);
        stream.extend_from_slice(line_end.as_bytes());
    }
    let trailer = if u.arbitrary()? { "" } else { "a: b" };
    stream.extend_from_slice(format!("0{line_end}").as_bytes());
    if !trailer.is_empty() {
        stream.extend_from_slice(format!("{trailer}{line_end}").as_bytes());
    }
    stream.extend_from_slice(line_end.as_bytes());
    Ok(())
}
