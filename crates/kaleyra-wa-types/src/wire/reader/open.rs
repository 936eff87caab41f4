//! Which arrays and objects are open, outermost first.

/// The arrays and objects around a value that is passed over, a bit for each: no recursion, however deep they are.
#[derive(Default)]
pub(super) struct Open {
    last: u64,
    earlier: Vec<u64>,
    depth: usize,
    pub(super) deepest: usize,
}

impl Open {
    pub(super) fn push(&mut self, is_object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.earlier.push(self.last);
        }
        self.last = self.last << 1 | u64::from(is_object);
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
    }

    /// An empty array or object.
    pub(super) fn touch(&mut self) {
        self.deepest = self.deepest.max(self.depth + 1);
    }

    pub(super) fn last(&self) -> Option<bool> {
        (self.depth > 0).then_some(self.last & 1 == 1)
    }

    pub(super) fn pop(&mut self) {
        self.last >>= 1;
        self.depth -= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.last = self.earlier.pop().unwrap_or_default();
        }
    }
}
