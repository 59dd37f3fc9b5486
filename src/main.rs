//! The `hodge` program; see [`hodge::cli`].

fn main() -> std::process::ExitCode {
    hodge::cli::run()
}
