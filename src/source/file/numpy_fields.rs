//! Structured types of NumPy, such as (u, v): each field is an array of its own.

use crate::machine::Element;

/// A field of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub name: String,
    pub element: Element,
    /// Bytes before it in a record, and of the whole record.
    pub offset: usize,
    pub record: usize,
}

impl Field {
    /// Its numbers in bytes of whole records.
    pub fn decode(&self, bytes: &[u8]) -> Vec<f64> {
        let own = self.offset..self.offset + self.element.size();
        bytes
            .chunks_exact(self.record)
            .map(|record| self.element.decode(&record[own.clone()]))
            .collect()
    }
}

/// The fields of real numbers and integers of a type string such as `[('u', '<f8'), ('v', '<f8')]`; none where it is no
/// list of plain fields.
pub(super) fn fields(descriptor: &str) -> Vec<Field> {
    let mut found = Vec::new();
    let mut offset = 0;
    for (name, kind) in pairs(descriptor).unwrap_or_default() {
        let Some(size) = size(kind) else { return Vec::new() };
        if let Some(element) = Element::parse(kind) {
            found.push(Field { name: name.into(), element, offset, record: 0 });
        }
        offset += size;
    }
    found.iter_mut().for_each(|field| field.record = offset);
    found
}

/// Names and types of fields, if each has just these.
fn pairs(descriptor: &str) -> Option<Vec<(&str, &str)>> {
    let list = descriptor.trim().strip_prefix('[')?.strip_suffix(']')?;
    let mut words = list.split('\'');
    let mut found = Vec::new();
    loop {
        let before = words.next()?.trim().trim_start_matches(',').trim();
        let Some(name) = words.next() else {
            return (before == ")" || before == "),").then_some(found);
        };
        let opened =
            if found.is_empty() { before == "(" } else { before.replace(' ', "") == "),(" };
        let between = words.next()?.trim();
        let kind = words.next()?;
        if !opened || between != "," {
            return None;
        }
        found.push((name, kind));
    }
}

/// Bytes of a value of a type; those between fields have the type of nothing.
fn size(kind: &str) -> Option<usize> {
    let rest = kind.strip_prefix(['<', '>', '|', '='])?;
    let letter = rest.chars().next().filter(char::is_ascii_alphabetic)?;
    let count: usize = rest[1..].parse().ok()?;
    match letter {
        'U' => count.checked_mul(4),
        'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'V' => Some(count),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_with_their_places() {
        let of = |text: &str| {
            let found = fields(text);
            found.into_iter().map(|f| (f.name, f.offset, f.record)).collect::<Vec<_>>()
        };
        let named = |name: &str, offset, record| (name.to_string(), offset, record);
        assert_eq!(of("[('u', '<f8'), ('v', '<f4')]"), [named("u", 0, 12), named("v", 8, 12)]);
        assert_eq!(
            of("[('id', '|S3'), ('', '|V1'), ('u', '>f4'), ('z', '<c16')]"),
            [named("u", 4, 24)]
        );
        for other in
            ["'<f8'", "[('u', '<f8', (2,))]", "[('u', [('a', '<f8')])]", "[('u', '|O')]", "[]"]
        {
            assert_eq!(of(other), [], "{other}");
        }
        let field = &fields("[('u', '<i2'), ('v', '|i1')]")[1];
        assert_eq!(field.decode(&[1, 0, 0xff, 2, 0, 7]), [-1.0, 7.0]);
    }
}
