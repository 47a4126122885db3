//! Numbers that look random and are the same in every run.

use super::json::Json;

/// A xorshift generator with a multiplied output.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// One that starts from this number.
    pub fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give neighbouring sequences, and zero would give zeros.
        let mut made = Self(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1);
        (0..4).for_each(|_| {
            made.next();
        });
        made
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// From zero up to, and without, `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end.max(1)
    }

    /// From `first` to `last`, both included.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True in so many of a hundred cases.
    pub fn in_hundred(&mut self, cases: u64) -> bool {
        self.below(100) < cases
    }

    /// One of these.
    pub fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len() as u64) as usize]
    }

    /// So many hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::new();
        while text.len() < digits {
            text.push_str(&format!("{:012x}", self.next() >> 16));
        }
        text.truncate(digits);
        text
    }

    /// So many letters and digits.
    pub fn blob(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        (0..length).map(|_| char::from(LETTERS[self.below(62) as usize])).collect()
    }

    /// Between `first` and `last` items.
    pub fn several(
        &mut self,
        first: u64,
        last: u64,
        mut make: impl FnMut(&mut Self, u64) -> Json,
    ) -> Vec<Json> {
        (0..self.between(first, last)).map(|at| make(self, at)).collect()
    }
}
