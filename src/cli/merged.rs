//! Messages that differ in their numbers only, as one with ranges.

/// Messages of a few kinds, in the order in which they came first.
#[derive(Debug, Default)]
pub struct Merged(Vec<MessageKind>);

#[derive(Debug)]
struct MessageKind {
    /// The text between the numbers.
    text: Vec<String>,
    /// The least and the largest of each number, as they were written.
    numbers: Vec<[(f64, String); 2]>,
    first: String,
    count: usize,
}

impl Merged {
    /// Counts a message in.
    pub fn add(&mut self, message: &str) {
        let (text, numbers) = taken_apart(message);
        let Some(kind) = self.0.iter_mut().find(|kind| kind.text == text) else {
            let numbers = numbers.into_iter().map(|number| [number.clone(), number]).collect();
            self.0.push(MessageKind { text, numbers, first: message.into(), count: 1 });
            return;
        };
        kind.count += 1;
        for ([least, largest], number) in kind.numbers.iter_mut().zip(numbers) {
            if number.0 < least.0 {
                *least = number;
            } else if number.0 > largest.0 {
                *largest = number;
            }
        }
    }

    /// Each kind with ranges in place of numbers that differ, and how often it came.
    pub fn ranges(&self) -> Vec<(String, usize)> {
        self.0.iter().map(|kind| (kind.in_words(), kind.count)).collect()
    }

    /// The first message of each kind, and how often it came.
    pub fn firsts(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|kind| (kind.first.as_str(), kind.count))
    }
}

impl MessageKind {
    fn in_words(&self) -> String {
        let mut words = self.text[0].clone();
        for ([least, largest], text) in self.numbers.iter().zip(&self.text[1..]) {
            words += &least.1;
            if largest.0 > least.0 {
                words += " to ";
                words += &largest.1;
            }
            words += text;
        }
        words
    }
}

/// The text around the numbers of a message, and these. Digits within a word are not numbers.
fn taken_apart(message: &str) -> (Vec<String>, Vec<(f64, String)>) {
    let (mut text, mut numbers) = (vec![String::new()], Vec::new());
    let mut rest = message;
    let mut in_word = false;
    while let Some(c) = rest.chars().next() {
        let length = if in_word { 0 } else { number_at(rest) };
        if length > 0 {
            let (number, after) = rest.split_at(length);
            numbers.push((number.parse().unwrap_or(f64::NAN), number.into()));
            text.push(String::new());
            rest = after;
            continue;
        }
        in_word = c.is_alphanumeric() || c == '_';
        text.last_mut().expect("one to begin with").push(c);
        rest = &rest[c.len_utf8()..];
    }
    (text, numbers)
}

/// How many bytes of a number the text begins with: digits, a point with digits, a power of ten.
fn number_at(text: &str) -> usize {
    let digits = |from: usize| {
        text.as_bytes()[from..].iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut length = digits(0);
    if length == 0 {
        return 0;
    }
    if text[length..].starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if let Some(power) = text[length..].strip_prefix('e') {
        let sign = usize::from(power.starts_with(['-', '+']));
        if digits(length + 1 + sign) > 0 {
            length += 1 + sign + digits(length + 1 + sign);
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_a_kind_become_one_with_ranges() {
        let mut merged = Merged::default();
        for (lost, residual) in [("1.5", "2e-12"), ("1.0", "1e-12"), ("30.0", "5.0e-11")] {
            merged.add(&format!("u10 loses {lost} % of the energy, {residual} at most 1.0e-12"));
            merged.add("zero everywhere");
        }
        let expected = "u10 loses 1.0 to 30.0 % of the energy, 1e-12 to 5.0e-11 at most 1.0e-12";
        assert_eq!(merged.ranges(), [(expected.into(), 3), ("zero everywhere".into(), 3)]);
        let first = "u10 loses 1.5 % of the energy, 2e-12 at most 1.0e-12";
        assert_eq!(merged.firsts().next(), Some((first, 3)));
    }
}
