//! How Healthie signs a delivery. Not RFC 9421, though the headers look like it.

use ring::{digest, hmac};

/// The value of `Signature-Input`. Assumed: only the list of the parts is documented.
pub const SIGNATURE_INPUT: &str = r#"sig1=("@method" "@path" "@query" "content-digest" "content-type" "content-length")"#;

/// What a receiver needs to check that a body is ours.
#[derive(Debug, PartialEq)]
pub struct Signature {
    /// SHA-256 of the body in hexadecimal digits.
    pub digest: String,
    /// HMAC-SHA256 in hexadecimal digits.
    pub signature: String,
}

/// Signs what is posted to `path`. Documented: the key is the whole secret, `whsec_` included; a query goes without its
/// question mark, and where there is none two spaces meet.
pub fn sign(secret: &str, path: &str, query: &str, body: &[u8]) -> Signature {
    let digest = hex(digest::digest(&digest::SHA256, body).as_ref());
    let signed = format!("post {path} {query} {digest} application/json {}", body.len());
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let signature = hex(hmac::sign(&key, signed.as_bytes()).as_ref());
    Signature { digest, signature }
}

impl Signature {
    pub fn content_digest(&self) -> String {
        format!("SHA-256={}", self.digest)
    }

    /// The value of `Signature`.
    pub fn header(&self) -> String {
        format!("sig1={}", self.signature)
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)])));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_emulator_test_secret";
    const BODY: &[u8] =
        br#"{"resource_id":72499,"resource_id_type":"Appointment","event_type":"appointment.updated","changed_fields":["date","pm_status"]}"#;

    #[test]
    fn a_delivery_is_signed_as_published() {
        assert_eq!(BODY.len(), 127);
        let signed = sign(SECRET, "/webhooks/healthie", "", BODY);
        assert_eq!(signed.content_digest(), "SHA-256=53f1ac646c1c69cca0690496b19cac84007f145c7c247849ef48c09f20c5ba70");
        assert_eq!(signed.header(), "sig1=5cf1ce95d06188aebbc923f03eebed31d76e128206bc8501560d6c3751b43b49");
    }

    #[test]
    fn the_query_of_the_address_is_signed_too() {
        let signed = sign(SECRET, "/webhooks/healthie", "practiceId=42", BODY);
        assert_eq!(signed.signature, "cc6efb2d5ad25e99ebaa0ae710642d8868170e1a64391044681fa131eacf3d09");
    }
}
