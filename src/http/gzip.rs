//! Answers in gzip, to those who take it and where it is worth it.

use axum::{
    body::{Body, HttpBody as _},
    extract::Request,
    http::{
        HeaderMap, HeaderValue,
        header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, VARY},
        response::Parts,
    },
    middleware::Next,
    response::Response,
};
use flate2::{Compression, write::GzEncoder};
use http_body_util::BodyExt as _;
use std::io::Write as _;

/// What fits a packet gains nothing.
const LEAST: u64 = 1_400;
/// What takes milliseconds is done where nobody else waits for it.
const LONG: usize = 64 * 1024;

pub async fn squeezed(request: Request, next: Next) -> Response {
    let taken = takes_gzip(request.headers());
    let response = next.run(request).await;
    let is_long = response.body().size_hint().exact().is_some_and(|size| size >= LEAST);
    if !is_long || response.headers().contains_key(CONTENT_ENCODING) || !is_text(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    if !taken {
        return Response::from_parts(parts, body);
    }
    // It is in memory already, so that nothing can go wrong.
    let Ok(whole) = body.collect().await else { return Response::from_parts(parts, Body::empty()) };
    let whole = whole.to_bytes();
    let small = match whole.len() {
        0..LONG => gzip(&whole),
        _ => {
            let whole = whole.clone();
            tokio::task::spawn_blocking(move || gzip(&whole)).await.ok().flatten()
        }
    };
    match small {
        Some(small) => Response::from_parts(told(parts), Body::from(small)),
        None => Response::from_parts(parts, Body::from(whole)),
    }
}

fn told(mut parts: Parts) -> Parts {
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(CONTENT_LENGTH);
    parts
}

fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// Pictures and the like are small already.
fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/", "application/json", "application/xml", "image/svg"].iter().any(|text| kind.starts_with(text))
}

/// By RFC 9110: `gzip` or `*`, unless its weight is 0.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let all = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|header| header.to_str().ok()).flat_map(|header| header.split(','));
    let weights = all.filter_map(|coding| {
        let (name, rest) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = rest.split_once("q=").map_or(Some(1.0), |(_, weight)| weight.trim().parse::<f32>().ok())?;
        let rank = match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => 1,
            "*" => 0,
            _ => return None,
        };
        Some((rank, weight > 0.0))
    });
    weights.max_by_key(|(rank, _)| *rank).is_some_and(|(_, taken)| taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_taken_by_name_or_by_a_star() {
        let takes = |header: &'static str| takes_gzip(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static(header))]));
        for header in ["gzip", "br, gzip", "GZIP;q=0.5", "deflate, *", "*;q=0, gzip", "gzip; q=1.0"] {
            assert!(takes(header), "{header}");
        }
        for header in ["", "br", "gzip;q=0", "gzip; q=0.0, br", "*;q=0", "gzip;q=0, *", "gzip;q=x"] {
            assert!(!takes(header), "{header}");
        }
        assert!(!takes_gzip(&HeaderMap::new()));
    }
}
