//! The plan of one domain, with the shares under every convention where there are several.

use super::{BatchError, BatchRequest};
use crate::boundary::Boundary;
use crate::decomposition::{
    ByConvention, Decompose, DecomposeError, Decomposition, EveryConvention, Method, Watch,
    check_potential,
};
use crate::field::VectorField;
use crate::grid::Domain;
use crate::operator::{Loop, with_density};
use crate::source::Sample;
use std::sync::Arc;

/// A plan for fields on one domain.
pub(crate) struct Planned<const D: usize> {
    domain: Domain<D>,
    density: Option<VectorField<D>>,
    plan: PlannedMethod<D>,
}

enum PlannedMethod<const D: usize> {
    Alone(Box<dyn Decompose<D>>),
    /// On domains with walls, where the method is `staggered`.
    Every(Box<EveryConvention<D>>),
}

impl<const D: usize> Planned<D> {
    /// The plan for a field, where what is asked for fits its domain.
    pub fn new(
        request: &BatchRequest,
        sample: &Sample<D>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Planned<D>, BatchError> {
        let domain = sample.domain.clone();
        if let Some(density) = &sample.density {
            request.choice.check_density()?;
            request.check(Method::Staggered, &domain)?;
            let boundary = request.choice.boundary.unwrap_or(Boundary::NoFlux);
            let weighted = with_density(&domain, density).map_err(DecomposeError::from)?;
            let planning = request.choice.planning(Some(boundary), watch);
            let plan = Method::Staggered.plan_with(&weighted, &planning)?;
            let plan = PlannedMethod::Alone(plan);
            let planned = Planned { domain, density: Some(density.clone()), plan };
            planned.check_extras(request)?;
            return Ok(planned);
        }
        let choice = &request.choice;
        let method = choice.method_for(&domain, sample.faces.is_some());
        request.check(method, &domain)?;
        choice.check(method, &domain)?;
        let preferred = sample.boundary.filter(|b| *b != Boundary::Periodic);
        let every = request.every_convention && !choice.undivided;
        let every = every && method == Method::Staggered && domain.has_walls();
        let plan = match every {
            true => {
                let every = EveryConvention::with(&domain, &choice.planning(preferred, watch))?;
                PlannedMethod::Every(Box::new(every))
            }
            false => PlannedMethod::Alone(choice.plan(method, &domain, preferred, watch)?),
        };
        let planned = Planned { domain, density: None, plan };
        planned.check_extras(request)?;
        Ok(planned)
    }

    /// Refuses what the plan cannot give, before the first field is split.
    fn check_extras(&self, request: &BatchRequest) -> Result<(), DecomposeError> {
        let plan = self.decompose();
        let (method, boundary) = (plan.method(), plan.boundary());
        if request.five_parts && boundary != Boundary::NormalParallel {
            return Err(DecomposeError::NotNormalParallel { method, boundary });
        }
        if request.potentials {
            check_potential(&self.domain)?;
        }
        Ok(())
    }

    /// Whether the plan is for such a field.
    pub fn serves(&self, sample: &Sample<D>) -> bool {
        self.domain.same_as(&sample.domain) && self.density == sample.density
    }

    pub fn decompose(&self) -> &dyn Decompose<D> {
        match &self.plan {
            PlannedMethod::Alone(plan) => &**plan,
            PlannedMethod::Every(every) => every.own(),
        }
    }

    /// Arrays for the parts of a field.
    pub fn new_parts(&self) -> Decomposition<D> {
        Decomposition::zeros(*self.domain.grid(), self.decompose().calculus().layout())
    }

    /// The loops of the fluid, where they are known.
    pub fn loops(&self) -> &[Loop] {
        match &self.plan {
            PlannedMethod::Alone(plan) => plan.loops(),
            PlannedMethod::Every(every) => every.loops(),
        }
    }

    /// The parts under every convention, given those of the plan.
    pub fn by_convention<'a>(
        &self,
        field: &VectorField<D>,
        parts: &'a Decomposition<D>,
    ) -> Result<Option<ByConvention<'a, D>>, DecomposeError> {
        match &self.plan {
            PlannedMethod::Alone(_) => Ok(None),
            PlannedMethod::Every(every) => Ok(Some(every.split(field, Some(parts))?)),
        }
    }
}
