//! What counts the fields of a series.

/// An axis along which the fields of a series follow each other, such as time or level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleAxis {
    /// Its name in the file.
    pub name: String,
    /// A coordinate for each step; their numbers, from 0, where there are none.
    pub values: Vec<f64>,
    /// Units, such as `hours since 2001-01-01`; empty where not known.
    pub units: String,
    /// CF attributes; empty where not known.
    pub standard_name: String,
    /// What it is, in words; empty where not known.
    pub long_name: String,
    /// CF attribute `calendar` of times; empty where not known.
    pub calendar: String,
}

impl SampleAxis {
    /// An axis that only numbers its steps.
    pub fn numbered(name: &str, count: usize) -> SampleAxis {
        let values = (0..count).map(|k| k as f64).collect();
        SampleAxis { name: name.into(), values, ..SampleAxis::default() }
    }

    /// What a step is called: by its number alone where the axis has no name of its own.
    pub(super) fn label(&self, step: usize) -> String {
        match self.name.as_str() {
            "field" => self.values[step].to_string(),
            name => format!("{name}={}", self.values[step]),
        }
    }

    /// Whether it counts time from an instant.
    pub fn is_time(&self) -> bool {
        self.units.contains(" since ")
    }

    /// Whether its values may follow those of another axis.
    pub(super) fn continues(&self, other: &SampleAxis) -> bool {
        (&self.name, &self.units, &self.calendar) == (&other.name, &other.units, &other.calendar)
    }
}
