//! `/files/…`: the files of records, to and from whoever has a link that is still good by its sandbox's clock.

use super::{Server, body, control::Refused, respond};
use crate::engine::{
    Row,
    files::{self, Link},
    table,
};
use crate::sandboxes::Sandbox;
use crate::schema::{Named, names::FileUpload};
use crate::state::{Record, Value};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use std::{fmt::Write as _, sync::Arc};

/// What a link leads to.
struct Found {
    sandbox: Arc<Sandbox>,
    link: Link,
}

pub async fn fetch(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Refused> {
    let Found { sandbox, link } = find(&server, &request)?;
    let record = record(&sandbox, link)?;
    if request.method() == Method::GET {
        sandbox.world.fetched(link);
    }
    let name = request.uri().path().rsplit('/').next().unwrap_or_default();
    Ok(match record.get(link.slot) {
        Value::File(file) => served(&file.bytes, &file.content_type, name),
        _ => without_contents(name),
    })
}

/// Takes a file that was announced, as it was announced.
pub async fn put(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Refused> {
    let Found { sandbox, link } = find(&server, &request)?;
    if link.of != FileUpload::TYPE {
        return Err(Refused::new(405, "method_not_allowed", "this link is for reading a file; nothing can be put there"));
    }
    let announced = Row::<FileUpload>::new(record(&sandbox, link)?);
    let sent = body::read(request.into_body()).await?;
    let (size, checksum) = (announced.get(FileUpload::byte_size), announced.get(FileUpload::checksum));
    if size != i64::try_from(sent.len()).ok() {
        let message = format!("{} bytes were announced, {} came", size.unwrap_or_default(), sent.len());
        return Err(Refused::new(400, "bad_size", message));
    }
    let digest = STANDARD.encode(*md5::compute(&sent));
    if checksum != Some(&*digest) {
        let message = format!("the MD5 {} was announced, in base64, that of what came is {digest}", checksum.unwrap_or_default());
        return Err(Refused::new(400, "bad_checksum", message));
    }
    let content_type = announced.get(FileUpload::content_type).unwrap_or(files::UNKNOWN);
    let file = files::keep(announced.get(FileUpload::filename), content_type, &sent);
    sandbox.world.change("upload", |tx| {
        // It may have been attached, or dropped, meanwhile.
        if let Some(known) = tx.state().get(table(link.of), link.id) {
            let mut known = Record::clone(known);
            known.set(FileUpload::file.slot, Value::File(file));
            tx.put(table(link.of), known);
        }
    });
    let mut response = respond::written(StatusCode::NO_CONTENT, vec![]);
    response.headers_mut().remove(CONTENT_TYPE);
    *response.body_mut() = Body::empty();
    Ok(response)
}

fn record(sandbox: &Sandbox, link: Link) -> Result<Arc<Record>, Refused> {
    let gone = || Refused::not_found("the record that this link is about is gone");
    sandbox.world.snapshot().state.get(table(link.of), link.id).cloned().ok_or_else(gone)
}

fn find(server: &Server, request: &Request) -> Result<Found, Refused> {
    let address = request.uri().path_and_query().map_or("", |whole| whole.as_str());
    let forged = || Refused::new(403, "bad_link", "this link was not made by this server, or has been changed; ask the API for a new one");
    let (name, rest) = address.strip_prefix("/files/").and_then(|rest| rest.split_once('/')).ok_or_else(forged)?;
    let link = Link::read(name, rest).ok_or_else(forged)?;
    let sandbox = server.sandboxes.get(name).ok_or_else(|| Refused::not_found(format!("there is no sandbox {name:?} any more")))?;
    let now = sandbox.world.now();
    if now.as_second() > link.expires {
        let until = Timestamp::from_second(link.expires).map_or_else(|_| link.expires.to_string(), |until| until.to_string());
        let message = format!("this link was good until {until}, and the sandbox's clock says {now}; ask the API for a new one");
        return Err(Refused::new(403, "link_expired", message));
    }
    Ok(Found { sandbox, link })
}

fn served(bytes: &[u8], content_type: &str, name: &str) -> Response {
    let mut response = respond::written(StatusCode::OK, bytes.to_vec());
    let headers = response.headers_mut();
    let unknown = HeaderValue::from_static(files::UNKNOWN);
    headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap_or(unknown));
    let shown = HeaderValue::from_str(&format!("inline; filename=\"{name}\""));
    headers.insert(CONTENT_DISPOSITION, shown.unwrap_or(HeaderValue::from_static("inline")));
    is_no_page(headers);
    response
}

/// A page that somebody uploaded runs nothing here.
fn is_no_page(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
}

/// Seeds say what a file is called, not what is in it. A client that opens it finds a file of that kind, as far as a small one can
/// be made, which says so.
fn without_contents(name: &str) -> Response {
    const SAYS: &str = "This record was made without the contents of its file.";
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    match extension.as_deref() {
        Some("pdf") => served(page(SAYS).as_bytes(), "application/pdf", name),
        Some("png" | "jpg" | "jpeg" | "gif" | "webp" | "heic" | "tiff") => served(DOT, "image/png", name),
        _ => served(SAYS.as_bytes(), "text/plain; charset=utf-8", name),
    }
}

/// One transparent pixel.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\x0bIDATx\xdac`\0\x02\0\0\x05\0\x01\xe9\xfa\xdc\xd8\0\0\0\0IEND\xaeB`\x82";

/// A PDF of one line.
fn page(line: &str) -> String {
    let text = format!("BT /F1 12 Tf 40 740 Td ({line}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut pdf = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", pdf.len());
        let _ = writeln!(pdf, "{} 0 obj\n{object}\nendobj", at + 1);
    }
    let start = pdf.len();
    pdf + &format!("xref\n0 6\n0000000000 65535 f \n{places}trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n")
}
