//! Series of several inputs as one, where their fields live on the same domain.

use super::{AnySeries, Extent, Note, Sample, SampleAxis, Series, SourceError};
use crate::field::{Layout, Way};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Opens a series again.
pub type Reopen = Box<dyn Fn() -> Result<AnySeries, SourceError> + Send + Sync>;

/// Inputs that are kept open.
const OPEN: usize = 16;

/// Puts the fields of inputs with the same grid, units and kind of domain into one series, in the order in which they are added.
///
/// ```
/// use hodge::source::{AnySeries, GridRequest, Joining};
/// let mut joining = Joining::default();
/// for (case, cells) in [("B1", 12), ("B1", 20), ("B1", 12)] {
///     let grid = GridRequest { cells: vec![cells], ..GridRequest::default() };
///     joining.add(case, AnySeries::of_case(case, &grid)?, None)?;
/// }
/// let series = joining.into_series();
/// assert_eq!(series.iter().map(|(_, series)| series.count()).collect::<Vec<_>>(), [2, 1]);
/// # Ok::<(), hodge::source::SourceError>(())
/// ```
#[derive(Default)]
pub struct Joining {
    series: Vec<AnyJoined>,
}

enum AnyJoined {
    Plane(Joined<2>),
    Space(Joined<3>),
}

impl Joining {
    /// Adds an input. With `again` it is closed until its fields are asked for, so that there may be any number of them.
    ///
    /// # Errors
    /// Where what was requested makes no grid.
    pub fn add(
        &mut self,
        name: &str,
        series: AnySeries,
        again: Option<Reopen>,
    ) -> Result<(), SourceError> {
        match series {
            AnySeries::Plane(series) => {
                let member = Member::new(name, series, again)?;
                let all = self.series.iter_mut();
                let mut all =
                    all.filter_map(|s| if let AnyJoined::Plane(j) = s { Some(j) } else { None });
                match all.find(|joined| joined.takes(&member)) {
                    Some(joined) => joined.push(member),
                    None => self.series.push(AnyJoined::Plane(Joined::new(member, unwrap_plane))),
                }
            }
            AnySeries::Space(series) => {
                let member = Member::new(name, series, again)?;
                let all = self.series.iter_mut();
                let mut all =
                    all.filter_map(|s| if let AnyJoined::Space(j) = s { Some(j) } else { None });
                match all.find(|joined| joined.takes(&member)) {
                    Some(joined) => joined.push(member),
                    None => self.series.push(AnyJoined::Space(Joined::new(member, unwrap_space))),
                }
            }
        }
        Ok(())
    }

    /// The series, with the name of the first input of each.
    pub fn into_series(self) -> Vec<(String, AnySeries)> {
        let named = |joined| match joined {
            AnyJoined::Plane(joined) => {
                let (name, series) = joined.into_series();
                (name, AnySeries::Plane(series))
            }
            AnyJoined::Space(joined) => {
                let (name, series) = joined.into_series();
                (name, AnySeries::Space(series))
            }
        };
        self.series.into_iter().map(named).collect()
    }
}

fn unwrap_plane(series: AnySeries) -> Option<Box<dyn Series<2>>> {
    if let AnySeries::Plane(series) = series { Some(series) } else { None }
}

fn unwrap_space(series: AnySeries) -> Option<Box<dyn Series<3>>> {
    if let AnySeries::Space(series) = series { Some(series) } else { None }
}

/// One input.
struct Member<const D: usize> {
    name: String,
    extent: Extent<D>,
    count: usize,
    /// Where it is closed meanwhile.
    axes: Vec<SampleAxis>,
    /// Likewise.
    names: Vec<String>,
    /// Of the first.
    about: Vec<(String, String)>,
    series: Option<Box<dyn Series<D>>>,
    again: Option<Reopen>,
}

impl<const D: usize> Member<D> {
    fn new(
        name: &str,
        series: Box<dyn Series<D>>,
        again: Option<Reopen>,
    ) -> Result<Member<D>, SourceError> {
        Ok(Member {
            name: name.into(),
            extent: series.extent()?,
            axes: Vec::new(),
            count: series.count(),
            names: Vec::new(),
            about: Vec::new(),
            series: Some(series),
            again,
        })
    }
}

/// The axes of a series, those of a single field too.
fn axes_with_instant<const D: usize>(series: &dyn Series<D>) -> Vec<SampleAxis> {
    let mut axes = series.axes();
    let time = series.single_steps().into_iter().find(SampleAxis::is_time);
    axes.extend(time.filter(|_| series.count() == 1));
    axes
}

/// The number of an input, and what was opened again of it.
type OpenMember<const D: usize> = (usize, Option<Arc<dyn Series<D>>>);

/// Several inputs whose fields live on the same domain.
struct Joined<const D: usize> {
    members: Vec<Member<D>>,
    /// The index of the first field of each.
    first: Vec<usize>,
    of_dimension: fn(AnySeries) -> Option<Box<dyn Series<D>>>,
    /// What was used last, and opened again for that where it is not kept.
    open: Mutex<VecDeque<OpenMember<D>>>,
}

