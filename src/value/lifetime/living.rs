//! Who is still a customer, of many at once.

use super::{Summary, memo::Memo, outlook::Ready};
use alloc::vec::Vec;

/// How many are looked at side by side: few enough for the nearest memory.
pub(super) const BLOCK: usize = 256;

/// Each customer, what is carried with them, and the probability that they are still one. Customers are taken a block at a time, and those
/// of whom it is told by a formula go through it in the lanes of the processor: to the last bit as if they came alone.
pub(super) struct Living<I: Iterator> {
    model: Ready,
    customers: I,
    known: Memo,
    block: Vec<I::Item>,
    alive: [f64; BLOCK],
    /// How many of the block were given out.
    given: usize,
}

impl<T: Copy, I: Iterator<Item = (Summary, T)>> Living<I> {
    pub(super) fn new(model: Ready, customers: I) -> Living<I> {
        Living { model, customers, known: Memo::new(), block: Vec::with_capacity(BLOCK), alive: [1.0; BLOCK], given: 0 }
    }

    #[cold]
    fn next_block(&mut self) {
        self.given = 0;
        self.block.clear();
        self.block.extend(self.customers.by_ref().take(BLOCK));
        match &self.model {
            Ready::Coin(model) if model.at_random() => model.alive_side_by_side(&self.block, &mut self.alive),
            model => {
                for ((customer, _), alive) in self.block.iter().zip(&mut self.alive) {
                    *alive = self.known.get((*customer).into(), || model.alive(*customer));
                }
            }
        }
    }
}

impl<T: Copy, I: Iterator<Item = (Summary, T)>> Iterator for Living<I> {
    type Item = (Summary, T, f64);

    #[inline]
    fn next(&mut self) -> Option<(Summary, T, f64)> {
        if self.given == self.block.len() {
            self.next_block();
        }
        let ((customer, carried), alive) = (*self.block.get(self.given)?, *self.alive.get(self.given)?);
        self.given += 1;
        Some((customer, carried, alive))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let (waiting, (least, most)) = (self.block.len() - self.given, self.customers.size_hint());
        (least.saturating_add(waiting), most.and_then(|most| most.checked_add(waiting)))
    }
}
