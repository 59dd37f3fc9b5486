//! Tells the program which commit it was built from, and refuses an HDF5 library made for MPI.

use std::process::Command;

fn main() {
    refuse_parallel_hdf5();
    let output = Command::new("git").args(["describe", "--always", "--dirty"]).output();
    let commit = output
        .ok()
        .filter(|o| o.status.success())
        .map_or("unknown".into(), |o| String::from_utf8_lossy(&o.stdout).trim().to_string());
    println!("cargo:rustc-env=HODGE_COMMIT={commit}");
    println!("cargo:rerun-if-changed=.git/HEAD");
    println!("cargo:rerun-if-changed=.git/index");
}

/// The bindings tell what they found. A parallel HDF5 would link MPI into a program that does not
/// use it, and Debian's MPI packages take over the name by which the bindings look for the library.
fn refuse_parallel_hdf5() {
    if std::env::var_os("DEP_HDF5_HAVE_PARALLEL").is_none() {
        return;
    }
    let include = std::env::var("DEP_HDF5_INCLUDE").unwrap_or_default();
    println!(
        "cargo::error=the HDF5 found (headers in {include}) is built for MPI, which hodge does not \
         use. Run `.ci/setup` and `cargo clean`, or name the serial one: \
         HDF5_DIR=/usr/lib/x86_64-linux-gnu/hdf5/serial on 64-bit Debian"
    );
}
