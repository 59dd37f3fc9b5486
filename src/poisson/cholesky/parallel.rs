//! The factorisation: supernode by supernode, halves of the dissection in parallel.

use super::super::dissection::Subdomain;
use super::supernodal::{Factorisation, NotPositive, Waiting};
use super::worker::Worker;

impl Factorisation<'_> {
    /// Computes all values of L. Independent parts are factored by different threads.
    pub fn run(&self, whole: &Subdomain, values: &mut [f64]) -> Result<(), NotPositive> {
        self.part(whole, values).map(|_| ())
    }

    /// Factors the supernodes inside a part, whose values are given; returns the updates that later
    /// columns still need.
    fn part(&self, part: &Subdomain, values: &mut [f64]) -> Result<Vec<Waiting>, NotPositive> {
        let layout = self.layout;
        let inside = layout.inside(&part.range);
        let Some(halves) = &part.halves else {
            return Worker::new(self, inside.clone()).run(inside, Vec::new(), values);
        };
        let [a, b] = &**halves;
        let (in_a, in_b) = (layout.inside(&a.range), layout.inside(&b.range));
        let base = self.offset(inside.start);
        let split = self.offset(in_b.start) - base;
        let used = self.offset(in_b.end) - base;
        let (values_a, rest) = values.split_at_mut(split);
        let values_b = &mut rest[..used - split];
        assert_eq!(in_a.end, in_b.start, "a supernode across independent halves");
        let (from_a, from_b) = rayon::join(|| self.part(a, values_a), || self.part(b, values_b));
        let mut waiting = from_a?;
        waiting.append(&mut from_b?);
        let separators = layout.separators(part, &inside);
        Worker::new(self, inside).run(separators, waiting, values)
    }
}
