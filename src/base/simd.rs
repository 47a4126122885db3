//! Bytes of a text, many at a time.
//!
//! x86-64 has SSE2 on every machine, so nothing is chosen at run time; on other machines eight bytes are
//! looked at together in an integer. Wider registers gain nothing here: most strings of a snapshot are
//! shorter than sixteen bytes. The only module with unsafe code.

/// Where a JSON string stops to be plain, from a byte on: at a quote, a backslash or a control character;
/// the length of the text where none comes.
#[inline]
pub fn plain_until(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        match first_stop(block) {
            Some(stop) => return at + stop,
            None => at += BLOCK,
        }
    }
    while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        at += 1;
    }
    at
}

#[cfg(target_arch = "x86_64")]
use sse2::{BLOCK, first_stop};

#[cfg(not(target_arch = "x86_64"))]
use swar::{BLOCK, first_stop};

#[cfg(target_arch = "x86_64")]
mod sse2 {
    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128,
        _mm_set1_epi8,
    };

    pub(super) const BLOCK: usize = 16;

    /// The first byte of the block that is a quote, a backslash or a control character.
    #[inline]
    #[expect(unsafe_code, reason = "vector instructions")]
    #[expect(clippy::cast_possible_wrap, reason = "bytes are compared, not counted with")]
    #[expect(clippy::cast_ptr_alignment, reason = "the load is one for any address")]
    pub(super) fn first_stop(block: &[u8; BLOCK]) -> Option<usize> {
        // SAFETY: SSE2 is part of x86-64. The load reads the sixteen bytes of `block`, from whatever
        // address.
        let stops = unsafe {
            let bytes = _mm_loadu_si128(block.as_ptr().cast::<__m128i>());
            let is = |byte: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte as i8));
            let control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
            _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(is(b'"'), is(b'\\')), control))
        };
        (stops != 0).then(|| stops.trailing_zeros() as usize)
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod swar {
    pub(super) const BLOCK: usize = 8;

    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    /// The first byte of the block that is a quote, a backslash or a control character.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as with wider blocks")]
    pub(super) fn first_stop(block: &[u8; BLOCK]) -> Option<usize> {
        let bytes = u64::from_le_bytes(*block);
        // The high bit of each byte that is less than `n` (1 to 128) itself; a borrow may set one above
        // the first that is, which does not matter.
        let below = |bytes: u64, n: u64| bytes.wrapping_sub(ONES * n) & !bytes & HIGH;
        let is = |byte: u8| below(bytes ^ (ONES * u64::from(byte)), 1);
        let stops = is(b'"') | is(b'\\') | below(bytes, 0x20);
        (stops != 0).then(|| stops.trailing_zeros() as usize / 8)
    }
}

#[cfg(test)]
mod tests {
    use super::{plain_until, swar};

    fn one_by_one(bytes: &[u8], from: usize) -> usize {
        let stop = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        from + bytes.iter().skip(from).position(stop).unwrap_or(bytes.len() - from)
    }

    /// Every byte at every place of texts around the length of a block.
    #[test]
    fn every_byte_stops_where_it_should() {
        for length in 0..40usize {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'x'; length];
                    text[at] = byte;
                    for from in [0, at / 2, at] {
                        assert_eq!(plain_until(&text, from), one_by_one(&text, from));
                    }
                }
            }
        }
    }

    #[test]
    fn eight_bytes_in_an_integer_stop_where_one_by_one_does() {
        let mut seed = 1u64;
        for _ in 0..200_000 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let block = (seed ^ (seed >> 29)).to_le_bytes();
            let expected = one_by_one(&block, 0);
            assert_eq!(swar::first_stop(&block).unwrap_or(8), expected, "{block:?}");
        }
        let plain = [0x20, 0x7f, 0x80, 0xff, b'!', b'#', b'[', b']'];
        assert_eq!(swar::first_stop(&plain), None);
    }
}
