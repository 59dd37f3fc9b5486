//! How numbers are stored: the range of their type, and what NetCDF writes where nothing was written.

/// How the numbers of an array are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// f, i or u.
    pub kind: char,
    pub bytes: usize,
    /// Signed ones are declared to be unsigned, as NetCDF does where it has no such type.
    pub declared_unsigned: bool,
}

impl Stored {
    /// What NetCDF writes where nothing was written; bytes have no such number.
    pub fn default_fill(self) -> Option<f64> {
        Some(match (self.kind, self.bytes) {
            ('f', _) => 9.969_209_968_386_869e36,
            ('i', 2) => -32767.0,
            ('i', 4) => -2_147_483_647.0,
            ('i', 8) => -9_223_372_036_854_775_806.0,
            ('u', 2) => 65535.0,
            ('u', 4) => 4_294_967_295.0,
            ('u', 8) => 18_446_744_073_709_551_614.0,
            _ => return None,
        })
    }

    pub fn round(self, number: f64) -> f64 {
        if self.kind == 'f' && self.bytes == 4 { f64::from(number as f32) } else { number }
    }

    /// How many numbers the type has, if its signed ones stand for unsigned ones.
    pub fn wraps(self) -> f64 {
        let wraps = self.declared_unsigned && self.kind == 'i';
        if wraps { 2f64.powi(8 * self.bytes as i32) } else { 0.0 }
    }

    /// The least and the largest number of the type; of real ones there are no others.
    pub fn range(self) -> [f64; 2] {
        let all = 2f64.powi(8 * self.bytes as i32);
        match self.kind {
            'i' if !self.declared_unsigned => [-0.5 * all, 0.5 * all - 1.0],
            'f' => [f64::NEG_INFINITY, f64::INFINITY],
            _ => [0.0, all - 1.0],
        }
    }
}
