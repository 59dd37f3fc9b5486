//! Linear algebra over the integers for the few generators that turn out to depend on others.

/// A sparse row of integers: (column, value), columns ascending, no zeros.
pub(super) type IntegerRow = Vec<(u32, i64)>;

/// a·x + b·y.
pub(super) fn combine(a: i64, x: &[(u32, i64)], b: i64, y: &[(u32, i64)]) -> IntegerRow {
    let mut sum = IntegerRow::with_capacity(x.len() + y.len());
    let (mut i, mut j) = (0, 0);
    while i < x.len() || j < y.len() {
        let left = x.get(i).map_or(u32::MAX, |e| e.0);
        let right = y.get(j).map_or(u32::MAX, |e| e.0);
        let column = left.min(right);
        let mut value = 0;
        if left == column {
            value += a * x[i].1;
            i += 1;
        }
        if right == column {
            value += b * y[j].1;
            j += 1;
        }
        if value != 0 {
            sum.push((column, value));
        }
    }
    sum
}

/// The relations Σ cᵢ gᵢ = 0 found so far, each solved for one generator that appears in no other.
#[derive(Default)]
pub(super) struct Relations {
    rows: Vec<(u32, IntegerRow)>,
}

impl Relations {
    /// Adds a relation, if it does not follow from the known ones.
    pub(super) fn add(&mut self, row: &[(u32, i64)]) {
        let mut row = row.to_vec();
        for (pivot, known) in &self.rows {
            row = cleared(&row, *pivot, known);
        }
        let Some(&(pivot, _)) = row.iter().min_by_key(|(_, value)| value.abs()) else { return };
        for (_, known) in &mut self.rows {
            *known = cleared(known, pivot, &row);
        }
        self.rows.push((pivot, row));
    }

    /// Expresses every generator by the free ones, numbered from 0 in their order, and lists those.
    pub(super) fn resolve(&self, generators: usize) -> (Vec<Vec<(usize, f64)>>, Vec<usize>) {
        let mut number = vec![0; generators];
        self.rows.iter().for_each(|(pivot, _)| number[*pivot as usize] = usize::MAX);
        let free: Vec<usize> = (0..generators).filter(|&g| number[g] == 0).collect();
        free.iter().enumerate().for_each(|(i, &g)| number[g] = i);
        let mut by_free: Vec<Vec<(usize, f64)>> = number.iter().map(|&n| vec![(n, 1.0)]).collect();
        for (pivot, row) in &self.rows {
            let own = value_at(row, *pivot);
            let others = row.iter().filter(|(column, _)| column != pivot);
            by_free[*pivot as usize] = others
                .map(|&(column, value)| (number[column as usize], -(value as f64) / own as f64))
                .collect();
        }
        (by_free, free)
    }
}

fn value_at(row: &[(u32, i64)], column: u32) -> i64 {
    row.binary_search_by_key(&column, |e| e.0).map_or(0, |at| row[at].1)
}

/// A multiple of `row` plus a multiple of `by` without the column `pivot`, divided by the greatest common divisor.
fn cleared(row: &[(u32, i64)], pivot: u32, by: &[(u32, i64)]) -> IntegerRow {
    let value = value_at(row, pivot);
    if value == 0 {
        return row.to_vec();
    }
    let mut sum = combine(value_at(by, pivot), row, -value, by);
    let divisor = sum.iter().fold(0, |d, e| common_divisor(d, e.1.abs()));
    sum.iter_mut().for_each(|e| e.1 /= divisor);
    sum
}

fn common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependent_generators_are_written_by_the_free_ones() {
        let mut relations = Relations::default();
        relations.add(&[(0, 2), (1, -4), (3, 6)]);
        relations.add(&[(1, 1), (2, 1)]);
        relations.add(&[(0, 1), (2, 2), (3, 3)]);
        let (by_free, free) = relations.resolve(4);
        assert_eq!(free.len(), 2, "the third relation follows from the others");
        for row in [[2.0, -4.0, 0.0, 6.0], [0.0, 1.0, 1.0, 0.0]] {
            let mut sum = [0.0; 2];
            for (factor, parts) in row.iter().zip(&by_free) {
                parts.iter().for_each(|&(i, value)| sum[i] += factor * value);
            }
            assert_eq!(sum, [0.0; 2]);
        }
    }
}
