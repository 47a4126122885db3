//! Ending a run early, from another thread.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What an answer says that was ended early.
pub(super) const CANCELLED: &str = "the run was cancelled before all was read and judged";

/// A switch that ends runs early. Clones are the same switch; once on, it stays on.
///
/// A run that is ended gives an answer all the same: what was found stands, the assessment is incomplete,
/// and no control that has not failed is more than `undetermined`.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// A switch that is off.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the runs that look at it: within one block of an input and one control on one subject.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it is on.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// An input that ends where the switch is turned on.
pub(super) struct Guarded<R> {
    pub bytes: R,
    pub cancel: Cancel,
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.cancel.is_cancelled() {
            return Err(io::Error::other(CANCELLED));
        }
        self.bytes.read(buffer)
    }
}
