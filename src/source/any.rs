//! A series of either dimension.

use super::analytic::{self, CASES_2D, CASES_3D};
use super::{GridRequest, Note, Series, SourceError, SourceSeries};

/// A series whose dimension is known once it is open.
pub enum AnySeries {
    /// Fields in 2D.
    Plane(Box<dyn Series<2>>),
    /// Fields in 3D.
    Space(Box<dyn Series<3>>),
}

impl AnySeries {
    /// The analytic case of that name. Of one that stands for a 2D and a 3D case it is the latter where the
    /// request has three axes.
    ///
    /// # Errors
    /// [`SourceError::NoCase`], and where the request does not fit the case.
    pub fn of_case(name: &str, request: &GridRequest) -> Result<AnySeries, SourceError> {
        let plane = analytic::find_2d(name);
        let space = analytic::find_3d(name).filter(|_| plane.is_none() || request.axes() == 3);
        if let Some(case) = space {
            return Ok(SourceSeries::of_case(case, request)?.into());
        }
        if let Some(case) = plane {
            return Ok(SourceSeries::of_case(case, request)?.into());
        }
        let mut known = analytic::names(CASES_2D);
        let others = analytic::names(CASES_3D);
        known.extend(others.into_iter().filter(|name| analytic::find_2d(name).is_none()));
        Err(SourceError::NoCase { name: name.into(), known })
    }

    /// How many fields there are.
    pub fn count(&self) -> usize {
        match self {
            AnySeries::Plane(series) => series.count(),
            AnySeries::Space(series) => series.count(),
        }
    }

    /// Words on the data as a whole, by the names of their attributes.
    pub fn about(&self) -> Vec<(String, String)> {
        match self {
            AnySeries::Plane(series) => series.about(),
            AnySeries::Space(series) => series.about(),
        }
    }

    /// What was found or assumed for all of them.
    pub fn notes(&self) -> Vec<Note> {
        match self {
            AnySeries::Plane(series) => series.notes(),
            AnySeries::Space(series) => series.notes(),
        }
    }
}

impl From<SourceSeries<2>> for AnySeries {
    fn from(series: SourceSeries<2>) -> AnySeries {
        AnySeries::Plane(Box::new(series))
    }
}

impl From<SourceSeries<3>> for AnySeries {
    fn from(series: SourceSeries<3>) -> AnySeries {
        AnySeries::Space(Box::new(series))
    }
}
