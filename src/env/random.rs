//! Randomness that repeats: the same seed and commit give the same numbers.

/// SplitMix64. Not for secrets of real value; a sandbox has none.
#[derive(Clone, PartialEq, Debug)]
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each `name` (a seed) and `turn` (a commit's number).
    pub fn new(name: &str, turn: u64) -> Self {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut random = Self(hash ^ turn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.next();
        random
    }

    #[expect(clippy::should_implement_trait, reason = "an endless sequence needs no Option")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// `length` characters of `0-9A-Za-z`.
    pub fn alphanumeric(&mut self, length: usize) -> String {
        const CHARACTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        (0..length).map(|_| char::from(CHARACTERS[(self.next() % 62) as usize])).collect()
    }

    /// `length` hexadecimal digits.
    pub fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from_digit((self.next() % 16) as u32, 16).expect("below 16")).collect()
    }

    /// A number in `0..below`.
    pub fn below(&mut self, below: u64) -> u64 {
        self.next() % below.max(1)
    }

    pub fn bytes16(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        bytes
    }
}
