//! What a file records of the program that wrote it.

use crate::{folder, hodge};
use std::path::Path;
use std::process::Command;

fn git(arguments: &[&str]) -> Option<String> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("git").current_dir(repository).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim().to_string())
}

/// Without the repository, as in an archive of the sources, the commit is not known.
#[test]
fn the_file_names_the_commit_that_stands_there_now() {
    let folder = folder();
    let outcome = hodge(folder.path(), &["sample", "analytic:P1", "--n", "8", "-o", "o.h5"]);
    assert_eq!(outcome.code, 0, "{}", outcome.err);
    let file = hdf5::File::open(folder.path().join("o.h5")).unwrap();
    let commit = file.attr("git_commit").unwrap();
    let found = commit.read_scalar::<hdf5::types::VarLenUnicode>().unwrap();
    let ours = git(&["ls-files", "--error-unmatch", "build.rs"]);
    let expected = ours.and_then(|_| git(&["rev-parse", "HEAD"])).unwrap_or("unknown".into());
    assert_eq!(found.as_str(), expected);
}
