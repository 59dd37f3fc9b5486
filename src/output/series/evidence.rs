//! The table of evidence of a series, apart from any file.

use super::Leading;
use super::schema::Schema;
use crate::output::group::FieldGroup;
use serde_json::{Map, Value};

/// The columns of the group `evidence` that the fields of a series have, known from the report of the first.
///
/// ```
/// use hodge::output::EvidenceColumns;
/// let report = |share: f64| serde_json::json!({ "fraction": { "gradient": share }, "method": "staggered" });
/// let columns = EvidenceColumns::of(report(0.25).as_object().unwrap());
/// assert_eq!(columns.names(), ["fraction.gradient"]);
/// assert_eq!(columns.row(report(0.5).as_object().unwrap()), [0.5]);
/// ```
#[derive(Clone, Debug)]
pub struct EvidenceColumns(Schema);

impl EvidenceColumns {
    /// Those of a report with the attributes of [`report_attributes`](super::super::report_attributes).
    pub fn of(report: &Map<String, Value>) -> EvidenceColumns {
        let many = Leading::numbered(vec![String::new(); 2]);
        EvidenceColumns(Schema::of(&FieldGroup::default(), many, report, false))
    }

    /// Their names.
    pub fn names(&self) -> &[String] {
        &self.0.columns
    }

    /// The numbers of a report; NaN where it has none.
    pub fn row(&self, report: &Map<String, Value>) -> Vec<f64> {
        self.0.row(report)
    }
}
