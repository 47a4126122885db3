//! Short texts that come again and again: `Effect`, `Allow`, `tcp`, `eu-central-1`. Each thread remembers those
//! that came lately, so that a text that is there already is not made anew. What is remembered never shows but in
//! time and memory.

use std::cell::RefCell;
use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::Text;

/// Longer texts seldom come again, in bytes.
const SHORT: usize = 24;

/// How many texts a thread remembers: one for each value of ten bits of the hash.
const REMEMBERED: usize = 1 << 10;

thread_local! {
    static LATELY: RefCell<Vec<Option<Text>>> = const { RefCell::new(Vec::new()) };
}

/// A text with this content.
pub fn shared(text: &str) -> Text {
    if text.len() > SHORT {
        return Arc::from(text);
    }
    LATELY.with_borrow_mut(|lately| {
        if lately.is_empty() {
            lately.resize(REMEMBERED, None);
        }
        // The hash has a fixed seed: whoever chooses texts that collide has them made anew, no more.
        let hash = FixedState::default().hash_one(text.as_bytes());
        let bits = usize::try_from(hash).unwrap_or(0) & (REMEMBERED - 1);
        let Some(place) = lately.get_mut(bits) else { return Arc::from(text) };
        match place {
            Some(known) if **known == *text => Arc::clone(known),
            _ => Arc::clone(place.insert(Arc::from(text))),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::shared;

    #[test]
    fn a_text_that_comes_again_is_the_same() {
        let first = shared("Effect");
        assert!(Arc::ptr_eq(&first, &shared("Effect")));
        assert_eq!(&*shared("Action"), "Action");
        let long = "a text that is longer than what is remembered";
        assert!(!Arc::ptr_eq(&shared(long), &shared(long)));
        for n in 0..5000 {
            assert_eq!(*shared(&n.to_string()), *n.to_string());
        }
    }
}
