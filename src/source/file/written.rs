//! What a result file of this program says about the grid of its fields.

use super::{CoordinateError, FileError, FileRequest};
use crate::grid::{AXIS_NAMES, Thickness};

/// The sphere that a result says its field lies on, or that was asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source) struct StatedSphere {
    pub radius: f64,
    /// Of a shell.
    pub thickness: Option<Thickness>,
}

/// What the group of a field says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Written {
    /// Name of the group.
    pub group: String,
    /// Periodic axes, 0 for x.
    pub periodic: Vec<usize>,
    pub sphere: Option<StatedSphere>,
    /// Name of the metric.
    pub metric: String,
}

impl Written {
    /// From the attributes of a group; `None` where it was not written by this program.
    pub fn of(
        group: &str,
        text: impl Fn(&str) -> Option<String>,
        radius: Option<f64>,
    ) -> Option<Written> {
        let axes = text("periodic_axes")?;
        let axis = |name: &str| AXIS_NAMES.iter().position(|axis| *axis == name);
        let thickness = text("thickness").and_then(|name| Thickness::from_name(&name));
        let radius = radius.filter(|radius| *radius > 0.0 && radius.is_finite());
        Some(Written {
            group: group.into(),
            periodic: axes.split(',').filter_map(axis).collect(),
            sphere: radius.map(|radius| StatedSphere { radius, thickness }),
            metric: text("metric").unwrap_or_default(),
        })
    }
}

/// The request with what the files of the datasets say of their grid where nothing was asked for.
pub(super) struct Settled {
    pub request: FileRequest,
    /// That of a result.
    pub sphere: Option<StatedSphere>,
    /// The group of a result on a plane, where nothing else was requested.
    pub flat: Option<String>,
    /// The axes of a result end as it says.
    pub as_written: bool,
    pub notes: Vec<String>,
}

fn names(axes: &[usize]) -> String {
    let names = AXIS_NAMES.iter().enumerate().filter(|(k, _)| axes.contains(k));
    let names: Vec<&str> = names.map(|(_, name)| *name).collect();
    if names.is_empty() { "none".into() } else { names.join(",") }
}

/// Takes over what result files say. Fails where they contradict each other, or have no metric of their own.
pub(super) fn settle<'a>(
    request: &FileRequest,
    mut written: impl Iterator<Item = &'a Written>,
) -> Result<Settled, FileError> {
    let mut settled = Settled {
        request: request.clone(),
        sphere: None,
        flat: None,
        as_written: false,
        notes: Vec::new(),
    };
    let Some(first) = written.next() else { return Ok(settled) };
    let path = || request.path.clone();
    let differ = |other: &Written, what| {
        let (first, other) = (first.group.clone(), other.group.clone());
        Err(CoordinateError::Results { path: path(), first, other, what }.into())
    };
    for other in written {
        if request.periodic.is_none() && other.periodic != first.periodic {
            return differ(other, "their periodic axes");
        }
        if request.metric.is_none() && other.metric != first.metric {
            return differ(other, "their metric");
        }
        if other.sphere != first.sphere {
            return differ(other, "the radius of the sphere or the thickness of the shell");
        }
    }
    if request.metric.is_none() && first.metric == "given" {
        return Err(CoordinateError::GivenMetric { path: path(), name: first.group.clone() }.into());
    }
    let flat = matches!(first.metric.as_str(), "plane" | "rectilinear");
    settled.flat = (request.metric.is_none() && flat).then(|| first.group.clone());
    settled.sphere = first.sphere;
    if request.periodic.is_none() {
        settled.request.periodic = Some(first.periodic.clone());
        settled.as_written = true;
        settled.notes.push(format!(
            "periodic axes {} (read from {})",
            names(&first.periodic),
            first.group
        ));
    } else if request.periodic.as_ref().is_some_and(|given| names(given) != names(&first.periodic))
    {
        let given = request.periodic.as_deref().unwrap_or_default();
        let words = format!("{} in {}", names(&first.periodic), first.group);
        settled.notes.push(format!("periodic axes {} (given; {words})", names(given)));
    }
    Ok(settled)
}
