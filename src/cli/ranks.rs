//! Refuses to run under an MPI launcher, where every rank would do the whole job.

use anyhow::{Result, ensure};

/// Variables in which launchers pass the number of ranks. Slurm's own count is that of the step: in
/// a batch script, which runs once, only the number of tasks of the job is set.
const COUNTS: [&str; 7] = [
    "OMPI_COMM_WORLD_SIZE",
    "PMI_SIZE",
    "MV2_COMM_WORLD_SIZE",
    "MPI_LOCALNRANKS",
    "SLURM_STEP_NUM_TASKS",
    "JSM_NAMESPACE_SIZE",
    "FLUX_JOB_SIZE",
];

/// Variables with the rank, for launchers that do not set the number of ranks.
const RANKS: [&str; 1] = ["PMIX_RANK"];

/// Refuses to run as one of several ranks.
pub fn refuse_several() -> Result<()> {
    refuse(|name| std::env::var(name).ok())
}

fn refuse(variable: impl Fn(&str) -> Option<String>) -> Result<()> {
    let number = |name: &&str| variable(name).and_then(|text| text.trim().parse::<u64>().ok());
    let found = COUNTS.iter().find(|name| number(name).is_some_and(|ranks| ranks > 1));
    let found =
        found.or_else(|| RANKS.iter().find(|name| number(name).is_some_and(|rank| rank > 0)));
    if let Some(name) = found {
        let value = variable(name).unwrap_or_default();
        ensure!(
            false,
            "started as one of several ranks ({name}={value}): hodge is one process with threads, and \
             every rank would do the whole job. Start it once, without mpirun or srun -n; if each rank \
             is to do a job of its own, unset {name} for it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::refuse;

    #[test]
    fn several_ranks_are_refused_and_one_is_not() {
        let with = |name: &'static str, value: &'static str| {
            refuse(move |asked| (asked == name).then(|| value.to_string()))
        };
        assert!(with("PMI_SIZE", "1").is_ok() && with("PMIX_RANK", "0").is_ok());
        // A batch script of a job with several tasks runs once.
        assert!(with("SLURM_NTASKS", "8").is_ok());
        for (name, value) in [("OMPI_COMM_WORLD_SIZE", "2"), ("SLURM_STEP_NUM_TASKS", "4")] {
            let text = with(name, value).unwrap_err().to_string();
            assert!(text.contains(&format!("{name}={value}")), "{text}");
        }
        assert!(with("PMIX_RANK", "3").is_err());
    }
}