impl<const D: usize> Joined<D> {
    fn new(
        member: Member<D>,
        of_dimension: fn(AnySeries) -> Option<Box<dyn Series<D>>>,
    ) -> Joined<D> {
        Joined { members: vec![member], first: vec![0], of_dimension, open: Mutex::default() }
    }

    /// How many there are; asked for with every field, so not by a sum over the inputs.
    fn fields(&self) -> usize {
        let last = self.members.len() - 1;
        self.first[last] + self.members[last].count
    }

    fn takes(&self, member: &Member<D>) -> bool {
        self.members[0].extent.is_like(&member.extent)
    }

    fn push(&mut self, member: Member<D>) {
        let next = self.fields();
        let last = self.members.last_mut().expect("never empty");
        if self.first.len() == 1 {
            last.about = last.series.as_ref().map_or(Vec::new(), |series| series.about());
        }
        // One after the other stays open while it is the last.
        if let (Some(_), Some(series)) = (&last.again, &last.series) {
            last.axes = axes_with_instant(&**series);
            last.names = (0..last.count).map(|index| series.name(index)).collect();
            if !series.close() {
                last.series = None;
            }
        }
        self.first.push(next);
        self.members.push(member);
    }

    fn into_series(mut self) -> (String, Box<dyn Series<D>>) {
        let name = self.members[0].name.clone();
        if self.members.len() > 1 {
            return (name, Box::new(self));
        }
        let member = self.members.pop().expect("one");
        (name, member.series.expect("open while it is the last"))
    }

    /// The input of a field, and its index there.
    fn member(&self, index: usize) -> (usize, usize) {
        let member = self.first.partition_point(|first| *first <= index) - 1;
        (member, index - self.first[member])
    }

    /// An input that was closed.
    fn again(&self, number: usize) -> Result<Arc<dyn Series<D>>, SourceError> {
        let member = &self.members[number];
        let opened = |(open, series): &OpenMember<D>| series.clone().filter(|_| *open == number);
        if let Some(series) = self.opened().iter().find_map(opened) {
            return Ok(series);
        }
        let again = member.again.as_ref().expect("closed only where it can be opened again");
        let changed = || SourceError::Changed { name: member.name.clone() };
        let series = (self.of_dimension)(again()?).ok_or_else(changed)?;
        if series.count() != member.count || !series.extent()?.is_like(&member.extent) {
            return Err(changed());
        }
        let series: Arc<dyn Series<D>> = series.into();
        self.used(number, Some(series.clone()));
        Ok(series)
    }

    /// Notes that an input is open, and closes the one that was used longest ago.
    fn used(&self, number: usize, series: Option<Arc<dyn Series<D>>>) {
        let mut opened = self.opened();
        if opened.iter().all(|(open, _)| *open != number) {
            opened.push_back((number, series));
        }
        let over = if opened.len() > OPEN { opened.pop_front() } else { None };
        if let Some((other, None)) = over
            && let Some(series) = &self.members[other].series
        {
            series.close();
        }
    }

    fn opened(&self) -> MutexGuard<'_, VecDeque<OpenMember<D>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<const D: usize> Series<D> for Joined<D> {
    fn count(&self) -> usize {
        self.fields()
    }

    /// One after the other along the first axis, where all else is the same; numbered otherwise.
    fn axes(&self) -> Vec<SampleAxis> {
        let of = |member: &Member<D>| match &member.series {
            Some(series) => axes_with_instant(&**series),
            None => member.axes.clone(),
        };
        let all: Vec<_> = self.members.iter().map(of).collect();
        let first = &all[0];
        let alike = |axes: &Vec<SampleAxis>| {
            axes.len() == first.len() && axes[0].continues(&first[0]) && axes[1..] == first[1..]
        };
        if first.is_empty() || !all.iter().all(alike) {
            return vec![SampleAxis::numbered("field", self.count())];
        }
        let mut axes = first.clone();
        axes[0].values = all.iter().flat_map(|axes| &axes[0].values).copied().collect();
        axes
    }

    /// Of the first input.
    fn about(&self) -> Vec<(String, String)> {
        self.members[0].about.clone()
    }

    fn name(&self, index: usize) -> String {
        let (member, within) = self.member(index);
        let member = &self.members[member];
        member.series.as_ref().map_or_else(|| member.names[within].clone(), |s| s.name(within))
    }

    fn extent(&self) -> Result<Extent<D>, SourceError> {
        let mut extent = self.members[0].extent.clone();
        for other in &self.members[1..] {
            extent.mask_varies |= other.extent.mask_varies;
            extent.active_cells = extent.active_cells.max(other.extent.active_cells);
            extent.reading = extent.reading.max(other.extent.reading);
        }
        // Each input may have a mask of its own.
        extent.mask_varies |= extent.masked;
        Ok(extent)
    }

    fn item(
        &self,
        index: usize,
        layout: Option<Layout>,
        way: Way,
        last: Option<Sample<D>>,
    ) -> Result<Sample<D>, SourceError> {
        let (number, within) = self.member(index);
        match &self.members[number].series {
            Some(series) => {
                self.used(number, None);
                series.item(within, layout, way, last)
            }
            None => self.again(number)?.item(within, layout, way, last),
        }
    }

    fn notes(&self) -> Vec<Note> {
        Vec::new()
    }
}
