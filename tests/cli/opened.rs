//! Results in other programs.

use crate::{folder, needs};
use std::path::Path;
use std::process::Command;

#[test]
fn every_kind_of_result_opens_in_other_programs() {
    let Some(python) = needs::python() else { return };
    let (folder, root) = (folder(), Path::new(env!("CARGO_MANIFEST_DIR")));
    let script = root.join("tests/python/open_results.py");
    let mut opening = Command::new(python);
    opening.arg(script).arg(env!("CARGO_BIN_EXE_hodge")).current_dir(folder.path());
    let output = opening.output().unwrap();
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{out}{err}");
}
