//! Blocks of work to several threads; what comes of them is taken in order.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, Sender, TrySendError, channel, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// A block and its number.
type Numbered<B> = (u64, B);

/// What came of a block, its number, and the block itself if it may be filled again.
type Worked<J, B> = (u64, J, Option<B>);

/// Runs `work` on every block that `read` hands over, on this thread and on up to `threads - 1` more, and gives
/// what comes of each to `take` in order. A block that was worked on may be handed back to be filled again.
/// Threads are started when a second block comes: a short input needs none.
pub(crate) fn in_order<B: Send, J: Send, R>(
    threads: usize,
    work: impl Fn(B) -> (J, Option<B>) + Sync,
    read: impl FnOnce(&mut dyn FnMut(B) -> Option<B>) -> R,
    take: impl FnMut(J),
) -> R {
    let (to_work, blocks) = sync_channel(threads.max(1));
    let blocks = Mutex::new(blocks);
    let (done, worked) = channel();
    let mut order = Order { next: 0, early: BTreeMap::new(), take };
    thread::scope(|scope| {
        let mut count = 0;
        let mut spare = Vec::new();
        let read = read(&mut |block| {
            if count == 1 {
                for _ in 1..threads {
                    let (blocks, work, done) = (&blocks, &work, done.clone());
                    scope.spawn(move || worker(blocks, work, &done));
                }
            }
            let number = count;
            count += 1;
            // What nobody has hands free for is done here.
            let own = match threads > 1 && number > 0 {
                true => match to_work.try_send((number, block)) {
                    Ok(()) => None,
                    Err(TrySendError::Full((_, own)) | TrySendError::Disconnected((_, own))) => {
                        Some(own)
                    }
                },
                false => Some(block),
            };
            if let Some(block) = own {
                let (judged, used) = work(block);
                spare.extend(used);
                order.put(number, judged);
            }
            while let Ok((number, judged, used)) = worked.try_recv() {
                spare.extend(used);
                order.put(number, judged);
            }
            spare.pop()
        });
        drop(to_work);
        worker(&blocks, &work, &done);
        drop(done);
        worked.iter().for_each(|(number, judged, _)| order.put(number, judged));
        read
    })
}

/// Works on blocks until there are no more.
fn worker<B, J>(
    blocks: &Mutex<Receiver<Numbered<B>>>,
    work: &impl Fn(B) -> (J, Option<B>),
    done: &Sender<Worked<J, B>>,
) {
    let next = || blocks.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok((number, block)) = next() {
        let (judged, used) = work(block);
        // It is gone only where the whole run is.
        if done.send((number, judged, used)).is_err() {
            return;
        }
    }
}

/// Hands on in order what comes out of order.
struct Order<J, T> {
    next: u64,
    early: BTreeMap<u64, J>,
    take: T,
}

impl<J, T: FnMut(J)> Order<J, T> {
    fn put(&mut self, number: u64, judged: J) {
        self.early.insert(number, judged);
        while let Some(judged) = self.early.remove(&self.next) {
            self.next += 1;
            (self.take)(judged);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;

    /// Whatever the number of threads, all blocks are worked on and come in order.
    #[test]
    fn what_comes_is_in_order() {
        for threads in [0, 1, 2, 5] {
            for blocks in [0u64, 1, 2, 300] {
                let mut taken = Vec::new();
                let work = |block: u64| {
                    // Some take longer than those after them.
                    let turns = if block.is_multiple_of(7) { 20_000 } else { 10 };
                    let sum = (0..turns).fold(block, |sum, turn| sum ^ std::hint::black_box(turn));
                    std::hint::black_box(sum);
                    (block, Some(block))
                };
                let read = |sink: &mut dyn FnMut(u64) -> Option<u64>| {
                    for block in 0..blocks {
                        sink(block);
                    }
                    "read"
                };
                assert_eq!(in_order(threads, work, read, |block| taken.push(block)), "read");
                assert_eq!(taken, (0..blocks).collect::<Vec<_>>(), "{threads} threads");
            }
        }
    }
}
