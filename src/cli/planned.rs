//! The plan of one domain, with what tells the shares under every convention.

use super::choice::{MethodChoice, has_walls};
use super::job::Job;
use crate::boundary::Boundary;
use crate::decomposition::{
    ByConvention, Decompose, DecomposeError, Decomposition, EveryConvention, Method, WeightedMethod,
};
use crate::field::VectorField;
use crate::grid::Domain;
use crate::operator::Loop;
use crate::poisson::Backend;
use crate::source::Sample;
use anyhow::{Result, bail, ensure};

/// A plan for fields on one domain.
pub struct Planned<const D: usize> {
    domain: Domain<D>,
    density: Option<VectorField<D>>,
    plan: PlannedMethod<D>,
    /// Arrays for the parts, from one field to the next.
    parts: Option<Decomposition<D>>,
}

enum PlannedMethod<const D: usize> {
    Alone(Box<dyn Decompose<D>>),
    /// On domains with walls, where the method is `staggered`.
    Every(Box<EveryConvention<D>>),
}

/// Refuses what a density does not go with.
fn check_density(choice: &MethodChoice) -> Result<()> {
    let boundary = match choice.boundary {
        _ if choice.all => Some("all"),
        other => other.filter(|b| *b != Boundary::NoFlux).map(Boundary::name),
    };
    let method = choice.method.filter(|m| *m == Method::Spectral).map(Method::name);
    let backend = choice.backend.filter(|b| *b != Backend::Cholesky).map(Backend::name);
    let given = [("--method", method), ("--boundary", boundary), ("--backend", backend)];
    match given.into_iter().find_map(|(option, value)| Some((option, value?))) {
        Some((option, value)) => bail!(
            "{option} {value} cannot apply with --density, under which fields are split by the staggered \
             method, no-flux and the cholesky back end; leave {option} out"
        ),
        None => Ok(()),
    }
}

impl<const D: usize> Planned<D> {
    pub fn new(job: &Job, item: &Sample<D>) -> Result<Planned<D>> {
        let (domain, density) = (item.domain.clone(), item.density.clone());
        let choice = &job.choice;
        let method = choice.method_for(&item.domain, item.faces.is_some());
        if let Some(density) = &item.density {
            check_density(choice)?;
            job.check_content(Method::Staggered, &item.domain)?;
            let plan = PlannedMethod::Alone(Box::new(WeightedMethod::new(&domain, density)?));
            return Ok(Planned { domain, density: item.density.clone(), plan, parts: None });
        }
        job.check_content(method, &domain)?;
        choice.check(method, &domain)?;
        let preferred = item.boundary.filter(|b| *b != Boundary::Periodic);
        let plan = match method == Method::Staggered && has_walls(&domain) {
            true => {
                let boundary = choice.boundary.or(preferred);
                PlannedMethod::Every(Box::new(EveryConvention::new(
                    &domain,
                    boundary,
                    choice.backend,
                )?))
            }
            false => PlannedMethod::Alone(choice.plan(method, &domain, preferred)?),
        };
        let planned = Planned { domain, density, plan, parts: None };
        planned.check_extras(job)?;
        Ok(planned)
    }

    /// Refuses what the plan cannot give, before the first field is split.
    fn check_extras(&self, job: &Job) -> Result<()> {
        let plan = self.decompose();
        let (method, boundary) = (plan.method(), plan.boundary());
        let five = boundary == Boundary::NormalParallel;
        ensure!(!job.five_parts || five, DecomposeError::NotNormalParallel { method, boundary });
        let potential = D == 2 || self.domain.mask().is_none();
        let dimensions = D;
        ensure!(
            !job.potentials || potential,
            DecomposeError::PotentialUnavailable { method, dimensions }
        );
        Ok(())
    }

    /// Whether the plan is for such a field.
    pub fn serves(&self, item: &Sample<D>) -> bool {
        self.domain.same_as(&item.domain) && self.density == item.density
    }

    pub fn decompose(&self) -> &dyn Decompose<D> {
        match &self.plan {
            PlannedMethod::Alone(plan) => &**plan,
            PlannedMethod::Every(every) => every.own(),
        }
    }

    /// Arrays for the parts of a field: those of the last one, if they were given back.
    pub fn spare_parts(&mut self) -> Decomposition<D> {
        let layout = self.decompose().calculus().layout();
        self.parts.take().unwrap_or_else(|| Decomposition::zeros(*self.domain.grid(), layout))
    }

    /// Takes arrays back that are not needed any more.
    pub fn give_back(&mut self, parts: Decomposition<D>) {
        self.parts = Some(parts);
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
    ) -> Result<Option<ByConvention<'a, D>>> {
        match &self.plan {
            PlannedMethod::Alone(_) => Ok(None),
            PlannedMethod::Every(every) => Ok(Some(every.split(field, Some(parts))?)),
        }
    }
}
