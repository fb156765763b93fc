//! Digests: what is one, and what it is the digest of.

use super::{Digest, DigestError};

/// `sha256` of nothing, as every list of test vectors has it.
const OF_NOTHING: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn only_registered_algorithms_of_the_right_length_are_digests() {
    let cases = [
        (OF_NOTHING.to_owned(), None),
        (format!("sha512:{}", "0f".repeat(64)), None),
        (String::new(), Some(DigestError::Form)),
        ("sha256".to_owned(), Some(DigestError::Form)),
        (format!("sha256:{}", "F".repeat(64)), Some(DigestError::Form)),
        (format!("sha256:{}", "g".repeat(64)), Some(DigestError::Form)),
        (format!("sha256:{}é", "f".repeat(62)), Some(DigestError::Form)),
        (format!("sha256:{}", "f".repeat(63)), Some(DigestError::Length)),
        (format!("sha512:{}", "f".repeat(64)), Some(DigestError::Length)),
        (format!("sha384:{}", "f".repeat(96)), Some(DigestError::Algorithm)),
        (format!("md5:{}", "f".repeat(32)), Some(DigestError::Algorithm)),
        (format!("SHA256:{}", "f".repeat(64)), Some(DigestError::Algorithm)),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Digest>().err(), error, "{text}");
    }
}

#[test]
fn a_digest_is_of_the_bytes_by_its_own_algorithm() {
    let nothing: Digest = OF_NOTHING.parse().unwrap();
    assert_eq!(Digest::of(b""), nothing);
    assert_eq!(nothing.hex(), &OF_NOTHING[7..]);
    assert!(nothing.fits(b"") && !nothing.fits(b"{}"));
    let long: Digest = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
        47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        .parse()
        .unwrap();
    assert!(long.fits(b"") && !long.fits(b"{}"));
}
