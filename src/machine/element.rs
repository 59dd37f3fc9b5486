//! Numbers as files store them.

/// How one number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    kind: char,
    size: usize,
    big_endian: bool,
}

impl Element {
    /// From a NumPy type string such as `<f8`.
    pub fn parse(descriptor: &str) -> Option<Element> {
        let text = descriptor.trim_matches('\'');
        let order = text.chars().next()?;
        let rest = text.strip_prefix(['<', '>', '|', '='])?;
        let kind = rest.chars().next()?;
        let size = rest[kind.len_utf8()..].parse().ok()?;
        let known =
            matches!((kind, size), ('f', 2 | 4 | 8) | ('i' | 'u', 1 | 2 | 4 | 8) | ('b', 1));
        known.then_some(Element { kind, size, big_endian: order == '>' })
    }

    /// The real numbers of this machine, `size` bytes each.
    pub fn native(size: usize) -> Element {
        Element { kind: 'f', size, big_endian: cfg!(target_endian = "big") }
    }

    /// The letter of NumPy for its kind: `f`, `i`, `u` or `b`.
    pub fn kind(self) -> char {
        self.kind
    }

    /// Bytes of a number.
    pub fn size(self) -> usize {
        self.size
    }

    /// One number from its bytes.
    pub fn decode(self, bytes: &[u8]) -> f64 {
        let mut wide = [0; 8];
        wide[..self.size].copy_from_slice(bytes);
        if self.big_endian {
            wide[..self.size].reverse();
        }
        let raw = u64::from_le_bytes(wide);
        let unused = 64 - 8 * self.size as u32;
        match (self.kind, self.size) {
            ('f', 2) => half(raw as u16),
            ('f', 4) => f64::from(f32::from_bits(raw as u32)),
            ('f', _) => f64::from_bits(raw),
            // Shifting up and down again copies the sign.
            ('i', _) => ((raw << unused) as i64 >> unused) as f64,
            _ => raw as f64,
        }
    }
}

/// A number of half precision: a sign, five bits of exponent, ten of mantissa.
fn half(bits: u16) -> f64 {
    let mantissa = f64::from(bits & 0x3ff);
    let size = match bits >> 10 & 0x1f {
        0 => mantissa * 2f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        exponent => (1024.0 + mantissa) * 2f64.powi(i32::from(exponent) - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_kind_are_decoded() {
        let element = |text| Element::parse(text).unwrap();
        assert_eq!(element("'<f8'").decode(&(-1.5f64).to_le_bytes()), -1.5);
        assert_eq!(element("'>f4'").decode(&(-1.5f32).to_be_bytes()), -1.5);
        assert_eq!(element("'<i2'").decode(&(-300i16).to_le_bytes()), -300.0);
        assert_eq!(element("'|i1'").decode(&[0xff]), -1.0);
        assert_eq!(element("'|u1'").decode(&[0xff]), 255.0);
        assert_eq!(element("'>i8'").decode(&(-7i64).to_be_bytes()), -7.0);
        assert_eq!(element("'|b1'").decode(&[1]), 1.0);
        // 1.5 in half precision: the exponent 15 and the first bit behind the point.
        assert_eq!(element("'<f2'").decode(&0x3e00u16.to_le_bytes()), 1.5);
        for refused in ["'<c16'", "'<U4'", "'|O'", "'<f16'", "", "[('a', '<f8')]"] {
            assert_eq!(Element::parse(refused), None, "{refused}");
        }
    }
}
