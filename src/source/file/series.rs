//! The fields of a series: how they are numbered and called.

use super::array::ArrayInfo;
use super::axes::Role;

/// Axes of samples, slowest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Series {
    axes: Vec<SeriesAxis>,
}

#[derive(Clone, Debug, PartialEq)]
struct SeriesAxis {
    name: String,
    labels: Vec<String>,
}

impl Series {
    /// The axes of samples of an array.
    pub fn of(info: &ArrayInfo, roles: &[Role]) -> Series {
        let axes = (0..roles.len()).filter(|&axis| roles[axis] == Role::Sample);
        Series { axes: axes.map(|axis| series_axis(info, axis)).collect() }
    }

    /// Number of samples.
    pub fn count(&self) -> usize {
        self.axes.iter().map(|axis| axis.labels.len()).product()
    }

    /// Index along every axis of sample `flat`.
    pub fn index(&self, mut flat: usize) -> Vec<usize> {
        let mut index: Vec<usize> = self
            .axes
            .iter()
            .rev()
            .map(|axis| {
                let i = flat % axis.labels.len();
                flat /= axis.labels.len();
                i
            })
            .collect();
        index.reverse();
        index
    }

    /// What sample `flat` is called, such as `month=2,level=500`; axes of length 1 are left out.
    pub fn label(&self, flat: usize) -> String {
        let parts: Vec<String> = self
            .axes
            .iter()
            .zip(self.index(flat))
            .filter(|(axis, _)| axis.labels.len() > 1)
            .map(|(axis, i)| format!("{}={}", axis.name, axis.labels[i]))
            .collect();
        parts.join(",")
    }
}

/// Labels by coordinate where these tell the samples apart, else by number.
fn series_axis(info: &ArrayInfo, axis: usize) -> SeriesAxis {
    let dimension = &info.dimensions[axis];
    let numbers = (0..info.shape[axis]).map(|i| i.to_string()).collect();
    let labels = dimension.coordinates.as_ref().map_or(numbers, |c| {
        let mut labels: Vec<String> = c.values.iter().map(f64::to_string).collect();
        let mut sorted = labels.clone();
        sorted.sort();
        sorted.dedup();
        if sorted.len() < labels.len() {
            labels = (0..labels.len()).map(|i| i.to_string()).collect();
        }
        labels
    });
    let name = dimension.name.clone().unwrap_or_else(|| "t".into());
    SeriesAxis { name, labels }
}
