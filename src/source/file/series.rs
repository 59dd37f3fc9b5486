//! The fields of a series: their numbers and labels.

use super::array::ArrayInfo;
use super::axes::Role;
use crate::source::SampleAxis;

/// Axes of samples, slowest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct SeriesAxes {
    axes: Vec<SeriesAxis>,
}

#[derive(Clone, Debug, PartialEq)]
struct SeriesAxis {
    name: String,
    count: usize,
    /// By coordinate; otherwise samples are numbered.
    labels: Option<Vec<String>>,
    coordinates: Option<SampleAxis>,
}

impl SeriesAxis {
    fn sample_axis(&self) -> SampleAxis {
        let numbered = || SampleAxis::numbered(&self.name, self.count);
        self.coordinates.clone().unwrap_or_else(numbered)
    }
}

impl SeriesAxes {
    /// The axes of samples of an array.
    pub fn of(info: &ArrayInfo, roles: &[Role]) -> SeriesAxes {
        let axes = (0..roles.len()).filter(|&axis| roles[axis] == Role::Sample);
        SeriesAxes { axes: axes.map(|axis| series_axis(info, axis)).collect() }
    }

    /// Those of more than one step, with their coordinates.
    pub fn sample_axes(&self) -> Vec<SampleAxis> {
        let axes = self.axes.iter().filter(|axis| axis.count > 1);
        axes.map(SeriesAxis::sample_axis).collect()
    }

    /// Those of one step that have a coordinate.
    pub fn single_steps(&self) -> Vec<SampleAxis> {
        let found = self.axes.iter().filter_map(|axis| axis.coordinates.as_ref());
        found.filter(|axis| axis.values.len() == 1).cloned().collect()
    }

    /// Number of samples.
    pub fn count(&self) -> usize {
        self.axes.iter().fold(1, |all, axis| all.saturating_mul(axis.count))
    }

    /// Index along every axis of sample `flat`.
    pub fn index(&self, mut flat: usize) -> Vec<usize> {
        let mut index: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let i = flat % axis.count;
                flat /= axis.count;
                i
            })
            .collect();
        index.reverse();
        index
    }

    /// The label of sample `flat`, such as `month=2,level=500`; axes of length 1 are left out.
    pub fn label(&self, flat: usize) -> String {
        let parts: Vec<String> = self
            .axes
            .iter()
            .zip(self.index(flat))
            .filter(|(axis, _)| axis.count > 1)
            .map(|(axis, i)| match &axis.labels {
                Some(labels) => format!("{}={}", axis.name, labels[i]),
                None => format!("{}={i}", axis.name),
            })
            .collect();
        parts.join(",")
    }
}

/// Labels by coordinate where these tell the samples apart, else by number.
fn series_axis(info: &ArrayInfo, axis: usize) -> SeriesAxis {
    let dimension = &info.dimensions[axis];
    let own = dimension.coordinates.as_ref().filter(|c| c.values.len() == info.shape[axis]);
    let labels = own.and_then(|c| {
        let labels: Vec<String> = c.values.iter().map(f64::to_string).collect();
        let mut sorted = labels.clone();
        sorted.sort();
        sorted.dedup();
        (sorted.len() == labels.len()).then_some(labels)
    });
    let name = dimension.name.clone().unwrap_or_else(|| "t".into());
    let coordinates = own.map(|own| SampleAxis {
        name: name.clone(),
        values: own.values.clone(),
        units: own.units.clone(),
        standard_name: match own.standard_name.as_str() {
            "" if own.units.contains(" since ") => "time".into(),
            name => name.into(),
        },
        long_name: own.long_name.clone(),
        calendar: own.calendar.clone(),
    });
    SeriesAxis { name, count: info.shape[axis], labels, coordinates }
}
